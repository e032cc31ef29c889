/*
 * Gaussian kernel density estimate of points in the plane, as scipy.stats.gaussian_kde: kernels
 * with the sample covariance (divisor count - 1) times Scott's factor squared, count^(-1/6) (Scott,
 * Multivariate Density Estimation, 1992). It makes the radiographies of SYRROCA (section III-C).
 */
#ifndef ANALYSIS_KERNEL_DENSITY_H
#define ANALYSIS_KERNEL_DENSITY_H

#include <stddef.h>

#include "base/error.h"

#define KERNEL_DENSITY_LARGEST 1e100 /* no coordinate is further from 0 */

struct kernel_density {
    const double *x; /* the caller's points, which outlive the estimate */
    const double *y;
    size_t count;
    double x_width; /* standard deviation of a kernel along x, in x's unit; y_width alike */
    double y_width;
    double slope;       /* of a kernel's middle: dx for a dy */
    double x_deviation; /* of a kernel along x at a given y */
    double height;      /* what one point adds at its own place, in 1 / (x's unit y's unit) */
};

/*
 * Fits the kernels to the points (x[i], y[i]) and keeps `x` and `y`, without a copy: nothing is to
 * be freed. ERROR_INPUT if a coordinate is NaN, infinite or too large; ERROR_INCONCLUSIVE, with a
 * sentence that says why, if no density can be estimated: fewer than 3 points, all x or all y
 * equal, or all points on one line.
 */
int kernel_density_fit(const double *x, const double *y, size_t count,
                       struct kernel_density *density, struct error *error);

/*
 * The density at each of `count` places (x[i], y[i]), by the full sum over all points. ERROR_INPUT
 * if a coordinate is NaN, infinite or too large.
 */
int kernel_density_at(const struct kernel_density *density, const double *x, const double *y,
                      size_t count, double *values, struct error *error);

/* Places x_first + i * x_step, y_first + j * y_step for i < x_count, j < y_count. */
struct density_grid {
    double x_first;
    double x_step; /* over 0 */
    size_t x_count;
    double y_first;
    double y_step; /* over 0 */
    size_t y_count;
};

/*
 * The density on a grid, much faster: values[j * x_count + i]. What is left out of each value is
 * under 1e-15 of the greatest density. ERROR_INPUT if the grid is empty, goes backwards or has
 * coordinates that are NaN, infinite or too large.
 */
int kernel_density_on_grid(const struct kernel_density *density, const struct density_grid *grid,
                           double *values, struct error *error);

#endif
