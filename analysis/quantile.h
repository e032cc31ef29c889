/* Quantiles of samples. */
#ifndef ANALYSIS_QUANTILE_H
#define ANALYSIS_QUANTILE_H

#include <stddef.h>

/* The quantile (0 to 1) by linear interpolation between order statistics, as numpy's default
 * (Hyndman and Fan 1996, type 7); NaN of no values. Sorts `values`, which have no NaN. */
double quantile_of(double *values, size_t count, double quantile);

#endif
