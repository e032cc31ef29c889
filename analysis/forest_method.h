/*
 * What growing a tree asks of the way in which rows are told apart: two classes of them
 * (forest_binary.c) or any number (forest_classes.h). One table of functions for each.
 */
#ifndef ANALYSIS_FOREST_METHOD_H
#define ANALYSIS_FOREST_METHOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/forest.h"

/* Rows of one node with a tally for each: how often the row is in the bootstrap in the lower 32
 * bits; the method says what is in the upper ones. */
struct split_rows {
    uint32_t *rows;
    uint64_t *tallies;
    size_t count;
    uint64_t tally; /* sum of all */
};

/* A split of a column: rows up to the rank `limit` go left. Its merit is numerator / denominator,
 * kept as a fraction to compare without dividing; which merit, the method says. */
struct split {
    uint32_t column;
    uint32_t limit;
    double numerator; /* below 0: no split */
    double denominator;
};

/* What the rows of a fit are to be told apart by. */
struct row_classes {
    const uint8_t *of_row;
    size_t count;
    const double *weights; /* of a row of each class */
};

struct forest_method {
    uint64_t most_weight; /* of all rows of a fit, that it counts exactly */

    /* Working memory of one thread; both arguments outlive it. Release with close. */
    void *(*open)(const struct forest_columns *columns, const struct row_classes *classes);
    void (*close)(void *search);

    /* Makes tallies of what says only how often each row is in the bootstrap. */
    void (*tally)(const void *search, struct split_rows *rows);

    /* Turns to a node; `rows` stays until the next one. Returns false if they are of one class. */
    bool (*turn)(void *search, const struct split_rows *rows);

    /* Puts the best split of the node on a column into `best` if it is better than what is there.
     * Returns false if all rows have the same value. */
    bool (*column)(void *search, uint32_t column, struct split *best);

    /* Decrease of impurity by the node's best split, times the weight of the node. `left` is what
     * went there. */
    double (*decrease)(const void *search, const struct split *best, const struct split_rows *left);

    /* Makes the tree's node of this index, for the rows turned to, a leaf. */
    void (*leaf)(const void *search, struct forest_tree *tree, size_t node);
};

extern const struct forest_method forest_binary;

/* Half-way between two values, which must stay apart by it: rounding can reach the upper one, and
 * half-way to infinity is infinity. */
static inline double split_threshold(double below, double above)
{
    double threshold = below / 2 + above / 2;

    return threshold < above && threshold >= below ? threshold : below;
}

#endif
