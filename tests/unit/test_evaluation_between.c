/* analysis/evaluation_between: trained on one run, tested on another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "analysis/evaluation.h"
#include "base/file.h"
#include "base/memory.h"
#include "tests/unit/fixture_run.h"

static const struct evaluation_setting usual = {.trees = 10, .folds = 10, .threads = 1, .seed = 1};

struct runs {
    char *folders[2];
    struct store *stores[2]; /* to train on, to test */
};

/* Another seed, another run. `change` is done to the tested one. */
static struct runs make_runs(double effect, const char *change)
{
    struct runs runs;
    struct error error = {0};

    for (size_t i = 0; i < 2; i++) {
        struct fixture_run setting = {
            .experiments = 5 + i, .observations = 60, .effect = effect, .seed = 21 + i};
        char *path;
        sqlite3 *database;

        runs.folders[i] = fixture_folder();
        assert_int_equal(fixture_run_make(runs.folders[i], &setting, &error), 0);
        path = memory_format("%s/%s", runs.folders[i], STORE_FILE_NAME);
        assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
        assert_int_equal(sqlite3_exec(database, i == 1 ? change : "", NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(database);
        free(path);
        assert_int_equal(store_open(runs.folders[i], STORE_READ, &runs.stores[i], &error), 0);
    }
    return runs;
}

static void close_runs(struct runs *runs)
{
    struct error error = {0};

    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(store_close(runs->stores[i], &error), 0);
        assert_int_equal(folder_remove(runs->folders[i], &error), 0);
        free(runs->folders[i]);
    }
}

static struct evaluation *evaluate(const struct runs *runs)
{
    struct evaluation *evaluation;
    struct error error = {0};

    if (evaluation_between(runs->stores[0], runs->stores[1], &usual, &evaluation, &error) < 0)
        fail_msg("%s", error.what);
    return evaluation;
}

static void faults_of_another_run_are_found(void **state)
{
    struct runs runs = make_runs(8, "");
    struct evaluation *evaluation = evaluate(&runs);
    const struct target_result *target = &evaluation->targets[0];
    const struct split_result *split = &target->splits[0];

    (void)state;
    assert_string_equal(evaluation->setting.trained_on, runs.folders[0]);
    assert_int_equal(target->split_count, 1);
    assert_string_equal(split->name, "run");
    assert_int_equal(split->folds, 1);
    assert_int_equal(split->class_count, 6);
    /* All that is scored is the tested run's. */
    assert_int_equal(target->experiments, 7);
    assert_int_equal(split->classes[0].positives + split->classes[0].negatives,
                     target->observations);
    for (size_t i = 0; i < split->class_count; i++)
        assert_true(split->classes[i].roc.area > 0.9);
    assert_true(target->importance[0].permutation > 0);
    evaluation_free(evaluation);
    close_runs(&runs);
}

static void without_effect_nothing_is_found(void **state)
{
    struct runs runs = make_runs(0, "");
    struct evaluation *evaluation = evaluate(&runs);
    double area = evaluation->targets[0].splits[0].classes[0].roc.area;

    (void)state;
    assert_true(area > 0.35 && area < 0.65);
    evaluation_free(evaluation);
    close_runs(&runs);
}

/* Metrics and fault types are brought together by name, whatever their order. */
static void names_decide(void **state)
{
    struct runs runs = make_runs(
        8, "UPDATE metric SET position = position + 1000;"
           "UPDATE metric SET position = CASE position WHEN 1000 THEN 5 WHEN 1005 THEN 0 "
           "ELSE position - 1000 END;"
           "UPDATE observation SET vector = CAST(substr(vector, 41, 8) || substr(vector, 9, 32) || "
           "substr(vector, 1, 8) || substr(vector, 49) AS BLOB);"
           "UPDATE injection SET fault_type = 'another' WHERE fault_type = 'disk'");
    struct evaluation *evaluation = evaluate(&runs);
    const struct split_result *split = &evaluation->targets[0].splits[0];

    (void)state;
    assert_int_equal(split->label_count, 7);
    assert_string_equal(split->labels[1], "another");
    assert_int_equal(split->classes[1].positives, 0); /* not trained */
    assert_true(isnan(split->classes[1].roc.area));
    assert_string_equal(split->labels[2], "cpu");
    assert_true(split->classes[2].roc.area > 0.9);
    evaluation_free(evaluation);
    close_runs(&runs);
}

static void other_metrics_are_refused(void **state)
{
    struct runs runs = make_runs(8, "UPDATE metric SET name = 'load' WHERE name = 'cpu.user'");
    struct evaluation *evaluation = NULL;
    struct error error = {0};

    (void)state;
    assert_int_equal(
        evaluation_between(runs.stores[0], runs.stores[1], &usual, &evaluation, &error), -1);
    assert_null(evaluation);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_string_equal(error.what, "the tested run has no counter 'cpu.user'");
    assert_int_equal(
        evaluation_between(runs.stores[1], runs.stores[0], &usual, &evaluation, &error), -1);
    assert_string_equal(error.what, "the tested run has no counter 'load'");
    close_runs(&runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_of_another_run_are_found),
        cmocka_unit_test(without_effect_nothing_is_found),
        cmocka_unit_test(names_decide),
        cmocka_unit_test(other_metrics_are_refused),
    };

    return cmocka_run_group_tests_name("evaluation_between", tests, NULL, NULL);
}
