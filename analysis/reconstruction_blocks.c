/* Errors of one group, some rows at a time. */
#include <stdlib.h>

#include "analysis/reconstruction_state.h"
#include "base/memory.h"

/* Times the range of training: further off is as far as this. Sums of products of such values are
 * numbers, in floats too; beyond, the difference of two infinite ones would be none, and what is
 * the furthest off of all without a score. */
#define FURTHEST 1e18

#define BLOCK ((size_t)1024) /* rows; whole batches of what scores windows in batches */

static double bounded(double value)
{
    double above = value < -FURTHEST ? -FURTHEST : value;

    return above > FURTHEST ? FURTHEST : above;
}

void group_rows_copy(const struct group_rows *group, size_t first, size_t count, double *values)
{
    for (size_t row = first; row < first + count; row++) {
        const double *from = group->all->values + row * group->all->columns;

        for (size_t i = 0; i < group->column_count; i++)
            *values++ = bounded(from[group->columns[i]]);
    }
}

void error_blocks_open(struct error_blocks *blocks, const struct reconstruction *state,
                       size_t group, const struct detector_rows *rows)
{
    const struct reconstructor *reconstructor = state->reconstructor;
    size_t window = reconstructor->window != NULL ? reconstructor->window(state->nets[group]) : 1;
    size_t *columns = reconstruction_list_columns(state, group);
    size_t count = reconstruction_columns(state, group);
    size_t most = BLOCK < rows->rows ? BLOCK + window - 1 : rows->rows;

    *blocks = (struct error_blocks){.group = {rows, columns, count},
                                    .state = state,
                                    .group_index = group,
                                    .history = window - 1,
                                    .columns = columns,
                                    .values = memory_new(most * count, sizeof(double)),
                                    .all_errors = memory_new(most * count, sizeof(double))};
}

bool error_blocks_next(struct error_blocks *blocks)
{
    const struct detector_rows *all = blocks->group.all;
    size_t first = blocks->first + blocks->count;
    size_t left = all->rows - first;
    size_t history = first < blocks->history ? first : blocks->history;
    struct detector_rows rows = {blocks->values, 0, blocks->group.column_count,
                                 all->sequences + first - history};

    blocks->first = first;
    blocks->count = left < BLOCK ? left : BLOCK;
    if (blocks->count == 0)
        return false;
    rows.rows = history + blocks->count;
    group_rows_copy(&blocks->group, first - history, rows.rows, blocks->values);
    blocks->state->reconstructor->errors(blocks->state->nets[blocks->group_index], &rows,
                                         blocks->all_errors);
    blocks->errors = blocks->all_errors + history * rows.columns;
    return true;
}

void error_blocks_close(struct error_blocks *blocks)
{
    free(blocks->columns);
    free(blocks->values);
    free(blocks->all_errors);
}

void reconstruction_means(const struct reconstruction *state, size_t group,
                          const struct detector_rows *rows, double *means, size_t stride)
{
    struct error_blocks blocks;

    error_blocks_open(&blocks, state, group, rows);
    while (error_blocks_next(&blocks)) {
        const double *error = blocks.errors;

        for (size_t row = blocks.first; row < blocks.first + blocks.count; row++) {
            double sum = 0;

            for (size_t i = 0; i < blocks.group.column_count; i++)
                sum += *error++;
            means[row * stride] = sum / (double)blocks.group.column_count;
        }
    }
    error_blocks_close(&blocks);
}
