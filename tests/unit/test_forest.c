/* The Random Forest: trees against plain ones on the same draws, threads, weights, files. */
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
#include "tests/unit/plain_forest.h"

struct data {
    size_t rows;
    size_t columns;
    double *values;
    uint8_t *classes;
    size_t class_count; /* 0: they say yes or no */
};

/* Columns of all kinds: distinct, rounded to ties, rare events, constant, huge, infinite on both
 * sides, and the first one and the tied one in the other direction, whose splits are equally good.
 */
static double make_value(const double *values, struct random *random, size_t column, uint8_t class)
{
    double unit = random_unit(random) + (class > 0 && column % 2 == 0 ? 0.3 : 0) +
                  (column % 7 + 2 == class ? 0.5 : 0);

    switch (column % 10) {
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
    case 5:
        return unit > 0.9 ? INFINITY : unit * 1e-300;
    case 6:
        return -values[0];
    case 7:
        return -values[1];
    case 8:
        return unit > 0.8 ? INFINITY : unit > 0.4 ? -INFINITY : floor(unit * 4);
    default:
        return floor(unit * 40);
    }
}

/* Of two classes four in ten rows are of class 1; of more half of the rows are of class 0 and the
 * rest evenly of the others: exactly, so that balanced class weights are small numbers. */
static uint8_t make_class(size_t row, size_t class_count)
{
    if (class_count <= 2)
        return row % 5 < 2;
    return (uint8_t)(row % 2 == 0 ? 0 : 1 + row / 2 % (class_count - 1));
}

static struct data make_data(size_t rows, size_t columns, size_t class_count, uint64_t seed)
{
    struct data data = {rows, columns, memory_new(rows * columns, sizeof(double)),
                        memory_new(rows, 1), class_count};
    struct random random;

    random_seed(&random, seed);
    for (size_t row = 0; row < rows; row++) {
        double *values = data.values + row * columns;

        data.classes[row] = make_class(row, class_count);
        for (size_t column = 0; column < columns; column++)
            values[column] = make_value(values, &random, column, data.classes[row]);
    }
    return data;
}

static void free_data(struct data *data)
{
    free(data->values);
    free(data->classes);
}

static struct forest *fit_to(const struct forest_columns *columns, const struct data *data,
                             const struct forest_setting *setting)
{
    return data->class_count == 0
               ? forest_fit(columns, data->classes, setting)
               : forest_fit_classes(columns, data->classes, data->class_count, setting);
}

static struct forest *fit(const struct data *data, const struct forest_setting *setting)
{
    struct forest_columns *columns =
        forest_columns_new(data->values, data->rows, data->columns, setting);
    struct forest *forest = fit_to(columns, data, setting);

    forest_columns_free(columns);
    return forest;
}

static struct plain_data plain_of(const struct data *data)
{
    return (struct plain_data){data->rows,
                               data->columns,
                               data->values,
                               data->classes,
                               data->class_count > 0 ? data->class_count : 2,
                               NULL};
}

/* Node for node, and bit for bit in the thresholds and leaves. A forest without classes has no more
 * in its leaves than the share of positives. */
static void assert_same_tree(const struct forest_tree *tree, const struct forest_tree *plain,
                             size_t classes)
{
    assert_int_equal(tree->node_count, plain->node_count);
    for (size_t i = 0; i < tree->node_count; i++) {
        bool leaf = plain->nodes[i].column == FOREST_LEAF;

        assert_int_equal(tree->nodes[i].column, plain->nodes[i].column);
        assert_int_equal(tree->nodes[i].left, leaf && classes == 0 ? 0 : plain->nodes[i].left);
        assert_true(tree->nodes[i].value == plain->nodes[i].value);
    }
    assert_int_equal(tree->mixed_count, classes == 0 ? 0 : plain->mixed_count);
    for (size_t i = 0; i < tree->mixed_count * classes; i++)
        assert_true(tree->shares[i] == plain->shares[i]);
}

static void free_tree(struct forest_tree *tree)
{
    free(tree->nodes);
    free(tree->shares);
}

static void assert_plain_forest(const struct data *data, const struct forest_setting *setting)
{
    struct plain_data plain = plain_of(data);
    struct forest *forest = fit(data, setting);
    double *importance = memory_new(data->columns, sizeof *importance);
    double sum = 0;

    for (size_t i = 0; i < setting->trees; i++) {
        struct forest_tree tree = plain_tree(&plain, setting, i, importance);

        assert_same_tree(&forest->trees[i], &tree, data->class_count);
        free_tree(&tree);
    }
    for (size_t i = 0; i < data->columns; i++) {
        assert_true(fabs(importance[i] / (double)setting->trees - forest->importance[i]) < 1e-12);
        sum += forest->importance[i];
    }
    assert_true(fabs(sum - 1) < 1e-12);
    forest_free(forest);
    free(importance);
}

static void trees_equal_plain_ones(void **state)
{
    static const struct {
        size_t rows;
        size_t columns;
        size_t trees;
        size_t classes;
    } sizes[] = {
        {60, 9, 20, 0}, {90, 20, 20, 0}, {150, 30, 10, 0}, {400, 10, 5, 0}, {1000, 10, 1, 0},
        {60, 9, 20, 2}, {90, 20, 20, 6}, {150, 30, 10, 6}, {400, 10, 5, 3}, {900, 10, 1, 6},
    };

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (uint64_t seed = 1; seed <= 4; seed++) {
            struct data data = make_data(sizes[i].rows, sizes[i].columns, sizes[i].classes, seed);
            struct forest_setting setting = {
                .trees = sizes[i].trees, .threads = 1, .seed = seed, .balanced = false};

            assert_plain_forest(&data, &setting);
            setting.balanced = true;
            assert_plain_forest(&data, &setting);
            free_data(&data);
        }
    }
}

/* The same tree on the bins as if they were values; its thresholds, between bins, lie in columns.
 */
static void assert_same_on_bins(const struct forest_tree *tree, const struct forest_tree *plain,
                                const struct forest_columns *columns, size_t classes)
{
    for (size_t i = 0; i < plain->node_count; i++) {
        struct forest_node *node = &plain->nodes[i];

        if (node->column != FOREST_LEAF)
            node->value =
                columns->limits[(size_t)node->column * FOREST_BINS_MOST + (size_t)node->value];
    }
    assert_same_tree(tree, plain, classes);
}

static void assert_plain_forest_of_bins(const struct data *data,
                                        const struct forest_setting *setting)
{
    struct forest_columns *columns =
        forest_columns_new(data->values, data->rows, data->columns, setting);
    struct forest *forest = fit_to(columns, data, setting);
    double *bins = memory_new(data->rows * data->columns, sizeof *bins);
    double *importance = memory_new(data->columns, sizeof *importance);
    struct plain_data plain = plain_of(data);

    plain.values = bins;
    for (size_t row = 0; row < data->rows; row++) {
        for (size_t i = 0; i < data->columns; i++)
            bins[row * data->columns + i] = columns->bins[i * data->rows + row];
    }
    for (size_t i = 0; i < setting->trees; i++) {
        struct forest_tree tree = plain_tree(&plain, setting, i, importance);

        assert_same_on_bins(&forest->trees[i], &tree, columns, data->class_count);
        free_tree(&tree);
    }
    free(importance);
    free(bins);
    forest_free(forest);
    forest_columns_free(columns);
}

static void trees_of_bins_equal_plain_ones(void **state)
{
    static const size_t bins[] = {2, 3, 20, FOREST_BINS_MOST};
    static const size_t classes[] = {0, 6, 3};

    (void)state;
    for (size_t i = 0; i < 12; i++) {
        struct data data = make_data(700, 30, classes[i / 4], 60 + i);
        struct forest_setting setting = {
            .trees = 4, .threads = 1, .seed = i, .bins = bins[i % 4], .balanced = i % 2 != 0};

        assert_plain_forest_of_bins(&data, &setting);
        free_data(&data);
    }
}

static struct text bytes_of(const struct data *data, size_t threads, uint64_t seed, size_t bins)
{
    struct forest_setting setting = {.trees = 12, .threads = threads, .seed = seed, .bins = bins};
    struct forest *forest = fit(data, &setting);
    struct text bytes = {0};

    forest_write(forest, &bytes);
    forest_free(forest);
    return bytes;
}

static void assert_same_bytes(size_t bins, size_t classes)
{
    static const size_t threads[] = {2, 7, 0};
    struct data data = make_data(500, 30, classes, 11);
    struct text first = bytes_of(&data, 1, 9, bins);
    struct text other = bytes_of(&data, 1, 10, bins);

    assert_true(first.length != other.length ||
                memcmp(first.bytes, other.bytes, first.length) != 0);
    for (size_t i = 0; i < 3; i++) {
        struct text again = bytes_of(&data, threads[i], 9, bins);

        assert_int_equal(again.length, first.length);
        assert_memory_equal(again.bytes, first.bytes, first.length);
        text_free(&again);
    }
    text_free(&first);
    text_free(&other);
    free_data(&data);
}

static void same_seed_gives_same_bytes(void **state)
{
    (void)state;
    assert_same_bytes(0, 0);
    assert_same_bytes(FOREST_BINS_MOST, 0);
    assert_same_bytes(0, 7);
    assert_same_bytes(FOREST_BINS_MOST, 7);
}

static void out_of_bag_error_is_near_the_error_on_new_data(void **state)
{
    struct data data = make_data(1500, 30, 0, 21);
    struct data fresh = make_data(1500, 30, 0, 22);
    struct forest_setting setting = {.trees = 40, .threads = 2, .seed = 1};
    struct forest *forest = fit(&data, &setting);
    double *scores = memory_new(fresh.rows, sizeof *scores);
    double error = 0;
    double out_of_bag =
        forest_out_of_bag_error(forest, data.values, data.rows, data.classes, &setting);

    (void)state;
    forest_score(forest, fresh.values, fresh.rows, scores);
    for (size_t i = 0; i < fresh.rows; i++)
        error += (scores[i] >= 0.5) != fresh.classes[i];
    assert_true(fabs(error / (double)fresh.rows - out_of_bag) < 0.06);
    free(scores);
    forest_free(forest);
    free_data(&data);
    free_data(&fresh);
}

static double walked_score(const struct forest *forest, const double *values)
{
    double sum = 0;

    for (size_t i = 0; i < forest->tree_count; i++) {
        const struct forest_node *nodes = forest->trees[i].nodes;
        size_t at = 0;

        while (nodes[at].column != FOREST_LEAF)
            at = nodes[at].left + (values[nodes[at].column] <= nodes[at].value ? 0 : 1);
        sum += nodes[at].value;
    }
    return sum / (double)forest->tree_count;
}

/* The mean of the leaves' shares, whether rows come one by one or many at a time. */
static void scores_are_those_of_a_walk_down_each_tree(void **state)
{
    static const size_t counts[] = {1, 2, 5, 63, 64, 65, 200};
    struct data data = make_data(200, 30, 0, 51);
    struct forest_setting setting = {.trees = 10, .threads = 1, .seed = 1};
    struct forest *forest = fit(&data, &setting);
    double scores[200];

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        forest_score(forest, data.values, counts[i], scores);
        for (size_t row = 0; row < counts[i]; row++)
            assert_true(scores[row] == walked_score(forest, data.values + row * data.columns));
    }
    forest_free(forest);
    free_data(&data);
}

static void degenerate_data_give_leaves(void **state)
{
    double values[] = {1, 1, 1, 1};
    uint8_t mixed[] = {0, 1, 0, 1};
    uint8_t none[] = {0, 0, 0, 0};
    struct forest_setting setting = {.trees = 3, .threads = 1, .balanced = true};
    struct data data = {4, 1, values, mixed, 0};
    struct forest *constant = fit(&data, &setting);
    struct forest *one_class;
    double score;

    (void)state;
    data.classes = none;
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
    struct data data = make_data(80, 6, 0, 31);
    struct text bytes = bytes_of(&data, 1, 1, 0);
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
    struct data data = make_data(60, 6, 0, 41);
    struct text bytes = bytes_of(&data, 1, 1, 0);
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
        cmocka_unit_test(trees_equal_plain_ones),
        cmocka_unit_test(trees_of_bins_equal_plain_ones),
        cmocka_unit_test(same_seed_gives_same_bytes),
        cmocka_unit_test(out_of_bag_error_is_near_the_error_on_new_data),
        cmocka_unit_test(scores_are_those_of_a_walk_down_each_tree),
        cmocka_unit_test(degenerate_data_give_leaves),
        cmocka_unit_test(files_are_read_back_and_damaged_ones_refused),
        cmocka_unit_test(wrong_bytes_do_no_harm),
    };

    return cmocka_run_group_tests_name("forest", tests, NULL, NULL);
}
