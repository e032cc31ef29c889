/* Scores of a Random Forest: those of a walk down each tree, also of the trees that did not see a
 * row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "analysis/forest.h"
#include "base/memory.h"
#include "tests/unit/forest_data.h"

static void out_of_bag_error_is_near_the_error_on_new_data(void **state)
{
    struct forest_data data = forest_data_make(1500, 30, 0, 21);
    struct forest_data fresh = forest_data_make(1500, 30, 0, 22);
    struct forest_setting setting = {.trees = 40, .threads = 2, .seed = 1};
    struct forest *forest = forest_data_fit(&data, &setting);
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
    forest_data_free(&data);
    forest_data_free(&fresh);
}

/* The walk of a row down a tree: adds the shares of the leaf where it ends, or without classes that
 * of the positives. */
static void walk(const struct forest *forest, size_t index, const double *values, double *sums)
{
    const struct forest_tree *tree = &forest->trees[index];
    const struct forest_node *node = tree->nodes;

    while (node->column != FOREST_LEAF)
        node = tree->nodes + node->left + (values[node->column] <= node->value ? 0 : 1);
    for (size_t i = 0; i < forest->classes; i++)
        sums[i] += node->left < forest->classes
                       ? node->left == i
                       : tree->shares[(node->left - forest->classes) * forest->classes + i];
    if (forest->classes == 0)
        *sums += node->value;
}

static void assert_walked_scores(const struct forest *forest, const double *values,
                                 const double *scores)
{
    size_t count = forest->classes > 0 ? forest->classes : 1;
    double sums[6] = {0};
    double sum = 0;

    for (size_t i = 0; i < forest->tree_count; i++)
        walk(forest, i, values, sums);
    for (size_t i = 0; i < count; i++) {
        assert_true(scores[i] == sums[i] / (double)forest->tree_count);
        sum += scores[i];
    }
    assert_true(count == 1 || fabs(sum - 1) < 1e-12);
}

/* The mean of the leaves' shares, whether rows come one by one or many at a time. */
static void scores_are_those_of_a_walk_down_each_tree(void **state)
{
    static const size_t counts[] = {1, 2, 5, 63, 64, 65, 200};
    static const size_t classes[] = {0, 3, 6};
    struct forest_setting setting = {.trees = 10, .threads = 1, .seed = 1};
    double scores[200 * 6];

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct forest_data data = forest_data_make(200, i < 3 ? 30 : 9, classes[i % 3], 51);
        size_t wide = data.class_count > 0 ? data.class_count : 1;
        struct forest *forest;

        if (i >= 3)
            forest_data_coarsen(&data);
        forest = forest_data_fit(&data, &setting);
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++) {
            (data.class_count > 0 ? forest_score_classes : forest_score)(forest, data.values,
                                                                         counts[j], scores);
            for (size_t row = 0; row < counts[j]; row++)
                assert_walked_scores(forest, data.values + row * data.columns, scores + row * wide);
        }
        forest_free(forest);
        forest_data_free(&data);
    }
}

/* The binary score of a forest of classes is what is not of class 0. */
static void the_binary_score_is_the_rest(void **state)
{
    struct forest_data data = forest_data_make(300, 9, 6, 52);
    struct forest_setting setting = {.trees = 10, .threads = 1, .seed = 1, .balanced = true};
    struct forest *forest;
    double scores[300];
    double shares[300 * 6];

    (void)state;
    forest_data_coarsen(&data);
    forest = forest_data_fit(&data, &setting);
    forest_score(forest, data.values, data.rows, scores);
    forest_score_classes(forest, data.values, data.rows, shares);
    for (size_t row = 0; row < data.rows; row++)
        assert_true(fabs(scores[row] - (1 - shares[row * 6])) < 1e-12);
    forest_free(forest);
    forest_data_free(&data);
}

/* Each row by the trees that did not draw it, and no score where there is none: with two trees one
 * row in three or so. */
static void out_of_bag_scores_are_of_trees_that_did_not_see_the_row(void **state)
{
    struct forest_data data = forest_data_make(300, 9, 6, 53);
    struct forest_setting setting = {.trees = 2, .threads = 1, .seed = 3};
    struct forest *forest;
    uint32_t drawn[2][300];
    double scores[300 * 6];
    size_t unknown = 0;

    (void)state;
    forest_data_coarsen(&data);
    forest = forest_data_fit(&data, &setting);
    for (size_t tree = 0; tree < 2; tree++) {
        struct random random = forest_tree_random(&setting, tree);

        forest_bootstrap(&random, data.rows, drawn[tree]);
    }
    forest_out_of_bag_classes(forest, data.values, data.rows, &setting, scores);
    for (size_t row = 0; row < data.rows; row++) {
        double sums[6] = {0};
        double trees = 0;

        for (size_t tree = 0; tree < 2; tree++) {
            if (drawn[tree][row] == 0) {
                walk(forest, tree, data.values + row * data.columns, sums);
                trees++;
            }
        }
        unknown += trees == 0;
        for (size_t i = 0; i < 6; i++)
            assert_true(trees == 0 ? isnan(scores[row * 6 + i])
                                   : scores[row * 6 + i] == sums[i] / trees);
    }
    assert_in_range(unknown, 60, 200);
    forest_free(forest);
    forest_data_free(&data);
}

/* The same as a share of rows called wrongly, with more trees than are taken together. */
static void out_of_bag_error_counts_what_those_trees_say(void **state)
{
    enum { ROWS = 310, TREES = 70 };
    struct forest_data data = forest_data_make(ROWS, 9, 0, 54);
    struct forest_setting setting = {.trees = TREES, .threads = 1, .seed = 4};
    struct forest *forest;
    double sums[ROWS] = {0};
    size_t trees[ROWS] = {0};
    size_t wrong = 0;

    (void)state;
    forest_data_coarsen(&data);
    forest = forest_data_fit(&data, &setting);
    for (size_t tree = 0; tree < TREES; tree++) {
        struct random random = forest_tree_random(&setting, tree);
        uint32_t drawn[ROWS];

        forest_bootstrap(&random, ROWS, drawn);
        for (size_t row = 0; row < ROWS; row++) {
            if (drawn[row] > 0)
                continue;
            walk(forest, tree, data.values + row * data.columns, &sums[row]);
            trees[row]++;
        }
    }
    for (size_t row = 0; row < ROWS; row++) {
        assert_true(trees[row] > 0);
        wrong += (sums[row] >= 0.5 * (double)trees[row]) != data.classes[row];
    }
    assert_true(wrong > 0);
    assert_true(forest_out_of_bag_error(forest, data.values, ROWS, data.classes, &setting) ==
                (double)wrong / ROWS);
    forest_free(forest);
    forest_data_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(out_of_bag_error_is_near_the_error_on_new_data),
        cmocka_unit_test(scores_are_those_of_a_walk_down_each_tree),
        cmocka_unit_test(the_binary_score_is_the_rest),
        cmocka_unit_test(out_of_bag_scores_are_of_trees_that_did_not_see_the_row),
        cmocka_unit_test(out_of_bag_error_counts_what_those_trees_say),
    };

    return cmocka_run_group_tests_name("forest scores", tests, NULL, NULL);
}
