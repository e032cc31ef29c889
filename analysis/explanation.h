/* Which metrics an error comes from, of detectors that reconstruct: SYRROCA, section III-C. */
#ifndef ANALYSIS_EXPLANATION_H
#define ANALYSIS_EXPLANATION_H

#include "analysis/model.h"

/* Empty, with a NULL `resource_group`, where there is nothing to say. */
struct explanation {
    const char *resource_group; /* of the greatest ratio of error to threshold; the model's */
    double ratio;               /* that one */
    /* The smallest set of the group's metrics that makes 90 % of its error, greatest first; names
     * are the model's. */
    struct explained_metric {
        const char *metric;
        double share;
    } * metrics;
    size_t metric_count;
    /* Rank from 1 of the resource group that a fault of the type asked for is in; 0 if not known.
     */
    size_t right_group_rank;
};

/* Squared errors of rows of the timeline, (count x kept), as model_score_timeline scores them. */
void model_errors(const struct model *model, const struct dataset_timeline *timeline,
                  const size_t *places, size_t count, double *errors);

/*
 * Explains the mean of `count` rows of squared errors (`rows` are their places in `errors`); rows
 * without an error are passed over. The type of the fault may be NULL. Free with explanation_free.
 */
void explanation_make(const struct model *model, const double *errors, const size_t *rows,
                      size_t count, const char *fault_type, struct explanation *explanation);
void explanation_free(struct explanation *explanation);

/* The same of each resource group by itself, in the detector's order, without a rank; the caller
 * frees each and the array. NULL and 0 where no row has an error. */
struct explanation *explanation_of_groups(const struct model *model, const double *errors,
                                          const size_t *rows, size_t count, size_t *group_count);

#endif
