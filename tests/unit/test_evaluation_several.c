/* analysis/evaluation of experiments that have several injections, or one that does nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "analysis/evaluation.h"
#include "base/file.h"
#include "base/memory.h"
#include "tests/unit/fixture_run.h"

static const struct evaluation_setting usual = {.trees = 10, .folds = 5, .threads = 1, .seed = 1};

/* Ten experiments and a nominal one, changed by `sql`, evaluated. */
static struct evaluation *evaluate(const char *sql)
{
    const struct fixture_run setting = {
        .experiments = 10, .observations = 60, .effect = 8, .seed = 1};
    char *folder = fixture_folder();
    char *path = memory_format("%s/%s", folder, STORE_FILE_NAME);
    struct evaluation *evaluation = NULL;
    struct error error = {0};
    struct store *store;
    sqlite3 *database;

    assert_int_equal(fixture_run_make(folder, &setting, &error), 0);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    assert_int_equal(store_open(folder, STORE_READ, &store, &error), 0);
    if (evaluation_run(store, &usual, &evaluation, &error) < 0)
        fail_msg("%s", error.what);
    assert_int_equal(store_close(store, &error), 0);
    assert_int_equal(folder_remove(folder, &error), 0);
    free(path);
    free(folder);
    return evaluation;
}

/* The runner calls the intensity of an experiment with several 'several'. Tested or trained on, it
 * has observations of both of the others. */
static void no_intensity_is_left_out_where_an_experiment_has_several(void **state)
{
    static const char sql[] =
        "UPDATE experiment SET intensity = 'medium' WHERE repetition = 2;"
        "UPDATE injection SET intensity = 'medium' WHERE experiment_id > 5;"
        "UPDATE experiment SET intensity = 'several' WHERE id = 1;"
        "INSERT INTO injection SELECT 1000, 1, target_id, 'second', fault_type, 'medium',"
        " requested, achieved, unit, mechanism, lease_ns, state, phantom, detail FROM injection"
        " WHERE experiment_id = 1;"
        "INSERT INTO edge SELECT 1000, kind, target_ns + 2000000000, runner_ns + 2000000000,"
        " offset_ns, error_ns FROM edge JOIN injection AS i ON i.id = injection_id"
        " WHERE i.experiment_id = 1 AND i.id < 1000;";
    struct evaluation *evaluation = evaluate(sql);
    const struct split_result *split = &evaluation->targets[0].splits[2];

    (void)state;
    assert_string_equal(split->name, "intensity");
    assert_non_null(split->unavailable);
    assert_string_equal(split->unavailable, "an experiment has faults of several intensities");
    assert_null(evaluation->targets[0].splits[1].unavailable);
    evaluation_free(evaluation);
}

/* What the fault type 'none' was there for is normal: it is no class, no positive and no fault that
 * could be missed, and an alarm in it is a false one. */
static void an_injection_of_nothing_is_normal(void **state)
{
    static const char sql[] = "UPDATE experiment SET fault_type = 'none' WHERE fault_type = 'cpu';"
                              "UPDATE injection SET fault_type = 'none' WHERE fault_type = 'cpu';";
    struct evaluation *before = evaluate("");
    struct evaluation *evaluation = evaluate(sql);
    const struct class_result *binary = &before->targets[0].splits[1].classes[0];
    const struct split_result *split = &evaluation->targets[0].splits[1];
    size_t nothing = before->targets[0].labels[1].used;

    (void)state;
    assert_string_equal(before->targets[0].labels[1].label, "cpu");
    assert_int_equal(split->class_count, 5);
    for (size_t i = 0; i < split->class_count; i++)
        assert_string_not_equal(split->classes[i].name, "none");
    assert_int_equal(split->classes[0].positives, binary->positives - nothing);
    assert_int_equal(split->classes[0].negatives, binary->negatives + nothing);
    assert_int_equal(split->detection.fault_count, 8);
    assert_int_equal(split->detection.seen_count, 8);
    evaluation_free(before);
    evaluation_free(evaluation);
}

/* Beside a fault nobody can say that it is normal there. */
static void nothing_beside_a_fault_is_left_out(void **state)
{
    static const char sql[] =
        "UPDATE experiment SET fault_type = 'several' WHERE fault_type = 'cpu';"
        "UPDATE injection SET fault_type = 'none' WHERE fault_type = 'cpu';";
    struct evaluation *evaluation = evaluate(sql);
    const struct target_result *target = &evaluation->targets[0];

    (void)state;
    for (size_t i = 0; i < target->label_count; i++) {
        assert_string_not_equal(target->labels[i].label, "none");
        if (strcmp(target->labels[i].label, "elsewhere") == 0)
            assert_true(target->labels[i].observations > 0 && target->labels[i].used == 0);
    }
    evaluation_free(evaluation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_intensity_is_left_out_where_an_experiment_has_several),
        cmocka_unit_test(an_injection_of_nothing_is_normal),
        cmocka_unit_test(nothing_beside_a_fault_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
