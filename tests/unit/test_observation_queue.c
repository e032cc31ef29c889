/* runner/observation_queue: nothing waits for the disk, nothing is lost, a failure is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/observation_queue.h"
#include "store/database.h"
#include "store/writer.h"
#include "tests/unit/fixture_run.h"

enum { OBSERVATIONS = 50 };

struct scene {
    char *folder;
    struct store *store;
    sqlite3 *other; /* another process's connection */
    struct observation observation;
    struct observation_queue queue;
    size_t written;
    struct error error;
};

static int set_up(void **state)
{
    static const struct store_metric metrics[] = {{"a", true, "cpu", "virtual", "ns"},
                                                  {"b", false, "memory", "virtual", "bytes"}};
    struct scene *scene = memory_new(1, sizeof *scene);
    struct store_experiment experiment = {0, "cpu-high-sprout-1", "cpu", "high", 0, 1, 1000};
    struct error *error = &scene->error;
    char *path;

    scene->folder = fixture_folder();
    assert_int_equal(store_create(scene->folder, &scene->store, error), 0);
    assert_int_equal(store_put_target(scene->store, "sprout", "S-CSCF", "198.18.0.3",
                                      &experiment.target_id, error),
                     0);
    assert_int_equal(
        store_begin_experiment(scene->store, &experiment, &scene->observation.experiment_id, error),
        0);
    assert_int_equal(store_put_metric_set(scene->store, experiment.target_id, "cgroup", metrics, 2,
                                          &scene->observation.metric_set_id, error),
                     0);
    assert_int_equal(store_commit(scene->store, error), 0);
    path = memory_format("%s/run.sqlite", scene->folder);
    assert_int_equal(sqlite3_open(path, &scene->other), SQLITE_OK);
    free(path);
    assert_int_equal(observation_queue_start(&scene->queue, scene->store, error), 0);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    sqlite3_close(scene->other);
    assert_int_equal(store_close(scene->store, &scene->error), 0);
    assert_int_equal(folder_remove(scene->folder, &scene->error), 0);
    free(scene->folder);
    free(scene);
    return 0;
}

static void put(struct scene *scene)
{
    for (int i = 0; i < OBSERVATIONS; i++) {
        double values[] = {i, -i};

        scene->observation.window_start = i;
        scene->observation.time = i + 1;
        scene->observation.values = values;
        scene->observation.count = 2;
        observation_queue_put(&scene->queue, &scene->observation, &scene->written);
    }
}

static void execute(struct scene *scene, const char *sql)
{
    assert_int_equal(sqlite3_exec(scene->other, sql, NULL, NULL, NULL), SQLITE_OK);
}

static int64_t scalar(struct scene *scene, const char *sql)
{
    sqlite3_stmt *statement;
    int64_t value;

    assert_int_equal(sqlite3_prepare_v2(scene->other, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static void all_is_written_at_the_end(void **state)
{
    struct scene *scene = *state;

    put(scene);
    assert_int_equal(observation_queue_finish(&scene->queue, &scene->error), 0);
    assert_int_equal(scene->written, OBSERVATIONS);
    assert_int_equal(scalar(scene, "SELECT count(*) FROM observation"), OBSERVATIONS);
    assert_int_equal(scalar(scene, "SELECT count(*) FROM observation WHERE time_ns ="
                                   " window_start_ns + 1 AND length(vector) = 16"),
                     OBSERVATIONS);
}

/* While another holds the database nothing can be written, and yet nobody waits. */
static void putting_does_not_wait_for_the_database(void **state)
{
    struct scene *scene = *state;

    execute(scene, "BEGIN IMMEDIATE");
    put(scene);
    assert_int_equal(scalar(scene, "SELECT count(*) FROM observation"), 0);
    execute(scene, "ROLLBACK");
    assert_int_equal(observation_queue_finish(&scene->queue, &scene->error), 0);
    assert_int_equal(scene->written, OBSERVATIONS);
    assert_int_equal(scalar(scene, "SELECT count(*) FROM observation"), OBSERVATIONS);
}

static void a_failure_to_write_is_told(void **state)
{
    struct scene *scene = *state;

    scene->observation.metric_set_id = 99;
    put(scene);
    assert_int_equal(observation_queue_finish(&scene->queue, &scene->error), -1);
    assert_int_not_equal(scene->error.kind, ERROR_NONE);
    assert_int_equal(scene->written, 0);
}

static void an_empty_queue_ends(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(observation_queue_finish(&scene->queue, &scene->error), 0);
    assert_int_equal(scene->written, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_is_written_at_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(putting_does_not_wait_for_the_database, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failure_to_write_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_queue_ends, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("observation_queue", tests, NULL, NULL);
}
