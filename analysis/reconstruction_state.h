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

/* How many columns a group has, and their indices, rising, which the caller frees. */
size_t reconstruction_columns(const struct reconstruction *state, size_t group);
size_t *reconstruction_list_columns(const struct reconstruction *state, size_t group);

/*
 * The errors of a group's columns, some rows at a time, so that a large set needs no more memory
 * for them:
 *     while (error_blocks_next(&blocks)) ...
 * with `count` rows from `first` on in `errors`.
 */
struct error_blocks {
    size_t first;
    size_t count;
    const double *errors; /* (count x column_count), NaN where there is none */
    struct group_rows group;
    const struct reconstruction *state;
    size_t group_index;
    size_t history;  /* rows before its own that an error looks at */
    size_t *columns; /* the group's */
    double *values;  /* with the history before them */
    double *all_errors;
};

void error_blocks_open(struct error_blocks *blocks, const struct reconstruction *state,
                       size_t group, const struct detector_rows *rows);
bool error_blocks_next(struct error_blocks *blocks);
void error_blocks_close(struct error_blocks *blocks);

/* MSE_g(t) of one group: `means` gets one a row, `stride` apart. */
void reconstruction_means(const struct reconstruction *state, size_t group,
                          const struct detector_rows *rows, double *means, size_t stride);

#endif
