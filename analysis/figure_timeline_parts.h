/* What the timeline of an experiment (analysis/figure_timeline.h) is put together from: one file
 * each for its shades, the panels of the service and those of metrics. */
#ifndef ANALYSIS_FIGURE_TIMELINE_PARTS_H
#define ANALYSIS_FIGURE_TIMELINE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/report_run.h"
#include "analysis/report_series.h"
#include "base/text.h"

enum { TIMELINE_LONGEST_NAME = 60, TIMELINE_SERVICE_PANELS = 3 };

struct timeline {
    const struct report_run *run;
    const struct report_experiment *experiment;
    const struct series *series;
    const char *target;
    const char *transaction;
    bool service;                      /* there are service samples */
    bool present[SERIES_MOST_METRICS]; /* metrics with a point in this experiment */
    size_t panels;
    double length_s;
};

/* Seconds from the experiment's origin. */
double timeline_seconds(const struct timeline *timeline, int64_t instant_ns);

/* Title of the next panel; under the last one stands the name of the time axis. */
void timeline_panel_start(struct text *body, const char *title, bool last);

/* Ramps (command to applied, command to gone) lighter, hold darker, cool-down in grey. */
void timeline_shades(struct text *body, const struct timeline *timeline);

/* A line above the panels that says what the shades are. */
void timeline_shade_names(struct text *body, const struct timeline *timeline);

/* `file` is the figure's name, which the file of the data begins with. */
void timeline_service_data(struct text *data, const struct timeline *timeline);
void timeline_service_panels(struct text *body, const struct timeline *timeline, const char *file,
                             bool last);
void timeline_metric_data(struct text *data, const struct timeline *timeline);
void timeline_metric_panels(struct text *body, const struct timeline *timeline, const char *file);

#endif
