/* runner/calibration_level, _quest, _campaign and _fragment: what is concluded from what was
 * measured, the campaign of a step, and the piece that is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "runner/calibration_campaign.h"
#include "runner/calibration_fragment.h"
#include "runner/calibration_quest.h"
#include "tests/unit/fixture_run.h"
#include "tests/unit/good_campaign.h"

#define FOLDER "tests/unit/data/campaigns/"
#define MUST(call) assert_int_equal((call), 0)

/* Adds a step of ten windows of one second. */
static void add(struct calibration_levels *levels, double value, int64_t created, int64_t succeeded,
                int64_t failed)
{
    struct calibration_measurement measurement = {
        .windows = memory_new(10, sizeof *measurement.windows),
        .window_count = 10,
        .created = 10 * created,
        .succeeded = 10 * succeeded,
        .covered = 10 * CLOCK_SECOND,
        .offered = value,
        .achieved = NAN,
    };

    for (size_t i = 0; i < 10; i++)
        measurement.windows[i] =
            (struct counted_window){.calls = succeeded + failed, .failed = failed};
    calibration_levels_add(levels, value, &measurement);
}

static void refuse(struct calibration_levels *levels, double value)
{
    struct calibration_measurement measurement = {
        .refused = true, .reason = "phantom", .achieved = NAN};

    calibration_levels_add(levels, value, &measurement);
}

static struct quest quest_of(enum calibration_goal goal, double limit,
                             struct calibration_levels *levels)
{
    return (struct quest){.goal = goal, .limit = limit, .least_rate = 0.95, .levels = levels};
}

static enum calibration_answer answer(const struct quest *quest, double value)
{
    return quest_answer(quest, calibration_levels_find(quest->levels, value));
}

static void failures_and_loss_answer_different_questions(void **state)
{
    struct calibration_levels levels = {0};
    struct quest rate = quest_of(CALIBRATE_RATE, 0.01, &levels);
    struct quest saturation = quest_of(CALIBRATE_SATURATION, SATURATION_LOSS, &levels);

    (void)state;
    add(&levels, 100, 100, 100, 0);
    add(&levels, 200, 200, 194, 6);
    add(&levels, 400, 400, 300, 0); /* none failed yet, but they pile up */
    assert_int_equal(answer(&rate, 100), ANSWER_WITHIN);
    assert_int_equal(answer(&saturation, 100), ANSWER_WITHIN);
    assert_int_equal(answer(&rate, 200), ANSWER_BEYOND);
    assert_int_equal(answer(&saturation, 200), ANSWER_WITHIN);
    assert_int_equal(answer(&saturation, 400), ANSWER_BEYOND);
    calibration_levels_free(&levels);
}

static void steps_at_one_value_are_taken_together(void **state)
{
    struct calibration_levels levels = {0};
    struct quest rate = quest_of(CALIBRATE_RATE, 0.01, &levels);

    (void)state;
    add(&levels, 100, 100, 99, 1);
    assert_int_equal(answer(&rate, 100), ANSWER_UNCLEAR);
    for (int i = 0; i < 3; i++)
        add(&levels, 100, 100, 100, 0);
    assert_int_equal(levels.count, 1);
    assert_int_equal(levels.items[0].steps, 4);
    assert_int_equal(calibration_level_failures(&levels.items[0]).calls, 4000);
    assert_int_equal(answer(&rate, 100), ANSWER_WITHIN);
    calibration_levels_free(&levels);
}

static void what_is_refused_more_often_than_not_is_beyond(void **state)
{
    struct calibration_levels levels = {0};
    struct quest quest = quest_of(CALIBRATE_INTENSITY, 0.99, &levels);

    (void)state;
    add(&levels, 100, 100, 100, 0);
    refuse(&levels, 100);
    assert_int_equal(answer(&quest, 100), ANSWER_UNCLEAR);
    refuse(&levels, 100);
    assert_int_equal(answer(&quest, 100), ANSWER_BEYOND);
    assert_string_equal(levels.items[0].reason, "phantom");
    calibration_levels_free(&levels);
}

/* SIPp made too few calls: was it the load host, or a service that no longer answers? */
static void the_generator_and_the_service_are_told_apart(void **state)
{
    struct calibration_levels levels = {0};
    struct quest quest = quest_of(CALIBRATE_SATURATION, SATURATION_LOSS, &levels);
    struct campaign campaign = {0};
    struct search_result result = {SEARCH_FOUND, 200, 400};
    struct calibration_finding finding;

    (void)state;
    add(&levels, 200, 200, 200, 0);
    add(&levels, 400, 300, 300, 0);
    assert_int_equal(answer(&quest, 400), ANSWER_BEYOND);
    finding = quest_finding(&quest, &result, &campaign);
    assert_int_equal(finding.limit, LIMIT_GENERATOR);
    assert_true(finding.rate == 200);
    add(&levels, 800, 600, 300, 100);
    result.beyond = 800;
    assert_int_equal(quest_finding(&quest, &result, &campaign).limit, LIMIT_FAILURES);
    calibration_levels_free(&levels);
}

/* --- campaign --- */

static void choose(struct campaign *campaign, const char *type, const char *target)
{
    char *types[] = {(char *)type, NULL};
    char *targets[] = {(char *)target, NULL};
    struct injector_table injectors = {0};
    struct load_profile *profile;
    struct error error = {0};

    MUST(injector_table_read(&injectors, &error));
    if (calibration_campaign_choose(campaign, &injectors, types, target != NULL ? targets : NULL,
                                    &profile, &error) < 0)
        fail_msg("%s", error.what);
    injector_table_free(&injectors);
}

static void expect_refused(const char *type, const char *target, const char *what)
{
    struct campaign *campaign = good_campaign_read(FOLDER "good_includes.xml", NULL);
    char *types[] = {(char *)type, NULL};
    char *targets[] = {(char *)target, NULL};
    struct injector_table injectors = {0};
    struct load_profile *profile;
    struct error error = {0};

    MUST(injector_table_read(&injectors, &error));
    assert_int_equal(
        calibration_campaign_choose(campaign, &injectors, types, targets, &profile, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    if (strstr(error.what, what) == NULL)
        fail_msg("%s", error.what);
    injector_table_free(&injectors);
    campaign_free(campaign);
}

static void only_what_can_be_searched_is_taken(void **state)
{
    (void)state;
    expect_refused("latenci", "sprout", "unknown fault type");
    expect_refused("latency", "sprut", "unknown target");
    expect_refused("cpu", "load", "unknown target");
    expect_refused("overload", "sprout", "fault in the load");
    expect_refused("partition", "sprout", "one intensity only");
}

static void a_step_is_one_experiment_with_its_fault(void **state)
{
    const struct calibration_times times = {
        .settling = 12 * CLOCK_SECOND, .length = 15 * CLOCK_SECOND, .calls = 2400};
    struct campaign *campaign = good_campaign_read(FOLDER "good_includes.xml", NULL);
    const struct planned_injection *injection;
    struct plan plan = {0};
    struct error error = {0};

    (void)state;
    choose(campaign, "cpu", NULL);
    assert_int_equal(campaign->fault_count, 1);
    assert_true(campaign->faults[0].intensities[0].value == 97); /* the campaign's highest */
    MUST(calibration_plan_fault(campaign, &times, 0, "sprout", 48.5, 3, 7, &plan, &error));
    assert_int_equal(plan.experiment_count, 1);
    assert_string_equal(plan.experiments[0].name, "cpu-48.5-sprout-3");
    assert_int_equal(plan.experiments[0].cell, 7);
    assert_int_equal(plan.experiments[0].repetition, 3);
    injection = plan.experiments[0].injections;
    assert_true(injection->steps[0].value == 48.5);
    assert_string_equal(injection->intensity->unit, "%");
    /* 2400 calls at 120 calls/s are 20 s. */
    assert_int_equal(injection->length, 32 * CLOCK_SECOND);
    assert_int_equal(plan.timeline.duration, injection->start + injection->length);
    MUST(calibration_plan_fault(campaign, &times, 0, "sprout", 97, 1, 8, &plan, &error));
    assert_true(plan.experiments[0].injections->steps[0].value == 97);
    plan_clear(&plan);
    campaign_free(campaign);
}

static void a_step_without_a_fault_is_at_its_rate(void **state)
{
    const struct calibration_times times = {
        .settling = 12 * CLOCK_SECOND, .length = 15 * CLOCK_SECOND, .calls = 2400};
    struct campaign *campaign = good_campaign_read(FOLDER "good_includes.xml", NULL);
    struct plan plan = {0};
    struct error error = {0};
    char *none[] = {NULL};
    struct injector_table injectors = {0};
    struct load_profile *profile;

    (void)state;
    MUST(calibration_campaign_choose(campaign, &injectors, none, NULL, &profile, &error));
    assert_int_equal(campaign->fault_count, 0);
    MUST(calibration_plan_load(campaign, &times, 1000, 2, 4, &plan, &error));
    assert_string_equal(plan.experiments[0].name, "load-1000-2");
    assert_int_equal(plan.experiments[0].injection_count, 0);
    assert_true(plan.campaign->load.rate == 1000);
    assert_int_equal(plan.timeline.warm_up, 12 * CLOCK_SECOND);
    assert_int_equal(plan.timeline.duration, 15 * CLOCK_SECOND);
    plan_clear(&plan);
    campaign_free(campaign);
}

/* --- fragment --- */

/* A campaign that takes in the fragments where they are. */
static struct campaign *read_with(const char *folder, const char *load, const char *faults)
{
    char *path = memory_format("%s/whole.xml", folder);
    char *testbed = realpath(FOLDER "testbed.xml", NULL);
    char *text = memory_format(
        "<campaign name=\"whole\" xmlns=\"urn:vnfault:campaign:1\" "
        "xmlns:xi=\"http://www.w3.org/2001/XInclude\"><testbed file=\"%s\"/>%s"
        "<monitoring period=\"1s\"/><timeline warm-up=\"3s\" duration=\"60s\" cool-down=\"5s\">"
        "<injection start=\"20s\" length=\"15s\"/></timeline><matrix repetitions=\"1\" "
        "order=\"listed\"><targets><target name=\"sprout\"/></targets>%s</matrix>"
        "<reset method=\"reboot\"/></campaign>",
        testbed, load, faults);
    struct error error = {0};
    struct campaign *campaign;

    MUST(file_write(path, text, strlen(text), &error));
    campaign = good_campaign_read(path, NULL);
    free(text);
    free(testbed);
    free(path);
    return campaign;
}

static void the_rate_is_a_load_that_a_campaign_takes_in(void **state)
{
    struct calibration_finding found[] = {
        {.goal = CALIBRATE_SATURATION, .unit = "calls/s", .found = true, .value = 1100},
        {.goal = CALIBRATE_RATE, .unit = "calls/s", .found = true, .value = 880, .beyond = NAN}};
    const struct calibration_findings findings = {found, 2};
    struct campaign *campaign = good_campaign_read(FOLDER "good_includes.xml", NULL);
    char *folder = fixture_folder();
    char *path = memory_format("%s/load--1.xml", folder);
    struct error error = {0};
    struct campaign *whole;
    char *none[] = {NULL};
    struct injector_table injectors = {0};
    struct load_profile *profile;

    (void)state;
    MUST(folder_make(folder, &error));
    MUST(calibration_campaign_choose(campaign, &injectors, none, NULL, &profile, &error));
    MUST(calibration_fragment_check(path, &error));
    MUST(calibration_fragment_write(path, campaign, NULL, "results/a--b", &findings, &error));
    whole = read_with(folder, "<xi:include href=\"load--1.xml\"/>",
                      "<faults><fault type=\"cpu\"><intensity name=\"x\" value=\"9%\"/></fault>"
                      "</faults>");
    assert_true(whole->load.rate == 880);
    assert_string_equal(whole->load.scenario, campaign->load.scenario);
    assert_string_equal(whole->load.service, "192.0.2.11:5060");
    assert_int_equal(whole->load.subscribers, 1000);
    assert_true(whole->load.maximum_failure_share == 0.01);
    campaign_free(whole);
    campaign_free(campaign);
    MUST(folder_remove(folder, &error));
    free(path);
    free(folder);
}

static struct calibration_finding intensity(const char *type, const char *target, double value,
                                            const char *unit)
{
    return (struct calibration_finding){.goal = CALIBRATE_INTENSITY,
                                        .fault_type = type,
                                        .target = target,
                                        .unit = unit,
                                        .found = value > 0,
                                        .value = value,
                                        .beyond = NAN};
}

static void intensities_are_faults_that_hold_on_each_target(void **state)
{
    struct calibration_finding found[] = {intensity("cpu", "sprout", 97, "%"),
                                          intensity("cpu", "bono", 88.5, "%"),
                                          intensity("cpu", "homestead", 0, "%")};
    struct calibration_findings findings = {found, 3};
    struct campaign *campaign = good_campaign_read(FOLDER "good_includes.xml", NULL);
    char *load_path;
    char *load;
    char *folder = fixture_folder();
    char *path = memory_format("%s/faults.xml", folder);
    struct error error = {0};
    struct campaign *whole;

    (void)state;
    MUST(folder_make(folder, &error));
    choose(campaign, "cpu", "sprout");
    campaign->faults[0].parameters = memory_new(1, sizeof *campaign->faults[0].parameters);
    campaign->faults[0].parameters[0] =
        (struct parameter){.name = memory_string("cores"), .value = memory_string("1")};
    campaign->faults[0].parameter_count = 1;
    MUST(calibration_fragment_write(path, campaign, NULL, "results/x", &findings, &error));
    load_path = realpath(FOLDER "parts/load.xml", NULL);
    load = memory_format("<xi:include href=\"%s\"/>", load_path);
    whole = read_with(folder, load, "<xi:include href=\"faults.xml\"/>");
    free(load);
    free(load_path);
    assert_int_equal(whole->fault_count, 1);
    assert_string_equal(whole->faults[0].intensities[0].name, "high");
    assert_true(whole->faults[0].intensities[0].value == 88.5);
    assert_int_equal(whole->faults[0].parameter_count, 1);
    assert_string_equal(whole->faults[0].parameters[0].name, "cores");
    assert_string_equal(whole->faults[0].parameters[0].value, "1");
    campaign_free(whole);
    findings.items = &found[2];
    findings.count = 1;
    assert_int_equal(
        calibration_fragment_write(path, campaign, NULL, "results/x", &findings, &error), -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    campaign_free(campaign);
    MUST(folder_remove(folder, &error));
    free(path);
    free(folder);
}

static void a_fragment_that_cannot_be_written_is_told_beforehand(void **state)
{
    struct error error = {0};

    (void)state;
    assert_int_equal(calibration_fragment_check("/no/such/folder/x.xml", &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failures_and_loss_answer_different_questions),
        cmocka_unit_test(steps_at_one_value_are_taken_together),
        cmocka_unit_test(what_is_refused_more_often_than_not_is_beyond),
        cmocka_unit_test(the_generator_and_the_service_are_told_apart),
        cmocka_unit_test(only_what_can_be_searched_is_taken),
        cmocka_unit_test(a_step_is_one_experiment_with_its_fault),
        cmocka_unit_test(a_step_without_a_fault_is_at_its_rate),
        cmocka_unit_test(the_rate_is_a_load_that_a_campaign_takes_in),
        cmocka_unit_test(intensities_are_faults_that_hold_on_each_target),
        cmocka_unit_test(a_fragment_that_cannot_be_written_is_told_beforehand),
    };

    setenv("VNFAULT_DATA", ".", 1);
    return cmocka_run_group_tests_name("calibration", tests, NULL, NULL);
}
