/* store/upgrade: run databases of other versions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "store/reader.h"
#include "store/writer.h"
#include "tests/unit/store_scene.h"

static void other_versions_are_refused(void **state)
{
    struct scene *scene = *state;

    scene_change(scene, "PRAGMA user_version = 7");
    scene_expect_refusal(scene, "version 7; this vnfault reads versions 1 to 6");
    scene_change(scene, "PRAGMA user_version = 0");
    scene_expect_refusal(scene, "version 0");
    scene_change(scene, "PRAGMA user_version = -1");
    scene_expect_refusal(scene, "version -1");
}

/* Runs that earlier versions made. */
static const char *const earlier_versions[] = {
    "tests/unit/data/store/version-1.sqlite", "tests/unit/data/store/version-2.sqlite",
    "tests/unit/data/store/version-3.sqlite", "tests/unit/data/store/version-4.sqlite",
    "tests/unit/data/store/version-5.sqlite",
};

/* One of them takes the place of the scene's. */
static void put_version(struct scene *scene, const char *path)
{
    struct text file = {0};

    MUST(file_read(path, 1 << 20, &file, &scene->error));
    MUST(file_write(scene->path, file.bytes, file.length, &scene->error));
    text_free(&file);
}

static int count_fault_labels(const struct stored_observation *observation, void *context,
                              struct error *error)
{
    int *count = context;

    (void)error;
    *count += strcmp(observation->label, "cpu") == 0;
    return 0;
}

static int no_level(int64_t injection_id, const struct store_level *level, void *context,
                    struct error *error)
{
    (void)injection_id;
    (void)level;
    (void)context;
    return error_set(error, ERROR_INTERNAL, "a level");
}

/* Two observations of the second target are within its CPU fault. */
static void expect_reads(struct scene *scene, struct store *store)
{
    int count = 0;

    MUST(store_each_observation(store, 2, count_fault_labels, &count, &scene->error));
    assert_int_equal(count, 2);
    MUST(store_each_level(store, no_level, NULL, &scene->error));
}

static void read_and_leave(struct scene *scene, const char *file)
{
    struct store *store;
    struct text before = {0};
    struct text after = {0};

    put_version(scene, file);
    MUST(file_read(scene->path, 1 << 20, &before, &scene->error));
    MUST(store_open(scene->path, STORE_READ, &store, &scene->error));
    expect_reads(scene, store);
    MUST(store_close(store, &scene->error));
    MUST(file_read(scene->path, 1 << 20, &after, &scene->error));
    assert_int_equal(before.length, after.length);
    assert_memory_equal(before.bytes, after.bytes, before.length);
    text_free(&before);
    text_free(&after);
}

static void earlier_version_is_read_and_left_as_it_is(void **state)
{
    for (size_t i = 0; i < sizeof earlier_versions / sizeof earlier_versions[0]; i++)
        read_and_leave(*state, earlier_versions[i]);
}

static void views_of_an_earlier_version_are_not_believed(void **state)
{
    struct scene *scene = *state;
    struct store *store;

    put_version(scene, earlier_versions[0]);
    scene_change(scene, "DROP VIEW observation_label; CREATE VIEW observation_label AS"
                        " SELECT id AS observation_id, 'cpu' AS label, 'own' AS scope,"
                        " 'high' AS intensity, 'sprout' AS fault_target FROM observation");
    MUST(store_open(scene->path, STORE_READ, &store, &scene->error));
    expect_reads(scene, store);
    MUST(store_close(store, &scene->error));
    scene_change(scene, "DROP TABLE measurement");
    scene_expect_refusal(scene, "'measurement' is missing");
}

/* A file of version 4 has no shards; what calls itself so isn't asked. */
static void tables_of_a_later_version_are_not_believed(void **state)
{
    struct scene *scene = *state;

    put_version(scene, earlier_versions[3]);
    scene_change(scene, "CREATE VIEW shard AS SELECT 1 AS number, 2 AS count, 3 AS experiments");
    scene_expect_refusal(scene, "'shard' is not as it should be");
    put_version(scene, earlier_versions[3]);
    scene_change(scene, "CREATE TABLE shard (number TEXT, count TEXT)");
    scene_expect_refusal(scene, "'shard' is not as it should be");
}

static void upgrade(struct scene *scene, const char *file)
{
    struct store_level level = {.position = 1, .requested = 50, .achieved = 49, .commanded_ns = 1};
    struct store *store;

    put_version(scene, file);
    MUST(store_open(scene->path, STORE_WRITE, &store, &scene->error));
    expect_reads(scene, store);
    MUST(store_put_level(store, 1, &level, &scene->error));
    MUST(store_put_monitoring_event(store, 1, 1, 5, "late", "1 s", &scene->error));
    MUST(store_close(store, &scene->error));
    MUST(store_open(scene->path, STORE_READ, &store, &scene->error));
    error_clear(&scene->error);
    assert_int_equal(store_each_level(store, no_level, NULL, &scene->error), -1);
    assert_string_equal(scene->error.what, "a level");
    MUST(store_close(store, &scene->error));
}

static void earlier_version_is_upgraded_when_written_to(void **state)
{
    for (size_t i = 0; i < sizeof earlier_versions / sizeof earlier_versions[0]; i++)
        upgrade(*state, earlier_versions[i]);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(other_versions_are_refused),
        CASE(earlier_version_is_read_and_left_as_it_is),
        CASE(views_of_an_earlier_version_are_not_believed),
        CASE(tables_of_a_later_version_are_not_believed),
        CASE(earlier_version_is_upgraded_when_written_to),
    };

    return cmocka_run_group_tests_name("store versions", tests, NULL, NULL);
}
