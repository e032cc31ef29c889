/* analysis/contribution: shares of an error, the smallest set that makes most of it, ranks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>

#include "analysis/contribution.h"

static void shares_sum_to_one(void **state)
{
    const double large[] = {DBL_MAX, DBL_MAX / 2, DBL_MAX / 2};
    double shares[4];
    struct error error = {0};

    (void)state;
    assert_int_equal(contribution_make((double[]){1, 0, 5, 4}, 4, shares, &error), 0);
    assert_true(fabs(shares[0] - 0.1) < 1e-15 && shares[1] == 0);
    assert_true(fabs(shares[2] - 0.5) < 1e-15 && fabs(shares[3] - 0.4) < 1e-15);
    assert_int_equal(contribution_make(large, 3, shares, &error), 0);
    assert_true(shares[0] == 0.5 && shares[1] == 0.25);
}

static void what_has_no_shares_is_an_error(void **state)
{
    const double wrong[] = {-1, NAN, INFINITY};
    double shares[2];
    struct error error = {0};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(contribution_make((double[]){1, wrong[i]}, 2, shares, &error), -1);
        assert_int_equal(error.kind, ERROR_INPUT);
    }
    assert_int_equal(contribution_make((double[]){0, 0}, 2, shares, &error), -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    assert_int_equal(contribution_make(NULL, 0, shares, &error), -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
}

static void the_largest_make_the_smallest_set(void **state)
{
    const double shares[] = {0.05, 0.5, 0.05, 0.3, 0.1};
    const double tenths[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    size_t order[10];

    (void)state;
    assert_int_equal(contribution_set(shares, 5, CONTRIBUTION_SHARE, order), 3);
    assert_int_equal(order[0], 1);
    assert_int_equal(order[1], 3);
    assert_int_equal(order[2], 4);
    assert_int_equal(order[3], 0);
    assert_int_equal(order[4], 2);
    assert_int_equal(contribution_set(tenths, 10, CONTRIBUTION_SHARE, order), 9);
    assert_int_equal(order[0], 0);
    assert_int_equal(order[8], 8);
    assert_int_equal(contribution_set(shares, 5, 1, order), 5);
    assert_int_equal(contribution_set(shares, 5, 0, order), 0);
    assert_int_equal(contribution_set((double[]){1}, 1, CONTRIBUTION_SHARE, order), 1);
    assert_int_equal(contribution_set(NULL, 0, CONTRIBUTION_SHARE, order), 0);
}

static void groups_have_the_sums_of_their_metrics(void **state)
{
    const double shares[] = {0.05, 0.5, 0.05, 0.3, 0.1};
    const size_t group[] = {1, 0, 1, 0, SIZE_MAX};
    double sums[3] = {7, 7, 7};

    (void)state;
    contribution_by_group(shares, group, 5, sums, 3);
    assert_true(fabs(sums[0] - 0.8) < 1e-15);
    assert_true(fabs(sums[1] - 0.1) < 1e-15);
    assert_true(sums[2] == 0);
}

static void the_best_right_one_is_ranked(void **state)
{
    const double values[] = {0.3, 0.1, 0.3, NAN, 0.2};

    (void)state;
    assert_int_equal(contribution_rank(values, (uint8_t[]){0, 1, 0, 0, 1}, 5), 3);
    assert_int_equal(contribution_rank(values, (uint8_t[]){1, 0, 1, 0, 0}, 5), 1);
    /* Another has the same. */
    assert_int_equal(contribution_rank(values, (uint8_t[]){1, 0, 0, 0, 0}, 5), 2);
    assert_int_equal(contribution_rank(values, (uint8_t[]){0, 0, 0, 1, 0}, 5), 0);
    assert_int_equal(contribution_rank(values, (uint8_t[]){0, 0, 0, 0, 0}, 5), 0);
    assert_int_equal(contribution_rank(values, NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_sum_to_one),
        cmocka_unit_test(what_has_no_shares_is_an_error),
        cmocka_unit_test(the_largest_make_the_smallest_set),
        cmocka_unit_test(groups_have_the_sums_of_their_metrics),
        cmocka_unit_test(the_best_right_one_is_ranked),
    };

    return cmocka_run_group_tests_name("contribution", tests, NULL, NULL);
}
