/* Quantiles, interpolated as numpy.quantile does by default (Hyndman and Fan's type 7). */
#ifndef ANALYSIS_QUANTILE_H
#define ANALYSIS_QUANTILE_H

#include <stddef.h>

/* Puts values, none of them NaN, in rising order. */
void quantile_sort(double *values, size_t count);

/* `share` is from 0 to 1; there is at least one value and all are finite. */
double quantile_of_sorted(const double *sorted, size_t count, double share);

#endif
