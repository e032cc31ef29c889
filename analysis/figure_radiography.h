/* Radiography: how the error of a detector and the service go together (SYRROCA, section III-C,
 * Figures 6 and 7). Zones that are dark at a high error and a bad service show a group of metrics
 * that is behind the degradation. */
#ifndef ANALYSIS_FIGURE_RADIOGRAPHY_H
#define ANALYSIS_FIGURE_RADIOGRAPHY_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/figure.h"

struct radiography {
    const char *subject; /* of the file's name: a target; with `detail`, which may be NULL: a
                            resource group */
    const char *detail;
    const char *title;        /* above the figure */
    const char *error_axis;   /* name and unit of each axis */
    const char *service_axis; /* 'Failed calls (calls/s)' */
    const double *errors;     /* along x, one an observation */
    const double *service;    /* along y */
    size_t count;
    double threshold; /* of the error, drawn as a line; NAN for none */
    /* Errors and threshold are logarithms to base ten: the axis shows of what. Shades go by the
     * logarithm of the density too, down to a ten thousandth, so that a fault is seen beside all
     * of a run's nominal observations. */
    bool logarithmic;
};

/*
 * Fills `figure`, which the caller draws and frees, also after an error. Its data is a grid of
 * cells with their mean kernel density estimate as a share of the greatest of them: the estimate of
 * a density has no meaning in itself. An axis begins at 0 at the least if no value is below. Fails
 * as kernel_density_fit does, ERROR_INCONCLUSIVE where there is nothing to show, or where a few
 * observations or the threshold are so far off that the others would be a dot; ERROR_INPUT for an
 * infinite threshold.
 */
int figure_radiography(struct figure *figure, const struct radiography *radiography,
                       struct error *error);

#endif
