/*
 * The forest's method for any number of classes: gini impurity over all of them, exactly.
 *
 * The merit of a split is S_left / N_left + S_right / N_right, with N the weight of all rows of a
 * side and S the sum over the classes of their squared weights: N of the node less its impurity
 * after the split, times N. All sums are whole numbers and exact: weights are whole, and those of a
 * node add up to less than 2^32.
 */
#ifndef ANALYSIS_FOREST_CLASSES_H
#define ANALYSIS_FOREST_CLASSES_H

#include "analysis/forest_method.h"
#include "analysis/forest_slots.h"

/* Working memory, for a node and its columns one after another. A tally has the class in its upper
 * 32 bits. */
struct class_search {
    const struct forest_columns *columns;
    struct row_classes classes;
    uint64_t *weights; /* of a row of each class */

    const struct split_rows *rows; /* of the node */
    uint64_t *whole;               /* weight of each class in the node */
    uint64_t weight;               /* of all its rows */
    uint64_t squares;              /* sum of the squares of `whole` */
    uint32_t *class_counts;        /* of the node: two for each class, to be added up */
    bool is_listed;                /* whether the node's rows are in the two lists below */
    uint32_t majority_class;
    struct class_rows majority;
    struct split_rows others;

    uint64_t *left;  /* weight of each class on the left, on the way through a column */
    uint32_t *heads; /* by rank: 1 + the first row of a chain through `next`; zero between calls */
    uint32_t *next;  /* by row of the node */
    uint64_t *bits;  /* by rank: is it in the node; zero between calls, as `marks` */
    uint8_t *marks;  /* by word of bits: is it not zero; filled up to whole uint64_t */
    size_t mark_words;
    struct slots slots;
    uint32_t *slot_counts; /* of the majority */
    uint32_t *table;       /* see forest_classes_table.c */
};

/* A column of the node by row: ranks, or bins (forest_bins.h); the other is NULL. A split between
 * bins is half-way between two that have rows. */
struct class_column {
    uint32_t index;
    const uint32_t *ranks;
    const uint8_t *bins;
    uint32_t rank_count;
};

extern const struct forest_method forest_classes;

/* Each finds the best split of the node on a column, as struct forest_method has it: of few rows
 * (CLASSES_FEW); of any; of a column with few ranks (CLASSES_TABLE_RANKS); and of nodes with
 * `is_listed`, whose rows of the most frequent class need only be counted, on ranks. */
bool classes_search_few(struct class_search *search, const struct class_column *column,
                        struct split *best);
bool classes_search_chains(struct class_search *search, const struct class_column *column,
                           struct split *best);
bool classes_search_table(struct class_search *search, const struct class_column *column,
                          struct split *best);
bool classes_search_slots(struct class_search *search, const struct class_column *column,
                          struct split *best);
enum { CLASSES_FEW = 24, CLASSES_TABLE_RANKS = 256 };

/* What lies to the left on the way through a node's values in rising order, a group of equal values
 * (or a run of one class) after the other. */
struct class_scan {
    uint64_t left;         /* weight */
    uint64_t left_squares; /* sum of the squares of the classes' weights */
    uint64_t right_squares;
    uint32_t last_class; /* of the group before; CLASS_MIXED if of several */
    bool varies;         /* whether there are two groups */
};
enum { CLASS_MIXED = FOREST_CLASSES_MOST };

static inline struct class_scan class_scan_start(struct class_search *search)
{
    for (size_t i = 0; i < search->classes.count; i++)
        search->left[i] = 0;
    return (struct class_scan){.right_squares = search->squares};
}

/* Moves so many rows of a class to the left. */
static inline void class_scan_move(struct class_search *search, struct class_scan *scan,
                                   uint32_t class, uint32_t count)
{
    uint64_t weight = search->weights[class] * count;
    uint64_t left = search->left[class];
    uint64_t right = search->whole[class] - left;

    search->left[class] = left + weight;
    scan->left += weight;
    scan->left_squares += weight * (2 * left + weight);
    scan->right_squares -= weight * (2 * right - weight);
}

/*
 * Ends a group, which began when the scan was `before`: looks at the split between it and the one
 * before, of this limit. Between two groups of one and the same class there is never a better split
 * than at the ends of that run (Fayyad and Irani, 1992).
 */
static inline void class_scan_end(const struct class_search *search,
                                  const struct class_scan *before, struct class_scan *scan,
                                  uint32_t class, uint32_t column, uint32_t limit,
                                  struct split *best)
{
    scan->last_class = class;
    if (before->left == 0)
        return;
    scan->varies = true;
    if (class == CLASS_MIXED || class != before->last_class) {
        double left = (double)before->left;
        double right = (double)(search->weight - before->left);
        double numerator =
            (double)before->left_squares * right + (double)before->right_squares * left;
        double denominator = left * right;

        if (numerator * best->denominator > best->numerator * denominator)
            *best = (struct split){column, limit, numerator, denominator};
    }
}

static inline uint32_t class_column_rank(const struct class_column *column, uint32_t row)
{
    return column->bins != NULL ? column->bins[row] : column->ranks[row];
}

/* The limit of a split between a rank and the next that has rows. */
static inline uint32_t class_column_limit(const struct class_column *column, uint32_t rank,
                                          uint32_t next)
{
    return column->bins != NULL ? (rank + next) / 2 : rank;
}

#endif
