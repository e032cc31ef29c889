/* What a detector that reconstructs has learned: shared by the files of analysis/reconstruction.h.
 */
#ifndef ANALYSIS_RECONSTRUCTION_STATE_H
#define ANALYSIS_RECONSTRUCTION_STATE_H

#include "analysis/reconstruction.h"

struct reconstruction {
    const struct reconstructor *reconstructor;
    size_t columns;
    size_t *groups; /* per column */
    size_t group_count;
    double *thresholds; /* per group */
    void **nets;        /* per group */
};

/* Without nets; freed by reconstruction_free. */
struct reconstruction *reconstruction_new(const struct reconstructor *reconstructor, size_t columns,
                                          size_t group_count);

size_t reconstruction_columns(const struct reconstruction *state, size_t group);

/* The columns of a group alone; `rows->values` is the result, which the caller frees. */
double *reconstruction_rows(const struct reconstruction *state, size_t group,
                            const struct detector_rows *all, struct detector_rows *rows);

#endif
