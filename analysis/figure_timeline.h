/* Timeline of an experiment: service metrics and chosen metrics of its target, injections shaded.
 */
#ifndef ANALYSIS_FIGURE_TIMELINE_H
#define ANALYSIS_FIGURE_TIMELINE_H

#include "analysis/figure.h"
#include "analysis/report_run.h"
#include "analysis/report_series.h"

/*
 * Fills `figure`, which the caller draws and frees. `series` is of the target called `target`.
 * `transaction` (may be NULL) is the one whose response time is shown. Returns false, and leaves
 * the figure empty, if the experiment has neither service samples nor observations.
 */
bool figure_timeline(struct figure *figure, const struct report_run *run,
                     const struct report_experiment *experiment, const struct series *series,
                     const char *target, const char *transaction);

#endif
