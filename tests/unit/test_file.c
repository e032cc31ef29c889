/* base/file: what is written is there whole or not at all, and what is no file stays what it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "tests/unit/fixture_run.h"

struct scene {
    char *folder;
    char *path;
    struct error error;
};

static int set_up(void **state)
{
    struct scene *scene = memory_new(1, sizeof *scene);

    scene->folder = fixture_folder();
    scene->path = memory_format("%s/it", scene->folder);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(folder_remove(scene->folder, &scene->error), 0);
    free(scene->folder);
    free(scene->path);
    free(scene);
    return 0;
}

static void expect_content(const char *path, const char *expected)
{
    struct text text = {0};
    struct error error = {0};

    assert_int_equal(file_read(path, 100, &text, &error), 0);
    assert_string_equal(text_string(&text), expected);
    text_free(&text);
}

static void a_file_is_replaced(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(file_write(scene->path, "before", 6, &scene->error), 0);
    assert_int_equal(file_write(scene->path, "after", 5, &scene->error), 0);
    expect_content(scene->path, "after");
}

static void a_file_that_did_not_become_good_leaves_the_one_before(void **state)
{
    struct scene *scene = *state;
    char *name;

    assert_int_equal(file_write(scene->path, "before", 6, &scene->error), 0);
    name = file_name_before(scene->path);
    assert_string_not_equal(name, scene->path);
    assert_int_equal(file_write(name, "torn", 4, &scene->error), 0);
    assert_int_equal(file_put_in_place(name, scene->path, false), 0);
    assert_false(file_exists(name));
    expect_content(scene->path, "before");
    free(name);
}

static void a_link_is_written_through(void **state)
{
    struct scene *scene = *state;
    char *target = memory_format("%s/target", scene->folder);
    struct stat status;

    assert_int_equal(file_write(target, "before", 6, &scene->error), 0);
    assert_int_equal(symlink(target, scene->path), 0);
    assert_int_equal(file_write(scene->path, "after", 5, &scene->error), 0);
    assert_int_equal(lstat(scene->path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    expect_content(target, "after");
    free(target);
}

/* As /dev/null is, which root could replace by a file for everybody on the machine. */
static void a_pipe_stays_a_pipe(void **state)
{
    struct scene *scene = *state;
    struct stat status;
    char bytes[8] = "";
    int reader;

    assert_int_equal(mkfifo(scene->path, 0600), 0);
    reader = open(scene->path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_int_equal(file_write(scene->path, "after", 5, &scene->error), 0);
    assert_int_equal(read(reader, bytes, sizeof bytes - 1), 5);
    assert_string_equal(bytes, "after");
    close(reader);
    assert_int_equal(lstat(scene->path, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_file_is_replaced),
        CASE(a_file_that_did_not_become_good_leaves_the_one_before),
        CASE(a_link_is_written_through),
        CASE(a_pipe_stays_a_pipe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
