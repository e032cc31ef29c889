/* The time axis of a whole run: experiments one after the other, without the time between them,
 * and what marks them and their faults. */
#ifndef ANALYSIS_FIGURE_RUN_AXIS_H
#define ANALYSIS_FIGURE_RUN_AXIS_H

#include "analysis/evaluation.h"
#include "analysis/report_run.h"
#include "base/text.h"

struct run_axis {
    const struct report_run *run;
    const struct detection_result *detection;
    const char *target;
    double *offsets_s; /* of each series, where its first observation is */
    double length_s;   /* of the whole axis */
    const struct report_experiment **experiments; /* of each series; NULL if the run has none */
};

/* `target` is the one whose detector it is. All that is given outlives the axis. */
void run_axis_make(struct run_axis *axis, const struct report_run *run,
                   const struct detection_result *detection, const char *target);
void run_axis_free(struct run_axis *axis);

/* The experiment of this name; NULL if the run has none. */
const struct report_experiment *run_axis_experiment(const struct report_run *run, const char *name);

/* Appends lines between experiments and their numbers above, shades of faults and cool-downs, and
 * marks above the panels, for a fault can be too short to be seen. Times are divided by gnuplot's
 * variable `scale`. */
void run_axis_append_experiments(const struct run_axis *axis, struct text *body);

/* Appends entries of a plot command that name the colours of the fault types. */
void run_axis_append_key(const struct run_axis *axis, struct text *body);

/* Ends numbers and key after the first panel. */
void run_axis_end_numbers(struct text *body);

#endif
