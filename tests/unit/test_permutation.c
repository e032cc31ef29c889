/* The statistics of comparisons, against values worked out by hand and of SciPy. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
/* cmocka wants the four above first */
#include <cmocka.h>

#include "analysis/permutation.h"

static void assert_near(double value, double expected, double bound)
{
    if (!(fabs(value - expected) <= bound))
        fail_msg("%.17g is not within %g of %.17g", value, bound, expected);
}

static struct sample of(size_t count, const double *values)
{
    struct sample sample = {0};

    for (size_t i = 0; i < count; i++)
        sample_add(&sample, values[i], i);
    return sample;
}

#define SAMPLE(...) of(sizeof((double[]){__VA_ARGS__}) / sizeof(double), (double[]){__VA_ARGS__})

static void free_all(struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sample_free(&samples[i]);
}

static void two_against_two_never_reach_a_third(void **state)
{
    struct sample sides[] = {SAMPLE(1, 2), SAMPLE(100, 101)};

    (void)state;
    assert_near(permutation_test(&sides[0], &sides[1], 1, 1), 2.0 / 6, 1e-12);
    assert_near(permutation_least(&sides[0], &sides[1], 1), 2.0 / 6, 1e-12);
    free_all(sides, 2);
}

/* Of the ten ways to choose 2 of 5, only the one found has a difference of 4.5 or more: the
 * mirrored choice of 3 against 2 is none of them. */
static void sides_of_unequal_length_have_no_mirror(void **state)
{
    struct sample sides[] = {SAMPLE(1, 2), SAMPLE(5, 6, 7)};

    (void)state;
    assert_near(permutation_test(&sides[0], &sides[1], 1, 1), 0.1, 1e-12);
    assert_near(permutation_least(&sides[0], &sides[1], 1), 0.1, 1e-12);
    free_all(sides, 2);
}

/* Counted by hand: of 70 arrangements 14. */
static void a_difference_in_between_counts_all_as_large(void **state)
{
    struct sample sides[] = {SAMPLE(0.1, 0.5, 0.2, 0.9), SAMPLE(0.6, 1.1, 0.4, 1.3)};

    (void)state;
    assert_near(permutation_test(&sides[0], &sides[1], 1, 1), 14.0 / 70, 1e-12);
    free_all(sides, 2);
}

static void equal_values_differ_in_nothing(void **state)
{
    struct sample sides[] = {SAMPLE(0.1, 0.1, 0.1), SAMPLE(0.1, 0.1, 0.1)};

    (void)state;
    assert_near(permutation_test(&sides[0], &sides[1], 1, 1), 1, 1e-12);
    free_all(sides, 2);
}

/* One against one in each of six groups, all by 1: of 2^6 signs only all and none. */
static void groups_make_up_for_few_repetitions(void **state)
{
    struct sample left[6];
    struct sample right[6];

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        left[i] = SAMPLE(10.0 * (double)i);
        right[i] = SAMPLE(10.0 * (double)i + 1);
    }
    assert_near(permutation_test(left, right, 1, 1), 1, 1e-12);
    assert_near(permutation_test(left, right, 6, 1), 2.0 / 64, 1e-12);
    assert_near(permutation_least(left, right, 6), 2.0 / 64, 1e-12);
    free_all(left, 6);
    free_all(right, 6);
}

/* 12 against 12 are 2,704,156 arrangements, so they are drawn. Counted one by one, 151,098 of them
 * are as large. */
static void many_arrangements_are_drawn_the_same_by_the_same_seed(void **state)
{
    struct sample sides[2] = {0};
    double p;

    (void)state;
    for (int i = 0; i < 12; i++) {
        sample_add(&sides[0], i * i % 7, (size_t)i);
        sample_add(&sides[1], i * i % 7 + (i % 2 == 0 ? 3 : 0), (size_t)i);
    }
    p = permutation_test(&sides[0], &sides[1], 1, 5);
    assert_true(p == permutation_test(&sides[0], &sides[1], 1, 5));
    assert_near(p, permutation_test(&sides[0], &sides[1], 1, 6), 0.005);
    assert_near(p, 151098.0 / 2704156, 0.003);
    assert_near(permutation_least(&sides[0], &sides[1], 1), 1e-5, 1e-12);
    free_all(sides, 2);
}

/* The example of Holm's article in short: 0.01 x 4, 0.02 x 3, then none falls below the one before.
 */
static void holm_corrects_for_the_number_of_tests(void **state)
{
    const double values[] = {0.04, 0.01, NAN, 0.03, 0.02};
    double corrected[5];

    (void)state;
    permutation_holm(values, 5, corrected);
    assert_near(corrected[1], 0.04, 1e-12);
    assert_near(corrected[4], 0.06, 1e-12);
    assert_near(corrected[3], 0.06, 1e-12);
    assert_near(corrected[0], 0.06, 1e-12);
    assert_true(isnan(corrected[2]));
    permutation_holm((const double[]){0.5, 0.7}, 2, corrected);
    assert_near(corrected[0], 1, 1e-12);
    assert_near(corrected[1], 1, 1e-12);
}

/* scipy.stats.t.ppf(0.975, degrees). */
static void students_quantiles_are_those_of_tables(void **state)
{
    (void)state;
    assert_near(student_quantile(1), 12.706204736432095, 1e-9);
    assert_near(student_quantile(2), 4.302652729911275, 1e-9);
    assert_near(student_quantile(4), 2.776445105197799, 1e-9);
    assert_near(student_quantile(30), 2.0422724563012373, 1e-9);
    assert_near(student_quantile(1e6), 1.959966, 1e-5);
}

/* 1, 2, 3: mean 2, deviation 1, so 4.3027 / sqrt(3) on either side. */
static void an_interval_needs_two_values_of_each_group(void **state)
{
    struct sample groups[] = {SAMPLE(1, 2, 3), SAMPLE(7)};

    (void)state;
    assert_near(sample_half_width(groups, 1), 4.302652729911275 / sqrt(3), 1e-9);
    assert_true(isnan(sample_half_width(groups, 2)));
    sample_add(&groups[1], 7, 1);
    /* Without any scatter of the second, its degrees of freedom are the first's. */
    assert_near(sample_half_width(groups, 2), 4.302652729911275 / sqrt(3) / 2, 1e-9);
    free_all(groups, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_against_two_never_reach_a_third),
        cmocka_unit_test(sides_of_unequal_length_have_no_mirror),
        cmocka_unit_test(a_difference_in_between_counts_all_as_large),
        cmocka_unit_test(equal_values_differ_in_nothing),
        cmocka_unit_test(groups_make_up_for_few_repetitions),
        cmocka_unit_test(many_arrangements_are_drawn_the_same_by_the_same_seed),
        cmocka_unit_test(holm_corrects_for_the_number_of_tests),
        cmocka_unit_test(students_quantiles_are_those_of_tables),
        cmocka_unit_test(an_interval_needs_two_values_of_each_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
