#include "analysis/quantile.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

double quantile_of(double *values, size_t count, double quantile)
{
    double place;
    size_t below;

    if (count == 0)
        return NAN;
    qsort(values, count, sizeof *values, by_value);
    place = quantile * (double)(count - 1);
    below = (size_t)place;
    if (below + 1 >= count)
        return values[count - 1];
    return values[below] + (place - (double)below) * (values[below + 1] - values[below]);
}
