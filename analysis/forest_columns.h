/*
 * The columns of a training matrix as ranks: what the exact split search of the Random Forest
 * works on. Made once and used by every forest that is fitted on these rows.
 */
#ifndef ANALYSIS_FOREST_COLUMNS_H
#define ANALYSIS_FOREST_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

struct forest_columns {
    size_t rows;
    size_t columns;
    const double *values;  /* (rows x columns), row-major; the caller's, not copied */
    uint32_t *ranks;       /* (columns x rows): 0 for a column's least value; equal values share */
    uint32_t *rank_counts; /* per column: how many distinct values it has */
};

/* `values` holds no NaN, fewer than 2^32 rows, and outlives the result. Free with
 * forest_columns_free. */
struct forest_columns *forest_columns_new(const double *values, size_t rows, size_t columns);
void forest_columns_free(struct forest_columns *columns);

#endif
