#include "analysis/forest_tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A node that waits to be split: its rows are a part of the grower's. */
struct open_node {
    size_t start;
    size_t count;
    uint64_t tally;
    uint32_t node;
    size_t known_constants;
};

struct tree_grower {
    const struct forest_columns *columns;
    const struct forest_method *method;
    void *search;      /* the method's */
    size_t candidates; /* columns drawn a split */
    uint32_t *bootstrap;
    uint32_t *rows; /* of the whole tree, each node's side by side */
    uint64_t *tallies;
    uint32_t *right_rows; /* set aside while a node is parted */
    uint64_t *right_tallies;
    uint32_t *permutation; /* of the columns: candidates are drawn by shuffling its head */
    uint32_t *constants;   /* columns constant in the node at hand, and those above it */
    uint8_t *is_constant;
    size_t constant_count;
    struct open_node *open;
    size_t open_count;
    size_t open_capacity;
};

struct tree_grower *tree_grower_new(const struct forest_columns *columns,
                                    const struct row_classes *classes,
                                    const struct forest_method *method)
{
    struct tree_grower *grower = memory_new(1, sizeof *grower);
    size_t root = (size_t)sqrt((double)columns->columns);

    grower->columns = columns;
    grower->method = method;
    grower->search = method->open(columns, classes);
    grower->candidates = root > 0 ? root : 1;
    grower->bootstrap = memory_new(columns->rows, sizeof(uint32_t));
    grower->rows = memory_new(columns->rows, sizeof(uint32_t));
    grower->tallies = memory_new(columns->rows, sizeof(uint64_t));
    grower->right_rows = memory_new(columns->rows, sizeof(uint32_t));
    grower->right_tallies = memory_new(columns->rows, sizeof(uint64_t));
    grower->permutation = memory_new(columns->columns, sizeof(uint32_t));
    grower->constants = memory_new(columns->columns, sizeof(uint32_t));
    grower->is_constant = memory_new(columns->columns, sizeof(uint8_t));
    return grower;
}

void tree_grower_free(struct tree_grower *grower)
{
    free(grower->bootstrap);
    free(grower->rows);
    free(grower->tallies);
    free(grower->right_rows);
    free(grower->right_tallies);
    free(grower->permutation);
    free(grower->constants);
    free(grower->is_constant);
    free(grower->open);
    grower->method->close(grower->search);
    free(grower);
}

static void open_node(struct tree_grower *grower, const struct split_rows *rows, uint32_t node)
{
    grower->open =
        memory_grow(grower->open, grower->open_count, &grower->open_capacity, sizeof *grower->open);
    grower->open[grower->open_count++] =
        (struct open_node){(size_t)(rows->rows - grower->rows), rows->count, rows->tally, node,
                           grower->constant_count};
}

/* What was found constant in a subtree that is done is not so here. */
static void forget_constants(struct tree_grower *grower, size_t known)
{
    while (grower->constant_count > known)
        grower->is_constant[grower->constants[--grower->constant_count]] = 0;
}

/*
 * Draws columns and keeps the best split. As in scikit-learn a constant column counts as drawn,
 * but drawing goes on until one that is not constant was found. Returns false if there is none.
 */
static bool find_split(struct tree_grower *grower, struct random *random, struct split *best)
{
    size_t columns = grower->columns->columns;
    bool found = false;

    *best = (struct split){.numerator = -1, .denominator = 1};
    for (size_t drawn = 0; drawn < columns && (drawn < grower->candidates || !found); drawn++) {
        size_t at = drawn + random_below(random, columns - drawn);
        uint32_t column = grower->permutation[at];

        grower->permutation[at] = grower->permutation[drawn];
        grower->permutation[drawn] = column;
        if (grower->is_constant[column])
            continue;
        if (grower->method->column(grower->search, column, best)) {
            found = true;
        } else {
            grower->is_constant[column] = 1;
            grower->constants[grower->constant_count++] = column;
        }
    }
    return found;
}

/* Puts the rows of the left side before those of the right, each in the order they had. The column
 * is in one of `ranks` and `bins`. */
static inline void part_by(struct tree_grower *grower, const struct split_rows *rows,
                           const uint32_t *ranks, const uint8_t *bins, uint32_t limit,
                           struct split_rows *left, struct split_rows *right)
{
    size_t left_count = 0;
    size_t right_count = 0;

    *left = (struct split_rows){.rows = rows->rows, .tallies = rows->tallies};
    for (size_t i = 0; i < rows->count; i++) {
        uint32_t row = rows->rows[i];
        uint64_t tally = rows->tallies[i];
        bool goes_left = (bins != NULL ? bins[row] : ranks[row]) <= limit;

        left->rows[left_count] = row;
        left->tallies[left_count] = tally;
        grower->right_rows[right_count] = row;
        grower->right_tallies[right_count] = tally;
        left_count += goes_left;
        right_count += !goes_left;
        left->tally += goes_left ? tally : 0;
    }
    left->count = left_count;
    *right = (struct split_rows){.rows = rows->rows + left_count,
                                 .tallies = rows->tallies + left_count,
                                 .count = right_count,
                                 .tally = rows->tally - left->tally};
    memcpy(right->rows, grower->right_rows, right_count * sizeof *right->rows);
    memcpy(right->tallies, grower->right_tallies, right_count * sizeof *right->tallies);
}

static void part_rows(struct tree_grower *grower, const struct split_rows *rows,
                      const struct split *split, struct split_rows *left, struct split_rows *right)
{
    size_t start = split->column * grower->columns->rows;

    if (grower->columns->bins != NULL)
        part_by(grower, rows, NULL, grower->columns->bins + start, split->limit, left, right);
    else
        part_by(grower, rows, grower->columns->ranks + start, NULL, split->limit, left, right);
}

/* The value of the row with the greatest rank, or the least. */
static double value_at_end(const struct forest_columns *columns, const struct split_rows *rows,
                           uint32_t column, bool greatest)
{
    const uint32_t *ranks = columns->ranks + column * columns->rows;
    uint32_t end = rows->rows[0];

    for (size_t i = 1; i < rows->count; i++) {
        uint32_t row = rows->rows[i];

        if (greatest ? ranks[row] > ranks[end] : ranks[row] < ranks[end])
            end = row;
    }
    return columns->values[end * columns->columns + column];
}

static double split_value(const struct tree_grower *grower, const struct split *split,
                          const struct split_rows *left, const struct split_rows *right)
{
    const struct forest_columns *columns = grower->columns;

    if (columns->bins != NULL)
        return columns->limits[(size_t)split->column * FOREST_BINS_MOST + split->limit];
    return split_threshold(value_at_end(columns, left, split->column, true),
                           value_at_end(columns, right, split->column, false));
}

static void draw_rows(struct tree_grower *grower, struct random *random, struct split_rows *rows)
{
    *rows = (struct split_rows){.rows = grower->rows, .tallies = grower->tallies};
    forest_bootstrap(random, grower->columns->rows, grower->bootstrap);
    for (size_t row = 0; row < grower->columns->rows; row++) {
        uint32_t count = grower->bootstrap[row];

        if (count == 0)
            continue;
        rows->rows[rows->count] = (uint32_t)row;
        rows->tallies[rows->count++] = count;
    }
    grower->method->tally(grower->search, rows);
}

static void normalise(double *importance, size_t columns)
{
    double sum = 0;

    for (size_t i = 0; i < columns; i++)
        sum += importance[i];
    for (size_t i = 0; sum > 0 && i < columns; i++)
        importance[i] /= sum;
}

/* Splits the node opened last, or makes it a leaf. */
static void grow_node(struct tree_grower *grower, struct random *random, struct forest_tree *tree,
                      size_t *capacity, double *importance)
{
    struct open_node at = grower->open[--grower->open_count];
    struct split_rows rows = {grower->rows + at.start, grower->tallies + at.start, at.count,
                              at.tally};
    struct split_rows left;
    struct split_rows right;
    struct split split;

    forget_constants(grower, at.known_constants);
    if (!grower->method->turn(grower->search, &rows) || !find_split(grower, random, &split)) {
        grower->method->leaf(grower->search, tree, at.node);
        return;
    }
    part_rows(grower, &rows, &split, &left, &right);
    importance[split.column] += grower->method->decrease(grower->search, &split, &left);
    tree->nodes[at.node] = (struct forest_node){split_value(grower, &split, &left, &right),
                                                split.column, (uint32_t)tree->node_count};
    tree->nodes = memory_grow(tree->nodes, tree->node_count + 1, capacity, sizeof *tree->nodes);
    open_node(grower, &right, (uint32_t)tree->node_count + 1);
    open_node(grower, &left, (uint32_t)tree->node_count);
    tree->node_count += 2;
}

void tree_grow(struct tree_grower *grower, struct random *random, struct forest_tree *tree,
               double *importance)
{
    size_t columns = grower->columns->columns;
    struct split_rows rows;
    size_t capacity = 0;

    draw_rows(grower, random, &rows);
    for (size_t i = 0; i < columns; i++)
        grower->permutation[i] = (uint32_t)i;
    memset(importance, 0, columns * sizeof *importance);
    forget_constants(grower, 0);
    tree->nodes = memory_grow(NULL, 0, &capacity, sizeof *tree->nodes);
    tree->node_count = 1;
    open_node(grower, &rows, 0);
    while (grower->open_count > 0)
        grow_node(grower, random, tree, &capacity, importance);
    tree->nodes = memory_resize(tree->nodes, tree->node_count, sizeof *tree->nodes);
    normalise(importance, columns);
}
