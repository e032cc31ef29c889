/* runner/plan: order, names, scale, lengths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/load_profile.h"
#include "runner/plan.h"
#include "runner/plan_windows.h"

static struct intensity two_intensities[] = {
    {.name = "medium", .value = 70, .unit = "%", .text = "70%"},
    {.name = "high", .value = 97, .unit = "%", .text = "97%"}};
static struct fault two_faults[] = {
    {.type = "cpu", .intensities = two_intensities, .intensity_count = 2},
    {.type = "memory", .intensities = two_intensities, .intensity_count = 1},
};
static char *two_targets[] = {"sprout", "bono"};
static struct host two_hosts[] = {{.kind = HOST_TARGET, .name = "sprout"},
                                  {.kind = HOST_TARGET, .name = "bono"}};
static struct testbed testbed = {.hosts = two_hosts, .host_count = 2};

/* The first paper's times; 2 nominal experiments, 3 intensities on 2 targets, twice. */
static struct campaign example(void)
{
    return (struct campaign){
        .testbed = &testbed,
        .load = {.driver = (char *)"sipp",
                 .caller_count = 1,
                 .callee_count = 1,
                 .rate = 100,
                 .subscribers = 1000},
        .monitoring_period = 15 * CLOCK_SECOND,
        .timeline = {.warm_up = 60 * CLOCK_SECOND,
                     .duration = 4800 * CLOCK_SECOND,
                     .injection_start = 2400 * CLOCK_SECOND,
                     .injection_length = 180 * CLOCK_SECOND,
                     .cool_down = 30 * CLOCK_SECOND},
        .faults = two_faults,
        .fault_count = 2,
        .targets = two_targets,
        .target_count = 2,
        .repetitions = 2,
        .nominal_repetitions = 2,
        .order = ORDER_LISTED,
        .seed = 7,
    };
}

static struct plan *make(const struct campaign *campaign, int64_t denominator)
{
    struct plan *plan;
    struct error error;

    if (plan_make(campaign, (struct time_scale){1, denominator}, &plan, &error) < 0)
        fail_msg("%s", error.what);
    return plan;
}

static void listed_order_is_nominal_then_repetition_fault_intensity_target(void **state)
{
    static const char *const names[] = {
        "nominal-1",          "nominal-2",       "cpu-medium-sprout-1",    "cpu-medium-bono-1",
        "cpu-high-sprout-1",  "cpu-high-bono-1", "memory-medium-sprout-1", "memory-medium-bono-1",
        "cpu-medium-sprout-2"};
    struct campaign campaign = example();
    struct plan *plan = make(&campaign, 1);

    (void)state;
    assert_int_equal(plan->experiment_count, 14);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_string_equal(plan->experiments[i].name, names[i]);
        assert_int_equal(plan->experiments[i].cell, i);
    }
    assert_int_equal(plan->experiments[0].injection_count, 0);
    assert_int_equal(plan->experiments[8].repetition, 2);
    assert_int_equal(plan->experiments[5].injection_count, 1);
    assert_ptr_equal(plan->experiments[5].injections[0].target, &two_hosts[1]);
    assert_ptr_equal(plan->experiments[5].injections[0].intensity, &two_intensities[1]);
    assert_ptr_equal(plan->experiments[5].injections[0].fault, &two_faults[0]);
    assert_int_equal(plan->length, INT64_C(14) * 4860 * CLOCK_SECOND);
    /* 5 s for the registrations, 1 s of calls, 4 s of starts and ends */
    assert_int_equal(plan->estimate, INT64_C(14) * 4870 * CLOCK_SECOND);
    plan_free(plan);
}

/* Pinned: another order would make --resume go on with the wrong cells. */
static void shuffle_is_the_same_on_every_machine(void **state)
{
    static const char *const names[] = {"memory-medium-bono-2",
                                        "cpu-high-bono-2",
                                        "nominal-2",
                                        "cpu-medium-bono-1",
                                        "cpu-high-bono-1",
                                        "memory-medium-bono-1",
                                        "cpu-high-sprout-2",
                                        "cpu-medium-bono-2",
                                        "cpu-medium-sprout-1",
                                        "cpu-high-sprout-1",
                                        "cpu-medium-sprout-2",
                                        "memory-medium-sprout-2",
                                        "memory-medium-sprout-1",
                                        "nominal-1"};
    struct campaign campaign = example();
    struct plan *plan;

    (void)state;
    campaign.order = ORDER_SHUFFLED;
    plan = make(&campaign, 1);
    for (size_t i = 0; i < 14; i++) {
        assert_string_equal(plan->experiments[i].name, names[i]);
        assert_int_equal(plan->experiments[i].cell, i);
    }
    plan_free(plan);
}

static void shuffle_loses_nothing_and_depends_on_the_seed(void **state)
{
    struct campaign campaign = example();
    struct plan *listed = make(&campaign, 1);
    struct plan *shuffled[2];
    bool differ = false;

    (void)state;
    campaign.order = ORDER_SHUFFLED;
    shuffled[0] = make(&campaign, 1);
    campaign.seed = 8;
    shuffled[1] = make(&campaign, 1);
    for (size_t i = 0; i < listed->experiment_count; i++) {
        size_t found = 0;

        for (size_t j = 0; j < shuffled[0]->experiment_count; j++)
            found += strcmp(listed->experiments[i].name, shuffled[0]->experiments[j].name) == 0;
        assert_int_equal(found, 1);
        differ = differ ||
                 strcmp(shuffled[0]->experiments[i].name, shuffled[1]->experiments[i].name) != 0;
    }
    assert_true(differ);
    plan_free(listed);
    plan_free(shuffled[0]);
    plan_free(shuffled[1]);
}

static void scale_divides_durations_and_nothing_else(void **state)
{
    struct campaign campaign = example();
    struct plan *plan = make(&campaign, 15);

    (void)state;
    assert_int_equal(plan->monitoring_period, CLOCK_SECOND);
    assert_int_equal(plan->timeline.warm_up, 4 * CLOCK_SECOND);
    assert_int_equal(plan->timeline.duration, 320 * CLOCK_SECOND);
    assert_int_equal(plan->timeline.cool_down, 2 * CLOCK_SECOND);
    assert_int_equal(plan->experiments[2].injections[0].start, 160 * CLOCK_SECOND);
    assert_int_equal(plan->experiments[2].injections[0].length, 12 * CLOCK_SECOND);
    assert_true(plan->experiments[2].injections[0].intensity->value == 70);
    assert_int_equal(plan->length, INT64_C(14) * 324 * CLOCK_SECOND);
    plan_free(plan);
}

static void check_refused(const struct campaign *campaign, int64_t numerator, int64_t denominator,
                          const char *what)
{
    struct plan *plan;
    struct error error;
    struct time_scale scale = {numerator, denominator};

    assert_int_equal(plan_make(campaign, scale, &plan, &error), -1);
    assert_string_equal(error.what, what);
    assert_int_equal(error.kind, ERROR_INPUT);
}

static void plans_that_make_no_sense_are_refused(void **state)
{
    struct campaign campaign = example();

    (void)state;
    check_refused(&campaign, 1, 1000, "a monitoring period scaled to 15ms is too short");
    check_refused(&campaign, 1, 200, "an injection scaled to 900ms is too short");
    check_refused(&campaign, 1000000, 1, "the campaign would last over 100 years");
    two_targets[1] = "sprout";
    check_refused(&campaign, 1, 1, "two experiments would be called cpu-high-sprout-1");
    two_targets[1] = "bono";
}

static void nominal_experiments_go_on_in_the_load_profile(void **state)
{
    struct profile_point points[] = {{0, 0.5}, {20 * CLOCK_SECOND, 1}};
    struct load_profile profile = {.points = points, .count = 2, .period = 3600 * CLOCK_SECOND};
    struct campaign campaign = example();
    struct plan *plan;

    (void)state;
    campaign.load.profile = &profile;
    campaign.load.profile_start = 3000 * CLOCK_SECOND;
    campaign.load.profile_advance = 8000 * CLOCK_SECOND;
    campaign.nominal_repetitions = 3;
    plan = make(&campaign, 15);
    assert_int_equal(plan->experiments[0].profile_start, 3000 * CLOCK_SECOND);
    assert_int_equal(plan->experiments[1].profile_start, 200 * CLOCK_SECOND);
    assert_int_equal(plan->experiments[2].profile_start, 1000 * CLOCK_SECOND);
    assert_int_equal(plan->experiments[3].profile_start, 3000 * CLOCK_SECOND);
    plan_free(plan);
    check_refused(&campaign, 1, 25,
                  "the time between two lines of the load profile scaled to 800ms is too short");
}

static void check_windows(const struct campaign *campaign, int64_t denominator, const char *what,
                          const char *hint)
{
    struct plan *plan = make(campaign, denominator);
    struct error error = {0};

    assert_int_equal(plan_check_windows(plan, &error), what[0] == '\0' ? 0 : -1);
    assert_string_equal(error.what, what);
    assert_string_equal(error.hint, hint);
    plan_free(plan);
}

/* The load's figures are of a second, whatever the scale. */
static void times_too_short_to_be_judged_are_refused(void **state)
{
    struct campaign campaign = example();

    (void)state;
    check_windows(&campaign, 15, "", "");
    campaign.monitoring_period = 5 * CLOCK_SECOND;
    campaign.timeline.duration = 2640 * CLOCK_SECOND;
    check_windows(&campaign, 20,
                  "cpu-medium-sprout-1: the 1.5 s after its last cool-down are too short to judge "
                  "the service by",
                  "the shortest duration at this time scale is 44min 30s");
    campaign.timeline.duration = 2670 * CLOCK_SECOND;
    check_windows(&campaign, 20, "", "");
    campaign.timeline.duration = 2610 * CLOCK_SECOND; /* nothing is left, and nothing judged */
    check_windows(&campaign, 20, "", "");
    campaign.timeline.injection_start = 30 * CLOCK_SECOND;
    check_windows(&campaign, 20,
                  "cpu-medium-sprout-1: the 1.5 s before its first fault are too short to judge "
                  "the service by",
                  "at this time scale the first fault starts at 40s at the earliest");
    campaign.fault_count = 0;
    check_windows(&campaign, 20, "", "");
}

/* The levels fall behind if each takes longer to be made and measured than it is to last. */
static void levels_too_short_to_be_made_are_refused(void **state)
{
    struct intensity_step levels[] = {{.value = 10, .length = 60 * CLOCK_SECOND},
                                      {.value = 20, .length = 45 * CLOCK_SECOND}};
    struct intensity stairs = {
        .name = "stairs", .unit = "%", .text = "10%..20%", .steps = levels, .step_count = 2};
    struct fault fault = {.type = "cpu",
                          .intensities = &stairs,
                          .intensity_count = 1,
                          .level_time = 3 * CLOCK_SECOND};
    struct campaign campaign = example();

    (void)state;
    campaign.faults = &fault;
    campaign.fault_count = 1;
    campaign.monitoring_period = 30 * CLOCK_SECOND;
    check_windows(&campaign, 15, "", "");
    check_windows(&campaign, 20,
                  "cpu-stairs-sprout-1: level 2 of 2 lasts 2.25 s, but to make and measure one of "
                  "cpu takes about 3 s",
                  "the shortest level at this time scale is 1min 00s");
    levels[1].length = 60 * CLOCK_SECOND;
    check_windows(&campaign, 20, "", "");
    levels[0].length = 59 * CLOCK_SECOND;
    check_windows(&campaign, 20,
                  "cpu-stairs-sprout-1: level 1 of 2 lasts 2.95 s, but to make and measure one of "
                  "cpu takes about 3 s",
                  "the shortest level at this time scale is 1min 00s");
    stairs.step_count = 1; /* no level follows on another */
    check_windows(&campaign, 20, "", "");
}

static void time_scales_are_parsed(void **state)
{
    static const char *const wrong[] = {"",
                                        "0",
                                        "1/0",
                                        "/15",
                                        "1/",
                                        "-1",
                                        "1/15 ",
                                        " 1",
                                        "1.5",
                                        "1/15/2",
                                        "15x",
                                        "1/-3",
                                        "0x1",
                                        "1e3",
                                        "one",
                                        "10000001",
                                        "1/99999999999999999999"};
    struct time_scale scale;
    struct error error;

    (void)state;
    assert_int_equal(time_scale_parse("1/15", &scale, &error), 0);
    assert_int_equal(scale.numerator, 1);
    assert_int_equal(scale.denominator, 15);
    assert_int_equal(time_scale_parse("2", &scale, &error), 0);
    assert_int_equal(scale.numerator, 2);
    assert_int_equal(scale.denominator, 1);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (time_scale_parse(wrong[i], &scale, &error) == 0)
            fail_msg("'%s' was taken", wrong[i]);
    }
}

static void scaling_rounds_and_does_not_overflow(void **state)
{
    (void)state;
    assert_int_equal(time_scale_apply((struct time_scale){1, 3}, 10), 3);
    assert_int_equal(time_scale_apply((struct time_scale){2, 3}, 10), 7);
    assert_int_equal(time_scale_apply((struct time_scale){1, 15}, 0), 0);
    assert_int_equal(time_scale_apply((struct time_scale){1000000, 1}, INT64_MAX / 2), INT64_MAX);
    assert_int_equal(time_scale_apply((struct time_scale){999999, 1000000}, INT64_C(1) << 55),
                     INT64_C(36028760990166949));
}

static struct campaign *read_campaign(const char *path)
{
    struct findings findings = {0};
    struct campaign *campaign = campaign_read(path, NULL, &findings);

    assert_non_null(campaign);
    findings_free(&findings);
    return campaign;
}

static struct campaign *read_experiments(void)
{
    return read_campaign("tests/unit/data/campaigns/good_experiments.xml");
}

static void written_experiments_are_sorted_and_grouped(void **state)
{
    struct campaign *campaign = read_experiments();
    struct plan *plan = make(campaign, 2);
    const struct planned_experiment *cascade = &plan->experiments[1];

    (void)state;
    assert_int_equal(plan->experiment_count, 2 + 1 + 20);
    assert_string_equal(cascade->name, "cascade-2");
    assert_int_equal(cascade->group_count, 3);
    assert_int_equal(cascade->injection_count, 4);
    assert_string_equal(cascade->injections[0].fault->type, "cpu");
    assert_int_equal(cascade->injections[0].start, 10 * CLOCK_SECOND);
    assert_int_equal(cascade->injections[0].step_count, 1);
    assert_true(cascade->injections[0].steps[0].value == 97);
    assert_string_equal(cascade->injections[1].target->name, "bono");
    assert_string_equal(cascade->injections[2].target->name, "sprout");
    assert_int_equal(cascade->injections[1].group, cascade->injections[2].group);
    assert_int_not_equal(cascade->injections[1].group, cascade->injections[3].group);
    plan_free(plan);
    campaign_free(campaign);
}

static void steps_of_a_profile_are_scaled(void **state)
{
    struct campaign *campaign = read_experiments();
    struct plan *plan = make(campaign, 5);
    const struct planned_injection *stairs = plan->experiments[2].injections;
    struct plan *refused;
    struct error error;

    (void)state;
    assert_int_equal(stairs->step_count, 8);
    assert_int_equal(stairs->length, 16 * CLOCK_SECOND);
    assert_int_equal(stairs->steps[7].start, 14 * CLOCK_SECOND);
    assert_true(stairs->steps[7].value == 80);
    plan_free(plan);
    assert_int_equal(plan_make(campaign, (struct time_scale){1, 15}, &refused, &error), -1);
    assert_string_equal(error.what, "a step scaled to 666ms is too short");
    campaign_free(campaign);
}

static void random_experiments_fit_and_depend_on_the_seed_alone(void **state)
{
    struct campaign *campaign = read_experiments();
    struct plan *plan = make(campaign, 1);
    struct plan *again = make(campaign, 1);
    struct plan *other;
    bool differ = false;

    (void)state;
    campaign->random[0].seed = 6;
    other = make(campaign, 1);
    for (size_t i = 3; i < plan->experiment_count; i++) {
        const struct planned_experiment *experiment = &plan->experiments[i];

        assert_int_equal(experiment->injection_count, 3);
        for (size_t j = 0; j < 3; j++) {
            const struct planned_injection *one = &experiment->injections[j];
            const struct planned_injection *same = &again->experiments[i].injections[j];

            assert_true(one->start >= 10 * CLOCK_SECOND);
            assert_true(one->start + one->length <= 95 * CLOCK_SECOND);
            assert_true(one->start == same->start && one->length == same->length);
            assert_ptr_equal(one->intensity, same->intensity);
            assert_ptr_equal(one->target, same->target);
            differ = differ || one->start != other->experiments[i].injections[j].start;
            for (size_t k = 0; k < j; k++) {
                const struct planned_injection *before = &experiment->injections[k];

                assert_true(before->target != one->target ||
                            strcmp(before->fault->type, one->fault->type) != 0 ||
                            before->start + before->length <= one->start);
            }
        }
    }
    assert_true(differ);
    plan_free(other);
    campaign->random[0].injections = 900;
    assert_int_equal(plan_make(campaign, (struct time_scale){1, 1}, &other, &(struct error){0}),
                     -1);
    plan_free(plan);
    plan_free(again);
    campaign_free(campaign);
}

static void random_faults_that_own_the_same_are_kept_apart(void **state)
{
    struct campaign *campaign = read_experiments();
    struct plan *plan;

    (void)state;
    for (size_t i = 0; i < campaign->fault_count; i++) {
        free(campaign->faults[i].owns);
        campaign->faults[i].owns = memory_string("egress");
    }
    campaign->random[0].injections = 2;
    plan = make(campaign, 1);
    for (size_t i = 3; i < plan->experiment_count; i++) {
        const struct planned_injection *injections = plan->experiments[i].injections;

        for (size_t j = 1; j < plan->experiments[i].injection_count; j++) {
            for (size_t k = 0; k < j; k++)
                assert_true(injections[k].target != injections[j].target ||
                            injections[k].start + injections[k].length <= injections[j].start);
        }
    }
    plan_free(plan);
    campaign_free(campaign);
}

static void faults_in_the_load_are_planned_once(void **state)
{
    static const char *const names[] = {"overload-double-load-1",
                                        "overload-stairs-load-1",
                                        "overload-double-load-2",
                                        "overload-stairs-load-2",
                                        "both-1",
                                        "chaos-1",
                                        "chaos-2",
                                        "chaos-3"};
    struct campaign *campaign = read_campaign("tests/unit/data/campaigns/good_load_faults.xml");
    struct plan *plan = make(campaign, 1);

    (void)state;
    assert_int_equal(plan->experiment_count, sizeof names / sizeof names[0]);
    for (size_t i = 0; i < plan->experiment_count; i++) {
        const struct planned_experiment *experiment = &plan->experiments[i];

        assert_string_equal(experiment->name, names[i]);
        assert_int_equal(experiment->injection_count, i < 5 ? 1 : 2);
        assert_int_equal(experiment->group_count, experiment->injection_count);
        /* The load host that calls carries it out. */
        assert_string_equal(experiment->injections[0].target->name, "load");
        assert_int_equal(experiment->injections[0].target->kind, HOST_LOAD);
        assert_string_equal(planned_target(experiment->injections), "load");
    }
    assert_int_equal(plan->experiments[1].injections[0].step_count, 3);
    for (size_t i = 5; i < plan->experiment_count; i++) {
        const struct planned_injection *one = plan->experiments[i].injections;

        assert_true(one[0].start + one[0].length <= one[1].start);
    }
    plan_free(plan);
    campaign_free(campaign);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listed_order_is_nominal_then_repetition_fault_intensity_target),
        cmocka_unit_test(shuffle_is_the_same_on_every_machine),
        cmocka_unit_test(shuffle_loses_nothing_and_depends_on_the_seed),
        cmocka_unit_test(scale_divides_durations_and_nothing_else),
        cmocka_unit_test(plans_that_make_no_sense_are_refused),
        cmocka_unit_test(nominal_experiments_go_on_in_the_load_profile),
        cmocka_unit_test(times_too_short_to_be_judged_are_refused),
        cmocka_unit_test(levels_too_short_to_be_made_are_refused),
        cmocka_unit_test(time_scales_are_parsed),
        cmocka_unit_test(scaling_rounds_and_does_not_overflow),
        cmocka_unit_test(written_experiments_are_sorted_and_grouped),
        cmocka_unit_test(steps_of_a_profile_are_scaled),
        cmocka_unit_test(random_faults_that_own_the_same_are_kept_apart),
        cmocka_unit_test(random_experiments_fit_and_depend_on_the_seed_alone),
        cmocka_unit_test(faults_in_the_load_are_planned_once),
    };

    setenv("VNFAULT_DATA", ".", 1);
    unsetenv("VNFAULT_INJECTORS");
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
