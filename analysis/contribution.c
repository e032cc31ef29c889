#include "analysis/contribution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/curves.h"

/* A sum of shares misses a round one by its rounding: nine tenths are 0.9. */
#define ROUNDING 1e-12

int contribution_make(const double *squared_errors, size_t count, double *contributions,
                      struct error *error)
{
    double largest = 0;
    double sum = 0;

    for (size_t i = 0; i < count; i++) {
        if (!(squared_errors[i] >= 0 && isfinite(squared_errors[i])))
            return error_set(error, ERROR_INPUT,
                             "a squared error is negative, infinite or not a number");
        largest = fmax(largest, squared_errors[i]);
    }
    if (largest == 0)
        return error_set(error, ERROR_INCONCLUSIVE, "no metric contributes to an error that is 0");
    /* By the largest first, so that no sum is beyond what a double holds. */
    for (size_t i = 0; i < count; i++) {
        contributions[i] = squared_errors[i] / largest;
        sum += contributions[i];
    }
    for (size_t i = 0; i < count; i++)
        contributions[i] /= sum;
    return 0;
}

size_t contribution_set(const double *contributions, size_t count, double share, size_t *order)
{
    double sum = 0;
    size_t size = 0;

    if (count == 0)
        return 0;
    curves_order(contributions, count, order);
    while (size < count && !(sum >= share - ROUNDING))
        sum += contributions[order[size++]];
    return size;
}

void contribution_by_group(const double *contributions, const size_t *group, size_t count,
                           double *sums, size_t group_count)
{
    memset(sums, 0, group_count * sizeof *sums);
    for (size_t i = 0; i < count; i++) {
        if (group[i] < group_count)
            sums[group[i]] += contributions[i];
    }
}

size_t contribution_rank(const double *values, const uint8_t *right, size_t count)
{
    double best = -INFINITY;
    size_t before = 0;
    size_t known = 0;

    for (size_t i = 0; i < count; i++) {
        if (!right[i] || isnan(values[i]))
            continue;
        best = fmax(best, values[i]);
        known++;
    }
    for (size_t i = 0; i < count; i++)
        before += !right[i] && values[i] >= best;
    return known > 0 ? before + 1 : 0;
}
