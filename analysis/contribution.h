/* Which metrics make the reconstruction error of an observation (SYRROCA, section III-C, equations
 * 3 to 5), and whether they are those of the fault. */
#ifndef ANALYSIS_CONTRIBUTION_H
#define ANALYSIS_CONTRIBUTION_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define CONTRIBUTION_SHARE 0.9 /* of the paper's equation 4 */

/*
 * Equation 3: p(i, t), each metric's squared error as a share of their sum; `contributions` has
 * `count` items, as `squared_errors`. ERROR_INPUT for an error that is negative, infinite or NaN;
 * ERROR_INCONCLUSIVE without metrics or where all errors are 0, of which nothing has a share.
 */
int contribution_make(const double *squared_errors, size_t count, double *contributions,
                      struct error *error);

/*
 * Equations 4 and 5: the smallest set of metrics that makes `share` (0 to 1) of the error. Fills
 * `order`, which has room for `count`, with all metrics, largest contribution first and the lower
 * index first of equals; returns how many of the first are the set. The paper sorts 'increasingly',
 * by which the first would be the smallest; its text means the largest ('reconstructed with the
 * highest error'), as is done here.
 */
size_t contribution_set(const double *contributions, size_t count, double share, size_t *order);

/* Contributions of groups of metrics: sums[g] over the metrics whose `group` is g. Those of a group
 * that isn't there (group_count or above) are in none. */
void contribution_by_group(const double *contributions, const size_t *group, size_t count,
                           double *sums, size_t group_count);

/*
 * Rank, from 1, of the best of the right items by falling value, where `right` has 0 or 1 for each
 * item: groups, or metrics. Wrong ones with the same value rank before it. 0 if none is right or
 * the right ones have no value (NaN).
 */
size_t contribution_rank(const double *values, const uint8_t *right, size_t count);

#endif
