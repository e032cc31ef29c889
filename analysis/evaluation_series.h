/* Scores and errors over time, as an evaluation keeps them for figures. */
#ifndef ANALYSIS_EVALUATION_SERIES_H
#define ANALYSIS_EVALUATION_SERIES_H

#include "analysis/dataset.h"
#include "analysis/evaluation.h"
#include "analysis/model.h"

/* Errors of resource groups by row of the timeline, as parts of their thresholds. */
struct group_ratios {
    const char **names; /* of the data set's resource groups, in the order of its metrics */
    size_t count;
    double *values; /* (timeline rows x count), row-major; NaN where there is none */
};

/* All NaN. The data set outlives them. Free with group_ratios_close. */
void group_ratios_open(const struct dataset *dataset, struct group_ratios *ratios);
void group_ratios_close(struct group_ratios *ratios);

/* Takes over the errors (count x kept) of a model that reconstructs, of the rows at `places`. */
void group_ratios_set(struct group_ratios *ratios, const struct model *model, const size_t *places,
                      size_t count, const double *errors);

/* One series an experiment of the rows with `fold` other than DATASET_NONE. */
void evaluation_series(const struct dataset *dataset, const size_t *fold, const double *scores,
                       const struct group_ratios *ratios, struct detection_result *result);

#endif
