/* Made-up data to fit forests to. */
#ifndef TESTS_UNIT_FOREST_DATA_H
#define TESTS_UNIT_FOREST_DATA_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/forest.h"

struct forest_data {
    size_t rows;
    size_t columns;
    double *values; /* (rows x columns), row-major */
    uint8_t *classes;
    size_t class_count; /* 0: they say yes or no */
};

/*
 * Columns of all kinds, of which classes move some. Frequencies of the classes have exact ratios,
 * if the rows are a multiple of 5 or, of more than two classes, of 2 (class_count - 1), so that
 * their balanced weights are small numbers. The same seed makes the same data.
 */
struct forest_data forest_data_make(size_t rows, size_t columns, size_t class_count, uint64_t seed);

/* Leaves two values in each column, so that no tree can tell all rows apart. */
void forest_data_coarsen(struct forest_data *data);
void forest_data_free(struct forest_data *data);

/* The forest of these data, by classes or yes or no. */
struct forest *forest_data_fit(const struct forest_data *data,
                               const struct forest_setting *setting);
struct forest *forest_data_fit_to(const struct forest_columns *columns,
                                  const struct forest_data *data,
                                  const struct forest_setting *setting);

#endif
