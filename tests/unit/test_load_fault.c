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

enum { RATE = 20, SECONDS = 12 };

/* A load whose windows are known for the next seconds as soon as it is told of a rate. */
struct scene {
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

static int set_rate(void *state, double rate, struct error *error)
{
    struct scene *scene = state;
    double goes_by = scene->obeys ? rate : RATE;
    int64_t now = clock_now();

    (void)error;
    scene->told = rate;
    scene->workload.sample_count = 0;
    for (int64_t i = 0; i < SECONDS; i++) {
        struct store_service_sample *sample = &scene->workload.samples[i];

        *sample = (struct store_service_sample){
            .window_start_ns = now + (i - 1) * CLOCK_SECOND + 1,
            .time_ns = now + i * CLOCK_SECOND + 1,
            .offered_rate = goes_by,
            .calls_created = (int64_t)fmin(goes_by, scene->most),
        };
        scene->workload.sample_count++;
    }
    return 0;
}

static int set_up(void **state)
{
    struct scene *scene = memory_new(1, sizeof *scene);
    struct injection_setting setting = {.request = {.value = 150}};

    scene->obeys = true;
    scene->most = 1000;
    scene->plan = (struct load_plan){.rate = RATE, .minimum_rate_share = 0.95};
    scene->driver.set_rate = set_rate;
    scene->clock.offset = 5 * CLOCK_SECOND;
    scene->workload.driver = &scene->driver;
    scene->workload.state = scene;
    scene->workload.samples = memory_new(SECONDS, sizeof *scene->workload.samples);
    pthread_mutex_init(&scene->workload.lock, NULL);
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

static void messages_are_dropped_where_their_side_is(void **state)
{
    const struct load_fault *drop = load_fault_find("message-drop");
    const struct load_plan load = {.caller = (char *)"one", .callee = (char *)"two"};
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
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_load_that_obeys_is_overloaded_and_goes_back),
        CASE(a_load_that_can_not_make_the_calls_is_a_phantom),
        CASE(a_load_that_stays_at_its_rate_is_a_phantom),
        CASE(a_load_that_slackens_does_not_hold),
        CASE(a_load_that_is_over_needs_no_undoing),
        CASE(one_that_was_never_applied_needs_none),
        cmocka_unit_test(messages_are_dropped_where_their_side_is),
        cmocka_unit_test(messages_are_packets_over_udp_only),
        cmocka_unit_test(they_are_among_the_fault_types),
    };

    setenv("VNFAULT_DATA", ".", 1);
    unsetenv("VNFAULT_INJECTORS");
    return cmocka_run_group_tests_name("load fault", tests, NULL, NULL);
}
