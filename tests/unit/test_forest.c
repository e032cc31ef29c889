/* The Random Forest: trees against plain ones on the same draws, weights, two classes of any
 * number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/forest.h"
#include "base/memory.h"
#include "tests/unit/forest_data.h"
#include "tests/unit/plain_forest.h"

static struct plain_data plain_of(const struct forest_data *data)
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

static void assert_plain_forest(const struct forest_data *data,
                                const struct forest_setting *setting)
{
    struct plain_data plain = plain_of(data);
    struct forest *forest = forest_data_fit(data, setting);
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
            struct forest_data data =
                forest_data_make(sizes[i].rows, sizes[i].columns, sizes[i].classes, seed);
            struct forest_setting setting = {
                .trees = sizes[i].trees, .threads = 1, .seed = seed, .balanced = false};

            assert_plain_forest(&data, &setting);
            setting.balanced = true;
            assert_plain_forest(&data, &setting);
            forest_data_free(&data);
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

static void assert_plain_forest_of_bins(const struct forest_data *data,
                                        const struct forest_setting *setting)
{
    struct forest_columns *columns =
        forest_columns_new(data->values, data->rows, data->columns, setting);
    struct forest *forest = forest_data_fit_to(columns, data, setting);
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
        struct forest_data data = forest_data_make(700, 30, classes[i / 4], 60 + i);
        struct forest_setting setting = {
            .trees = 4, .threads = 1, .seed = i, .bins = bins[i % 4], .balanced = i % 2 != 0};

        assert_plain_forest_of_bins(&data, &setting);
        forest_data_free(&data);
    }
}

static void leaves_that_can_not_be_split_hold_shares(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct forest_data data = forest_data_make(300, 9, 6, seed);
        struct forest_setting setting = {
            .trees = 10, .threads = 1, .seed = seed, .balanced = seed % 2 == 0};
        struct forest *forest;

        forest_data_coarsen(&data);
        assert_plain_forest(&data, &setting);
        forest = forest_data_fit(&data, &setting);
        assert_true(forest->trees[0].mixed_count > 2);
        forest_free(forest);
        forest_data_free(&data);
    }
}

/* Bit for bit, but for what leaves of a forest of classes say beside. */
static void assert_two_classes_are_a_question(const struct forest_setting *setting, size_t rows)
{
    struct forest_data data = forest_data_make(rows, 30, 0, setting->seed);
    struct forest *binary = forest_data_fit(&data, setting);
    struct forest *classes;
    double *scores = memory_new(2 * rows, sizeof *scores);
    double *shares = memory_new(2 * rows, sizeof *shares);

    data.class_count = 2;
    classes = forest_data_fit(&data, setting);
    for (size_t i = 0; i < setting->trees; i++) {
        const struct forest_tree *tree = &binary->trees[i];

        assert_int_equal(classes->trees[i].node_count, tree->node_count);
        for (size_t j = 0; j < tree->node_count; j++) {
            assert_int_equal(classes->trees[i].nodes[j].column, tree->nodes[j].column);
            assert_true(classes->trees[i].nodes[j].value == tree->nodes[j].value);
        }
    }
    assert_memory_equal(classes->importance, binary->importance, data.columns * sizeof(double));
    forest_score(binary, data.values, rows, scores);
    forest_score(classes, data.values, rows, scores + rows);
    forest_score_classes(classes, data.values, rows, shares);
    assert_memory_equal(scores, scores + rows, rows * sizeof *scores);
    for (size_t row = 0; row < rows; row++) {
        assert_true(shares[2 * row + 1] == scores[row]);
        assert_true(fabs(shares[2 * row] + scores[row] - 1) < 1e-12);
    }
    free(scores);
    free(shares);
    forest_free(binary);
    forest_free(classes);
    forest_data_free(&data);
}

static void two_classes_are_a_question(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct forest_setting setting = {.trees = 6,
                                         .threads = 2,
                                         .seed = seed,
                                         .bins = seed % 4 == 0 ? 100 : 0,
                                         .balanced = seed % 2 == 0};

        assert_two_classes_are_a_question(&setting, seed < 5 ? 300 : 5000);
    }
}

static void degenerate_data_give_leaves(void **state)
{
    double values[] = {1, 1, 1, 1};
    uint8_t mixed[] = {0, 1, 0, 1};
    uint8_t none[] = {0, 0, 0, 0};
    struct forest_setting setting = {.trees = 3, .threads = 1, .balanced = true};
    struct forest_data data = {4, 1, values, mixed, 0};
    struct forest *constant = forest_data_fit(&data, &setting);
    struct forest *one_class;
    struct forest *classes;
    double score;
    double shares[3];

    (void)state;
    data.classes = none;
    one_class = forest_data_fit(&data, &setting);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(constant->trees[i].node_count, 1);
        assert_int_equal(one_class->trees[i].node_count, 1);
    }
    forest_score(one_class, values, 1, &score);
    assert_true(score == 0);
    assert_true(constant->importance[0] == 0);
    data.class_count = 3;
    classes = forest_data_fit(&data, &setting);
    forest_score_classes(classes, values, 1, shares);
    assert_true(shares[0] == 1 && shares[1] == 0 && shares[2] == 0);
    forest_free(constant);
    forest_free(one_class);
    forest_free(classes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_equal_plain_ones),
        cmocka_unit_test(trees_of_bins_equal_plain_ones),
        cmocka_unit_test(leaves_that_can_not_be_split_hold_shares),
        cmocka_unit_test(two_classes_are_a_question),
        cmocka_unit_test(degenerate_data_give_leaves),
    };

    return cmocka_run_group_tests_name("forest", tests, NULL, NULL);
}
