#include "analysis/forest_file.h"

#include <math.h>

#include "base/memory.h"

#define NODE_BYTES 16

void forest_write(const struct forest *forest, struct text *bytes)
{
    bytes_put_integer(bytes, forest != NULL ? forest->tree_count : 0, 4);
    if (forest == NULL)
        return;
    bytes_put_doubles(bytes, forest->importance, forest->columns);
    for (size_t i = 0; i < forest->tree_count; i++) {
        const struct forest_tree *tree = &forest->trees[i];

        bytes_put_integer(bytes, tree->node_count, 4);
        for (size_t j = 0; j < tree->node_count; j++) {
            bytes_put_double(bytes, tree->nodes[j].value);
            bytes_put_integer(bytes, tree->nodes[j].column, 4);
            bytes_put_integer(bytes, tree->nodes[j].left, 4);
        }
        if (forest->classes == 0)
            continue;
        bytes_put_integer(bytes, tree->mixed_count, 4);
        bytes_put_doubles(bytes, tree->shares, tree->mixed_count * forest->classes);
    }
}

static bool node_is_sound(const struct forest_tree *tree, size_t index, const struct forest *forest)
{
    const struct forest_node *node = &tree->nodes[index];

    if (node->column == FOREST_LEAF)
        return node->value >= 0 && node->value <= 1 &&
               (forest->classes == 0 || node->left < forest->classes + tree->mixed_count);
    return node->column < forest->columns && node->left > index &&
           node->left < tree->node_count - 1 && !isnan(node->value);
}

static int read_node(struct byte_reader *reader, struct forest_node *node, struct error *error)
{
    uint64_t column;
    uint64_t left;

    if (bytes_get_double(reader, &node->value, error) < 0 ||
        bytes_get_integer(reader, 4, &column, error) < 0 ||
        bytes_get_integer(reader, 4, &left, error) < 0)
        return -1;
    node->column = (uint32_t)column;
    node->left = (uint32_t)left;
    return 0;
}

static int read_nodes(struct byte_reader *reader, struct forest_tree *tree, struct error *error)
{
    uint64_t count;

    if (bytes_get_integer(reader, 4, &count, error) < 0)
        return -1;
    if (count == 0)
        return error_set(error, ERROR_INPUT, "a tree has no nodes");
    if (bytes_check_left(reader, count, NODE_BYTES, error) < 0)
        return -1;
    tree->nodes = memory_new(count, sizeof *tree->nodes);
    tree->node_count = count;
    for (size_t i = 0; i < count; i++) {
        if (read_node(reader, &tree->nodes[i], error) < 0)
            return -1;
    }
    return 0;
}

static int read_shares(struct byte_reader *reader, size_t classes, struct forest_tree *tree,
                       struct error *error)
{
    uint64_t count;

    if (bytes_get_integer(reader, 4, &count, error) < 0 ||
        bytes_check_left(reader, count, classes * sizeof(double), error) < 0 ||
        bytes_get_doubles(reader, count * classes, &tree->shares, error) < 0)
        return -1;
    tree->mixed_count = count;
    for (size_t i = 0; i < count * classes; i++) {
        if (!(tree->shares[i] >= 0 && tree->shares[i] <= 1))
            return error_set(error, ERROR_INPUT, "a class's share of a leaf is not 0 to 1");
    }
    return 0;
}

static int read_tree(struct byte_reader *reader, const struct forest *forest,
                     struct forest_tree *tree, struct error *error)
{
    if (read_nodes(reader, tree, error) < 0 ||
        (forest->classes > 0 && read_shares(reader, forest->classes, tree, error) < 0))
        return -1;
    for (size_t i = 0; i < tree->node_count; i++) {
        if (!node_is_sound(tree, i, forest))
            return error_set(error, ERROR_INPUT, "node %zu of a tree is not sound", i);
    }
    return 0;
}

static int read_importance(struct byte_reader *reader, struct forest *forest, struct error *error)
{
    if (bytes_get_doubles(reader, forest->columns, &forest->importance, error) < 0)
        return -1;
    for (size_t i = 0; i < forest->columns; i++) {
        if (!(forest->importance[i] >= 0 && forest->importance[i] <= 1))
            return error_set(error, ERROR_INPUT, "the importance of metric %zu is not 0 to 1", i);
    }
    return 0;
}

int forest_read(struct byte_reader *reader, size_t columns, size_t classes, struct forest **forest,
                struct error *error)
{
    uint64_t trees;
    int result;

    *forest = NULL;
    if (bytes_get_integer(reader, 4, &trees, error) < 0)
        return -1;
    if (trees == 0)
        return 0;
    if (bytes_check_left(reader, trees, 4 + NODE_BYTES, error) < 0)
        return -1;
    *forest = memory_new(1, sizeof **forest);
    (*forest)->columns = columns;
    (*forest)->classes = classes;
    (*forest)->tree_count = trees;
    (*forest)->trees = memory_new(trees, sizeof(struct forest_tree));
    result = read_importance(reader, *forest, error);
    for (size_t i = 0; result == 0 && i < trees; i++)
        result = read_tree(reader, *forest, &(*forest)->trees[i], error);
    if (result < 0) {
        forest_free(*forest);
        *forest = NULL;
    }
    return result;
}
