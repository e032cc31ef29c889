/* The forest's method for two classes, of which 1 is positive. */
#include "analysis/forest_method.h"

#include <stdlib.h>

#include "analysis/forest_split.h"
#include "base/memory.h"

struct binary_search {
    struct split_search split;
    const struct forest_columns *columns;
    const uint8_t *positive;
};

static void *open_search(const struct forest_columns *columns, const struct row_classes *classes)
{
    struct binary_search *search = memory_new(1, sizeof *search);

    split_search_open(&search->split, columns->rows, forest_columns_most_ranks(columns));
    search->split.negative_weight = classes->weights[0];
    search->split.positive_weight = classes->weights[1];
    search->columns = columns;
    search->positive = classes->of_row;
    return search;
}

static void close_search(void *opaque)
{
    struct binary_search *search = opaque;

    split_search_close(&search->split);
    free(search);
}

static void tally(const void *opaque, struct split_rows *rows)
{
    const struct binary_search *search = opaque;

    for (size_t i = 0; i < rows->count; i++) {
        uint64_t count = rows->tallies[i];

        rows->tallies[i] = search->positive[rows->rows[i]] ? count << 32 | count : count;
        rows->tally += rows->tallies[i];
    }
}

static bool turn(void *opaque, const struct split_rows *rows)
{
    struct binary_search *search = opaque;

    search->split.rows = rows;
    if (split_is_pure(rows->tally))
        return false;
    split_search_node(&search->split, rows);
    return true;
}

static bool search_column(void *opaque, uint32_t column, struct split *best)
{
    struct binary_search *search = opaque;
    const struct forest_columns *columns = search->columns;
    size_t start = column * columns->rows;

    if (columns->bins != NULL)
        return split_search_bins(&search->split, column, columns->bins + start,
                                 columns->rank_counts[column], best);
    return split_search_column(&search->split, column, columns->ranks + start,
                               columns->rank_counts[column], best);
}

static double decrease(const void *opaque, const struct split *best, const struct split_rows *left)
{
    const struct binary_search *search = opaque;

    (void)left;
    return 2 * best->numerator / best->denominator / search->split.node_weight;
}

static void set_leaf(const void *opaque, struct forest_tree *tree, size_t node)
{
    const struct binary_search *search = opaque;
    uint64_t of_node = search->split.rows->tally;

    tree->nodes[node] = (struct forest_node){split_positives(&search->split, of_node) /
                                                 split_weight(&search->split, of_node),
                                             FOREST_LEAF, 0};
}

const struct forest_method forest_binary = {
    .most_weight = UINT64_MAX,
    .open = open_search,
    .close = close_search,
    .tally = tally,
    .turn = turn,
    .column = search_column,
    .decrease = decrease,
    .leaf = set_leaf,
};
