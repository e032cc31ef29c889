/* analysis/evaluation on the fixture run: figures, splits, file, bad input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "analysis/evaluation.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/stop.h"
#include "base/text.h"
#include "tests/unit/fixture_run.h"

static const struct evaluation_setting usual = {.trees = 10, .folds = 5, .threads = 1, .seed = 1};

/* A run made and opened; close_run removes it. */
struct open_run {
    char *folder;
    struct store *store;
};

static struct open_run make_run(const struct fixture_run *setting)
{
    struct open_run run = {.folder = fixture_folder()};
    struct error error = {0};

    assert_int_equal(fixture_run_make(run.folder, setting, &error), 0);
    assert_int_equal(store_open(run.folder, STORE_READ, &run.store, &error), 0);
    return run;
}

static void close_run(struct open_run *run)
{
    struct error error = {0};

    assert_int_equal(store_close(run->store, &error), 0);
    assert_int_equal(folder_remove(run->folder, &error), 0);
    free(run->folder);
}

static struct evaluation *evaluate(const struct open_run *run,
                                   const struct evaluation_setting *setting)
{
    struct evaluation *evaluation;
    struct error error = {0};

    if (evaluation_run(run->store, setting, &evaluation, &error) < 0)
        fail_msg("%s", error.what);
    return evaluation;
}

static void refused(const struct open_run *run, const struct evaluation_setting *setting,
                    enum error_kind kind, const char *words)
{
    struct evaluation *evaluation = NULL;
    struct error error = {0};

    assert_int_equal(evaluation_run(run->store, setting, &evaluation, &error), -1);
    assert_null(evaluation);
    assert_int_equal(error.kind, kind);
    if (strstr(error.what, words) == NULL)
        fail_msg("no '%s' in: %s", words, error.what);
}

static char *file_of(const struct open_run *run, const struct evaluation *evaluation)
{
    char *path = memory_format("%s/%s", run->folder, EVALUATION_FILE_NAME);
    struct text bytes = {0};
    struct error error = {0};

    assert_int_equal(evaluation_write(evaluation, path, &error), 0);
    assert_int_equal(file_read(path, 1 << 28, &bytes, &error), 0);
    free(path);
    return bytes.bytes;
}

/* Figures that say the same in two ways. */
static void figures_agree(const struct class_result *class)
{
    double found = (double)class->true_positives;
    double precision = found / (found + (double)class->false_positives);
    double recall = found / (found + (double)class->false_negatives);
    size_t point = 0;

    assert_true(fabs(class->f1 - 2 * precision * recall / (precision + recall)) < 1e-12);
    assert_true(class->best_f1 >= class->f1);
    while (class->precision_recall.thresholds[point] != class->best_threshold)
        point++;
    precision = class->precision_recall.y[point];
    recall = class->precision_recall.x[point];
    assert_true(fabs(class->best_f1 - 2 * precision * recall / (precision + recall)) < 1e-12);
    assert_true(class->brier > 0 && class->brier < 0.25);
    assert_int_equal(class->roc_auc_interval.resamples,
                     class->average_precision_interval.resamples);
    assert_true(class->roc_auc_interval.lower <= class->roc.area &&
                class->roc.area <= class->roc_auc_interval.upper);
    assert_true(class->average_precision_interval.lower <= class->average_precision &&
                class->average_precision <= class->average_precision_interval.upper);
}

static void plain_faults_are_found(void **state)
{
    struct open_run run = make_run(
        &(struct fixture_run){.experiments = 10, .observations = 60, .effect = 8, .seed = 1});
    struct evaluation *evaluation = evaluate(&run, &usual);
    const struct target_result *target = &evaluation->targets[0];
    double sum = 0;

    (void)state;
    assert_int_equal(evaluation->target_count, 1);
    assert_string_equal(target->target, "sprout");
    assert_null(target->unavailable);
    assert_int_equal(target->experiments, 11);
    assert_int_equal(target->split_count, 4);
    for (size_t i = 0; i < 2; i++) {
        const struct split_result *split = &target->splits[i];

        assert_null(split->unavailable);
        assert_int_equal(split->folds, 5);
        assert_int_equal(split->class_count, 6);
        assert_string_equal(split->classes[0].name, "binary");
        assert_int_equal(split->classes[0].positives + split->classes[0].negatives,
                         target->observations);
        for (size_t j = 0; j < split->class_count; j++) {
            assert_true(split->classes[j].roc_auc.folds > 0);
            assert_true(split->classes[j].roc.area > 0.9);
            figures_agree(&split->classes[j]);
        }
    }
    assert_string_equal(target->splits[2].unavailable, "there is only one intensity");
    assert_null(target->splits[3].unavailable);
    assert_int_equal(target->splits[3].folds, 2);
    assert_true(target->splits[3].classes[5].roc.area > 0.9);
    for (size_t i = 0; i < target->importance_count; i++) {
        sum += target->importance[i].importance;
        assert_true(i == 0 ||
                    target->importance[i - 1].importance >= target->importance[i].importance);
    }
    assert_true(fabs(sum - 1) < 1e-12);
    evaluation_free(evaluation);
    close_run(&run);
}

/* The metrics of the fixture that no fault moves are worth nothing; others may stand in for one
 * another, but not all of them. */
static void shuffled_metrics_are_missed(void **state)
{
    static const char *const moved_by_nothing[] = {"process.count", "network.receive.errors",
                                                   "memory.limit"};
    struct open_run run = make_run(
        &(struct fixture_run){.experiments = 10, .observations = 60, .effect = 3, .seed = 1});
    struct evaluation *evaluation = evaluate(&run, &usual);
    const struct target_result *target = &evaluation->targets[0];
    double sum = 0;

    (void)state;
    for (size_t i = 0; i < target->importance_count; i++) {
        const struct metric_importance *metric = &target->importance[i];

        sum += metric->permutation;
        for (size_t j = 0; j < sizeof moved_by_nothing / sizeof moved_by_nothing[0]; j++) {
            if (strcmp(metric->metric, moved_by_nothing[j]) == 0)
                assert_true(fabs(metric->permutation) < 0.02);
        }
    }
    assert_true(sum > 0.1);
    evaluation_free(evaluation);
    close_run(&run);
}

/* By chance a detector of nothing scores 0.5; a leak from test to training would score more. */
static void faults_without_effect_are_not_found(void **state)
{
    struct open_run run = make_run(
        &(struct fixture_run){.experiments = 20, .observations = 60, .effect = 0, .seed = 3});
    struct evaluation *evaluation = evaluate(&run, &usual);

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct class_result *binary = &evaluation->targets[0].splits[i].classes[0];

        assert_true(binary->roc.area > 0.35 && binary->roc.area < 0.65);
    }
    evaluation_free(evaluation);
    close_run(&run);
}

static void single_experiments_leave_classes_unscored(void **state)
{
    struct open_run run = make_run(
        &(struct fixture_run){.experiments = 5, .observations = 60, .effect = 8, .seed = 1});
    struct evaluation_setting setting = usual;
    struct evaluation *evaluation;
    const struct split_result *split;

    (void)state;
    setting.folds = 10;
    evaluation = evaluate(&run, &setting);
    assert_int_equal(evaluation->targets[0].splits[0].folds, 10);
    split = &evaluation->targets[0].splits[1];
    assert_string_equal(split->name, "experiment");
    assert_int_equal(split->folds, 6);
    assert_int_equal(split->classes[0].roc_auc.folds, 5);
    for (size_t i = 1; i < split->class_count; i++) {
        assert_int_equal(split->classes[i].positives, 0);
        assert_int_equal(split->classes[i].roc.count, 0);
        assert_int_equal(split->classes[i].roc_auc.folds, 0);
        assert_true(isnan(split->classes[i].roc.area) && isnan(split->classes[i].roc_auc.mean));
    }
    evaluation_free(evaluation);
    close_run(&run);
}

static void bytes_do_not_depend_on_threads(void **state)
{
    static const int64_t threads[] = {1, 2, 7};
    struct open_run run = make_run(
        &(struct fixture_run){.experiments = 10, .observations = 40, .effect = 2, .seed = 5});
    struct evaluation_setting setting = usual;
    char *first = NULL;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct evaluation *evaluation;
        char *bytes;

        setting.threads = threads[i];
        evaluation = evaluate(&run, &setting);
        bytes = file_of(&run, evaluation);
        evaluation_free(evaluation);
        if (first == NULL) {
            first = bytes;
            continue;
        }
        assert_string_equal(bytes, first);
        free(bytes);
    }
    free(first);
    close_run(&run);
}

static void file_is_read_back_exactly(void **state)
{
    struct open_run run = make_run(
        &(struct fixture_run){.experiments = 5, .observations = 40, .effect = 2, .seed = 7});
    struct evaluation *evaluation = evaluate(&run, &usual);
    char *written = file_of(&run, evaluation);
    char *path = memory_format("%s/%s", run.folder, EVALUATION_FILE_NAME);
    struct evaluation *read;
    struct error error = {0};
    char *again;

    (void)state;
    assert_int_equal(evaluation_read(path, &read, &error), 0);
    assert_int_equal(read->target_count, evaluation->target_count);
    assert_true(read->targets[0].splits[0].classes[0].roc.area ==
                evaluation->targets[0].splits[0].classes[0].roc.area);
    assert_true(isnan(read->targets[0].splits[1].classes[1].roc.area));
    again = file_of(&run, read);
    assert_string_equal(again, written);
    evaluation_free(read);
    evaluation_free(evaluation);
    free(written);
    free(again);
    free(path);
    close_run(&run);
}

static void damaged_files_are_refused(void **state)
{
    static const char *const files[] = {
        "",
        "{",
        "[]",
        "{\"format\": \"vnfault evaluation\", \"version\": 4}",
        "{\"format\": \"vnfault evaluation\", \"version\": 3}",
        "{\"format\": \"vnfault evaluation\", \"version\": 4, \"setting\": 3, \"targets\": []}",
    };
    char *folder = fixture_folder();
    char *path = memory_format("%s/%s", folder, EVALUATION_FILE_NAME);
    struct error error = {0};

    (void)state;
    assert_int_equal(folder_make(folder, &error), 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct evaluation *evaluation = NULL;

        error_clear(&error);
        assert_int_equal(file_write(path, files[i], strlen(files[i]), &error), 0);
        assert_int_equal(evaluation_read(path, &evaluation, &error), -1);
        assert_null(evaluation);
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_string_equal(error.where, path);
    }
    assert_int_equal(folder_remove(folder, &error), 0);
    free(path);
    free(folder);
}

static void change(const struct open_run *run, const char *sql)
{
    char *path = memory_format("%s/%s", run->folder, STORE_FILE_NAME);
    sqlite3 *database;

    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    free(path);
}

/* The second repetition becomes another intensity: each is tested by what the other taught, and the
 * nominal experiment is trained on only. */
static void intensities_are_left_out_in_turn(void **state)
{
    struct open_run run = make_run(
        &(struct fixture_run){.experiments = 10, .observations = 60, .effect = 8, .seed = 1});
    struct evaluation *evaluation;
    const struct split_result *stratified;
    const struct split_result *split;

    (void)state;
    change(&run, "UPDATE experiment SET intensity = 'medium' WHERE repetition = 2");
    evaluation = evaluate(&run, &usual);
    stratified = &evaluation->targets[0].splits[0];
    split = &evaluation->targets[0].splits[2];
    assert_null(split->unavailable);
    assert_string_equal(split->name, "intensity");
    assert_int_equal(split->folds, 2);
    assert_int_equal(split->classes[0].roc_auc.folds, 2);
    assert_int_equal(split->classes[0].positives, stratified->classes[0].positives);
    assert_int_equal(split->classes[0].negatives, stratified->classes[0].negatives - 59);
    assert_true(split->classes[0].roc.area > 0.9);
    evaluation_free(evaluation);
    close_run(&run);
}

static void too_little_is_inconclusive(void **state)
{
    struct open_run none_valid =
        make_run(&(struct fixture_run){.experiments = 3, .observations = 20, .invalid = 4});
    struct open_run nominal = make_run(&(struct fixture_run){.observations = 20});
    struct open_run small =
        make_run(&(struct fixture_run){.experiments = 1, .observations = 12, .effect = 8});
    struct evaluation_setting other = usual;
    struct evaluation_setting many_folds = usual;

    (void)state;
    refused(&none_valid, &usual, ERROR_INCONCLUSIVE, "all normal");
    change(&none_valid, "UPDATE experiment SET verdict = 'invalid', reason = 'test'");
    refused(&none_valid, &usual, ERROR_INCONCLUSIVE, "can be used");
    refused(&nominal, &usual, ERROR_INCONCLUSIVE, "no injection");
    other.target = "bono";
    refused(&small, &other, ERROR_INCONCLUSIVE, "all normal");
    many_folds.folds = 10;
    refused(&small, &many_folds, ERROR_INCONCLUSIVE, "too few for 10 folds");
    close_run(&none_valid);
    close_run(&nominal);
    close_run(&small);
}

static void bad_settings_are_refused(void **state)
{
    struct open_run run =
        make_run(&(struct fixture_run){.experiments = 5, .observations = 20, .effect = 8});
    struct stop stop;
    struct error error = {0};
    struct evaluation_setting setting = usual;

    (void)state;
    setting.target = "sprowt";
    refused(&run, &setting, ERROR_INPUT, "no target 'sprowt'");
    setting = usual;
    setting.detector = "oracle";
    refused(&run, &setting, ERROR_INPUT, "no detector 'oracle'");
    setting = usual;
    setting.folds = 1;
    refused(&run, &setting, ERROR_INPUT, "two folds");
    setting = usual;
    setting.trees = 0;
    refused(&run, &setting, ERROR_INPUT, "one tree");
    setting = usual;
    assert_int_equal(stop_open(&stop, &error), 0);
    stop_request(&stop, 2);
    setting.stop = &stop;
    refused(&run, &setting, ERROR_INTERRUPTED, "interrupted");
    stop_close(&stop);
    close_run(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_faults_are_found),
        cmocka_unit_test(shuffled_metrics_are_missed),
        cmocka_unit_test(faults_without_effect_are_not_found),
        cmocka_unit_test(single_experiments_leave_classes_unscored),
        cmocka_unit_test(bytes_do_not_depend_on_threads),
        cmocka_unit_test(file_is_read_back_exactly),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(intensities_are_left_out_in_turn),
        cmocka_unit_test(too_little_is_inconclusive),
        cmocka_unit_test(bad_settings_are_refused),
    };

    return cmocka_run_group_tests_name("evaluation", tests, NULL, NULL);
}
