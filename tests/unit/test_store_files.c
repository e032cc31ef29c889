/* store/: foreign, damaged and hostile files; read-only folders; full disks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "store/database.h"
#include "store/reader.h"
#include "store/writer.h"
#include "tests/unit/fixture_run.h"
#include "tests/unit/store_scene.h"

static void folder_or_file_can_be_named(void **state)
{
    struct scene *scene = *state;
    struct store *store;

    MUST(store_open(scene->folder, STORE_READ, &store, &scene->error));
    assert_string_equal(store_folder(store), scene->folder);
    MUST(store_close(store, &scene->error));
    MUST(store_open(scene->path, STORE_WRITE, &store, &scene->error));
    assert_string_equal(store_folder(store), scene->folder);
    MUST(store_close(store, &scene->error));
}

/* A run that has ended is one file, which anyone may read where no-one may write. */
static void ended_run_is_one_file(void **state)
{
    struct scene *scene = *state;
    char *log = memory_format("%s-wal", scene->path);
    struct store *writer;
    struct store *reader;

    assert_false(file_exists(log));
    MUST(store_open(scene->folder, STORE_WRITE, &writer, &scene->error));
    MUST(store_put_fact(writer, "runner", "a", "b", &scene->error));
    MUST(store_commit(writer, &scene->error));
    MUST(store_open(scene->folder, STORE_READ, &reader, &scene->error));
    assert_true(file_exists(log));
    MUST(store_close(writer, &scene->error));
    MUST(store_close(reader, &scene->error));
    MUST(store_open(scene->folder, STORE_WRITE, &writer, &scene->error));
    MUST(store_close(writer, &scene->error));
    assert_false(file_exists(log));
    free(log);
}

static void nothing_there_is_named(void **state)
{
    struct scene *scene = *state;

    unlink(scene->path);
    scene_expect_refusal(scene, "no run database at");
    assert_non_null(strstr(scene->error.what, scene->path));
    assert_int_equal(mkfifo(scene->path, 0600), 0);
    scene_expect_refusal(scene, "not a file");
}

static void folder_with_a_run_is_not_overwritten(void **state)
{
    struct scene *scene = *state;
    struct store *store;

    assert_int_equal(store_create(scene->folder, &store, &scene->error), -1);
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    assert_non_null(strstr(scene->error.what, "holds a run already"));
    MUST(store_open(scene->folder, STORE_READ, &store, &scene->error));
    MUST(store_close(store, &scene->error));
}

static void folder_that_cannot_be_made_is_input(void **state)
{
    struct scene *scene = *state;
    char *below = memory_format("%s/deeper", scene->path);
    struct store *store;

    assert_int_equal(store_create(below, &store, &scene->error), -1);
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    assert_int_equal(store_create("/proc/vnfault-no-such-place", &store, &scene->error), -1);
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    free(below);
}

static void foreign_files_are_told_apart(void **state)
{
    struct scene *scene = *state;

    MUST(file_write(scene->path, "calls;failed\n", 13, &scene->error));
    scene_expect_refusal(scene, "not a run database");
    assert_string_equal(scene->error.where, scene->path);
    unlink(scene->path);
    scene_change(scene, "CREATE TABLE experiment (id INTEGER)");
    scene_expect_refusal(scene, "not a run database");
    MUST(file_write(scene->path, "", 0, &scene->error));
    scene_expect_refusal(scene, "not a run database");
}

static void changed_tables_and_views_are_refused(void **state)
{
    static const char *const changes[][2] = {
        {"DROP TABLE fact", "'fact' is missing"},
        {"CREATE TABLE fact (subject TEXT)", "'fact' is not as it should be"},
        {"DROP TABLE fact; CREATE VIEW fact AS SELECT 'a' AS subject, 'b' AS name, 'c' AS value",
         "'fact' is not as it should be"},
        {"DROP VIEW fact; CREATE TABLE fact (subject TEXT NOT NULL, name TEXT NOT NULL,"
         " value TEXT NOT NULL, PRIMARY KEY (subject, name)); DROP VIEW observation_label;"
         "CREATE VIEW observation_label AS WITH RECURSIVE r (x) AS (SELECT 1 UNION ALL"
         " SELECT x + 1 FROM r) SELECT x FROM r",
         "'observation_label' is not as it should be"},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        scene_change(scene, changes[i][0]);
        scene_expect_refusal(scene, changes[i][1]);
    }
}

static void tables_of_the_users_own_are_no_matter(void **state)
{
    struct scene *scene = *state;
    struct store *store;

    scene_change(scene, "CREATE TABLE note (text TEXT); CREATE TRIGGER t AFTER INSERT ON fact"
                        " BEGIN DELETE FROM observation; END");
    MUST(store_open(scene->folder, STORE_WRITE, &store, &scene->error));
    MUST(store_put_fact(store, "runner", "a", "b", &scene->error));
    MUST(store_close(store, &scene->error));
    MUST(store_open(scene->folder, STORE_READ, &store, &scene->error));
    assert_int_equal(
        sqlite3_exec(store->database, "SELECT 1 FROM observation LIMIT 1", NULL, NULL, NULL),
        SQLITE_OK);
    MUST(store_close(store, &scene->error));
}

static int ignore_observation(const struct stored_observation *observation, void *context,
                              struct error *error)
{
    (void)error;
    for (size_t i = 0; i < observation->value_count; i++)
        *(double *)context += observation->values[i];
    return 0;
}

static void vector_of_the_wrong_length_is_an_error(void **state)
{
    static const char *const vectors[] = {"x'00'", "x''", "zeroblob(8 * 21)", "zeroblob(8 * 19)"};
    struct scene *scene = *state;
    struct store *store;
    double sum = 0;

    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        char *sql = memory_format("UPDATE observation SET vector = %s WHERE id = 3", vectors[i]);

        scene_change(scene, sql);
        free(sql);
        MUST(store_open(scene->folder, STORE_READ, &store, &scene->error));
        assert_int_equal(store_each_observation(store, 1, ignore_observation, &sum, &scene->error),
                         -1);
        assert_int_equal(scene->error.kind, ERROR_INPUT);
        assert_non_null(strstr(scene->error.what, "observation 3 has"));
        MUST(store_close(store, &scene->error));
    }
}

static int ignore_metric(size_t position, const struct store_metric *metric, void *context,
                         struct error *error)
{
    (void)position, (void)metric, (void)context, (void)error;
    return 0;
}

static void hole_in_a_metric_set_is_an_error(void **state)
{
    struct scene *scene = *state;
    struct store *store;

    scene_change(scene, "DELETE FROM metric WHERE metric_set_id = 1 AND position = 4");
    MUST(store_open(scene->folder, STORE_READ, &store, &scene->error));
    assert_int_equal(store_each_metric(store, 1, ignore_metric, NULL, &scene->error), -1);
    assert_non_null(strstr(scene->error.what, "no metric at position 4"));
    MUST(store_close(store, &scene->error));
}

static int ignore_experiment(const struct stored_experiment *row, void *context,
                             struct error *error)
{
    (void)row, (void)context, (void)error;
    return 0;
}

static int ignore_injection(const struct stored_injection *row, void *context, struct error *error)
{
    (void)row, (void)context, (void)error;
    return 0;
}

static int ignore_sample(const struct store_service_sample *row, void *context, struct error *error)
{
    (void)row, (void)context, (void)error;
    return 0;
}

/* Reads all there is; errors are fine, crashes are not. */
static void read_all(const char *folder)
{
    struct error error = {0};
    struct stored_run run;
    struct store *store;
    double sum = 0;

    if (store_open(folder, STORE_READ, &store, &error) < 0) {
        assert_int_not_equal(error.kind, ERROR_NONE);
        return;
    }
    if (store_read_run(store, &run, &error) == 0)
        stored_run_free(&run);
    store_each_experiment(store, ignore_experiment, NULL, &error);
    store_each_injection(store, ignore_injection, NULL, &error);
    store_each_service_sample(store, ignore_sample, NULL, &error);
    for (int64_t target = 1; target <= FIXTURE_TARGETS; target++)
        store_each_observation(store, target, ignore_observation, &sum, &error);
    store_close(store, &error);
}

static void damaged_files_never_crash(void **state)
{
    struct scene *scene = *state;
    struct text sound = {0};
    struct random random;

    MUST(file_read(scene->path, 64 << 20, &sound, &scene->error));
    random_seed(&random, 7);
    for (int round = 0; round < 60; round++) {
        struct text damaged = {0};
        size_t length = sound.length;

        text_append_bytes(&damaged, sound.bytes, sound.length);
        for (uint64_t i = 0; i < 1 + random_below(&random, 200); i++)
            damaged.bytes[100 + random_below(&random, sound.length - 100)] =
                (char)random_next(&random);
        if (round % 4 == 0)
            length = (size_t)random_below(&random, sound.length);
        MUST(file_write(scene->path, damaged.bytes, length, &scene->error));
        read_all(scene->folder);
        text_free(&damaged);
    }
    text_free(&sound);
}

/* What was not committed yet went with the transaction, and is missed later. */
static void a_row_lost_to_a_full_disk_is_told_so(void **state)
{
    struct scene *scene = *state;
    double values[FIXTURE_METRICS] = {0};
    struct store_experiment experiment = {
        .cell = 99, .name = "lost", .repetition = 1, .started_ns = 1};
    struct store *store;
    int64_t id;
    int result = 0;

    MUST(store_open(scene->folder, STORE_WRITE, &store, &scene->error));
    MUST(database_execute(store, "PRAGMA max_page_count = 80; PRAGMA cache_size = 4",
                          &scene->error));
    MUST(store_begin_experiment(store, &experiment, &id, &scene->error));
    store->transaction_began_ns = INT64_MAX; /* it isn't over by time */
    for (int i = 0; result == 0 && i < 100000; i++)
        result =
            store_put_observation(store, 1, 1, i, i + 1, values, FIXTURE_METRICS, &scene->error);
    assert_true(sqlite3_get_autocommit(store->database));
    assert_int_equal(store_set_measured(store, id, 1, 2, &scene->error), -1);
    assert_string_equal(scene->error.what, "the disk is full");
    assert_string_equal(scene->error.where, scene->path);
    store_close(store, &scene->error);
}

static void full_disk_is_named(void **state)
{
    struct scene *scene = *state;
    double values[FIXTURE_METRICS] = {0};
    struct store *store;
    int result = 0;

    MUST(store_open(scene->folder, STORE_WRITE, &store, &scene->error));
    MUST(database_execute(store, "PRAGMA max_page_count = 80", &scene->error));
    for (int i = 0; result == 0 && i < 100000; i++)
        result =
            store_put_observation(store, 1, 1, i, i + 1, values, FIXTURE_METRICS, &scene->error);
    assert_int_equal(result, -1);
    assert_int_equal(scene->error.kind, ERROR_INTERNAL);
    assert_string_equal(scene->error.what, "the disk is full");
    assert_string_equal(scene->error.where, scene->path);
    assert_int_equal(store_commit(store, &scene->error), 0);
    store_close(store, &scene->error);
    MUST(store_open(scene->folder, STORE_READ, &store, &scene->error));
    MUST(store_close(store, &scene->error));
}

/* Fills a file system of its own through a new run; 0 if the error was as it should be. */
static int fill_file_system(const char *folder, struct error *error)
{
    double values[FIXTURE_METRICS] = {0};
    const struct fixture_run setting = {
        .experiments = 1, .observations = 12, .invalid = 0, .effect = 8, .seed = 1};
    struct store *store;
    int result = 0;

    if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("none", folder, "tmpfs", 0, "size=1600k") < 0)
        return 77;
    if (fixture_run_make(folder, &setting, error) < 0 && error->kind != ERROR_INTERNAL)
        return 1;
    if (store_open(folder, STORE_WRITE, &store, error) < 0)
        return 2;
    for (int i = 0; result == 0 && i < 100000; i++) {
        result = store_put_observation(store, 1, 1, i, i + 1, values, FIXTURE_METRICS, error);
        if (result == 0 && i % 100 == 0)
            result = store_commit(store, error);
    }
    store_close(store, &(struct error){0});
    return result == -1 && error->kind == ERROR_INTERNAL &&
                   strcmp(error->what, "the disk is full") == 0
               ? 0
               : 3;
}

static void file_system_that_fills_up_is_named(void **state)
{
    struct scene *scene = *state;
    int status;
    pid_t child;

    if (geteuid() != 0) {
        print_message("needs root\n");
        skip();
    }
    child = fork();
    if (child == 0) {
        status = fill_file_system(scene->folder, &scene->error);
        if (status != 0)
            error_print(&scene->error, stderr);
        _exit(status);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void writing_to_a_store_opened_for_reading_fails(void **state)
{
    struct scene *scene = *state;
    struct store *store;

    MUST(store_open(scene->folder, STORE_READ, &store, &scene->error));
    assert_int_equal(store_put_fact(store, "a", "b", "c", &scene->error), -1);
    MUST(store_close(store, &scene->error));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(folder_or_file_can_be_named),
        CASE(ended_run_is_one_file),
        CASE(nothing_there_is_named),
        CASE(folder_with_a_run_is_not_overwritten),
        CASE(folder_that_cannot_be_made_is_input),
        CASE(foreign_files_are_told_apart),
        CASE(changed_tables_and_views_are_refused),
        CASE(tables_of_the_users_own_are_no_matter),
        CASE(vector_of_the_wrong_length_is_an_error),
        CASE(hole_in_a_metric_set_is_an_error),
        CASE(damaged_files_never_crash),
        CASE(a_row_lost_to_a_full_disk_is_told_so),
        CASE(full_disk_is_named),
        CASE(file_system_that_fills_up_is_named),
        CASE(writing_to_a_store_opened_for_reading_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
