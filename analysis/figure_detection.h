/* Figures of detection over time: how soon faults are found, and the scores themselves (SYRROCA,
 * Figures 5 and 9). Each fills a figure that the caller draws and frees. */
#ifndef ANALYSIS_FIGURE_DETECTION_H
#define ANALYSIS_FIGURE_DETECTION_H

#include <stdbool.h>

#include "analysis/evaluation.h"
#include "analysis/figure.h"
#include "analysis/report_run.h"

/* A dot a fault: seconds from the applied edge to the first alarm, by fault type and intensity. The
 * split has a fault at least. */
void figure_delays(struct figure *figure, const struct target_result *target,
                   const struct split_result *split);

/*
 * The binary score over the time of running, the experiments of the split's series one after the
 * other, and for each resource group of a detector that reconstructs its error as a part of the
 * threshold. Faults are shaded. Of the observations in a pixel's width the least and the greatest
 * are drawn. Returns false, and leaves the figure empty, if no observation has a score.
 */
bool figure_scores(struct figure *figure, const struct report_run *run,
                   const struct target_result *target, const struct split_result *split);

#endif
