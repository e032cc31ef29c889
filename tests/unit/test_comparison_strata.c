/* analysis/comparison_strata: an experiment with several injections counts as one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants those above first */
#include <cmocka.h>

#include "analysis/comparison_parts.h"
#include "base/memory.h"

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9))
        fail_msg("%.17g is not %.17g", value, expected);
}

static void add(struct comparison *comparison, size_t side, const char *intensity,
                size_t experiment, double value)
{
    struct compared_group *group = comparison_group(comparison, "cpu", intensity, "sprout");

    sample_add(&group->samples[side][FIGURE_AVAILABILITY], value, experiment);
}

static void over_all(const struct comparison *comparison, struct compared_row *row)
{
    bool *chosen = memory_new(comparison->group_count, sizeof *chosen);

    for (size_t i = 0; i < comparison->group_count; i++)
        chosen[i] = true;
    comparison_row_over(comparison, FIGURE_AVAILABILITY, chosen, row);
    free(chosen);
}

/* One against one, each with a value in ten groups: nothing can be told. */
static void one_experiment_is_no_evidence_however_many_faults_it_has(void **state)
{
    static const char *const intensities[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    struct comparison comparison = {0};
    struct compared_row row;

    (void)state;
    for (size_t i = 0; i < 10; i++) {
        add(&comparison, COMPARED_BASE, intensities[i], 0, 0.9);
        add(&comparison, COMPARED_NEW, intensities[i], 0, 0.1);
    }
    over_all(&comparison, &row);
    assert_int_equal(row.groups, 10);
    assert_near(row.difference, -0.8);
    assert_near(row.p, 1);
    assert_near(row.least_p, 1);
    assert_int_equal(row.sides[COMPARED_NEW].experiments, 1);
    assert_true(isnan(row.sides[COMPARED_NEW].lower));
    comparison_free(&comparison);
}

/* Three against three with two faults each are as good as three sums: p is 2/20, and the interval
 * that of the three means 0.2, 0.3 and 0.4. */
static void their_values_are_dealt_out_together(void **state)
{
    struct comparison comparison = {0};
    struct compared_row row;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        add(&comparison, COMPARED_BASE, "low", i, 0.1 + 0.1 * (double)i);
        add(&comparison, COMPARED_BASE, "high", i, 0.3 + 0.1 * (double)i);
        add(&comparison, COMPARED_NEW, "low", i, 0.5 + 0.1 * (double)i);
        add(&comparison, COMPARED_NEW, "high", i, 0.7 + 0.1 * (double)i);
    }
    over_all(&comparison, &row);
    assert_near(row.p, 2.0 / 20);
    assert_near(row.least_p, 2.0 / 20);
    assert_int_equal(row.sides[COMPARED_BASE].experiments, 3);
    assert_near(row.sides[COMPARED_BASE].value, 0.3);
    assert_near(row.sides[COMPARED_BASE].upper - row.sides[COMPARED_BASE].value,
                4.302652729911275 * 0.1 / sqrt(3));
    comparison_free(&comparison);
}

/* Of one group two experiments have the one fault alone and two another as well. */
static void groups_may_overlap_in_part(void **state)
{
    struct comparison comparison = {0};
    struct compared_row row;

    (void)state;
    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        for (size_t i = 0; i < 4; i++)
            add(&comparison, side, "low", i, 0.1 * (double)(i + 1) + 0.4 * (double)side);
        for (size_t i = 2; i < 4; i++)
            add(&comparison, side, "high", i, 0.1 * (double)i + 0.4 * (double)side);
    }
    over_all(&comparison, &row);
    assert_near(row.sides[COMPARED_BASE].value, 0.25);
    /* 2 against 2 twice: of 36 arrangements two. */
    assert_near(row.p, 2.0 / 36);
    assert_int_equal(row.sides[COMPARED_BASE].experiments, 4);
    comparison_free(&comparison);
}

/* An experiment whose faults no experiment of the other run has can't be dealt out. */
static void what_has_no_like_is_in_no_test(void **state)
{
    struct comparison comparison = {0};
    struct compared_row row;

    (void)state;
    add(&comparison, COMPARED_BASE, "low", 0, 0.5);
    add(&comparison, COMPARED_BASE, "high", 1, 0.5);
    add(&comparison, COMPARED_NEW, "low", 0, 0.6);
    add(&comparison, COMPARED_NEW, "high", 0, 0.6);
    over_all(&comparison, &row);
    assert_near(row.difference, 0.1);
    assert_true(isnan(row.p));
    assert_true(isnan(row.least_p));
    comparison_free(&comparison);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_experiment_is_no_evidence_however_many_faults_it_has),
        cmocka_unit_test(their_values_are_dealt_out_together),
        cmocka_unit_test(groups_may_overlap_in_part),
        cmocka_unit_test(what_has_no_like_is_in_no_test),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
