/* The Random Forest: trees against a naive search on the same draws, threads, weights, files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/forest.h"
#include "analysis/forest_file.h"
#include "base/memory.h"
#include "base/text.h"

struct data {
    size_t rows;
    size_t columns;
    double *values;
    uint8_t *positive;
};

/* Columns of all kinds: distinct, rounded to ties, rare events, constant, huge, and infinite. */
static double make_value(struct random *random, size_t column, bool positive)
{
    double unit = random_unit(random) + (positive && column % 2 == 0 ? 0.3 : 0);

    switch (column % 6) {
    case 0:
        return unit - 0.5;
    case 1:
        return floor(unit * 5);
    case 2:
        return unit > 0.95 ? 1 : -0.0 * unit;
    case 3:
        return 7;
    case 4:
        return 1e15 + floor(unit * 3e6) * 1024;
    default:
        return unit > 0.9 ? INFINITY : unit * 1e-300;
    }
}

static struct data make_data(size_t rows, size_t columns, uint64_t seed)
{
    struct data data = {rows, columns, memory_new(rows * columns, sizeof(double)),
                        memory_new(rows, 1)};
    struct random random;

    random_seed(&random, seed);
    for (size_t row = 0; row < rows; row++) {
        data.positive[row] = random_unit(&random) < 0.3;
        for (size_t column = 0; column < columns; column++)
            data.values[row * columns + column] =
                make_value(&random, column, data.positive[row] != 0);
    }
    return data;
}

static void free_data(struct data *data)
{
    free(data->values);
    free(data->positive);
}

static struct forest *fit(const struct data *data, const struct forest_setting *setting)
{
    struct forest_columns *columns = forest_columns_new(data->values, data->rows, data->columns);
    struct forest *forest = forest_fit(columns, data->positive, setting);

    forest_columns_free(columns);
    return forest;
}

/* A walk down a tree that does again, plainly, what growing it should have done. */
struct walk {
    const struct data *data;
    const struct forest_tree *tree;
    struct random random;
    double weights[2];
    uint32_t *counts; /* bootstrap */
    size_t *permutation;
    double *importance;
    size_t visited;
};

static double value_at(const struct walk *walk, size_t row, size_t column)
{
    return walk->data->values[row * walk->data->columns + column];
}

static double weight_at(const struct walk *walk, size_t row)
{
    return walk->counts[row] * walk->weights[walk->data->positive[row]];
}

/* Weight of the rows times their gini impurity, counted anew. */
static double impurity(const struct walk *walk, const size_t *rows, size_t count, size_t column,
                       double threshold, bool left)
{
    double sums[2] = {0, 0};
    double weight;

    for (size_t i = 0; i < count; i++) {
        if ((value_at(walk, rows[i], column) <= threshold) == left)
            sums[walk->data->positive[rows[i]]] += weight_at(walk, rows[i]);
    }
    weight = sums[0] + sums[1];
    return weight > 0 ? weight - (sums[0] * sums[0] + sums[1] * sums[1]) / weight : 0;
}

static double split_impurity(const struct walk *walk, const size_t *rows, size_t count,
                             size_t column, double threshold)
{
    return impurity(walk, rows, count, column, threshold, true) +
           impurity(walk, rows, count, column, threshold, false);
}

/* Least impurity of any split on the column; INFINITY if it is constant. */
static double best_on_column(const struct walk *walk, const size_t *rows, size_t count,
                             size_t column)
{
    double best = INFINITY;
    double greatest = -INFINITY;

    for (size_t i = 0; i < count; i++)
        greatest = fmax(greatest, value_at(walk, rows[i], column));
    for (size_t i = 0; i < count; i++) {
        double threshold = value_at(walk, rows[i], column);

        if (threshold < greatest)
            best = fmin(best, split_impurity(walk, rows, count, column, threshold));
    }
    return best;
}

/* Draws candidates as forest.h says; returns the least impurity, and whether `chosen` was drawn. */
static double draw_best(struct walk *walk, const size_t *rows, size_t count, size_t chosen,
                        bool *was_drawn)
{
    size_t columns = walk->data->columns;
    size_t candidates = (size_t)sqrt((double)columns);
    double best = INFINITY;

    *was_drawn = false;
    for (size_t drawn = 0; drawn < columns && (drawn < candidates || best == INFINITY); drawn++) {
        size_t at = drawn + random_below(&walk->random, columns - drawn);
        size_t column = walk->permutation[at];

        walk->permutation[at] = walk->permutation[drawn];
        walk->permutation[drawn] = column;
        *was_drawn = *was_drawn || column == chosen;
        best = fmin(best, best_on_column(walk, rows, count, column));
    }
    return best;
}

/* The threshold lies half-way between the values of the node beside it. */
static void check_threshold(const struct walk *walk, const size_t *rows, size_t count,
                            const struct forest_node *node)
{
    double below = -INFINITY;
    double above = INFINITY;

    for (size_t i = 0; i < count; i++) {
        double value = value_at(walk, rows[i], node->column);

        if (value <= node->value)
            below = fmax(below, value);
        else
            above = fmin(above, value);
    }
    assert_true(node->value == (isinf(above) ? below : below / 2 + above / 2));
}

static void walk_node(struct walk *walk, size_t index, const size_t *rows, size_t count)
{
    const struct forest_node *node = &walk->tree->nodes[index];
    double whole = impurity(walk, rows, count, 3, INFINITY, true);
    size_t *side = memory_new(count, sizeof *side);
    size_t side_count = 0;
    double best;
    double ours;
    bool was_drawn;

    walk->visited++;
    if (node->column == FOREST_LEAF) {
        assert_true(whole < 1e-9 || draw_best(walk, rows, count, 3, &was_drawn) == INFINITY);
        free(side);
        return;
    }
    assert_true(whole > 0);
    best = draw_best(walk, rows, count, node->column, &was_drawn);
    assert_true(was_drawn);
    ours = split_impurity(walk, rows, count, node->column, node->value);
    assert_true(fabs(ours - best) <= 1e-9 * whole);
    check_threshold(walk, rows, count, node);
    walk->importance[node->column] += whole - ours;
    for (int right = 0; right < 2; right++) {
        side_count = 0;
        for (size_t i = 0; i < count; i++) {
            if ((value_at(walk, rows[i], node->column) <= node->value) != (right != 0))
                side[side_count++] = rows[i];
        }
        assert_true(side_count > 0);
        walk_node(walk, node->left + (size_t)right, side, side_count);
    }
    free(side);
}

/* Checks one tree and adds its importance to `importance`. */
static void check_tree(const struct data *data, const struct forest *forest,
                       const struct forest_setting *setting, size_t tree, double *importance)
{
    struct walk walk = {.data = data,
                        .tree = &forest->trees[tree],
                        .random = forest_tree_random(setting, tree),
                        .weights = {1, 1},
                        .counts = memory_new(data->rows, sizeof(uint32_t)),
                        .permutation = memory_new(data->columns, sizeof(size_t)),
                        .importance = memory_new(data->columns, sizeof(double))};
    size_t *rows = memory_new(data->rows, sizeof *rows);
    size_t count = 0;
    size_t positives = 0;
    double sum = 0;

    for (size_t row = 0; row < data->rows; row++)
        positives += data->positive[row];
    if (setting->balanced) {
        walk.weights[0] = (double)data->rows / (2 * (double)(data->rows - positives));
        walk.weights[1] = (double)data->rows / (2 * (double)positives);
    }
    forest_bootstrap(&walk.random, data->rows, walk.counts);
    for (size_t row = 0; row < data->rows; row++) {
        if (walk.counts[row] > 0)
            rows[count++] = row;
    }
    for (size_t i = 0; i < data->columns; i++)
        walk.permutation[i] = i;
    walk_node(&walk, 0, rows, count);
    assert_int_equal(walk.visited, walk.tree->node_count);
    for (size_t i = 0; i < data->columns; i++)
        sum += walk.importance[i];
    for (size_t i = 0; i < data->columns; i++)
        importance[i] += walk.importance[i] / sum;
    free(walk.counts);
    free(walk.permutation);
    free(walk.importance);
    free(rows);
}

static void check_forest(size_t rows, size_t columns, uint64_t seed, bool balanced)
{
    struct data data = make_data(rows, columns, seed);
    struct forest_setting setting = {.trees = 5, .threads = 1, .seed = seed, .balanced = balanced};
    struct forest *forest = fit(&data, &setting);
    double *importance = memory_new(columns, sizeof *importance);
    double sum = 0;

    for (size_t tree = 0; tree < setting.trees; tree++)
        check_tree(&data, forest, &setting, tree, importance);
    for (size_t i = 0; i < columns; i++) {
        assert_true(fabs(importance[i] / (double)setting.trees - forest->importance[i]) < 1e-9);
        sum += forest->importance[i];
    }
    assert_true(fabs(sum - 1) < 1e-12);
    forest_free(forest);
    free(importance);
    free_data(&data);
}

static void trees_equal_a_naive_search(void **state)
{
    (void)state;
    check_forest(60, 9, 1, false);
    check_forest(150, 30, 2, false);
    check_forest(150, 30, 3, true);
    check_forest(400, 6, 4, false);
}

static struct text bytes_of(const struct data *data, size_t threads, uint64_t seed)
{
    struct forest_setting setting = {.trees = 12, .threads = threads, .seed = seed};
    struct forest *forest = fit(data, &setting);
    struct text bytes = {0};

    forest_write(forest, &bytes);
    forest_free(forest);
    return bytes;
}

static void same_seed_gives_same_bytes(void **state)
{
    static const size_t threads[] = {2, 7, 0};
    struct data data = make_data(500, 30, 11);
    struct text first = bytes_of(&data, 1, 9);
    struct text other = bytes_of(&data, 1, 10);

    (void)state;
    assert_true(first.length != other.length ||
                memcmp(first.bytes, other.bytes, first.length) != 0);
    for (size_t i = 0; i < 3; i++) {
        struct text again = bytes_of(&data, threads[i], 9);

        assert_int_equal(again.length, first.length);
        assert_memory_equal(again.bytes, first.bytes, first.length);
        text_free(&again);
    }
    text_free(&first);
    text_free(&other);
    free_data(&data);
}

static void out_of_bag_error_is_near_the_error_on_new_data(void **state)
{
    struct data data = make_data(1500, 30, 21);
    struct data fresh = make_data(1500, 30, 22);
    struct forest_setting setting = {.trees = 40, .threads = 2, .seed = 1};
    struct forest *forest = fit(&data, &setting);
    double *scores = memory_new(fresh.rows, sizeof *scores);
    double error = 0;
    double out_of_bag =
        forest_out_of_bag_error(forest, data.values, data.rows, data.positive, &setting);

    (void)state;
    forest_score(forest, fresh.values, fresh.rows, scores);
    for (size_t i = 0; i < fresh.rows; i++)
        error += (scores[i] >= 0.5) != fresh.positive[i];
    assert_true(fabs(error / (double)fresh.rows - out_of_bag) < 0.06);
    free(scores);
    forest_free(forest);
    free_data(&data);
    free_data(&fresh);
}

static void degenerate_data_give_leaves(void **state)
{
    double values[] = {1, 1, 1, 1};
    uint8_t mixed[] = {0, 1, 0, 1};
    uint8_t none[] = {0, 0, 0, 0};
    struct forest_setting setting = {.trees = 3, .threads = 1, .balanced = true};
    struct data data = {4, 1, values, mixed};
    struct forest *constant = fit(&data, &setting);
    struct forest *one_class;
    double score;

    (void)state;
    data.positive = none;
    one_class = fit(&data, &setting);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(constant->trees[i].node_count, 1);
        assert_int_equal(one_class->trees[i].node_count, 1);
    }
    forest_score(one_class, values, 1, &score);
    assert_true(score == 0);
    assert_true(constant->importance[0] == 0);
    forest_free(constant);
    forest_free(one_class);
}

static void files_are_read_back_and_damaged_ones_refused(void **state)
{
    struct data data = make_data(80, 6, 31);
    struct text bytes = bytes_of(&data, 1, 1);
    struct text again = {0};
    struct forest *forest;
    struct error error = {0};
    struct byte_reader reader = {bytes.bytes, bytes.length, 0};

    (void)state;
    assert_int_equal(forest_read(&reader, 6, &forest, &error), 0);
    assert_int_equal(reader.at, bytes.length);
    forest_write(forest, &again);
    assert_int_equal(again.length, bytes.length);
    assert_memory_equal(again.bytes, bytes.bytes, bytes.length);
    forest_free(forest);
    for (size_t length = 0; length < bytes.length; length++) {
        reader = (struct byte_reader){bytes.bytes, length, 0};
        error_clear(&error);
        assert_int_equal(forest_read(&reader, 6, &forest, &error), -1);
        assert_null(forest);
        assert_int_equal(error.kind, ERROR_INPUT);
    }
    text_free(&again);
    text_free(&bytes);
    free_data(&data);
}

/* Whatever byte is wrong: refused, or safe to score with. */
static void wrong_bytes_do_no_harm(void **state)
{
    struct data data = make_data(60, 6, 41);
    struct text bytes = bytes_of(&data, 1, 1);
    double *scores = memory_new(data.rows, sizeof *scores);

    (void)state;
    for (size_t i = 0; i < bytes.length; i++) {
        char right = bytes.bytes[i];
        struct forest *forest;
        struct error error = {0};
        struct byte_reader reader = {bytes.bytes, bytes.length, 0};

        bytes.bytes[i] = (char)(right ^ (1 << i % 8));
        if (forest_read(&reader, 6, &forest, &error) == 0) {
            if (forest != NULL)
                forest_score(forest, data.values, data.rows, scores);
            forest_free(forest);
        }
        bytes.bytes[i] = right;
    }
    free(scores);
    text_free(&bytes);
    free_data(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_equal_a_naive_search),
        cmocka_unit_test(same_seed_gives_same_bytes),
        cmocka_unit_test(out_of_bag_error_is_near_the_error_on_new_data),
        cmocka_unit_test(degenerate_data_give_leaves),
        cmocka_unit_test(files_are_read_back_and_damaged_ones_refused),
        cmocka_unit_test(wrong_bytes_do_no_harm),
    };

    return cmocka_run_group_tests_name("forest", tests, NULL, NULL);
}
