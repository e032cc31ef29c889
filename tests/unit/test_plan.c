/* runner/plan: order, names, scale, lengths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "runner/load_profile.h"
#include "runner/plan.h"
#include "runner/plan_windows.h"
#include "tests/unit/good_campaign.h"

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

static void listed_order_is_nominal_then_repetition_fault_intensity_target(void **state)
{
    static const char *const names[] = {
        "nominal-1",          "nominal-2",       "cpu-medium-sprout-1",    "cpu-medium-bono-1",
        "cpu-high-sprout-1",  "cpu-high-bono-1", "memory-medium-sprout-1", "memory-medium-bono-1",
        "cpu-medium-sprout-2"};
    struct campaign campaign = example();
    struct plan *plan = good_campaign_plan(&campaign, 1);

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
    plan = good_campaign_plan(&campaign, 1);
    for (size_t i = 0; i < 14; i++) {
        assert_string_equal(plan->experiments[i].name, names[i]);
        assert_int_equal(plan->experiments[i].cell, i);
    }
    plan_free(plan);
}

static void shuffle_loses_nothing_and_depends_on_the_seed(void **state)
{
    struct campaign campaign = example();
    struct plan *listed = good_campaign_plan(&campaign, 1);
    struct plan *shuffled[2];
    bool differ = false;

    (void)state;
    campaign.order = ORDER_SHUFFLED;
    shuffled[0] = good_campaign_plan(&campaign, 1);
    campaign.seed = 8;
    shuffled[1] = good_campaign_plan(&campaign, 1);
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
    struct plan *plan = good_campaign_plan(&campaign, 15);

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
    plan = good_campaign_plan(&campaign, 15);
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
    struct plan *plan = good_campaign_plan(campaign, denominator);
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
    };

    setenv("VNFAULT_DATA", ".", 1);
    unsetenv("VNFAULT_INJECTORS");
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
