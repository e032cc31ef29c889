/*
 * Detectors: one file analysis/detector_NAME.c each, and one line in the table of
 * analysis/detectors.c. A detector answers one question a label: question 0 is 'binary' (any
 * injection or none), question i whether it is label i, against all the rest. It sees data without
 * missing values and knows nothing of runs, targets and files.
 */
#ifndef ANALYSIS_DETECTOR_H
#define ANALYSIS_DETECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

#define QUESTION_BINARY "binary"

struct detector_setting {
    size_t trees;
    size_t threads; /* 0: one a processor; the result is the same for any number */
    uint64_t seed;
    bool balanced; /* class weights inversely proportional to class frequency */
};

struct detector_training {
    const double *values; /* (rows x columns), row-major */
    size_t rows;
    size_t columns;
    const size_t *labels; /* per row, 0 is normal */
    size_t question_count;
};

struct detector {
    const char *name;
    const char *summary;

    /* Fits to the training data; a question whose answer is the same for all rows stays untrained.
     * The state is released with free_state. */
    void *(*fit)(const struct detector_training *training, const struct detector_setting *setting);
    void (*free_state)(void *state);

    /* Scores `rows` rows of `values` on one question, from 0 to 1. Returns false, with `scores`
     * as they were, if the question is untrained. */
    bool (*score)(const void *state, size_t question, const double *values, size_t rows,
                  double *scores);

    /* Importance of each column for the question, summing to 1; NULL if there is none. Owned by
     * the state. */
    const double *(*importance)(const void *state, size_t question);

    /* Share of training rows wrongly called by the parts of the state that did not see them; NaN
     * if it can't be told. */
    double (*out_of_bag_error)(const void *state, size_t question,
                               const struct detector_training *training,
                               const struct detector_setting *setting);

    /* The state as bytes (docs/detectors.md), and back: bytes are checked, ERROR_INPUT. */
    void (*write)(const void *state, struct text *bytes);
    int (*read)(const char *bytes, size_t length, size_t columns, size_t question_count,
                void **state, struct error *error);
};

extern const struct detector *const detectors[]; /* ends with NULL */

/* The detector of this name; NULL names the first. ERROR_INPUT if there is none. */
const struct detector *detector_find(const char *name, struct error *error);

#endif
