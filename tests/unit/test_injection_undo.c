/* The end of an injection, whose steps say what a target may: that it took too long, that nobody
 * answers, that the fault was gone before anybody asked for it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/injection_record.h"
#include "runner/injection_undo.h"
#include "store/reader.h"
#include "store/store.h"
#include "tests/unit/store_scene.h"

/* How long undoing is tried after the end of the lease (docs/run.md). */
#define GRACE (10 * CLOCK_SECOND)

/* What revert does: it takes so long each time, fails so many times, and then tells when it was
 * gone. */
struct target {
    int64_t duration;
    int failures;
    int64_t instant;
    int reverts;
};

static int revert(void *state, struct injection_report *report, struct error *error)
{
    struct target *target = state;

    clock_sleep(target->duration);
    target->reverts++;
    report->instant = target->instant;
    return target->reverts > target->failures
               ? 0
               : error_set(error, ERROR_UNREACHABLE, "the step 'revert' did not end in time");
}

static int prove(void *state, struct injection_report *report, struct error *error)
{
    (void)state;
    (void)report;
    (void)error;
    return 0;
}

static const struct injection_means means = {.revert = revert, .prove = prove};

struct undoing {
    struct scene *scene;
    struct target target;
    struct session session;
    struct fault fault;
    struct intensity intensity;
    struct planned_step step;
    struct planned_injection planned;
    struct stop stop;
    struct injection_run run;
};

static int number; /* of the last injection: each has a token of its own */

/* An injection on this machine that has come to its end; undoing is tried for `patience` ns. */
static void begin(struct undoing *undoing, void **state, int64_t patience)
{
    struct injection_run *run = &undoing->run;
    struct scene *scene = *state;

    memset(undoing, 0, sizeof *undoing);
    undoing->scene = scene;
    undoing->fault.type = "cpu";
    undoing->intensity = (struct intensity){.name = "high", .value = 97, .unit = "%"};
    undoing->planned = (struct planned_injection){.fault = &undoing->fault,
                                                  .intensity = &undoing->intensity,
                                                  .steps = &undoing->step,
                                                  .step_count = 1};
    undoing->session.host = &access_this_machine;
    undoing->session.target_id = 1;
    pthread_mutex_init(&undoing->session.reconnecting, NULL);
    MUST(access_open(&access_this_machine, &undoing->session.access, &scene->error));
    MUST(stop_open(&undoing->stop, &scene->error));
    MUST(store_open(scene->folder, STORE_WRITE, &run->store, &scene->error));
    run->experiment_id = 1;
    run->planned = &undoing->planned;
    run->session = &undoing->session;
    run->lease = patience - GRACE;
    run->stop = &undoing->stop;
    run->means = &means;
    run->injection = &undoing->target;
    snprintf(run->token, sizeof run->token, "undoingtoken%d", ++number);
    MUST(injection_begin_record(run, &scene->error));
    run->start_commanded = clock_now() - 60 * CLOCK_SECOND;
}

static void end(struct undoing *undoing)
{
    struct scene *scene = undoing->scene;

    MUST(store_close(undoing->run.store, &scene->error));
    access_close(undoing->session.access);
    pthread_mutex_destroy(&undoing->session.reconnecting);
    stop_close(&undoing->stop);
}

static void test_what_is_undone_is_proven(void **state)
{
    struct undoing undoing;

    begin(&undoing, state, 60 * CLOCK_SECOND);
    undoing.target.instant = clock_now() + CLOCK_MILLISECOND;
    undoing.target.duration = 2 * CLOCK_MILLISECOND;
    injection_undo(&undoing.run);
    assert_true(undoing.run.proven);
    assert_string_equal(undoing.run.failure.what, "");
    assert_int_equal(undoing.target.reverts, 1);
    end(&undoing);
}

static void test_an_attempt_that_took_all_the_time_is_not_the_last(void **state)
{
    struct undoing undoing;

    begin(&undoing, state, 50 * CLOCK_MILLISECOND);
    undoing.target.duration = 100 * CLOCK_MILLISECOND;
    undoing.target.failures = 1;
    injection_undo(&undoing.run);
    assert_true(undoing.run.proven);
    assert_int_equal(undoing.run.failure.kind, ERROR_UNREACHABLE);
    assert_int_equal(undoing.target.reverts, 2);
    end(&undoing);
}

static void test_one_that_began_after_it_is(void **state)
{
    struct undoing undoing;

    begin(&undoing, state, 50 * CLOCK_MILLISECOND);
    undoing.target.duration = 100 * CLOCK_MILLISECOND;
    undoing.target.failures = 3;
    injection_undo(&undoing.run);
    assert_false(undoing.run.proven);
    assert_int_equal(undoing.target.reverts, 2);
    end(&undoing);
}

static void test_what_was_gone_before_its_end_was_commanded_did_not_hold(void **state)
{
    struct undoing undoing;

    begin(&undoing, state, 60 * CLOCK_SECOND);
    undoing.target.instant = clock_now() - 5 * CLOCK_SECOND;
    injection_undo(&undoing.run);
    assert_true(undoing.run.proven);
    assert_int_equal(undoing.run.failure.kind, ERROR_INCONCLUSIVE);
    assert_non_null(strstr(undoing.run.failure.what, "'gone' is 5"));
    end(&undoing);
}

/* A clock that tells no time: how far off the edge is on the runner's nobody knows then. */
static void test_an_edge_whose_clock_cant_be_measured_is_none(void **state)
{
    struct undoing undoing;
    struct scene *scene = *state;
    char *path = memory_string(getenv("PATH"));
    char *date = memory_format("%s/date", scene->folder);
    char *other = memory_format("%s:%s", scene->folder, path);
    FILE *file = fopen(date, "w");

    assert_non_null(file);
    fprintf(file, "#!/bin/sh\necho later\n");
    fclose(file);
    assert_int_equal(chmod(date, 0700), 0);
    begin(&undoing, state, 60 * CLOCK_SECOND);
    setenv("PATH", other, 1);
    injection_undo(&undoing.run);
    setenv("PATH", path, 1);
    assert_true(undoing.run.proven);
    assert_non_null(strstr(undoing.run.failure.what, "does not print nanoseconds"));
    end(&undoing);
    free(path);
    free(date);
    free(other);
}

static void test_of_what_failed_it_may_have_been(void **state)
{
    struct undoing undoing;

    begin(&undoing, state, 60 * CLOCK_SECOND);
    undoing.target.instant = clock_now() - 5 * CLOCK_SECOND;
    error_set(&undoing.run.failure, ERROR_UNREACHABLE, "the connection was lost");
    injection_undo(&undoing.run);
    assert_true(undoing.run.proven);
    assert_string_equal(undoing.run.failure.what, "the connection was lost");
    end(&undoing);
}

static int note_detail(const struct stored_injection *injection, void *context, struct error *error)
{
    (void)error;
    if (strncmp(injection->token, "undoingtoken", strlen("undoingtoken")) == 0)
        snprintf(context, 80, "%s", injection->detail);
    return 0;
}

static void check_early_end(void **state, int reason, const char *expected)
{
    struct undoing undoing;
    struct scene *scene = *state;
    char detail[80] = "";

    begin(&undoing, state, 60 * CLOCK_SECOND);
    stop_request(&undoing.stop, reason);
    injection_undo(&undoing.run);
    MUST(store_each_injection(undoing.run.store, note_detail, detail, &scene->error));
    assert_string_equal(detail, expected);
    end(&undoing);
}

static void test_who_ended_it_early_is_told(void **state)
{
    check_early_end(state, STOP_GROUP_FAILED, "ended early: another injection of its group failed");
    check_early_end(state, STOP_LOAD_FAILED, "ended early: the load failed");
    check_early_end(state, SIGTERM, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_undone_is_proven, scene_set_up,
                                        scene_tear_down),
        cmocka_unit_test_setup_teardown(test_an_attempt_that_took_all_the_time_is_not_the_last,
                                        scene_set_up, scene_tear_down),
        cmocka_unit_test_setup_teardown(test_one_that_began_after_it_is, scene_set_up,
                                        scene_tear_down),
        cmocka_unit_test_setup_teardown(
            test_what_was_gone_before_its_end_was_commanded_did_not_hold, scene_set_up,
            scene_tear_down),
        cmocka_unit_test_setup_teardown(test_an_edge_whose_clock_cant_be_measured_is_none,
                                        scene_set_up, scene_tear_down),
        cmocka_unit_test_setup_teardown(test_who_ended_it_early_is_told, scene_set_up,
                                        scene_tear_down),
        cmocka_unit_test_setup_teardown(test_of_what_failed_it_may_have_been, scene_set_up,
                                        scene_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
