/* Cross-validation of a detector on one data set by one kind of split. */
#ifndef ANALYSIS_EVALUATION_SPLIT_H
#define ANALYSIS_EVALUATION_SPLIT_H

#include "analysis/dataset.h"
#include "analysis/detector.h"
#include "analysis/evaluation.h"

/* Of one run, in this order: stratified, by experiment, by intensity, by repetition; then those
 * that are made when they are asked for: nominal. Then the split of two data sets that were joined
 * (analysis/dataset_join.h). */
enum {
    SPLIT_BY_EXPERIMENT = 1,
    SPLIT_KINDS = 4, /* made unless one is asked for */
    SPLIT_NAMES = 5, /* that can be asked for */
    SPLIT_BY_SOURCE = SPLIT_NAMES
};

/* The index of a run's split by its name; ERROR_INPUT with the names there are if it is none. */
int evaluation_split_find(const char *name, size_t *kind, struct error *error);

/* The name of a run's split by its index; NULL from SPLIT_NAMES on. */
const char *evaluation_split_name(size_t kind);

/* ERROR_INPUT if a split that was read has a name that none has. */
int evaluation_split_check(const struct split_result *split, struct error *error);

/* The split that alone was asked for; NULL if all were made. */
const struct split_result *evaluation_only_split(const struct evaluation *evaluation);

/* What a split is called in tables and figures: 'by experiment'. */
const char *evaluation_split_title(const struct split_result *split);

/* Whether scores over time are kept of it, so that detections can be told. */
bool evaluation_split_keeps_series(const struct split_result *split);

/* Fills `result` for the split of this index, and `decrease`, unless it is NULL, with each column's
 * permutation importance: mean over the folds, NaN if none has both classes. A split that can't be
 * made says so in `unavailable` and is no error; ERROR_INTERRUPTED if the setting's stop was asked
 * for. */
int evaluation_split(const struct dataset *dataset, const struct detector *detector,
                     const struct evaluation_setting *setting, size_t kind, double *decrease,
                     struct split_result *result, struct error *error);

/* The setting as the detector gets it. */
struct detector_setting evaluation_detector_setting(const struct evaluation_setting *setting);

#endif
