/* analysis/gates: what is a regression, what isn't, and what can't be judged. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants those above first */
#include <cmocka.h>

#include "analysis/comparison_parts.h"
#include "analysis/gates.h"
#include "base/memory.h"

/* So many values a side of each of `groups` fault types: base and new, the n-th a thousandth higher
 * than the one before, so that no two are the same. */
static void fill(struct comparison *comparison, size_t figure, size_t groups, size_t experiments,
                 double base, double new)
{
    static const char *const names[] = {"cpu",     "memory",      "disk",
                                        "latency", "packet-loss", "bandwidth"};

    memset(comparison, 0, sizeof *comparison);
    for (size_t i = 0; i < groups; i++) {
        struct compared_group *group = comparison_group(comparison, names[i], "high", "sprout");

        for (size_t j = 0; j < experiments; j++) {
            sample_add(&group->samples[COMPARED_BASE][figure], base + 0.001 * (double)j,
                       i * experiments + j);
            sample_add(&group->samples[COMPARED_NEW][figure], new + 0.001 * (double)j,
                       i * experiments + j);
        }
        group->experiments[COMPARED_BASE] = experiments;
        group->experiments[COMPARED_NEW] = experiments;
    }
}

static struct gate plain(size_t figure)
{
    return (struct gate){.figure = figure,
                         .higher_is_worse = compared_figures[figure].higher_is_worse,
                         .absolute = NAN,
                         .relative = NAN,
                         .significance = NAN,
                         .experiments = 1};
}

/* The outcome of the only verdict; `why` is a part of the reason. */
static void check_only(const struct comparison *comparison, struct gate *gate,
                       enum gate_outcome outcome, const char *why)
{
    struct gates gates = {gate, 1, 1};
    struct gate_verdicts verdicts;

    gates_judge(&gates, comparison, &verdicts);
    assert_int_equal(verdicts.count, 1);
    if (verdicts.items[0].outcome != outcome)
        fail_msg("%s, expected %s: %s", gate_outcome_names[verdicts.items[0].outcome],
                 gate_outcome_names[outcome],
                 verdicts.items[0].why != NULL ? verdicts.items[0].why : "");
    if (why != NULL && strstr(verdicts.items[0].why, why) == NULL)
        fail_msg("'%s' is not in '%s'", why, verdicts.items[0].why);
    gate_verdicts_free(&verdicts);
}

static void a_difference_has_to_exceed_both_bounds(void **state)
{
    struct comparison comparison;
    struct gate gate = plain(FIGURE_FAILED_CALLS);

    (void)state;
    fill(&comparison, FIGURE_FAILED_CALLS, 1, 1, 0.10, 0.15);
    gate.absolute = 0.04;
    check_only(&comparison, &gate, GATE_REGRESSION, NULL);
    gate.absolute = 0.06;
    check_only(&comparison, &gate, GATE_PASSED, NULL);
    gate.relative = 0.4;
    check_only(&comparison, &gate, GATE_PASSED, NULL);
    gate.absolute = 0.04;
    check_only(&comparison, &gate, GATE_REGRESSION, NULL);
    gate.relative = 0.6;
    check_only(&comparison, &gate, GATE_PASSED, NULL);
    comparison_free(&comparison);
}

static void each_figure_has_its_worse_side(void **state)
{
    struct comparison comparison;
    struct gate gate = plain(FIGURE_AVAILABILITY);

    (void)state;
    fill(&comparison, FIGURE_AVAILABILITY, 1, 1, 0.9, 0.95);
    gate.absolute = 0.01;
    check_only(&comparison, &gate, GATE_PASSED, NULL);
    gate.higher_is_worse = true;
    check_only(&comparison, &gate, GATE_REGRESSION, NULL);
    comparison_free(&comparison);
    gate = plain(FIGURE_AVAILABILITY);
    gate.absolute = 0.01;
    fill(&comparison, FIGURE_AVAILABILITY, 1, 1, 0.95, 0.9);
    check_only(&comparison, &gate, GATE_REGRESSION, NULL);
    comparison_free(&comparison);
}

/* 2 against 2 give a p of 1/3 at best: not judged, be the difference large or none at all. */
static void what_few_experiments_cannot_tell_is_not_passed(void **state)
{
    struct comparison comparison;
    struct gate gate = plain(FIGURE_FAILED_CALLS);

    (void)state;
    gate.significance = 0.05;
    fill(&comparison, FIGURE_FAILED_CALLS, 1, 2, 0.1, 0.9);
    check_only(&comparison, &gate, GATE_UNJUDGED, "2 against 2 experiments are too few");
    comparison_free(&comparison);
    fill(&comparison, FIGURE_FAILED_CALLS, 1, 2, 0.1, 0.1);
    check_only(&comparison, &gate, GATE_UNJUDGED, "p can't be below 0.33");
    gate.significance = 0.5;
    check_only(&comparison, &gate, GATE_PASSED, NULL);
    comparison_free(&comparison);
}

/* 4 against 4 reach 2/70 = 0.029 in one test, not in two; five of them reach less together. */
static void tests_are_corrected_for_their_number(void **state)
{
    struct comparison comparison;
    struct gate gate = plain(FIGURE_FAILED_CALLS);
    struct gates gates = {&gate, 1, 1};
    struct gate_verdicts verdicts;

    (void)state;
    gate.significance = 0.05;
    fill(&comparison, FIGURE_FAILED_CALLS, 1, 4, 0.1, 0.9);
    check_only(&comparison, &gate, GATE_REGRESSION, NULL);
    comparison_free(&comparison);
    fill(&comparison, FIGURE_FAILED_CALLS, 2, 4, 0.1, 0.9);
    gates_judge(&gates, &comparison, &verdicts);
    assert_int_equal(verdicts.count, 2);
    assert_int_equal(gate_verdicts_count(&verdicts, GATE_PASSED), 0);
    assert_true(gate_verdicts_count(&verdicts, GATE_UNJUDGED) > 0);
    gate_verdicts_free(&verdicts);
    gate.together = true;
    check_only(&comparison, &gate, GATE_REGRESSION, NULL);
    comparison_free(&comparison);
}

/* Six groups of one repetition have 64 arrangements: 2/64 = 0.031. */
static void groups_together_tell_what_one_cannot(void **state)
{
    struct comparison comparison;
    struct gate gate = plain(FIGURE_FAILED_CALLS);

    (void)state;
    gate.significance = 0.05;
    gate.together = true;
    fill(&comparison, FIGURE_FAILED_CALLS, 6, 1, 0.1, 0.2);
    check_only(&comparison, &gate, GATE_REGRESSION, NULL);
    comparison_free(&comparison);
    fill(&comparison, FIGURE_FAILED_CALLS, 5, 1, 0.1, 0.2);
    check_only(&comparison, &gate, GATE_UNJUDGED, "5 against 5 experiments are too few");
    comparison_free(&comparison);
}

/* Each run has one experiment, BASE with one fault and NEW with two. */
static void what_has_no_like_in_the_other_run_is_not_passed(void **state)
{
    struct comparison comparison;
    struct gate gate = plain(FIGURE_FAILED_CALLS);

    (void)state;
    gate.significance = 0.05;
    gate.together = true;
    fill(&comparison, FIGURE_FAILED_CALLS, 2, 1, 0.1, 0.2);
    comparison.groups[1].samples[COMPARED_NEW][FIGURE_FAILED_CALLS].experiments[0] = 0;
    check_only(&comparison, &gate, GATE_UNJUDGED, "have the same faults");
    comparison_free(&comparison);
}

static void an_experiment_without_a_value_is_not_passed_over(void **state)
{
    struct comparison comparison;
    struct gate gate = plain(FIGURE_FAILED_CALLS);

    (void)state;
    gate.absolute = 0.01;
    fill(&comparison, FIGURE_FAILED_CALLS, 1, 3, 0.1, 0.1);
    check_only(&comparison, &gate, GATE_PASSED, NULL);
    comparison.groups[0].experiments[COMPARED_NEW] = 4;
    check_only(&comparison, &gate, GATE_UNJUDGED, "1 of 4 valid experiments in NEW have no value");
    gate.experiments = 4;
    check_only(&comparison, &gate, GATE_UNJUDGED, "3 valid experiments in BASE, 4 needed");
    comparison_free(&comparison);
}

static void a_gate_of_nothing_is_not_passed(void **state)
{
    char name[] = "latncy";
    struct comparison comparison;
    struct gate gate = plain(FIGURE_FAILED_CALLS);

    (void)state;
    gate.absolute = 0.01;
    gate.fault_type = name;
    fill(&comparison, FIGURE_FAILED_CALLS, 4, 3, 0.1, 0.1);
    check_only(&comparison, &gate, GATE_UNJUDGED, "did you mean 'latency'?");
    comparison.groups[0].samples[COMPARED_NEW][FIGURE_FAILED_CALLS].count = 0;
    memcpy(name, "cpu", sizeof "cpu");
    check_only(&comparison, &gate, GATE_UNJUDGED, "0 valid experiments in NEW");
    gate = plain(FIGURE_ROC_AUC);
    gate.absolute = 0.01;
    check_only(&comparison, &gate, GATE_UNJUDGED, "needs an evaluation of both");
    comparison_free(&comparison);
}

static void of_nothing_no_value_is_known(void **state)
{
    char name[] = "latncy";
    struct comparison comparison;
    struct gate gate = plain(FIGURE_FAILED_CALLS);
    struct gates gates = {&gate, 1, 1};
    struct gate_verdicts verdicts;

    (void)state;
    gate.absolute = 0.01;
    gate.fault_type = name;
    fill(&comparison, FIGURE_FAILED_CALLS, 4, 3, 0.1, 0.1);
    gates_judge(&gates, &comparison, &verdicts);
    assert_true(isnan(verdicts.items[0].row.sides[COMPARED_BASE].value));
    assert_true(isnan(verdicts.items[0].row.sides[COMPARED_NEW].upper));
    assert_true(isnan(verdicts.items[0].row.difference));
    gate_verdicts_free(&verdicts);
    comparison_free(&comparison);
}

static void detectors_go_by_thresholds(void **state)
{
    struct comparison comparison = {0};
    struct compared_row *row = comparison_add_row(&comparison, FIGURE_ROC_AUC);
    struct gate gate = plain(FIGURE_ROC_AUC);

    (void)state;
    row->fault_type = "binary";
    row->target = "sprout";
    row->sides[COMPARED_BASE].value = 0.99;
    row->sides[COMPARED_NEW].value = 0.95;
    row->difference = -0.04;
    gate.absolute = 0.03;
    check_only(&comparison, &gate, GATE_REGRESSION, NULL);
    gate.absolute = 0.05;
    check_only(&comparison, &gate, GATE_PASSED, NULL);
    comparison_free(&comparison);
}

/* A detector with one area, or none, of the question 'binary'. */
static struct class_result area_of(double area)
{
    static char name[] = "binary";

    return (struct class_result){.name = name, .roc = {.area = area}, .average_precision = area};
}

/* Both runs have one target's area; of the other target it is known in one of the runs alone. */
static void what_one_detector_alone_can_tell_is_not_passed(void **state)
{
    static char experiment[] = "experiment", sprout[] = "sprout", bono[] = "bono";
    struct class_result known = area_of(0.99);
    struct class_result unknown = area_of(NAN);
    struct split_result good = {.name = experiment, .classes = &known, .class_count = 1};
    struct split_result lost = {.name = experiment, .classes = &unknown, .class_count = 1};
    struct target_result all[] = {{.target = sprout, .splits = &good, .split_count = 1},
                                  {.target = bono, .splits = &good, .split_count = 1}};
    struct target_result some[] = {{.target = sprout, .splits = &good, .split_count = 1},
                                   {.target = bono, .splits = &lost, .split_count = 1}};
    struct target_result fewer[] = {{.target = sprout, .splits = &good, .split_count = 1},
                                    {.target = bono}};
    const struct evaluation evaluations[] = {{.targets = all, .target_count = 2},
                                             {.targets = some, .target_count = 2},
                                             {.targets = fewer, .target_count = 2},
                                             {.targets = fewer, .target_count = 1}};
    struct gate gate = plain(FIGURE_ROC_AUC);
    struct gates gates = {&gate, 1, 1};

    (void)state;
    gate.absolute = 0.05;
    for (size_t i = 1; i < 2 * sizeof evaluations / sizeof evaluations[0]; i++) {
        size_t other = i / 2;
        const struct evaluation *const pair[] = {&evaluations[i % 2 == 0 ? 0 : other],
                                                 &evaluations[i % 2 == 0 ? other : 0]};
        struct comparison comparison = {0};
        struct gate_verdicts verdicts;

        comparison_add_detectors(&comparison, pair);
        gates_judge(&gates, &comparison, &verdicts);
        assert_int_equal(gate_verdicts_count(&verdicts, GATE_PASSED), other == 0 ? 2 : 1);
        assert_int_equal(gate_verdicts_count(&verdicts, GATE_UNJUDGED), other == 0 ? 0 : 1);
        gate_verdicts_free(&verdicts);
        comparison_free(&comparison);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_difference_has_to_exceed_both_bounds),
        cmocka_unit_test(each_figure_has_its_worse_side),
        cmocka_unit_test(what_few_experiments_cannot_tell_is_not_passed),
        cmocka_unit_test(tests_are_corrected_for_their_number),
        cmocka_unit_test(groups_together_tell_what_one_cannot),
        cmocka_unit_test(what_has_no_like_in_the_other_run_is_not_passed),
        cmocka_unit_test(an_experiment_without_a_value_is_not_passed_over),
        cmocka_unit_test(a_gate_of_nothing_is_not_passed),
        cmocka_unit_test(of_nothing_no_value_is_known),
        cmocka_unit_test(detectors_go_by_thresholds),
        cmocka_unit_test(what_one_detector_alone_can_tell_is_not_passed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
