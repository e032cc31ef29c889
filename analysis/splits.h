/* Splits of observations into folds: each is tested once, by a detector trained on the others. What
 * is in no fold, SPLIT_TRAINING_ONLY, is always trained on. */
#ifndef ANALYSIS_SPLITS_H
#define ANALYSIS_SPLITS_H

#include <stddef.h>
#include <stdint.h>

#define SPLIT_TRAINING_ONLY SIZE_MAX

/* What a split may look at, one item an observation. */
struct split_input {
    size_t rows;
    const size_t *labels; /* 0 for normal, then fault types */
    size_t label_count;
    const int64_t *experiments; /* any numbers; equal ones are one experiment */
    const size_t *intensities;  /* of the experiment; SPLIT_TRAINING_ONLY if it is nominal */
    size_t intensity_count;
    const size_t *repetitions; /* of the experiment */
    size_t repetition_count;
    const size_t *sources; /* 0 for rows to train on, 1 for rows to test */
    uint64_t seed;
};

/*
 * Stratified k-fold: every label is dealt over the folds as evenly as can be, at random. `fold`
 * gets the fold of each row. Returns the number of folds: `folds`, or the number of rows if that
 * is less.
 */
size_t split_stratified(const struct split_input *input, size_t folds, size_t *fold);

/*
 * By experiment: all rows of an experiment are in one fold. The experiments of each fault type
 * are spread over the folds, so that the training part has every fault type that has two
 * experiments or more; then the folds are kept alike in rows. Returns the number of folds:
 * `folds`, or the number of experiments if that is less.
 */
size_t split_by_experiment(const struct split_input *input, size_t folds, size_t *fold);

/*
 * By intensity: a fold an intensity, so that a fault is tested at an intensity that was not trained
 * on. By repetition: a fold a repetition. Return the number of folds, whatever was asked for.
 */
size_t split_by_intensity(const struct split_input *input, size_t folds, size_t *fold);
size_t split_by_repetition(const struct split_input *input, size_t folds, size_t *fold);

/* Nominal experiments against those with faults, as in SYRROCA (2021), section IV-C: one fold, the
 * rows of the latter. Returns 1, or 0 if there are none of either. */
size_t split_by_nominal(const struct split_input *input, size_t folds, size_t *fold);

/* One run against another: one fold, the rows of source 1. Returns 1. */
size_t split_by_source(const struct split_input *input, size_t folds, size_t *fold);

#endif
