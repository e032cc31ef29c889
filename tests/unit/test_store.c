/* store/: what is written is read back; resume; threads; journal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/database.h"
#include "store/reader.h"
#include "store/writer.h"
#include "tests/unit/fixture_run.h"

struct scene {
    char *folder;
    struct store *store;
    struct error error;
};

#define MUST(call) must((call), &scene->error)

static void must(int result, const struct error *error)
{
    if (result != 0)
        fail_msg("%s: %s", error->where, error->what);
}

static int set_up(void **state)
{
    struct scene *scene = memory_new(1, sizeof *scene);

    scene->folder = fixture_folder();
    MUST(store_create(scene->folder, &scene->store, &scene->error));
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    MUST(store_close(scene->store, &scene->error));
    MUST(folder_remove(scene->folder, &scene->error));
    free(scene->folder);
    free(scene);
    return 0;
}

static const struct store_run example_run = {
    .name = "demo",
    .campaign_path = "campaigns/demo.xml",
    .campaign_xml = "<campaign name='\xC3\xA9'/>",
    .testbed_path = "lab.xml",
    .testbed_xml = "<testbed/>",
    .time_scale = "1/15",
    .monitoring_period_ns = 1000000000,
    .cool_down_ns = 2000000000,
    .faults = true,
    .version = "0.1.0",
    .started_ns = 12345,
};

static int64_t scalar(struct scene *scene, const char *sql)
{
    sqlite3_stmt *statement;
    int64_t value;

    assert_int_equal(sqlite3_prepare_v2(scene->store->database, sql, -1, &statement, NULL), 0);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* A run with one target and a running experiment; returns the experiment's id. */
static int64_t begin(struct scene *scene, int64_t cell, int64_t *target)
{
    struct store_experiment experiment = {cell, "cpu-high-sprout-1", "cpu", "high", 0, 1, 1000};
    int64_t id;

    MUST(store_put_target(scene->store, "sprout", "S-CSCF", "198.18.0.3", target, &scene->error));
    experiment.target_id = *target;
    MUST(store_begin_experiment(scene->store, &experiment, &id, &scene->error));
    return id;
}

static void run_is_read_back(void **state)
{
    struct scene *scene = *state;
    struct stored_run run;

    assert_int_equal(store_read_run(scene->store, &run, &scene->error), -1);
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    MUST(store_put_run(scene->store, &example_run, &scene->error));
    MUST(store_read_run(scene->store, &run, &scene->error));
    assert_string_equal(run.name, "demo");
    assert_string_equal(run.campaign_xml, example_run.campaign_xml);
    assert_string_equal(run.time_scale, "1/15");
    assert_string_equal(run.state, "running");
    assert_int_equal(run.cool_down_ns, 2000000000);
    assert_int_equal(run.ended_ns, 0);
    assert_true(run.faults);
    stored_run_free(&run);
    MUST(store_set_run_state(scene->store, "complete", 99, &scene->error));
    MUST(store_read_run(scene->store, &run, &scene->error));
    assert_string_equal(run.state, "complete");
    assert_int_equal(run.ended_ns, 99);
    stored_run_free(&run);
    assert_int_equal(store_set_run_state(scene->store, "dreaming", 0, &scene->error), -1);
}

static int join_fact(const char *subject, const char *name, const char *value, void *context,
                     struct error *error)
{
    (void)error;
    text_appendf(context, "%s/%s=%s;", subject, name, value);
    return 0;
}

static void later_fact_takes_the_place(void **state)
{
    struct scene *scene = *state;
    struct text facts = {0};

    MUST(store_put_fact(scene->store, "runner", "kernel", "6.0", &scene->error));
    MUST(store_put_fact(scene->store, "load", "sipp", "3.6.1", &scene->error));
    MUST(store_put_fact(scene->store, "runner", "kernel", "6.1", &scene->error));
    MUST(store_each_fact(scene->store, join_fact, &facts, &scene->error));
    assert_string_equal(text_string(&facts), "load/sipp=3.6.1;runner/kernel=6.1;");
    text_free(&facts);
}

static void target_and_metric_set_keep_their_ids(void **state)
{
    struct scene *scene = *state;
    struct store_metric metrics[] = {{"a", true, "cpu", "virtual", "ns"},
                                     {"b", false, "memory", "virtual", "bytes"}};
    int64_t first;
    int64_t second;
    int64_t target;

    MUST(store_put_target(scene->store, "bono", "", "198.18.0.2", &first, &scene->error));
    MUST(store_put_target(scene->store, "sprout", "", "198.18.0.3", &second, &scene->error));
    MUST(store_put_target(scene->store, "bono", "P-CSCF", "198.18.0.2", &target, &scene->error));
    assert_int_equal(target, first);
    assert_int_not_equal(second, first);
    MUST(store_put_metric_set(scene->store, target, "cgroup", metrics, 2, &first, &scene->error));
    MUST(store_put_metric_set(scene->store, target, "cgroup", metrics, 2, &second, &scene->error));
    assert_int_equal(first, second);
    MUST(store_put_metric_set(scene->store, target, "cgroup", metrics, 1, &second, &scene->error));
    assert_int_not_equal(first, second);
    metrics[1].counter = true;
    MUST(store_put_metric_set(scene->store, target, "cgroup", metrics, 2, &second, &scene->error));
    assert_int_not_equal(first, second);
    assert_int_equal(scalar(scene, "SELECT count(*) FROM metric_set"), 3);
}

static int join_experiment(const struct stored_experiment *experiment, void *context,
                           struct error *error)
{
    (void)error;
    text_appendf(context, "%d.%d %s %s %s %s %s;", (int)experiment->cell, (int)experiment->attempt,
                 experiment->target != NULL ? experiment->target : "-", experiment->state,
                 experiment->verdict != NULL ? experiment->verdict : "-",
                 experiment->reason != NULL ? experiment->reason : "-",
                 experiment->note != NULL ? experiment->note : "-");
    return 0;
}

static void torn_cell_is_tried_again(void **state)
{
    struct scene *scene = *state;
    struct text rows = {0};
    int64_t target;
    int64_t experiment;
    bool done;

    experiment = begin(scene, 0, &target);
    MUST(store_end_experiment(scene->store, experiment, 2000, NULL, "a note", &scene->error));
    begin(scene, 1, &target);
    MUST(store_tear_experiments(scene->store, 3000, "the runner died", &scene->error));
    MUST(store_cell_done(scene->store, 0, true, &done, &scene->error));
    assert_true(done);
    MUST(store_cell_done(scene->store, 1, false, &done, &scene->error));
    assert_false(done);
    MUST(store_each_experiment(scene->store, join_experiment, &rows, &scene->error));
    assert_string_equal(text_string(&rows),
                        "0.1 sprout done valid - a note;1.1 sprout torn - the runner died -;");
    text_clear(&rows);
    experiment = begin(scene, 1, &target);
    MUST(
        store_end_experiment(scene->store, experiment, 4000, "phantom fault", NULL, &scene->error));
    MUST(store_cell_done(scene->store, 1, false, &done, &scene->error));
    assert_true(done);
    MUST(store_cell_done(scene->store, 1, true, &done, &scene->error));
    assert_false(done);
    MUST(store_each_experiment(scene->store, join_experiment, &rows, &scene->error));
    assert_string_equal(text_string(&rows),
                        "0.1 sprout done valid - a note;1.2 sprout done invalid phantom fault -;");
    text_free(&rows);
    /* A repetition that was torn hides the attempt before it: the cell isn't done. */
    begin(scene, 1, &target);
    MUST(store_tear_experiments(scene->store, 5000, "interrupted", &scene->error));
    MUST(store_cell_done(scene->store, 1, false, &done, &scene->error));
    assert_false(done);
}

static int copy_injection(const struct stored_injection *injection, void *context,
                          struct error *error)
{
    (void)error;
    *(struct stored_injection *)context = *injection;
    assert_string_equal(injection->target, "sprout");
    assert_string_equal(injection->mechanism, "stress-ng");
    assert_string_equal(injection->state, "verified");
    assert_string_equal(injection->detail, "96.5 %");
    return 0;
}

static void injection_is_read_with_its_edges(void **state)
{
    struct scene *scene = *state;
    struct store_edge start = {"start-commanded", 110, 100, 10, 3};
    struct store_edge applied = {"applied", 210, 200, 10, 7};
    struct stored_injection injection;
    int64_t target;
    int64_t id;

    struct store_injection row = {
        begin(scene, 0, &target), target, "token123", "cpu", "high", 97, "%", 30};
    MUST(store_begin_injection(scene->store, &row, &id, &scene->error));
    MUST(store_put_edge(scene->store, id, &start, &scene->error));
    MUST(store_put_edge(scene->store, id, &applied, &scene->error));
    MUST(store_set_injection_mechanism(scene->store, id, "stress-ng", &scene->error));
    MUST(store_set_injection_achieved(scene->store, id, 96.5, false, "96.5 %", &scene->error));
    MUST(store_set_injection_state(scene->store, id, "verified", NULL, &scene->error));
    MUST(store_put_measurement(scene->store, id, "verify", "share", 96.5, "%", &scene->error));
    MUST(store_put_clock_offset(scene->store, "sprout", 100, 10, 3, &scene->error));
    MUST(store_each_injection(scene->store, copy_injection, &injection, &scene->error));
    assert_true(injection.achieved == 96.5);
    assert_int_equal(injection.start_commanded_ns, 100);
    assert_int_equal(injection.applied_ns, 200);
    assert_int_equal(injection.gone_ns, 0);
    assert_int_equal(injection.edge_error_ns, 7);
    MUST(store_set_injection_achieved(scene->store, id, (double)NAN, true, NULL, &scene->error));
    MUST(store_each_injection(scene->store, copy_injection, &injection, &scene->error));
    assert_true(isnan(injection.achieved));
    assert_true(injection.phantom);
    assert_int_equal(store_set_injection_state(scene->store, 77, "armed", NULL, &scene->error), -1);
    assert_non_null(strstr(scene->error.what, "no injection 77"));
}

static int check_sample(const struct store_service_sample *sample, void *context,
                        struct error *error)
{
    (void)error;
    *(int *)context += 1;
    assert_string_equal(sample->load_host, "load");
    assert_int_equal(sample->calls_failed, 2);
    assert_int_equal(sample->failure_count, 2);
    assert_string_equal(sample->failures[1].name, "unexpected-message");
    assert_int_equal(sample->response_count, 1);
    assert_int_equal(sample->responses[0].mean_ns, 4000000);
    assert_int_equal(sample->responses[0].deviation_ns, -1);
    assert_int_equal(sample->media_count, 2);
    assert_string_equal(sample->media[1].name, "rtp-sent");
    assert_int_equal(sample->media[1].count, 7500);
    return 0;
}

static void service_sample_is_read_back_whole(void **state)
{
    struct scene *scene = *state;
    struct store_service_count failures[] = {{"timeout", 1}, {"unexpected-message", 1}};
    struct store_service_response responses[] = {{"call", 4000000, -1}};
    struct store_service_count media[] = {{"rtp-sent", 7500}, {"rtp-echoed", 0}};
    int64_t target;
    struct store_service_sample sample = {begin(scene, 0, &target),
                                          "load",
                                          1,
                                          2,
                                          100,
                                          10,
                                          8,
                                          2,
                                          1,
                                          3,
                                          failures,
                                          2,
                                          responses,
                                          1,
                                          media,
                                          2};
    int seen = 0;

    MUST(store_put_service_sample(scene->store, &sample, &scene->error));
    failures[1].name = "timeout"; /* breaks the key: the whole sample must be left out */
    assert_int_equal(store_put_service_sample(scene->store, &sample, &scene->error), -1);
    failures[1].name = "unexpected-message";
    media[1].name = "rtp-sent";
    assert_int_equal(store_put_service_sample(scene->store, &sample, &scene->error), -1);
    MUST(store_each_service_sample(scene->store, check_sample, &seen, &scene->error));
    assert_int_equal(seen, 1);
    assert_int_equal(scalar(scene, "SELECT count(*) FROM service_sample"), 1);
}

struct thread_work {
    struct scene *scene;
    int64_t experiment;
    int64_t metric_set;
    int number;
};

enum { THREADS = 4, WRITES = 500 };

static void *write_observations(void *argument)
{
    struct thread_work *work = argument;
    struct error error = {0};

    for (int i = 0; i < WRITES; i++) {
        double value = work->number * WRITES + i;
        int64_t action;

        if (store_put_observation(work->scene->store, work->experiment, work->metric_set, i, i + 1,
                                  &value, 1, &error) < 0 ||
            (i % 100 == 0 && store_begin_action(work->scene->store, work->experiment, "sprout",
                                                "apply", "cpu", &action, &error) < 0) ||
            (i % 100 == 0 && store_end_action(work->scene->store, action, "ok", &error) < 0))
            return "failed";
    }
    return NULL;
}

static void threads_write_side_by_side(void **state)
{
    struct scene *scene = *state;
    struct store_metric metric = {"a", false, "cpu", "virtual", ""};
    struct thread_work work[THREADS];
    pthread_t threads[THREADS];
    int64_t target;
    int64_t experiment = begin(scene, 0, &target);
    int64_t set;

    MUST(store_put_metric_set(scene->store, target, "cgroup", &metric, 1, &set, &scene->error));
    for (int i = 0; i < THREADS; i++) {
        work[i] = (struct thread_work){scene, experiment, set, i};
        assert_int_equal(pthread_create(&threads[i], NULL, write_observations, &work[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *result;

        pthread_join(threads[i], &result);
        assert_null(result);
    }
    assert_int_equal(scalar(scene, "SELECT count(DISTINCT vector) FROM observation"),
                     THREADS * WRITES);
    assert_int_equal(scalar(scene, "SELECT count(*) FROM journal WHERE outcome = 'ok'"),
                     THREADS * WRITES / 100);
}

/* A process that dies without closing loses what came after its last intent, and only that. */
static void intent_is_durable_when_it_returns(void **state)
{
    struct scene *scene = *state;
    int status;
    pid_t child;

    MUST(store_close(scene->store, &scene->error));
    child = fork();
    if (child == 0) {
        struct store *store;
        int64_t id;

        if (store_open(scene->folder, STORE_WRITE, &store, &scene->error) < 0 ||
            store_put_fact(store, "runner", "before", "1", &scene->error) < 0 ||
            store_begin_action(store, 0, NULL, "apply", "cpu", &id, &scene->error) < 0 ||
            store_put_fact(store, "runner", "after", "1", &scene->error) < 0)
            _exit(1);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    MUST(store_open(scene->folder, STORE_WRITE, &scene->store, &scene->error));
    assert_int_equal(scalar(scene, "SELECT count(*) FROM journal WHERE outcome IS NULL"), 1);
    assert_int_equal(scalar(scene, "SELECT count(*) FROM fact WHERE name = 'before'"), 1);
    assert_int_equal(scalar(scene, "SELECT count(*) FROM fact WHERE name = 'after'"), 0);
}

static int count_reading(const struct stored_target *target, void *context, struct error *error)
{
    struct scene *scene = context;
    struct text facts = {0};

    (void)target;
    if (store_put_fact(scene->store, "runner", "seen", target->name, error) < 0 ||
        store_each_fact(scene->store, join_fact, &facts, error) < 0)
        return -1;
    assert_int_not_equal(facts.length, 0);
    text_free(&facts);
    return error_set(error, ERROR_THRESHOLD, "enough");
}

static void callback_may_use_the_store_and_end_the_reading(void **state)
{
    struct scene *scene = *state;
    int64_t target;

    begin(scene, 0, &target);
    assert_int_equal(store_each_target(scene->store, count_reading, scene, &scene->error), -1);
    assert_int_equal(scene->error.kind, ERROR_THRESHOLD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(run_is_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(later_fact_takes_the_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(target_and_metric_set_keep_their_ids, set_up, tear_down),
        cmocka_unit_test_setup_teardown(torn_cell_is_tried_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(injection_is_read_with_its_edges, set_up, tear_down),
        cmocka_unit_test_setup_teardown(service_sample_is_read_back_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(threads_write_side_by_side, set_up, tear_down),
        cmocka_unit_test_setup_teardown(intent_is_durable_when_it_returns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(callback_may_use_the_store_and_end_the_reading, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
