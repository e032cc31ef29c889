/*
 * Random Forest (Breiman, 2001) with the meaning of scikit-learn's RandomForestClassifier: gini
 * impurity, a bootstrap of all rows for each tree, sqrt(columns) candidate columns a split drawn
 * without replacement (and drawing on while all drawn are constant), thresholds half-way between
 * neighbouring values, trees grown to purity, and as score the mean over the trees of the share of
 * a class in the leaf. For one yes-or-no question, as the first paper uses it, or for any number of
 * classes at once; of two classes both are the same trees.
 *
 * Each tree has its own random generator, so that the same seed gives the same forest for any
 * number of threads.
 */
#ifndef ANALYSIS_FOREST_H
#define ANALYSIS_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/forest_columns.h"
#include "base/random.h"

#define FOREST_LEAF UINT32_MAX
enum { FOREST_CLASSES_MOST = 256 };

/*
 * A split sends a row to node `left` if its value in `column` is at most `value`, else to
 * `left` + 1; children come after their parent. In a leaf `column` is FOREST_LEAF and `value` is
 * the share of positives: of all classes but 0. Of a forest of classes, `left` is the class if the
 * leaf is pure, else the number of classes plus its place among the tree's mixed leaves.
 */
struct forest_node {
    double value;
    uint32_t column;
    uint32_t left;
};

struct forest_tree {
    struct forest_node *nodes;
    size_t node_count;
    double *shares; /* (mixed leaves x classes) */
    size_t mixed_count;
};

struct forest {
    struct forest_tree *trees;
    size_t tree_count;
    size_t columns;
    size_t classes; /* 0: it answers yes or no */
    /* Per column: mean over the trees of its share of the decrease of impurity. Sums to 1, or is
     * all 0 if no tree has a split. */
    double *importance;
};

struct forest_setting {
    size_t trees;
    size_t threads; /* 0: one a processor */
    /* 0: splits are exact. Else splits lie between at most this many bins of each column
     * (FOREST_BINS_MOST at most), which are quantiles, narrower at the ends: faster, near enough.
     */
    size_t bins;
    uint64_t seed;
    bool balanced; /* weights of the classes inversely proportional to their frequency */
};

/* Fits to the rows of `columns`, which were made with the same setting; `positive` has 0 or 1 for
 * each. Free with forest_free. */
struct forest *forest_fit(const struct forest_columns *columns, const uint8_t *positive,
                          const struct forest_setting *setting);

/* The same for 2 to FOREST_CLASSES_MOST classes; `classes` has 0 to `class_count` - 1 for each row.
 */
struct forest *forest_fit_classes(const struct forest_columns *columns, const uint8_t *classes,
                                  size_t class_count, const struct forest_setting *setting);
void forest_free(struct forest *forest);

/* Scores `rows` rows of `values` (rows x columns, row-major): 0 for surely negative (class 0) to 1.
 */
void forest_score(const struct forest *forest, const double *values, size_t rows, double *scores);

/* Scores of each class by a forest of classes, (rows x classes), row-major; those of a row add up
 * to 1. */
void forest_score_classes(const struct forest *forest, const double *values, size_t rows,
                          double *scores);

/*
 * Share of the rows that the trees which did not see them call wrongly (score 0.5 and above is
 * positive); NaN if every row is in every bootstrap. The arguments are those of the fit.
 */
double forest_out_of_bag_error(const struct forest *forest, const double *values, size_t rows,
                               const uint8_t *positive, const struct forest_setting *setting);

/* Scores of each class by the trees that did not see the row, (rows x classes); NaN if every tree
 * did. The arguments are those of the fit. */
void forest_out_of_bag_classes(const struct forest *forest, const double *values, size_t rows,
                               const struct forest_setting *setting, double *scores);

/* The generator of a tree. Its first draws make the bootstrap. */
struct random forest_tree_random(const struct forest_setting *setting, size_t tree);

/* How often each of `rows` rows is in the bootstrap. */
void forest_bootstrap(struct random *random, size_t rows, uint32_t *counts);

#endif
