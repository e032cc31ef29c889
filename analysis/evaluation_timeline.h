/*
 * Scores over time in an evaluation: every observation of the tested experiments, also those in
 * ramps, by the detector that was trained without them; and what they come to
 * (analysis/detection.h).
 */
#ifndef ANALYSIS_EVALUATION_TIMELINE_H
#define ANALYSIS_EVALUATION_TIMELINE_H

#include "analysis/dataset.h"
#include "analysis/evaluation.h"
#include "analysis/evaluation_series.h"
#include "analysis/model.h"

struct scored_timeline {
    const struct dataset *dataset;
    size_t *fold;   /* per row of the timeline: DATASET_NONE if it is not tested */
    double *scores; /* per row, of the binary question; NaN if there is none */
    struct group_ratios ratios;
    size_t *faults; /* the target's own in tested experiments: places among the data set's */
    size_t fault_count;
    struct fault_detection *detections; /* one each; made up bit by bit, given to the result */
};

/* `fold` is of each row of the data set; experiments are in one fold. Free with
 * scored_timeline_close. */
void scored_timeline_open(const struct dataset *dataset, const size_t *fold,
                          struct scored_timeline *timeline);
void scored_timeline_close(struct scored_timeline *timeline);

/* Scores the rows of a fold. */
void scored_timeline_score(struct scored_timeline *timeline, const struct model *model,
                           size_t fold);

/* Fills `result` from the scores and the target's own faults in tested experiments; where that
 * can't be, with the reason. */
void scored_timeline_detect(struct scored_timeline *timeline, double threshold,
                            struct detection_result *result);

/* Adds the scores and errors themselves. */
void scored_timeline_keep_series(const struct scored_timeline *timeline,
                                 struct detection_result *result);

/* There is no such result. */
void scored_timeline_none(struct detection_result *result, const char *why);

#endif
