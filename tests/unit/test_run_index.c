/* What an index of runs is made of: the folders that are found, the figures of a run, its links. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <sqlite3.h>

#include "analysis/evaluation.h"
#include "analysis/index_page.h"
#include "analysis/index_run.h"
#include "base/file.h"
#include "base/memory.h"
#include "store/run_folders.h"
#include "tests/unit/fixture_run.h"

static char *root;

static int make_root(void **state)
{
    (void)state;
    root = fixture_folder();
    return 0;
}

static int remove_root(void **state)
{
    struct error error = {0};

    (void)state;
    folder_remove(root, &error);
    free(root);
    return 0;
}

/* A file, with its folders, below the root; the caller frees its path. */
static char *make_file(const char *name)
{
    char *path = memory_format("%s/%s", root, name);
    char *folder = path_beside(path, ".");
    struct error error = {0};

    assert_int_equal(folder_make(folder, &error), 0);
    assert_int_equal(file_write(path, "x", 1, &error), 0);
    free(folder);
    return path;
}

static void links(const char *from, const char *to, const char *expected)
{
    char *folder = memory_format("%s/%s", root, from);
    char *file = make_file(to);
    struct error error = {0};
    char *link;

    assert_int_equal(folder_make(folder, &error), 0);
    link = index_link(folder, file);
    assert_string_equal(link, expected);
    free(link);
    free(folder);
    free(file);
}

static void links_are_relative_and_escaped(void **state)
{
    char *folder = memory_format("%s/index", root);

    (void)state;
    links("index", "one/report/index.html", "../one/report/index.html");
    links("index", "index/x.html", "x.html");
    links("index", "index-of/x.html", "../index-of/x.html");
    links("a/b/c", "d.html", "../../../d.html");
    links("a/b/c", "a/b/d e.html", "../d%20e.html");
    links(".", "a \"<&'#?%:\xc3\xa9/i.html", "a%20%22%3C%26%27%23%3F%25%3A%C3%A9/i.html");
    assert_null(index_link(folder, root));
    assert_null(index_link(folder, "/nonexistent/file"));
    free(folder);
}

static void runs_are_found_at_any_depth(void **state)
{
    struct run_folders folders = {0};
    struct error error = {0};
    const char *const files[] = {"b/run.sqlite", "a/x/run.sqlite", "a/x/inner/run.sqlite",
                                 "c/other", ".vnfault-removed-1/run.sqlite"};
    char *loop = memory_format("%s/loop", root);

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        free(make_file(files[i]));
    assert_int_equal(symlink(".", loop), 0);
    assert_int_equal(run_folders_find(root, &folders, &error), 0);
    assert_int_equal(folders.count, 5);
    assert_string_equal(folders.items[0].name, "a/x");
    assert_true(folders.items[0].holds_runs);
    assert_string_equal(folders.items[1].name, "a/x/inner");
    assert_false(folders.items[1].holds_runs);
    assert_string_equal(folders.items[2].name, "b");
    assert_null(folders.items[2].unreadable);
    assert_string_equal(folders.items[3].unreadable, "it holds no run.sqlite");
    assert_string_equal(folders.items[4].unreadable, "a symbolic link, which is not followed");
    assert_int_equal(folders.removed_count, 1);
    run_folders_free(&folders);
    free(loop);
}

static void a_run_is_no_folder_of_runs(void **state)
{
    struct run_folders folders = {0};
    struct error error = {0};

    (void)state;
    free(make_file("run.sqlite"));
    assert_int_equal(run_folders_find(root, &folders, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    run_folders_free(&folders);
}

static const struct compared_group *group_of(const struct index_run *run, const char *fault_type)
{
    for (size_t i = 0; i < run->figures.group_count; i++) {
        const struct compared_group *group = &run->figures.groups[i];

        if (fault_type == NULL
                ? group->fault_type == NULL
                : group->fault_type != NULL && strcmp(group->fault_type, fault_type) == 0)
            return group;
    }
    return NULL;
}

static void figures_are_of_valid_experiments(void **state)
{
    /* cpu, memory, disk, packet loss, latency twice, of which the last two are invalid. */
    const struct fixture_run setting = {
        .experiments = 10, .observations = 30, .invalid = 2, .effect = 3, .seed = 5};
    char *folder = memory_format("%s/run", root);
    struct index_run run;
    struct index_figure figure;
    struct error error = {0};

    (void)state;
    assert_int_equal(fixture_run_make(folder, &setting, &error), 0);
    assert_int_equal(index_run_read(folder, "run", &run, &error), 0);
    assert_int_equal(run.summary.verdict, RUN_INVALID);
    assert_int_equal(run.summary.experiments[REPORT_VALID], 9);
    figure = index_figure_of(group_of(&run, "cpu"), FIGURE_FAILED_CALLS);
    assert_true(figure.lower < figure.value && figure.value < figure.upper);
    assert_true(figure.value >= 0.1 && figure.value < 0.3); /* 10 to 29 of 100 calls */
    figure = index_figure_of(group_of(&run, "latency"), FIGURE_FAILED_CALLS);
    assert_true(isfinite(figure.value) && isnan(figure.lower) && isnan(figure.upper));
    figure = index_figure_of(group_of(&run, NULL), FIGURE_AVAILABILITY);
    assert_true(figure.value == 1);
    figure = index_figure_of(group_of(&run, NULL), FIGURE_TIME_TO_DETECT);
    assert_true(isnan(figure.value));
    assert_true(fabs(run.summary.availability - 2.0 / 3) < 1e-9); /* a third is in the fault */
    assert_null(index_worst_detector(&run));
    index_run_free(&run);
    free(folder);
}

/* A run of five experiments and a nominal one, read after `sql` was done to it. */
static void read_changed(const char *name, const char *sql, struct index_run *run)
{
    const struct fixture_run setting = {
        .experiments = 5, .observations = 30, .effect = 3, .seed = 5};
    char *folder = memory_format("%s/%s", root, name);
    char *path = memory_format("%s/%s", folder, STORE_FILE_NAME);
    struct evaluation evaluation = {0};
    struct error error = {0};
    sqlite3 *database;

    assert_int_equal(fixture_run_make(folder, &setting, &error), 0);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    free(path);
    path = memory_format("%s/%s", folder, EVALUATION_FILE_NAME);
    assert_int_equal(evaluation_write(&evaluation, path, &error), 0);
    assert_int_equal(index_run_read(folder, name, run, &error), 0);
    free(path);
    free(folder);
}

/* Two injections at the same time, on two targets: the calls are there once. */
static void calls_under_several_faults_are_counted_once(void **state)
{
    static const char twice[] =
        "INSERT INTO injection SELECT 100 + id, experiment_id, 1, token || 'b', fault_type,"
        " intensity, requested, achieved, unit, mechanism, lease_ns, state, phantom, detail"
        " FROM injection WHERE experiment_id = 1;"
        "INSERT INTO edge SELECT 100 + injection_id, kind, target_ns, runner_ns, offset_ns,"
        " error_ns FROM edge JOIN injection AS i ON i.id = injection_id"
        " WHERE i.experiment_id = 1 AND i.id < 100;";
    struct index_run once;
    struct index_run both;

    (void)state;
    read_changed("once", "", &once);
    read_changed("both", twice, &both);
    assert_true(once.summary.fault.ended > 0);
    assert_int_equal(both.summary.fault.ended, once.summary.fault.ended);
    assert_int_equal(both.summary.fault.failed, once.summary.fault.failed);
    index_run_free(&once);
    index_run_free(&both);
}

/* Nothing tells of a run that has no end yet whether it was evaluated as it is. */
static void an_evaluation_of_a_run_that_goes_on_is_not_shown(void **state)
{
    struct index_run run;

    (void)state;
    read_changed("running", "UPDATE run SET ended_ns = NULL, state = 'running'", &run);
    assert_non_null(run.no_evaluation);
    index_run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(links_are_relative_and_escaped, make_root, remove_root),
        cmocka_unit_test_setup_teardown(runs_are_found_at_any_depth, make_root, remove_root),
        cmocka_unit_test_setup_teardown(a_run_is_no_folder_of_runs, make_root, remove_root),
        cmocka_unit_test_setup_teardown(figures_are_of_valid_experiments, make_root, remove_root),
        cmocka_unit_test_setup_teardown(calls_under_several_faults_are_counted_once, make_root,
                                        remove_root),
        cmocka_unit_test_setup_teardown(an_evaluation_of_a_run_that_goes_on_is_not_shown, make_root,
                                        remove_root),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
