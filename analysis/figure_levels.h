/* What the service made of each level of an injection's profile. */
#ifndef ANALYSIS_FIGURE_LEVELS_H
#define ANALYSIS_FIGURE_LEVELS_H

#include "analysis/figure.h"
#include "analysis/report_run.h"

/*
 * Fills `figure`, which the caller draws and frees: failed calls and response time of `transaction`
 * (may be NULL) over the level that was reached, joined in the order of the profile. False if no
 * level that took hold has figures of the service: then there is nothing to draw.
 */
bool figure_levels(struct figure *figure, const struct report_experiment *experiment,
                   const struct report_injection *injection, const char *transaction);

#endif
