/* The figure of a trend: panels over the runs of a campaign, a line for each series. */
#ifndef ANALYSIS_FIGURE_TREND_H
#define ANALYSIS_FIGURE_TREND_H

#include <stdbool.h>

#include "analysis/figure.h"
#include "analysis/index_run.h"

enum { TREND_PANELS = FIGURES_OF_EXPERIMENTS }; /* at most */

struct trend_panel {
    const char *title; /* 'Failed calls (%)' */
    double factor;     /* from the figure's own unit to the title's */
    double least_top;  /* the axis goes up to this at least, in the title's unit */
};

/* A figure of one run. */
struct trend_point {
    const struct index_run *run;
    size_t position;                    /* of the run among those of the campaign, from 1 */
    size_t series;                      /* index */
    const struct index_figure *figures; /* one a panel */
};

struct trend {
    const char *campaign;
    const char *subject; /* 'cpu on sprout' */
    const char *colour;
    const struct trend_panel *panels;
    size_t panel_count;
    const char *const *series; /* names; one that is alone is not shown */
    size_t series_count;
    struct trend_point *points; /* by series and then by position */
    size_t point_count;
    const struct index_run *const *runs; /* of the campaign, in the order of their start */
    size_t run_count;
};

/* Makes the figure, without panels that have no value; false if there is nothing to draw, and it
 * must be freed then too. */
bool figure_trend(struct figure *figure, const struct trend *trend);

#endif
