/* Figures from the out-of-fold scores of a data set. */
#ifndef ANALYSIS_EVALUATION_CLASS_H
#define ANALYSIS_EVALUATION_CLASS_H

#include <stdbool.h>

#include "analysis/dataset.h"
#include "analysis/evaluation.h"

struct scored_timeline;

struct scored_dataset {
    const struct dataset *dataset;
    size_t folds;
    size_t *fold;     /* per row */
    double threshold; /* a score there and above counts as found */
    bool joint;       /* the scores of labels are shares that add up to 1 */
    bool supervised;  /* else each question has the binary score, and other faults are no answer */
    double *scores;   /* (rows x labels): question 0 is binary, question i label i; NaN where the
                         row's fold had the question untrained */
    double *decrease; /* per column, summed over the folds that have it: see
                         analysis/permutation_importance.h; NULL if nobody asks */
    size_t decrease_folds;
    struct scored_timeline *timeline; /* NULL where experiments are torn apart */
};

/* Fills all but the name; `seed` is the bootstrap's. */
void evaluation_class(const struct scored_dataset *scored, size_t question, uint64_t seed,
                      struct class_result *result);

/* Adds up `confusion` (labels x labels), which is zero: see struct split_result. Without
 * supervision there are two labels, normal and not. */
void evaluation_confusion(const struct scored_dataset *scored, size_t *confusion);

#endif
