/* Scores of a forest. */
#include <stdlib.h>
#include <string.h>

#include "analysis/forest.h"
#include "analysis/forest_block.h"
#include "base/memory.h"

#define FEW 4 /* rows for which a block isn't worth its while */

static double tree_score(const struct forest_tree *tree, const double *values)
{
    return forest_find_leaf(tree->nodes, tree->nodes, values)->value;
}

static inline void score_block(const struct forest *forest, const double *values, size_t rows,
                               size_t classes, double *block, double *scores)
{
    uint64_t all = rows == FOREST_BLOCK ? UINT64_MAX : (UINT64_C(1) << rows) - 1;

    forest_block_fill(values, rows, forest->columns, block);
    for (size_t tree = 0; tree < forest->tree_count; tree++)
        forest_block_score(&forest->trees[tree], forest->columns, values, block, all, classes,
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
                forest_add_classes(tree, forest_find_leaf(tree->nodes, tree->nodes, of_row),
                                   classes, scores + row * classes);
        }
    }
}

/* By class, or 0 for one score a row: a constant, so that there is a version for each. */
static inline __attribute__((always_inline)) void score_rows(const struct forest *forest,
                                                             const double *values, size_t rows,
                                                             size_t classes, double *scores)
{
    size_t wide = classes > 0 ? classes : 1;
    double *block = rows > FEW ? memory_new(forest->columns, FOREST_BLOCK * sizeof *block) : NULL;

    memset(scores, 0, rows * wide * sizeof *scores);
    for (size_t first = 0; first < rows; first += FOREST_BLOCK) {
        const double *start = values + first * forest->columns;
        size_t count = rows - first < FOREST_BLOCK ? rows - first : FOREST_BLOCK;

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
