/*
 * Whether two sets of experiments differ: the permutation test (Fisher 1935; Pitman 1937), which
 * needs no distribution and no large numbers, and what becomes of many of them at once (Holm 1979).
 */
#ifndef ANALYSIS_PERMUTATION_H
#define ANALYSIS_PERMUTATION_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/sample.h"

enum {
    PERMUTATION_MOST_EXACT = 100000, /* arrangements: all are looked at up to so many, */
    PERMUTATION_DRAWS = 99999        /* else so many are drawn */
};

/*
 * Two-sided p value of the difference of means over groups: how many of all arrangements of the
 * values over the two sides, within each group, have a difference as large or larger. Group i of
 * `left` belongs to group i of `right`; each has one value at least. Where there are too many
 * arrangements some are drawn: p = (as large + 1) / (draws + 1) (Phipson and Smyth 2010), which is
 * never 0. The same seed gives the same p. NaN without groups.
 */
double permutation_test(const struct sample *left, const struct sample *right, size_t count,
                        uint64_t seed);

/* The smallest p value that so many values a group allow, whatever they are. NaN without groups. */
double permutation_least(const struct sample *left, const struct sample *right, size_t count);

/* Corrects p values for their number by Holm's method (Scandinavian Journal of Statistics 6, 1979):
 * with `corrected` below a level, the chance that any of those without a difference is among them
 * stays below the level. NaN is no test: it stays and doesn't count. */
void permutation_holm(const double *values, size_t count, double *corrected);

#endif
