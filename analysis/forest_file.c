#include "analysis/forest_file.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

#define NODE_BYTES 16

static void put_integer(struct text *bytes, uint64_t value, size_t size)
{
    char buffer[8];

    for (size_t i = 0; i < size; i++)
        buffer[i] = (char)(value >> 8 * i & 0xff);
    text_append_bytes(bytes, buffer, size);
}

static uint64_t get_integer(const char *bytes, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)(unsigned char)bytes[i] << 8 * i;
    return value;
}

static void put_double(struct text *bytes, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    put_integer(bytes, bits, 8);
}

static double get_double(const char *bytes)
{
    uint64_t bits = get_integer(bytes, 8);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

void forest_write(const struct forest *forest, struct text *bytes)
{
    put_integer(bytes, forest != NULL ? forest->tree_count : 0, 4);
    if (forest == NULL)
        return;
    for (size_t i = 0; i < forest->columns; i++)
        put_double(bytes, forest->importance[i]);
    for (size_t i = 0; i < forest->tree_count; i++) {
        const struct forest_tree *tree = &forest->trees[i];

        put_integer(bytes, tree->node_count, 4);
        for (size_t j = 0; j < tree->node_count; j++) {
            put_double(bytes, tree->nodes[j].value);
            put_integer(bytes, tree->nodes[j].column, 4);
            put_integer(bytes, tree->nodes[j].left, 4);
        }
    }
}

static int short_file(struct error *error)
{
    return error_set(error, ERROR_INPUT, "it ends too early");
}

static bool node_is_sound(const struct forest_node *node, size_t index, size_t node_count,
                          size_t columns)
{
    if (node->column == FOREST_LEAF)
        return node->value >= 0 && node->value <= 1;
    return node->column < columns && node->left > index && node->left < node_count - 1 &&
           !isnan(node->value);
}

static int read_tree(const char *bytes, size_t length, size_t *at, size_t columns,
                     struct forest_tree *tree, struct error *error)
{
    size_t count;

    if (length - *at < 4)
        return short_file(error);
    count = get_integer(bytes + *at, 4);
    *at += 4;
    if (count == 0)
        return error_set(error, ERROR_INPUT, "a tree has no nodes");
    if ((length - *at) / NODE_BYTES < count)
        return short_file(error);
    tree->nodes = memory_new(count, sizeof *tree->nodes);
    tree->node_count = count;
    for (size_t i = 0; i < count; i++, *at += NODE_BYTES) {
        struct forest_node *node = &tree->nodes[i];

        node->value = get_double(bytes + *at);
        node->column = (uint32_t)get_integer(bytes + *at + 8, 4);
        node->left = (uint32_t)get_integer(bytes + *at + 12, 4);
        if (!node_is_sound(node, i, count, columns))
            return error_set(error, ERROR_INPUT, "node %zu of a tree is not sound", i);
    }
    return 0;
}

static int read_importance(const char *bytes, size_t length, size_t *at, struct forest *forest,
                           struct error *error)
{
    if ((length - *at) / 8 < forest->columns)
        return short_file(error);
    forest->importance = memory_new(forest->columns, sizeof(double));
    for (size_t i = 0; i < forest->columns; i++, *at += 8) {
        forest->importance[i] = get_double(bytes + *at);
        if (!(forest->importance[i] >= 0 && forest->importance[i] <= 1))
            return error_set(error, ERROR_INPUT, "the importance of metric %zu is not 0 to 1", i);
    }
    return 0;
}

int forest_read(const char *bytes, size_t length, size_t *at, size_t columns,
                struct forest **forest, struct error *error)
{
    size_t trees;
    int result;

    *forest = NULL;
    if (length < *at || length - *at < 4)
        return short_file(error);
    trees = get_integer(bytes + *at, 4);
    *at += 4;
    if (trees == 0)
        return 0;
    if ((length - *at) / (4 + NODE_BYTES) < trees)
        return short_file(error);
    *forest = memory_new(1, sizeof **forest);
    (*forest)->columns = columns;
    (*forest)->tree_count = trees;
    (*forest)->trees = memory_new(trees, sizeof(struct forest_tree));
    result = read_importance(bytes, length, at, *forest, error);
    for (size_t i = 0; result == 0 && i < trees; i++)
        result = read_tree(bytes, length, at, columns, &(*forest)->trees[i], error);
    if (result < 0) {
        forest_free(*forest);
        *forest = NULL;
    }
    return result;
}
