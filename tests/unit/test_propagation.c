/* analysis/propagation: matrices counted by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "analysis/propagation.h"

enum { TARGETS = 3, FAULTS = 6 };

static const size_t faulty[FAULTS] = {0, 0, 0, 0, 1, 1};
static const struct propagation_view views[FAULTS * TARGETS] = {
    /* seen from its own target first */
    {DETECTION_FOUND, 2},
    {DETECTION_FOUND, 9},
    {DETECTION_MISSED, NAN},
    /* at the same time, by the resolution of 1 s */
    {DETECTION_FOUND, 4},
    {DETECTION_FOUND, 5},
    {DETECTION_MISSED, NAN},
    /* from another first */
    {DETECTION_FOUND, 9},
    {DETECTION_FOUND, 3},
    {DETECTION_UNKNOWN, NAN},
    /* from none */
    {DETECTION_MISSED, NAN},
    {DETECTION_MISSED, NAN},
    {DETECTION_UNKNOWN, NAN},
    /* on target 1: its own */
    {DETECTION_MISSED, NAN},
    {DETECTION_FOUND, 0},
    {DETECTION_FOUND, 7},
    /* two others */
    {DETECTION_FOUND, 1},
    {DETECTION_MISSED, NAN},
    {DETECTION_FOUND, 1},
};
static const struct propagation_input input = {TARGETS, FAULTS, faulty, views, 1};

static void same_counts(const size_t *ours, const size_t *expected, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(ours[i], expected[i]);
}

static void same_values(const double *ours, const double *expected, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_true(isnan(expected[i]) ? isnan(ours[i]) : fabs(ours[i] - expected[i]) < 1e-12);
}

static void faults_are_seen_from_targets(void **state)
{
    struct propagation propagation;
    struct error error = {0};

    (void)state;
    assert_int_equal(propagation_make(&input, &propagation, &error), 0);
    same_counts(propagation.faults, (size_t[]){4, 2, 0}, 3);
    same_counts(propagation.observed, (size_t[]){4, 4, 2, 2, 2, 2, 0, 0, 0}, 9);
    same_counts(propagation.seen, (size_t[]){3, 3, 0, 1, 1, 2, 0, 0, 0}, 9);
    same_values(propagation.share, (double[]){0.75, 0.75, 0, 0.5, 0.5, 1, NAN, NAN, NAN}, 9);
    same_values(propagation.median_s, (double[]){4, 5, NAN, 1, 0, 4, NAN, NAN, NAN}, 9);
    same_counts(propagation.first, (size_t[]){1, 1, 0, 0, 1, 0, 0, 0, 0}, 9);
    same_counts(propagation.tied, (size_t[]){1, 1, 0, 1, 0, 1, 0, 0, 0}, 9);
    same_counts(propagation.unseen, (size_t[]){1, 0, 0}, 3);
    propagation_free(&propagation);
}

static void first_alarms_point_at_the_faulty_target(void **state)
{
    struct propagation propagation;
    struct localisation localisation;
    struct error error = {0};

    (void)state;
    assert_int_equal(propagation_make(&input, &propagation, &error), 0);
    localisation = propagation_localise(&propagation);
    assert_int_equal(localisation.right, 2);
    assert_int_equal(localisation.tied, 1);
    assert_int_equal(localisation.wrong, 2);
    assert_int_equal(localisation.unseen, 1);
    propagation_free(&propagation);
}

static void nothing_comes_of_nothing(void **state)
{
    struct propagation_input none = input;
    struct propagation propagation;
    struct localisation localisation;
    struct error error = {0};

    (void)state;
    none.fault_count = 0;
    assert_int_equal(propagation_make(&none, &propagation, &error), 0);
    for (size_t i = 0; i < (size_t)TARGETS * TARGETS; i++)
        assert_true(isnan(propagation.share[i]) && isnan(propagation.median_s[i]));
    localisation = propagation_localise(&propagation);
    assert_int_equal(localisation.right + localisation.wrong + localisation.unseen, 0);
    propagation_free(&propagation);
    none.target_count = 0;
    assert_int_equal(propagation_make(&none, &propagation, &error), 0);
    propagation_free(&propagation);
}

static void refuses(const struct propagation_input *bad)
{
    struct propagation propagation;
    struct error error = {0};

    assert_int_equal(propagation_make(bad, &propagation, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
}

static void wrong_input_is_refused(void **state)
{
    const double delays[] = {-1, NAN, INFINITY};
    struct propagation_view bad_views[FAULTS * TARGETS];
    struct propagation_input bad = input;

    (void)state;
    bad.target_count = 1;
    refuses(&bad);
    bad.target_count = TARGETS;
    bad.resolution_s = -1;
    refuses(&bad);
    bad.resolution_s = NAN;
    refuses(&bad);
    bad.resolution_s = 0;
    bad.views = bad_views;
    for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++) {
        memcpy(bad_views, views, sizeof views);
        bad_views[FAULTS * TARGETS - 1].delay_s = delays[i];
        refuses(&bad);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_seen_from_targets),
        cmocka_unit_test(first_alarms_point_at_the_faulty_target),
        cmocka_unit_test(nothing_comes_of_nothing),
        cmocka_unit_test(wrong_input_is_refused),
    };

    return cmocka_run_group_tests_name("propagation", tests, NULL, NULL);
}
