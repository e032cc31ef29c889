/*
 * The experiments behind a figure over several groups. One with injections of several kinds is in
 * several groups, whose values are kin: it counts as one, and is dealt out as a whole among those
 * that are in the same groups.
 */
#ifndef ANALYSIS_COMPARISON_STRATA_H
#define ANALYSIS_COMPARISON_STRATA_H

#include <stddef.h>

#include "analysis/comparison.h"

/*
 * A stratum is the experiments that are in the same groups, each with one value: the sum over its
 * groups of its share in the group's mean, times the stratum's experiments. Where every experiment
 * is in one group the strata are the groups.
 */
struct compared_strata {
    struct sample *sides[COMPARED_SIDES]; /* the sum of their means is that of the groups' means */
    size_t counts[COMPARED_SIDES];
    size_t experiments[COMPARED_SIDES];
    /* Those strata that both sides have, in the same order, with shares in the groups of both. */
    struct sample *dealt[COMPARED_SIDES];
    size_t dealt_count;
};

/* Of groups that have values on both sides. Free with comparison_strata_free. */
void comparison_strata_make(const struct compared_group *const *groups, size_t count, size_t figure,
                            struct compared_strata *strata);
void comparison_strata_free(struct compared_strata *strata);

#endif
