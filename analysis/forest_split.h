/* The best split of a node of two classes on one column, exactly, in time proportional to the
 * node's rows. */
#ifndef ANALYSIS_FOREST_SPLIT_H
#define ANALYSIS_FOREST_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/forest_method.h"
#include "analysis/forest_slots.h"

/*
 * The upper 32 bits of a tally have the same number as the lower ones if the row is positive, else
 * 0. Tallies add up without carrying over, since a bootstrap has fewer than 2^32 rows.
 *
 * The merit of a split is (P_left N - P N_left)^2 / (N_left N_right), with N the weight of all and
 * P of one class: the decrease of gini impurity by the split times N^2 / 2.
 */

/* Working memory, for a node and its columns one after another. Arrays by rank are zero between
 * searches. */
struct split_search {
    double positive_weight; /* of a row of the class */
    double negative_weight;

    const struct split_rows *rows; /* of the node */
    struct class_rows minority;    /* of the class with fewer rows */
    struct class_rows majority;
    double minority_weight; /* of a row of the class */
    double majority_weight;
    double node_minority; /* weight of the class in the node */
    double node_weight;   /* of all its rows */

    struct slots slots;
    uint64_t *bits; /* by rank: is it in the node */
    uint64_t *tallies;
    uint8_t *marks;    /* by word of bits: is it not zero; filled up to whole uint64_t */
    size_t mark_words; /* uint64_t of marks */
    uint32_t *slot_counts;
    uint64_t *bin_tallies; /* see forest_split_bins.c */
};

/* For nodes of up to `rows` rows and columns of up to `ranks` distinct values. */
void split_search_open(struct split_search *search, size_t rows, size_t ranks);
void split_search_close(struct split_search *search);

/* Turns to a node, which has rows of both classes; `rows` stays until the next one. */
void split_search_node(struct split_search *search, const struct split_rows *rows);

/*
 * Finds the best split of the node on a column, which has `rank_count` ranks, by row in `ranks`,
 * and puts it into `best` if it is better than what is there.
 * Returns false if all rows have the same value.
 */
bool split_search_column(struct split_search *search, uint32_t column, const uint32_t *ranks,
                         size_t rank_count, struct split *best);

/* The same by the method for nodes with few rows: touches only what these rows touch. */
bool split_search_bits(struct split_search *search, uint32_t column, const uint32_t *ranks,
                       struct split *best);

/* The same by the method for nodes that have rows at most of a column's ranks, and no more than
 * SLOTS_RARE_MOST of the minority. */
bool split_search_slots(struct split_search *search, uint32_t column, const uint32_t *ranks,
                        size_t rank_count, struct split *best);

/* The same on bins (forest_bins.h); its limit is half-way between two that have rows. */
bool split_search_bins(struct split_search *search, uint32_t column, const uint8_t *bins,
                       size_t bin_count, struct split *best);
enum { SPLIT_BIN_TALLIES = 512 };

/* Weight of the positive rows, and of all rows, that a tally stands for. */
static inline double split_positives(const struct split_search *search, uint64_t tally)
{
    return search->positive_weight * (double)(tally >> 32);
}

static inline double split_weight(const struct split_search *search, uint64_t tally)
{
    uint32_t negatives = (uint32_t)tally - (uint32_t)(tally >> 32);

    return split_positives(search, tally) + search->negative_weight * (double)negatives;
}

static inline bool split_is_pure(uint64_t tally)
{
    return tally >> 32 == 0 || tally >> 32 == (tally & UINT32_MAX);
}

/* Between two values whose rows are all of one and the same class there is never a better split
 * than at the ends of that run (Fayyad and Irani, 1992). */
static inline bool split_same_class(uint64_t a, uint64_t b)
{
    return split_is_pure(a) && split_is_pure(b) && (a >> 32 == 0) == (b >> 32 == 0);
}

/* Keeps the split if it is the best so far: `part` is the weight of one class on the left, `left`
 * of all there; `whole` and `weight` the same of the node. */
static inline void split_try(double part, double left, double whole, double weight, uint32_t column,
                             uint32_t limit, struct split *best)
{
    double difference = part * weight - whole * left;
    double numerator = difference * difference;
    double denominator = left * (weight - left);

    if (numerator * best->denominator > best->numerator * denominator)
        *best = (struct split){column, limit, numerator, denominator};
}

#endif
