/* The faults in the load: how they are declared, and the steps of overload with a load that obeys,
 * one that doesn't and one that can't. */
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
#include "runner/injector.h"
#include "runner/load_fault.h"
#include "runner/load_profile.h"

enum { RATE = 20, SECONDS = 12 };

/* A load whose windows are known for the next seconds as soon as it is told of a rate. */
struct scene {
    char *names[2];
    struct workload workload;
    struct load_driver driver;
    struct load_plan plan;
    struct clock_offset clock;
    const struct injection_means *means;
    void *injection;
    bool obeys;
    double most; /* calls per second that it can make */
    double told;
    struct injection_report report;
    struct error error;
};

/* Of the first caller or the second, which is half a second behind. */
static void add_samples(struct scene *scene, size_t caller, int64_t now, double rate)
{
    for (int64_t i = 0; i < SECONDS; i++) {
        int64_t end = now + i * CLOCK_SECOND + 1 + (int64_t)caller * CLOCK_SECOND / 2;

        scene->workload.samples[scene->workload.sample_count++] = (struct store_service_sample){
            .load_host = scene->names[caller],
            .window_start_ns = end - CLOCK_SECOND,
            .time_ns = end,
            .offered_rate = rate,
            .calls_created = (int64_t)fmin(rate, scene->most / (double)scene->plan.caller_count),
        };
    }
}

static int set_rate(void *state, double rate, struct error *error)
{
    struct scene *scene = state;
    double goes_by = scene->obeys ? rate : RATE;
    int64_t now = clock_now();

    (void)error;
    scene->told = rate;
    scene->workload.sample_count = 0;
    for (size_t caller = 0; caller < scene->plan.caller_count; caller++)
        add_samples(scene, caller, now, goes_by / (double)scene->plan.caller_count);
    return 0;
}

static int set_up(void **state)
{
    struct scene *scene = memory_new(1, sizeof *scene);
    struct injection_setting setting = {.request = {.value = 150}};

    scene->obeys = true;
    scene->most = 1000;
    scene->names[0] = (char *)"one";
    scene->names[1] = (char *)"two";
    scene->plan = (struct load_plan){
        .callers = scene->names, .caller_count = 1, .rate = RATE, .minimum_rate_share = 0.95};
    scene->workload.plan = &scene->plan;
    scene->driver.set_rate = set_rate;
    scene->clock.offset = 5 * CLOCK_SECOND;
    scene->workload.driver = &scene->driver;
    scene->workload.state = scene;
    scene->workload.samples = memory_new((size_t)2 * SECONDS, sizeof *scene->workload.samples);
    scene->workload.course = (struct load_course){.load = &scene->plan, .scale = {1, 1}};
    scene->workload.factor = 1;
    pthread_mutex_init(&scene->workload.lock, NULL);
    pthread_mutex_init(&scene->workload.rate_lock, NULL);
    setting.load = &scene->plan;
    setting.workload = &scene->workload;
    setting.clock = &scene->clock;
    scene->means = load_fault_find("overload")->means;
    scene->injection = scene->means->open(&setting);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    scene->means->close(scene->injection);
    pthread_mutex_destroy(&scene->workload.lock);
    pthread_mutex_destroy(&scene->workload.rate_lock);
    free(scene->workload.samples);
    free(scene);
    return 0;
}

static void take(struct scene *scene, injection_step *step)
{
    assert_int_equal(step(scene->injection, &scene->report, &scene->error), 0);
}

static void a_load_that_obeys_is_overloaded_and_goes_back(void **state)
{
    struct scene *scene = *state;
    int64_t before = clock_now() + scene->clock.offset;

    take(scene, scene->means->arm);
    take(scene, scene->means->apply);
    assert_true(scene->told == 30);
    /* On the load host's clock, and not before the load goes by the rate. */
    assert_true(scene->report.instant > before);
    take(scene, scene->means->verify);
    assert_true(scene->report.took_hold);
    assert_true(scene->report.achieved == 150);
    assert_string_equal(scene->report.measurements[0].name, "call-rate");
    assert_true(scene->report.measurements[0].value == 30);
    scene->means->set_level(scene->injection, 300);
    take(scene, scene->means->change);
    assert_true(scene->told == 60);
    take(scene, scene->means->verify);
    assert_true(scene->report.took_hold);
    assert_true(scene->report.achieved == 300);
    take(scene, scene->means->hold);
    assert_true(scene->report.took_hold);
    assert_int_equal(scene->means->prove(scene->injection, &scene->report, &scene->error), -1);
    assert_int_equal(scene->error.kind, ERROR_NOT_CLEAN);
    take(scene, scene->means->revert);
    assert_true(scene->told == RATE);
    take(scene, scene->means->prove);
}

/* The campaign's rate is at its peak in the profile, and at a half from the start. */
static void a_load_profile_is_multiplied(void **state)
{
    struct scene *scene = *state;
    struct profile_point points[] = {{0, 0.5}, {INT64_C(43200) * CLOCK_SECOND, 0.5}};
    struct load_profile profile = {
        .points = points, .count = 2, .period = INT64_C(86400) * CLOCK_SECOND};

    scene->plan.profile = &profile;
    scene->workload.course.origin = clock_now();
    take(scene, scene->means->apply);
    assert_true(scene->told == 15);
    take(scene, scene->means->verify);
    assert_true(scene->report.took_hold);
    assert_true(scene->report.achieved == 150);
    take(scene, scene->means->revert);
    assert_true(scene->told == 10);
    take(scene, scene->means->prove);
}

static void a_load_that_can_not_make_the_calls_is_a_phantom(void **state)
{
    struct scene *scene = *state;

    scene->most = 25;
    take(scene, scene->means->apply);
    take(scene, scene->means->verify);
    assert_false(scene->report.took_hold);
    assert_true(scene->report.achieved == 125);
    assert_string_equal(scene->report.detail,
                        "the load made 25.0 calls/s where 30.0 were asked for");
}

static void a_load_that_stays_at_its_rate_is_a_phantom(void **state)
{
    struct scene *scene = *state;

    scene->obeys = false;
    take(scene, scene->means->apply);
    take(scene, scene->means->verify);
    assert_false(scene->report.took_hold);
    assert_true(scene->report.achieved == 100);
}

static void a_load_that_slackens_does_not_hold(void **state)
{
    struct scene *scene = *state;

    take(scene, scene->means->apply);
    take(scene, scene->means->verify);
    for (size_t i = 4; i < SECONDS; i++)
        scene->workload.samples[i].calls_created = 10;
    take(scene, scene->means->hold);
    assert_false(scene->report.took_hold);
}

static void a_load_that_is_over_needs_no_undoing(void **state)
{
    struct scene *scene = *state;

    take(scene, scene->means->apply);
    scene->told = 0;
    scene->workload.over = true;
    take(scene, scene->means->revert);
    take(scene, scene->means->prove);
    assert_true(scene->told == 0);
}

static void one_that_was_never_applied_needs_none(void **state)
{
    struct scene *scene = *state;

    take(scene, scene->means->arm);
    take(scene, scene->means->hold);
    take(scene, scene->means->revert);
    take(scene, scene->means->prove);
    assert_true(scene->told == 0);
}

/* To a campaign they are fault types like all others. */
static void they_are_among_the_fault_types(void **state)
{
    struct injector_table table;
    struct error error = {0};
    size_t count;
    const struct load_fault *const *faults = load_fault_all(&count);

    (void)state;
    assert_int_equal(injector_table_read(&table, &error), 0);
    for (size_t i = 0; i < count; i++) {
        const struct injector *injector = injector_find(&table, faults[i]->name);

        assert_non_null(injector);
        assert_ptr_equal(injector->load_fault, faults[i]);
        assert_true(injector->has_range);
    }
    assert_null(injector_find(&table, "cpu")->load_fault);
    injector_table_free(&table);
}

static void several_callers_are_one_load(void **state)
{
    struct scene *scene = *state;
    struct injection_report report;
    struct error error = {0};
    double rate = 0;

    scene->plan.caller_count = 2;
    assert_int_equal(scene->means->apply(scene->injection, &report, &error), 0);
    assert_int_equal(scene->means->verify(scene->injection, &report, &error), 0);
    assert_true(report.took_hold);
    assert_true(fabs(report.achieved - 150) < 5);
    assert_true(workload_factor(&scene->workload) == scene->told / RATE);
    /* It goes by the rate once both do. */
    assert_int_equal(workload_factor_since(&scene->workload, scene->told / RATE, 1),
                     scene->workload.samples[SECONDS].time_ns);
    scene->workload.samples[SECONDS + 2].calls_created -= 10;
    assert_string_equal(workload_slowest(&scene->workload, 0, INT64_MAX, &rate), "two");
    assert_true(rate > 0 && rate < scene->told / 2);
    scene->workload.sample_count = SECONDS;
    assert_int_equal(workload_factor_since(&scene->workload, scene->told / RATE, 1), 0);
}

static void messages_are_dropped_where_their_side_is(void **state)
{
    const struct load_fault *drop = load_fault_find("message-drop");
    char *hosts[] = {(char *)"one", (char *)"two"};
    const struct load_plan load = {.callers = &hosts[0], .callees = &hosts[1]};
    struct parameter parameters[] = {{(char *)"direction", (char *)"in"},
                                     {(char *)"side", (char *)"callee"}};
    struct fault fault = {.parameters = parameters, .parameter_count = 1};

    (void)state;
    assert_string_equal(drop->host(&load, &fault), "one");
    fault.parameter_count = 2;
    assert_string_equal(drop->host(&load, &fault), "two");
    parameters[1].value = (char *)"caller";
    assert_string_equal(drop->host(&load, &fault), "one");
}

static void messages_are_packets_over_udp_only(void **state)
{
    const struct load_fault *drop = load_fault_find("message-drop");
    struct load_plan load = {.transport = (char *)"udp"};
    struct error error = {0};

    (void)state;
    assert_int_equal(drop->check(&load, &error), 0);
    load.transport = (char *)"tcp";
    assert_int_equal(drop->check(&load, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.what, "over tcp"));
    load = (struct load_plan){.transport = (char *)"udp", .caller_count = 2};
    assert_int_equal(drop->check(&load, &error), -1);
    assert_non_null(strstr(error.what, "several load hosts"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_load_that_obeys_is_overloaded_and_goes_back),
        CASE(a_load_profile_is_multiplied),
        CASE(a_load_that_can_not_make_the_calls_is_a_phantom),
        CASE(a_load_that_stays_at_its_rate_is_a_phantom),
        CASE(a_load_that_slackens_does_not_hold),
        CASE(a_load_that_is_over_needs_no_undoing),
        CASE(one_that_was_never_applied_needs_none),
        CASE(several_callers_are_one_load),
        cmocka_unit_test(messages_are_dropped_where_their_side_is),
        cmocka_unit_test(messages_are_packets_over_udp_only),
        cmocka_unit_test(they_are_among_the_fault_types),
    };

    setenv("VNFAULT_DATA", ".", 1);
    unsetenv("VNFAULT_INJECTORS");
    return cmocka_run_group_tests_name("load fault", tests, NULL, NULL);
}
