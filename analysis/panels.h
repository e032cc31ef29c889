/*
 * Products of a few rows with a matrix that is laid out once: for so little work the library for
 * products of matrices (analysis/blas.h) spends more time on its preparations than on the product.
 *
 * The matrix lies in panels of 64 columns, each row by row, so that it is read from start to end in
 * whole vectors. Each value is one sum in the order of the matrix's rows, whatever is multiplied
 * beside it.
 */
#ifndef ANALYSIS_PANELS_H
#define ANALYSIS_PANELS_H

#include <stddef.h>

#define PANEL_COLUMNS ((size_t)64)

struct panels {
    size_t rows;    /* at least 1 */
    size_t columns; /* a multiple of PANEL_COLUMNS; those beyond the matrix's own hold 0 */
    float *values;  /* (panels x rows x PANEL_COLUMNS), on a cache line's boundary */
    void *memory;
};

/* A matrix of 0; release with panels_close. */
void panels_open(struct panels *panels, size_t rows, size_t columns);
void panels_close(struct panels *panels);

/* Puts a part of a row, `count` values from `column` on. */
void panels_set(struct panels *panels, size_t row, size_t column, const float *values,
                size_t count);

/* result = result + left x right */
struct panel_product {
    const struct panels *right;
    const float *left; /* (rows x the matrix's rows) */
    size_t left_stride;
    size_t rows;
    float *result; /* (rows x the matrix's columns) */
};

void panels_multiply(const struct panel_product *product);

#endif
