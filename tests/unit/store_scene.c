#include "tests/unit/store_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/database.h"
#include "store/store.h"
#include "tests/unit/fixture_run.h"

void scene_must(int result, const struct error *error)
{
    if (result != 0)
        fail_msg("%s: %s", error->where, error->what);
}

int scene_set_up(void **state)
{
    struct scene *scene = memory_new(1, sizeof *scene);
    const struct fixture_run setting = {
        .experiments = 2, .observations = 12, .invalid = 0, .effect = 8, .seed = 1};

    scene->folder = fixture_folder();
    scene->path = memory_format("%s/%s", scene->folder, STORE_FILE_NAME);
    MUST(fixture_run_make(scene->folder, &setting, &scene->error));
    *state = scene;
    return 0;
}

int scene_tear_down(void **state)
{
    struct scene *scene = *state;

    MUST(folder_remove(scene->folder, &scene->error));
    free(scene->folder);
    free(scene->path);
    free(scene);
    return 0;
}

void scene_change(struct scene *scene, const char *sql)
{
    sqlite3 *database;
    char *message = NULL;

    assert_int_equal(sqlite3_open(scene->path, &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_close(database);
}

void scene_expect_refusal(struct scene *scene, const char *words)
{
    struct store *store;

    error_clear(&scene->error);
    if (store_open(scene->folder, STORE_READ, &store, &scene->error) == 0)
        fail_msg("opened; expected '%s'", words);
    assert_null(store);
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    if (strstr(scene->error.what, words) == NULL)
        fail_msg("'%s' does not say '%s'", scene->error.what, words);
}
