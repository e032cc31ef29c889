/*
 * The tree of the Random Forest grown again in the slow, obvious way, to compare with: it makes the
 * draws that analysis/forest.h lays down and tries every threshold of every drawn column, in whole
 * numbers, so that equally good splits are equal. Of these the first counts: that of the column
 * drawn first, on it the one with the least threshold.
 */
#ifndef TESTS_UNIT_PLAIN_FOREST_H
#define TESTS_UNIT_PLAIN_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/forest.h"

/* The caller's arrays. The weights of all rows add up to PLAIN_WEIGHT_MOST at most, so that no
 * product overflows. */
struct plain_data {
    size_t rows;
    size_t columns;
    const double *values;   /* (rows x columns), row-major */
    const uint8_t *classes; /* per row: 0 to class_count - 1 */
    size_t class_count;
    const uint64_t *weights; /* per row: how much it counts; 0 if it is not in the tree */
};
enum { PLAIN_WEIGHT_MOST = 3000, PLAIN_CLASSES_MOST = 40 };

/* A split between two neighbouring values of a column; denominator 0 is none. */
struct plain_split {
    size_t column;
    double below;
    double above;
    uint64_t numerator; /* half the decrease of impurity times N^2 as a fraction */
    uint64_t denominator;
};

/* Puts the best split of `rows` (their indices) on a column into `best` if it is better than what
 * is there. Returns false if all have the same value. */
bool plain_split_column(const struct plain_data *data, const size_t *rows, size_t count,
                        size_t column, struct plain_split *best);

/* The tree of this number as of a forest of classes, whose nodes and shares the caller frees.
 * `data->weights` are not looked at. Adds to `importance` (per column) its share of the decrease of
 * impurity in this tree. */
struct forest_tree plain_tree(const struct plain_data *data, const struct forest_setting *setting,
                              size_t tree, double *importance);

#endif
