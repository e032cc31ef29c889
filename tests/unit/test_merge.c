/* store/merge: what tests/integration/test_merge.sh can't do from outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/merge.h"
#include "store/reader.h"
#include "store/shards.h"
#include "tests/unit/store_scene.h"

/* Makes the scene's run the only shard of a campaign. */
static void divide(struct scene *scene)
{
    scene_change(scene, "INSERT INTO shard SELECT 1, 1, count(*) FROM experiment;"
                        "INSERT INTO shard_cell SELECT cell, 1 FROM experiment");
}

static int merge(struct scene *scene, const char *folder, struct stop *stop,
                 struct merge_outcome *outcome)
{
    const char *paths[] = {scene->folder};
    const struct merge_setting setting = {
        .paths = paths, .count = 1, .folder = folder, .stop = stop};

    error_clear(&scene->error);
    return store_merge(&setting, outcome, &scene->error);
}

static void run_of_one_shard_is_merged(void **state)
{
    struct scene *scene = *state;
    char *folder = memory_format("%s/merged", scene->folder);
    struct merge_outcome outcome;
    struct stored_run run;
    struct stop stop;
    struct stored_shard shard;
    struct store *store;

    divide(scene);
    MUST(stop_open(&stop, &scene->error));
    MUST(merge(scene, folder, &stop, &outcome));
    stop_close(&stop);
    assert_int_equal(outcome.experiments, 3);
    assert_int_equal(outcome.done, 3);
    assert_int_equal(outcome.shards, 1);
    MUST(store_open(folder, STORE_READ, &store, &scene->error));
    MUST(store_read_run(store, &run, &scene->error));
    assert_string_equal(run.state, "complete");
    assert_int_equal(store_read_shard(store, &shard, &scene->error), -1);
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    MUST(store_close(store, &scene->error));
    stored_run_free(&run);
    free(folder);
}

static void interrupted_merge_leaves_nothing(void **state)
{
    struct scene *scene = *state;
    char *folder = memory_format("%s/merged", scene->folder);
    struct merge_outcome outcome;
    struct stop stop;

    divide(scene);
    MUST(stop_open(&stop, &scene->error));
    stop_request(&stop, SIGTERM);
    assert_int_equal(merge(scene, folder, &stop, &outcome), -1);
    assert_int_equal(scene->error.kind, ERROR_TERMINATED);
    assert_false(file_exists(folder));
    stop_close(&stop);
    free(folder);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(run_of_one_shard_is_merged),
        CASE(interrupted_merge_leaves_nothing),
    };

    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
