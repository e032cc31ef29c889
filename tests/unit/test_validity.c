/* runner/validity: each reason that makes an experiment invalid, and none for a good one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/validity.h"

enum { SECONDS = 60, RATE = 100, INJECTION_AT = 25 };

/* One good experiment of 60 s at 100 calls/s with one target and one injection at 25 s. */
struct scene {
    char *callers[2];
    struct campaign campaign;
    struct plan plan;
    struct host host;
    struct session session;
    struct fault fault;
    struct planned_injection planned;
    struct injection_run injection;
    struct monitored_source source;
    struct monitor monitor;
    struct workload workload;
    struct watched_process process;
    struct service_watch services;
    struct evidence evidence;
};

static void add_sample(struct workload *workload, int64_t second, int64_t failed)
{
    struct store_service_sample *sample;

    workload->samples = memory_grow(workload->samples, workload->sample_count,
                                    &workload->sample_capacity, sizeof *workload->samples);
    sample = &workload->samples[workload->sample_count++];
    memset(sample, 0, sizeof *sample);
    sample->window_start_ns = second * CLOCK_SECOND;
    sample->time_ns = (second + 1) * CLOCK_SECOND;
    sample->load_host = "load";
    sample->calls_created = RATE;
    sample->calls_succeeded = RATE - failed;
    sample->calls_failed = failed;
}

static int set_up(void **state)
{
    struct scene *scene = memory_new(1, sizeof *scene);

    scene->callers[0] = (char *)"load";
    scene->callers[1] = (char *)"load2";
    scene->campaign.load = (struct load_plan){.callers = scene->callers,
                                              .caller_count = 1,
                                              .rate = RATE,
                                              .maximum_failure_share = 0.01,
                                              .minimum_rate_share = 0.95};
    scene->workload.plan = &scene->campaign.load;
    scene->plan = (struct plan){.campaign = &scene->campaign, .monitoring_period = CLOCK_SECOND};
    scene->host.name = (char *)"sprout";
    scene->session.host = &scene->host;
    scene->fault.type = (char *)"cpu";
    scene->planned.fault = &scene->fault;
    scene->injection.planned = &scene->planned;
    scene->injection.session = &scene->session;
    scene->injection.start_commanded = INJECTION_AT * CLOCK_SECOND;
    scene->injection.proven = true;
    scene->source.target = &scene->host;
    scene->source.taken = scene->source.observations = SECONDS + 1;
    scene->monitor.sources = &scene->source;
    scene->monitor.source_count = 1;
    scene->process =
        (struct watched_process){&scene->session, "kamailio", {17, 300, 0}, {17, 300, 0}};
    scene->services = (struct service_watch){&scene->process, 1};
    scene->workload.course = (struct load_course){.load = &scene->campaign.load, .scale = {1, 1}};
    pthread_mutex_init(&scene->workload.lock, NULL);
    for (int64_t second = 0; second < SECONDS; second++)
        add_sample(&scene->workload, second, second > INJECTION_AT && second < 40 ? 50 : 0);
    scene->evidence = (struct evidence){
        .plan = &scene->plan,
        .from = 0,
        .until = SECONDS * CLOCK_SECOND,
        .workload = &scene->workload,
        .monitor = &scene->monitor,
        .services = &scene->services,
        .injections = &scene->injection,
        .injection_count = 1,
    };
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    free(scene->workload.samples);
    pthread_mutex_destroy(&scene->workload.lock);
    free(scene);
    return 0;
}

static void assert_reason_and_note(struct scene *scene, const char *reason, const char *note)
{
    struct text reasons = {0};
    struct text notes = {0};

    validity_judge(&scene->evidence, &reasons, &notes);
    assert_string_equal(text_string(&reasons), reason);
    assert_string_equal(text_string(&notes), note);
    text_free(&reasons);
    text_free(&notes);
}

static void assert_reason(struct scene *scene, const char *expected)
{
    assert_reason_and_note(scene, expected, "");
}

static void failures_during_the_fault_are_valid(void **state)
{
    assert_reason(*state, "");
}

static void nominal_failures_over_the_bound_are_invalid(void **state)
{
    struct scene *scene = *state;

    scene->workload.samples[3].calls_failed = 30;
    scene->workload.samples[3].calls_succeeded = 70;
    assert_reason(scene, "1.20% of nominal calls failed, allowed are 1.00%");
}

static void a_service_that_does_not_recover_is_invalid(void **state)
{
    struct scene *scene = *state;

    /* The cool-down ends at 45 s; the second half of the rest begins at 52.5 s. */
    scene->injection.gone = 40 * CLOCK_SECOND;
    scene->plan.timeline.cool_down = 5 * CLOCK_SECOND;
    for (size_t i = 45; i < 50; i++) {
        scene->workload.samples[i].calls_failed = 50;
        scene->workload.samples[i].calls_succeeded = 50;
    }
    assert_reason(scene, "");
    scene->workload.samples[58].calls_failed = 40;
    scene->workload.samples[58].calls_succeeded = 60;
    assert_reason(scene, "the service did not recover: 5.71% of calls after the cool-down failed, "
                         "allowed are 1.00%");
}

static void a_rate_not_reached_is_invalid(void **state)
{
    struct scene *scene = *state;

    for (size_t i = 0; i < scene->workload.sample_count; i++)
        scene->workload.samples[i].calls_created = 90;
    assert_reason(scene, "load reached 90.0 of 100.0 calls/s");
}

static void a_load_without_samples_is_invalid(void **state)
{
    struct scene *scene = *state;

    scene->workload.sample_count = 0;
    assert_reason(scene, "load reached 0.0 of 100.0 calls/s");
}

/* No evidence is no good evidence. */
static void calls_that_never_end_are_invalid(void **state)
{
    struct scene *scene = *state;

    for (int64_t second = 0; second < INJECTION_AT; second++)
        scene->workload.samples[second].calls_succeeded = 0;
    assert_reason(scene, "no nominal calls ended");
    scene->injection.gone = 40 * CLOCK_SECOND;
    for (int64_t second = 0; second < SECONDS; second++)
        scene->workload.samples[second].calls_succeeded = second < 40 ? RATE : 0;
    assert_reason(scene, "the service did not recover: no calls after the cool-down ended");
    scene->workload.sample_count = 40;
    assert_reason(scene, "the service did not recover: no calls after the cool-down ended");
}

/* The load's figures are of a second: none may lie whole in what is left. */
static void a_time_without_a_whole_window_is_too_short(void **state)
{
    struct scene *scene = *state;

    scene->plan.monitoring_period = CLOCK_SECOND / 4;
    scene->injection.gone = 40 * CLOCK_SECOND;
    scene->plan.timeline.cool_down = 18500 * CLOCK_MILLISECOND;
    scene->workload.sample_count = 59;
    assert_reason(scene,
                  "1.5 s of calls after the cool-down are too short to judge the service by");
}

/* Of 61 observations those of so many seconds are missing, from the one after `from`. */
static void lose(struct scene *scene, struct monitoring_gap *gap, int64_t from, size_t lost)
{
    *gap = (struct monitoring_gap){from * CLOCK_SECOND, (from + (int64_t)lost + 1) * CLOCK_SECOND,
                                   lost};
    scene->source.gaps = gap;
    scene->source.gap_count = 1;
    scene->source.taken = scene->source.observations = SECONDS + 1 - lost;
}

static void a_small_gap_in_monitoring_is_noted(void **state)
{
    struct scene *scene = *state;
    struct monitoring_gap gap;

    lose(scene, &gap, 40, 3);
    error_set(&scene->source.failure, ERROR_INCONCLUSIVE, "an observation was 1.2 s late");
    assert_reason_and_note(scene, "",
                           "monitoring of sprout: 3 of 61 observations are missing; the next after "
                           "them are labelled invalid (an observation was 1.2 s late)");
}

static void a_large_gap_in_monitoring_is_invalid(void **state)
{
    struct scene *scene = *state;
    struct monitoring_gap gap;

    lose(scene, &gap, 40, 4);
    assert_reason(scene, "monitoring of sprout: 4 of 61 observations are missing");
    lose(scene, &gap, -1, SECONDS + 1);
    assert_reason(scene, "monitoring of sprout: 61 of 61 observations are missing");
    scene->source.gap_count = 0;
    assert_reason(scene, "monitoring of sprout: 0 of 0 observations are missing");
}

static void monitoring_that_missed_a_fault_is_invalid(void **state)
{
    struct scene *scene = *state;
    struct monitoring_gap gap;

    lose(scene, &gap, 26, 2);
    scene->injection.gone = (INJECTION_AT + 5) * CLOCK_SECOND;
    assert_reason(scene, "monitoring of sprout: 2 of 61 observations are missing, most of a fault "
                         "among them");
    scene->injection.gone = (INJECTION_AT + 7) * CLOCK_SECOND;
    assert_reason_and_note(scene, "",
                           "monitoring of sprout: 2 of 61 observations are missing; the next after "
                           "them are labelled invalid");
}

static void observations_that_were_not_written_are_invalid(void **state)
{
    struct scene *scene = *state;

    scene->source.observations -= 2;
    error_set(&scene->source.failure, ERROR_INTERNAL, "disk full");
    assert_reason(scene, "monitoring of sprout: 2 of 61 observations could not be written "
                         "(disk full)");
}

static void a_target_that_a_fault_has_away_has_no_gap(void **state)
{
    struct scene *scene = *state;
    struct monitoring_gap gap;
    struct host other = {.name = (char *)"bono"};

    lose(scene, &gap, 25, 4);
    scene->injection.gone = 29 * CLOCK_SECOND;
    assert_reason(scene, "monitoring of sprout: 4 of 61 observations are missing");
    scene->injection.left = 25500 * CLOCK_MILLISECOND;
    assert_reason(scene, "");
    lose(scene, &gap, 26, 4);
    assert_reason(scene, "monitoring of sprout: 4 of 61 observations are missing");
    lose(scene, &gap, 23, 4);
    assert_reason(scene, "monitoring of sprout: 4 of 61 observations are missing");
    lose(scene, &gap, 25, 4);
    scene->source.target = &other;
    assert_reason(scene, "monitoring of bono: 4 of 61 observations are missing");
}

static void a_phantom_fault_is_invalid(void **state)
{
    struct scene *scene = *state;

    error_set(&scene->injection.failure, ERROR_INCONCLUSIVE,
              "phantom fault: cpu did not take hold");
    assert_reason(scene, "cpu on sprout: phantom fault: cpu did not take hold");
}

static void a_fault_not_proven_gone_is_invalid(void **state)
{
    struct scene *scene = *state;

    scene->injection.proven = false;
    assert_reason(scene, "cpu on sprout: not proven gone");
}

static void a_load_that_died_is_the_only_reason(void **state)
{
    struct scene *scene = *state;

    error_set(&scene->workload.failure, ERROR_INCONCLUSIVE, "SIPp ended by signal 9");
    scene->source.observations = 10;
    assert_reason(scene, "load: SIPp ended by signal 9");
}

/* Started again at that second on the runner's clock, which is five behind the target's. */
static void start_again(struct scene *scene, int64_t second)
{
    scene->session.clock.offset = 5 * CLOCK_SECOND;
    scene->process.after = (struct service_process){99, 3000, (second + 5) * CLOCK_SECOND};
}

static void a_service_that_ends_outside_of_a_fault_is_invalid(void **state)
{
    struct scene *scene = *state;

    scene->plan.timeline.cool_down = 5 * CLOCK_SECOND;
    scene->injection.gone = 40 * CLOCK_SECOND;
    start_again(scene, 24);
    assert_reason(scene,
                  "kamailio on sprout ended outside of a fault and was started again at 24.0 s");
    start_again(scene, 46);
    assert_reason(scene,
                  "kamailio on sprout ended outside of a fault and was started again at 46.0 s");
    scene->process.after.number = 0;
    assert_reason(scene, "kamailio on sprout ended and does not run");
}

static void a_service_that_ends_within_a_fault_is_noted(void **state)
{
    struct scene *scene = *state;

    scene->plan.timeline.cool_down = 5 * CLOCK_SECOND;
    scene->injection.gone = 40 * CLOCK_SECOND;
    start_again(scene, 30);
    assert_reason_and_note(
        scene, "", "kamailio on sprout ended within a fault and was started again at 30.0 s");
    start_again(scene, 44);
    assert_reason_and_note(
        scene, "", "kamailio on sprout ended within a fault and was started again at 44.0 s");
    /* A new process may have the number of the old one. */
    scene->process.after.number = scene->process.before.number;
    assert_reason_and_note(
        scene, "", "kamailio on sprout ended within a fault and was started again at 44.0 s");
}

static void set_rate(struct scene *scene, int64_t from, int64_t until, int64_t calls)
{
    for (int64_t second = from; second < until; second++)
        scene->workload.samples[second].calls_created = calls;
}

static void a_rate_under_a_fault_in_the_load_says_nothing(void **state)
{
    struct scene *scene = *state;

    scene->fault.in_load = true;
    scene->injection.gone = 40 * CLOCK_SECOND;
    set_rate(scene, INJECTION_AT, 40, RATE / 2);
    assert_reason(scene, "");
    set_rate(scene, INJECTION_AT, 40, INT64_C(3) * RATE);
    assert_reason(scene, "");
    /* Nor do its calls make up for those missing before and after it. */
    set_rate(scene, 0, INJECTION_AT, RATE / 2);
    assert_reason(scene, "load reached 72.2 of 100.0 calls/s");
    /* Where it is in all the time there is nothing to judge by. */
    scene->injection.start_commanded = 1;
    scene->injection.gone = 0;
    set_rate(scene, 0, SECONDS, RATE / 2);
    scene->workload.samples[0].window_start_ns = 1;
    assert_reason(scene, "");
}

int main(void)
{
#define VALIDITY_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        VALIDITY_TEST(failures_during_the_fault_are_valid),
        VALIDITY_TEST(nominal_failures_over_the_bound_are_invalid),
        VALIDITY_TEST(a_service_that_does_not_recover_is_invalid),
        VALIDITY_TEST(a_rate_not_reached_is_invalid),
        VALIDITY_TEST(a_rate_under_a_fault_in_the_load_says_nothing),
        VALIDITY_TEST(a_load_without_samples_is_invalid),
        VALIDITY_TEST(calls_that_never_end_are_invalid),
        VALIDITY_TEST(a_time_without_a_whole_window_is_too_short),
        VALIDITY_TEST(a_small_gap_in_monitoring_is_noted),
        VALIDITY_TEST(a_large_gap_in_monitoring_is_invalid),
        VALIDITY_TEST(monitoring_that_missed_a_fault_is_invalid),
        VALIDITY_TEST(observations_that_were_not_written_are_invalid),
        VALIDITY_TEST(a_target_that_a_fault_has_away_has_no_gap),
        VALIDITY_TEST(a_phantom_fault_is_invalid),
        VALIDITY_TEST(a_fault_not_proven_gone_is_invalid),
        VALIDITY_TEST(a_load_that_died_is_the_only_reason),
        VALIDITY_TEST(a_service_that_ends_outside_of_a_fault_is_invalid),
        VALIDITY_TEST(a_service_that_ends_within_a_fault_is_noted),
    };

    return cmocka_run_group_tests_name("validity", tests, NULL, NULL);
}
