/* Scores of the rows that a forest was grown on, each by the trees that did not see it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/forest.h"
#include "analysis/forest_block.h"
#include "base/memory.h"

#define TREES_TOGETHER ((size_t)64) /* by which a block of rows is scored once it is filled */

/* What is to be scored. */
struct unseen {
    const struct forest *forest;
    const struct forest_setting *setting;
    const double *values;
    size_t rows;
    size_t blocks;
    uint64_t *sets; /* (TREES_TOGETHER x blocks): rows of a block that the tree did not see */
    size_t *trees;  /* per row: how many did not see it */
};

/* Draws the tree's bootstrap again. */
static void find_unseen(const struct unseen *unseen, size_t tree, uint32_t *bootstrap,
                        uint64_t *sets)
{
    struct random random = forest_tree_random(unseen->setting, tree);

    forest_bootstrap(&random, unseen->rows, bootstrap);
    memset(sets, 0, unseen->blocks * sizeof *sets);
    for (size_t row = 0; row < unseen->rows; row++) {
        bool out = bootstrap[row] == 0;

        sets[row / FOREST_BLOCK] |= (uint64_t)out << row % FOREST_BLOCK;
        unseen->trees[row] += out;
    }
}

/* Adds the scores by `count` trees from `first` on; `classes` is 0 for one score a row, and a
 * constant, so that there is a version for each. */
static inline void add_scores(const struct unseen *unseen, size_t first, size_t count,
                              size_t classes, double *block, double *scores)
{
    size_t columns = unseen->forest->columns;
    size_t wide = classes > 0 ? classes : 1;

    for (size_t i = 0; i < unseen->blocks; i++) {
        size_t start = i * FOREST_BLOCK;
        size_t left = unseen->rows - start;
        const double *values = unseen->values + start * columns;

        forest_block_fill(values, left < FOREST_BLOCK ? left : FOREST_BLOCK, columns, block);
        for (size_t tree = 0; tree < count; tree++) {
            uint64_t set = unseen->sets[tree * unseen->blocks + i];

            if (set != 0)
                forest_block_score(&unseen->forest->trees[first + tree], columns, values, block,
                                   set, classes, scores + start * wide);
        }
    }
}

/* Sums of the scores, (rows x classes), in the order of the trees. */
static void sum_scores(const struct unseen *unseen, size_t classes, double *scores)
{
    double *block = memory_new(unseen->forest->columns, FOREST_BLOCK * sizeof *block);
    uint32_t *bootstrap = memory_new(unseen->rows, sizeof *bootstrap);
    size_t tree_count = unseen->forest->tree_count;

    for (size_t first = 0; first < tree_count; first += TREES_TOGETHER) {
        size_t left = tree_count - first;
        size_t count = left < TREES_TOGETHER ? left : TREES_TOGETHER;

        for (size_t tree = 0; tree < count; tree++)
            find_unseen(unseen, first + tree, bootstrap, unseen->sets + tree * unseen->blocks);
        if (classes > 0)
            add_scores(unseen, first, count, classes, block, scores);
        else
            add_scores(unseen, first, count, 0, block, scores);
    }
    free(block);
    free(bootstrap);
}

static struct unseen open_unseen(const struct forest *forest, const double *values, size_t rows,
                                 const struct forest_setting *setting)
{
    size_t blocks = (rows + FOREST_BLOCK - 1) / FOREST_BLOCK;

    return (struct unseen){forest,
                           setting,
                           values,
                           rows,
                           blocks,
                           memory_new(TREES_TOGETHER * blocks, sizeof(uint64_t)),
                           memory_new(rows, sizeof(size_t))};
}

static void close_unseen(struct unseen *unseen)
{
    free(unseen->sets);
    free(unseen->trees);
}

double forest_out_of_bag_error(const struct forest *forest, const double *values, size_t rows,
                               const uint8_t *positive, const struct forest_setting *setting)
{
    struct unseen unseen = open_unseen(forest, values, rows, setting);
    double *sums = memory_new(rows, sizeof *sums);
    size_t scored = 0;
    size_t wrong = 0;

    sum_scores(&unseen, 0, sums);
    for (size_t row = 0; row < rows; row++) {
        size_t trees = unseen.trees[row];

        scored += trees > 0;
        wrong += trees > 0 && (sums[row] >= 0.5 * (double)trees) != positive[row];
    }
    close_unseen(&unseen);
    free(sums);
    return scored > 0 ? (double)wrong / (double)scored : NAN;
}

void forest_out_of_bag_classes(const struct forest *forest, const double *values, size_t rows,
                               const struct forest_setting *setting, double *scores)
{
    struct unseen unseen = open_unseen(forest, values, rows, setting);
    size_t classes = forest->classes;

    memset(scores, 0, rows * classes * sizeof *scores);
    sum_scores(&unseen, classes, scores);
    for (size_t row = 0; row < rows; row++) {
        size_t trees = unseen.trees[row];

        for (size_t i = 0; i < classes; i++)
            scores[row * classes + i] =
                trees > 0 ? scores[row * classes + i] / (double)trees : (double)NAN;
    }
    close_unseen(&unseen);
}
