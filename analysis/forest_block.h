/*
 * Rows through the trees of a forest, 64 at a time: each node has the set of those that reach it as
 * the bits of an integer. One comparison of a whole block costs less than to follow rows one by
 * one, each step of which waits for the one before.
 */
#ifndef ANALYSIS_FOREST_BLOCK_H
#define ANALYSIS_FOREST_BLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "analysis/forest.h"

#define FOREST_BLOCK 64
#define FOREST_LINE 8 /* doubles in a cache line */

/* A node that waits for the rows that reach it. */
struct waiting {
    uint64_t rows;
    uint32_t node;
};

/* Two doubles, compared by one instruction. */
typedef double double_pair __attribute__((vector_size(16)));
typedef int64_t integer_pair __attribute__((vector_size(16)));

static inline const struct forest_node *forest_find_leaf(const struct forest_node *nodes,
                                                         const struct forest_node *node,
                                                         const double *values)
{
    while (node->column != FOREST_LEAF)
        node = nodes + node->left + (values[node->column] > node->value);
    return node;
}

/* Adds the leaf's shares of the classes to a row's. */
static inline void forest_add_classes(const struct forest_tree *tree,
                                      const struct forest_node *leaf, size_t classes,
                                      double *scores)
{
    const double *shares;

    if (leaf->left < classes) {
        scores[leaf->left]++;
        return;
    }
    shares = tree->shares + (leaf->left - classes) * classes;
    for (size_t i = 0; i < classes; i++)
        scores[i] += shares[i];
}

/* Which of 64 values are above the threshold; the value i as bit i. */
static inline uint64_t bits_above(const double *values, double threshold)
{
    const double_pair thresholds = {threshold, threshold};
    uint64_t bits = 0;

    for (size_t quarter = 0; quarter < FOREST_BLOCK; quarter += 16) {
        integer_pair above = {0, 0};

#pragma GCC unroll 8
        for (size_t i = 0; i < 16; i += 2) {
            double_pair pair;

            memcpy(&pair, values + quarter + i, sizeof pair);
            above |= (integer_pair)(pair > thresholds) &
                     (integer_pair){INT64_C(1) << i, INT64_C(2) << i};
        }
        bits |= (uint64_t)(above[0] | above[1]) << quarter;
    }
    return bits;
}

/* Adds the leaf's share to the scores of a set of rows. */
static inline void add_share(double *scores, uint64_t rows, double share)
{
    for (; share != 0 && rows != 0; rows &= rows - 1)
        scores[__builtin_ctzll(rows)] += share;
}

static inline void forest_add_classes_of(const struct forest_tree *tree,
                                         const struct forest_node *leaf, size_t classes,
                                         uint64_t rows, double *scores)
{
    for (; rows != 0; rows &= rows - 1)
        forest_add_classes(tree, leaf, classes, scores + (size_t)__builtin_ctzll(rows) * classes);
}

/* `values` of the rows as they are (row-major), `block` of the same (columns x FOREST_BLOCK). */
static inline void forest_block_score(const struct forest_tree *tree, size_t columns,
                                      const double *values, const double *block, uint64_t rows,
                                      size_t classes, double *scores)
{
    const struct forest_node *nodes = tree->nodes;
    struct waiting waiting[FOREST_BLOCK]; /* sets that have no row in common */
    size_t count = 0;

    waiting[count++] = (struct waiting){rows, 0};
    while (count > 0) {
        const struct forest_node *node = nodes + waiting[--count].node;

        rows = waiting[count].rows;
        while (node->column != FOREST_LEAF && (rows & (rows - 1)) != 0) {
            uint64_t right =
                rows & bits_above(block + (size_t)node->column * FOREST_BLOCK, node->value);
            uint64_t left = rows & ~right;

            if (left != 0 && right != 0)
                waiting[count++] = (struct waiting){right, node->left + 1};
            node = nodes + node->left + (left == 0);
            rows = left != 0 ? left : right;
        }
        if (node->column != FOREST_LEAF)
            node = forest_find_leaf(nodes, node, values + (size_t)__builtin_ctzll(rows) * columns);
        if (classes == 0)
            add_share(scores, rows, node->value);
        else
            forest_add_classes_of(tree, node, classes, rows, scores);
    }
}

/* Few rows at a time, so that each is read from start to end and a line of the block is filled
 * whole. */
static inline void forest_block_fill(const double *values, size_t rows, size_t columns,
                                     double *block)
{
    for (size_t first = 0; first < rows; first += FOREST_LINE) {
        size_t end = rows - first < FOREST_LINE ? rows : first + FOREST_LINE;

        for (size_t i = 0; i < columns; i++) {
            for (size_t row = first; row < end; row++)
                block[i * FOREST_BLOCK + row] = values[row * columns + i];
        }
    }
}

#endif
