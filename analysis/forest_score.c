/*
 * Scores of a forest. Rows go through a tree in blocks of 64, each node with the set of those that
 * reach it as the bits of an integer: one comparison of a whole block costs less than to follow
 * rows one by one, each step of which waits for the one before.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/forest.h"
#include "base/memory.h"

#define BLOCK 64
#define FEW 4  /* rows for which a block isn't worth its while */
#define LINE 8 /* doubles in a cache line */

/* A node that waits for the rows that reach it. */
struct waiting {
    uint64_t rows;
    uint32_t node;
};

/* Two doubles, compared by one instruction. */
typedef double double_pair __attribute__((vector_size(16)));
typedef int64_t integer_pair __attribute__((vector_size(16)));

static const struct forest_node *find_leaf(const struct forest_node *nodes,
                                           const struct forest_node *node, const double *values)
{
    while (node->column != FOREST_LEAF)
        node = nodes + node->left + (values[node->column] > node->value);
    return node;
}

static double tree_score(const struct forest_tree *tree, const double *values)
{
    return find_leaf(tree->nodes, tree->nodes, values)->value;
}

/* Adds the leaf's shares of the classes to a row's. */
static void add_classes(const struct forest_tree *tree, const struct forest_node *leaf,
                        size_t classes, double *scores)
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

    for (size_t quarter = 0; quarter < BLOCK; quarter += 16) {
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
static void add_share(double *scores, uint64_t rows, double share)
{
    for (; share != 0 && rows != 0; rows &= rows - 1)
        scores[__builtin_ctzll(rows)] += share;
}

static void add_classes_of(const struct forest_tree *tree, const struct forest_node *leaf,
                           size_t classes, uint64_t rows, double *scores)
{
    for (; rows != 0; rows &= rows - 1)
        add_classes(tree, leaf, classes, scores + (size_t)__builtin_ctzll(rows) * classes);
}

/* `values` of the rows as they are (row-major), `block` of the same (columns x BLOCK). */
static inline void score_block_by_tree(const struct forest_tree *tree, size_t columns,
                                       const double *values, const double *block, uint64_t rows,
                                       size_t classes, double *scores)
{
    const struct forest_node *nodes = tree->nodes;
    struct waiting waiting[BLOCK]; /* sets that have no row in common */
    size_t count = 0;

    waiting[count++] = (struct waiting){rows, 0};
    while (count > 0) {
        const struct forest_node *node = nodes + waiting[--count].node;

        rows = waiting[count].rows;
        while (node->column != FOREST_LEAF && (rows & (rows - 1)) != 0) {
            uint64_t right = rows & bits_above(block + (size_t)node->column * BLOCK, node->value);
            uint64_t left = rows & ~right;

            if (left != 0 && right != 0)
                waiting[count++] = (struct waiting){right, node->left + 1};
            node = nodes + node->left + (left == 0);
            rows = left != 0 ? left : right;
        }
        if (node->column != FOREST_LEAF)
            node = find_leaf(nodes, node, values + (size_t)__builtin_ctzll(rows) * columns);
        if (classes == 0)
            add_share(scores, rows, node->value);
        else
            add_classes_of(tree, node, classes, rows, scores);
    }
}

/* Few rows at a time, so that each is read from start to end and a line of the block is filled
 * whole. */
static void fill_block(const double *values, size_t rows, size_t columns, double *block)
{
    for (size_t first = 0; first < rows; first += LINE) {
        size_t end = rows - first < LINE ? rows : first + LINE;

        for (size_t i = 0; i < columns; i++) {
            for (size_t row = first; row < end; row++)
                block[i * BLOCK + row] = values[row * columns + i];
        }
    }
}

static inline void score_block(const struct forest *forest, const double *values, size_t rows,
                               size_t classes, double *block, double *scores)
{
    uint64_t all = rows == BLOCK ? UINT64_MAX : (UINT64_C(1) << rows) - 1;

    fill_block(values, rows, forest->columns, block);
    for (size_t tree = 0; tree < forest->tree_count; tree++)
        score_block_by_tree(&forest->trees[tree], forest->columns, values, block, all, classes,
                            scores);
}

static inline void score_few(const struct forest *forest, const double *values, size_t rows,
                             size_t classes, double *scores)
{
    for (size_t row = 0; row < rows; row++) {
        const double *of_row = values + row * forest->columns;

        for (size_t i = 0; i < forest->tree_count; i++) {
            const struct forest_tree *tree = &forest->trees[i];

            if (classes == 0)
                scores[row] += tree_score(tree, of_row);
            else
                add_classes(tree, find_leaf(tree->nodes, tree->nodes, of_row), classes,
                            scores + row * classes);
        }
    }
}

/* By class, or 0 for one score a row: a constant, so that there is a version for each. */
static inline __attribute__((always_inline)) void score_rows(const struct forest *forest,
                                                             const double *values, size_t rows,
                                                             size_t classes, double *scores)
{
    size_t wide = classes > 0 ? classes : 1;
    double *block = rows > FEW ? memory_new(forest->columns, BLOCK * sizeof *block) : NULL;

    memset(scores, 0, rows * wide * sizeof *scores);
    for (size_t first = 0; first < rows; first += BLOCK) {
        const double *start = values + first * forest->columns;
        size_t count = rows - first < BLOCK ? rows - first : BLOCK;

        if (count > FEW)
            score_block(forest, start, count, classes, block, scores + first * wide);
        else
            score_few(forest, start, count, classes, scores + first * wide);
    }
    for (size_t i = 0; i < rows * wide; i++)
        scores[i] /= (double)forest->tree_count;
    free(block);
}

void forest_score(const struct forest *forest, const double *values, size_t rows, double *scores)
{
    score_rows(forest, values, rows, 0, scores);
}

void forest_score_classes(const struct forest *forest, const double *values, size_t rows,
                          double *scores)
{
    score_rows(forest, values, rows, forest->classes, scores);
}

double forest_out_of_bag_error(const struct forest *forest, const double *values, size_t rows,
                               const uint8_t *positive, const struct forest_setting *setting)
{
    uint32_t *bootstrap = memory_new(rows, sizeof *bootstrap);
    double *sums = memory_new(rows, sizeof *sums);
    size_t *trees = memory_new(rows, sizeof *trees);
    size_t scored = 0;
    size_t wrong = 0;

    for (size_t tree = 0; tree < forest->tree_count; tree++) {
        struct random random = forest_tree_random(setting, tree);

        forest_bootstrap(&random, rows, bootstrap);
        for (size_t row = 0; row < rows; row++) {
            if (bootstrap[row] > 0)
                continue;
            sums[row] += tree_score(&forest->trees[tree], values + row * forest->columns);
            trees[row]++;
        }
    }
    for (size_t row = 0; row < rows; row++) {
        scored += trees[row] > 0;
        wrong += trees[row] > 0 && (sums[row] >= 0.5 * (double)trees[row]) != positive[row];
    }
    free(bootstrap);
    free(sums);
    free(trees);
    return scored > 0 ? (double)wrong / (double)scored : NAN;
}

void forest_out_of_bag_classes(const struct forest *forest, const double *values, size_t rows,
                               const struct forest_setting *setting, double *scores)
{
    size_t classes = forest->classes;
    uint32_t *bootstrap = memory_new(rows, sizeof *bootstrap);
    size_t *trees = memory_new(rows, sizeof *trees);

    memset(scores, 0, rows * classes * sizeof *scores);
    for (size_t i = 0; i < forest->tree_count; i++) {
        const struct forest_tree *tree = &forest->trees[i];
        struct random random = forest_tree_random(setting, i);

        forest_bootstrap(&random, rows, bootstrap);
        for (size_t row = 0; row < rows; row++) {
            if (bootstrap[row] > 0)
                continue;
            add_classes(tree, find_leaf(tree->nodes, tree->nodes, values + row * forest->columns),
                        classes, scores + row * classes);
            trees[row]++;
        }
    }
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < classes; i++)
            scores[row * classes + i] =
                trees[row] > 0 ? scores[row * classes + i] / (double)trees[row] : (double)NAN;
    }
    free(bootstrap);
    free(trees);
}
