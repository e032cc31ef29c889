/* Growing one tree of a Random Forest; forest.h says by which rules. */
#ifndef ANALYSIS_FOREST_TREE_H
#define ANALYSIS_FOREST_TREE_H

#include "analysis/forest_method.h"

/* Working memory of one thread, used for one tree after another. */
struct tree_grower;

/* The arguments outlive the grower. */
struct tree_grower *tree_grower_new(const struct forest_columns *columns,
                                    const struct row_classes *classes,
                                    const struct forest_method *method);
void tree_grower_free(struct tree_grower *grower);

/*
 * Grows a tree on the bootstrap that `random` draws first. `importance` (one a column) gets each
 * column's share of the decrease of impurity; all 0 if the tree is a single leaf.
 */
void tree_grow(struct tree_grower *grower, struct random *random, struct forest_tree *tree,
               double *importance);

#endif
