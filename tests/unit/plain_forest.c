#include "tests/unit/plain_forest.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/memory.h"

/* Weights of rows, by class and in all. */
struct sums {
    uint64_t of_class[PLAIN_CLASSES_MOST];
    uint64_t all;
};

/* The tree that grows. */
struct growth {
    const struct plain_data *data;
    struct random random;
    size_t *permutation; /* of the columns */
    struct forest_tree tree;
    double *importance;
};

static double value_at(const struct plain_data *data, size_t row, size_t column)
{
    return data->values[row * data->columns + column];
}

/* Weights of the rows whose value is at most `most`. */
static struct sums sum_up_to(const struct plain_data *data, const size_t *rows, size_t count,
                             size_t column, double most)
{
    struct sums sums = {{0}, 0};

    for (size_t i = 0; i < count; i++) {
        if (value_at(data, rows[i], column) > most)
            continue;
        sums.all += data->weights[rows[i]];
        sums.of_class[data->classes[rows[i]]] += data->weights[rows[i]];
    }
    return sums;
}

static struct sums sum_all(const struct plain_data *data, const size_t *rows, size_t count)
{
    struct sums sums = sum_up_to(data, rows, count, 0, INFINITY);

    assert_true(sums.all <= PLAIN_WEIGHT_MOST);
    return sums;
}

/* The least value above `value`, or `value` if there is none. */
static double next_value(const struct plain_data *data, const size_t *rows, size_t count,
                         size_t column, double value)
{
    double next = value;

    for (size_t i = 0; i < count; i++) {
        double other = value_at(data, rows[i], column);

        if (other > value && (next == value || other < next))
            next = other;
    }
    return next;
}

static double least_value(const struct plain_data *data, const size_t *rows, size_t count,
                          size_t column)
{
    double least = value_at(data, rows[0], column);

    for (size_t i = 1; i < count; i++)
        least = fmin(least, value_at(data, rows[i], column));
    return least;
}

/* Half the sum over the classes of (L N - P N_left)^2, which is even: those add up to 0. */
static uint64_t merit(const struct sums *left, const struct sums *node)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < PLAIN_CLASSES_MOST; i++) {
        uint64_t a = left->of_class[i] * node->all;
        uint64_t b = node->of_class[i] * left->all;
        uint64_t difference = a > b ? a - b : b - a;

        sum += difference * difference;
    }
    return sum / 2;
}

bool plain_split_column(const struct plain_data *data, const size_t *rows, size_t count,
                        size_t column, struct plain_split *best)
{
    struct sums node = sum_all(data, rows, count);
    double least = least_value(data, rows, count, column);
    double below = least;
    double above;

    while ((above = next_value(data, rows, count, column, below)) != below) {
        struct sums left = sum_up_to(data, rows, count, column, below);
        struct plain_split split = {column, below, above, merit(&left, &node),
                                    left.all * (node.all - left.all)};

        if (best->denominator == 0 ||
            split.numerator * best->denominator > best->numerator * split.denominator)
            *best = split;
        below = above;
    }
    return below != least;
}

static struct plain_split draw_split(struct growth *growth, const size_t *rows, size_t count)
{
    size_t columns = growth->data->columns;
    size_t candidates = (size_t)sqrt((double)columns);
    struct plain_split best = {0};

    for (size_t drawn = 0; drawn < columns && (drawn < candidates || best.denominator == 0);
         drawn++) {
        size_t at = drawn + random_below(&growth->random, columns - drawn);
        size_t column = growth->permutation[at];

        growth->permutation[at] = growth->permutation[drawn];
        growth->permutation[drawn] = column;
        plain_split_column(growth->data, rows, count, column, &best);
    }
    return best;
}

static double half_way(double below, double above)
{
    double middle = below / 2 + above / 2;

    return middle >= below && middle < above ? middle : below;
}

/* The class of all, or a number above those if there are several. */
static size_t only_class(const struct sums *sums)
{
    size_t i = 0;

    while (i < PLAIN_CLASSES_MOST && sums->of_class[i] != sums->all)
        i++;
    return i;
}

static struct forest_node make_leaf(struct growth *growth, const struct sums *sums)
{
    size_t count = growth->data->class_count;
    size_t leaf = only_class(sums);
    double *shares;

    if (leaf == PLAIN_CLASSES_MOST) {
        leaf = count + growth->tree.mixed_count++;
        growth->tree.shares =
            memory_resize(growth->tree.shares, growth->tree.mixed_count * count, sizeof(double));
        shares = growth->tree.shares + (leaf - count) * count;
        for (size_t i = 0; i < count; i++)
            shares[i] = (double)sums->of_class[i] / (double)sums->all;
    }
    return (struct forest_node){(double)(sums->all - sums->of_class[0]) / (double)sums->all,
                                FOREST_LEAF, (uint32_t)leaf};
}

/* Grows the node of this index on the rows, then all below it, on the left first. */
static void grow(struct growth *growth, size_t index, const size_t *rows, size_t count)
{
    struct sums sums = sum_all(growth->data, rows, count);
    struct forest_tree *tree = &growth->tree;
    struct plain_split split = {0};
    size_t left = tree->node_count;
    size_t *side;

    if (only_class(&sums) == PLAIN_CLASSES_MOST)
        split = draw_split(growth, rows, count);
    if (split.denominator == 0) {
        tree->nodes[index] = make_leaf(growth, &sums);
        return;
    }
    growth->importance[split.column] +=
        (double)split.numerator / (double)split.denominator / (double)sums.all;
    tree->nodes[index] = (struct forest_node){half_way(split.below, split.above),
                                              (uint32_t)split.column, (uint32_t)left};
    tree->node_count += 2;
    side = memory_new(count, sizeof *side);
    for (size_t right = 0; right < 2; right++) {
        size_t side_count = 0;

        for (size_t i = 0; i < count; i++) {
            if ((value_at(growth->data, rows[i], split.column) > split.below) == (right == 1))
                side[side_count++] = rows[i];
        }
        grow(growth, left + right, side, side_count);
    }
    free(side);
}

/* The least number, from 1 up, that every class with rows has a whole part of. */
static uint64_t common_multiple(const uint64_t *counts)
{
    uint64_t multiple = 0;
    bool divides = false;

    while (!divides) {
        multiple++;
        divides = true;
        for (size_t i = 0; i < PLAIN_CLASSES_MOST; i++)
            divides = divides && (counts[i] == 0 || multiple % counts[i] == 0);
    }
    return multiple;
}

/* What a row of each class counts, inversely to its frequency if balanced. */
static void class_weights(const struct plain_data *data, bool balanced, uint64_t *weights)
{
    uint64_t counts[PLAIN_CLASSES_MOST] = {0};
    uint64_t multiple;

    for (size_t row = 0; row < data->rows; row++)
        counts[data->classes[row]]++;
    multiple = balanced ? common_multiple(counts) : 1;
    for (size_t i = 0; i < PLAIN_CLASSES_MOST; i++)
        weights[i] = balanced && counts[i] > 0 ? multiple / counts[i] : 1;
}

/* Fills the weights by a bootstrap, and `rows` by the indices of those that are in it. */
static size_t draw_rows(const struct plain_data *data, const struct forest_setting *setting,
                        struct random *random, uint64_t *weights, size_t *rows)
{
    uint32_t *times = memory_new(data->rows, sizeof *times);
    uint64_t by_class[PLAIN_CLASSES_MOST];
    size_t count = 0;

    class_weights(data, setting->balanced, by_class);
    forest_bootstrap(random, data->rows, times);
    for (size_t row = 0; row < data->rows; row++) {
        weights[row] = times[row] * by_class[data->classes[row]];
        if (times[row] > 0)
            rows[count++] = row;
    }
    free(times);
    return count;
}

struct forest_tree plain_tree(const struct plain_data *data, const struct forest_setting *setting,
                              size_t tree, double *importance)
{
    uint64_t *weights = memory_new(data->rows, sizeof *weights);
    size_t *rows = memory_new(data->rows, sizeof *rows);
    struct plain_data drawn = *data;
    struct growth growth = {.data = &drawn,
                            .random = forest_tree_random(setting, tree),
                            .permutation = memory_new(data->columns, sizeof(size_t)),
                            .importance = memory_new(data->columns, sizeof(double))};
    size_t count = draw_rows(data, setting, &growth.random, weights, rows);
    double sum = 0;

    drawn.weights = weights;
    for (size_t i = 0; i < data->columns; i++)
        growth.permutation[i] = i;
    growth.tree.nodes = memory_new(2 * count, sizeof(struct forest_node));
    growth.tree.node_count = 1;
    grow(&growth, 0, rows, count);
    for (size_t i = 0; i < data->columns; i++)
        sum += growth.importance[i];
    for (size_t i = 0; sum > 0 && i < data->columns; i++)
        importance[i] += growth.importance[i] / sum;
    free(growth.importance);
    free(growth.permutation);
    free(weights);
    free(rows);
    return growth.tree;
}
