/*
 * The columns of a training matrix as ranks, which the exact split search of the Random Forest
 * works on, or as bins of neighbouring values. Made once and used by every forest that is fitted on
 * these rows.
 */
#ifndef ANALYSIS_FOREST_COLUMNS_H
#define ANALYSIS_FOREST_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#define FOREST_BINS_MOST 255

struct forest_setting;

struct forest_columns {
    size_t rows;
    size_t columns;
    const double *values;  /* (rows x columns), row-major; the caller's, not copied */
    uint32_t *ranks;       /* (columns x rows): 0 for a column's least value; equal values share */
    uint8_t *bins;         /* the same of bins; one of the two is NULL */
    uint32_t *rank_counts; /* per column: how many distinct values, or bins, it has */
    double *limits;        /* (columns x FOREST_BINS_MOST): what lies between a bin and the next */
};

/* `values` holds no NaN, fewer than 2^32 rows, and outlives the result. Ranks or bins as
 * `setting->bins` says, the same for any number of threads. Free with forest_columns_free. */
struct forest_columns *forest_columns_new(const double *values, size_t rows, size_t columns,
                                          const struct forest_setting *setting);

/* The greatest number of ranks, or bins, that any column has; at least 1. */
size_t forest_columns_most_ranks(const struct forest_columns *columns);
void forest_columns_free(struct forest_columns *columns);

#endif
