#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/evaluation.h"
#include "analysis/evaluation_split.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/evaluation_table.h"
#include "cli/interrupt.h"
#include "cli/pipeline_options.h"
#include "cli/verb.h"

static const char *target;
static const char *output;
static const char *detector = "forest";
static int64_t trees = 10;
static int64_t folds = 10;
static int64_t seed = 1;
static int64_t threads;
static bool balanced;
static bool json;
static struct pipeline_options pipeline_options;
static const char *training_run;
static const char *tested_run;
static double minimum_auc = -1;
static double threshold = 0.5;
static const char *only_split;

static const struct option_row options[] = {
    {"-o", "FILE", "written in place of RUN's evaluation.json", OPTION_TEXT, &output, 0, 0},
    {"--target", "NAME", "only this target (default: all injected into)", OPTION_TEXT, &target, 0,
     0},
    {"--detector", "NAME[:P=V]", "detector and its parameters (default: forest)", OPTION_TEXT,
     &detector, 0, 0},
    {"--trees", "N", "trees of a forest (default: 10)", OPTION_COUNT, &trees, 1, 100000},
    {"--split", "NAME", "only this split: stratified, experiment, nominal, ...", OPTION_TEXT,
     &only_split, 0, 0},
    {"--folds", "N", "folds of cross-validation (default: 10)", OPTION_COUNT, &folds, 2, 1000},
    {"--seed", "S", "seed of splits and detector (default: 1)", OPTION_COUNT, &seed, 0, 0x1p53},
    {"--threads", "N", "threads; same result for any (default: all)", OPTION_COUNT, &threads, 0,
     1024},
    {"--balanced", NULL, "weigh classes inversely to their frequency", OPTION_FLAG, &balanced, 0,
     0},
    PIPELINE_OPTIONS(pipeline_options),
    {"--threshold", "X", "a score from here on is a find (default: 0.5)", OPTION_NUMBER, &threshold,
     1e-9, 1},
    {"--train", "RUN1", "train on this run, and", OPTION_TEXT, &training_run, 0, 0},
    {"--test", "RUN2", "test on this one (no RUN then)", OPTION_TEXT, &tested_run, 0, 0},
    {"--minimum-auc", "X", "exit 1 if a split's binary ROC AUC is below X", OPTION_NUMBER,
     &minimum_auc, 0, 1},
    {"--json", NULL, "print evaluation.json in place of the table", OPTION_FLAG, &json, 0, 0},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

static int check_split(const struct split_result *split, const char *of_target, struct error *error)
{
    double auc = split->class_count > 0 ? split->classes[0].roc_auc.mean : (double)NAN;

    if (auc >= minimum_auc)
        return 0;
    if (isnan(auc))
        error_set(error, ERROR_INCONCLUSIVE, "there is no binary ROC AUC (%s) to hold against %.4f",
                  split->name, minimum_auc);
    else
        error_set(error, ERROR_THRESHOLD, "binary ROC AUC %.4f (%s) is below %.4f", auc,
                  split->name, minimum_auc);
    return error_target(error, of_target);
}

/* Every split that is shown counts: the stratified one alone is easily passed. */
static int check_target(const struct target_result *result, struct error *error)
{
    size_t shown = 0;

    for (size_t i = 0; i < result->split_count; i++) {
        if (result->splits[i].unavailable != NULL)
            continue;
        shown++;
        if (check_split(&result->splits[i], result->target, error) < 0)
            return -1;
    }
    if (shown > 0)
        return 0;
    error_set(error, ERROR_INCONCLUSIVE, "there is no binary ROC AUC to hold against %.4f",
              minimum_auc);
    return error_target(error, result->target);
}

static int check_threshold(const struct evaluation *evaluation, struct error *error)
{
    for (size_t i = 0; minimum_auc >= 0 && i < evaluation->target_count; i++) {
        if (check_target(&evaluation->targets[i], error) < 0)
            return -1;
    }
    return 0;
}

static int print(const struct evaluation *evaluation, const char *path, struct error *error)
{
    struct text bytes = {0};
    int result = 0;

    if (json) {
        result = file_read(path, SIZE_MAX, &bytes, error);
        puts(text_string(&bytes));
        text_free(&bytes);
    } else {
        evaluation_table_print(evaluation, stdout);
        printf("written: %s\n", path);
    }
    return result;
}

/* As -o says. Else beside the tested run's own; that of two runs is called after the one trained
 * on. */
static char *path_of_result(struct store *training, struct store *test)
{
    char *folder;
    char *slash;
    char *path;

    if (output != NULL)
        return memory_string(output);
    if (training == NULL)
        return memory_format("%s/%s", store_folder(test), EVALUATION_FILE_NAME);
    folder = realpath(store_folder(training), NULL);
    slash = folder != NULL ? strrchr(folder, '/') : NULL;
    path = memory_format("%s/evaluation-trained-on-%s.json", store_folder(test),
                         slash != NULL ? slash + 1 : "another");
    free(folder);
    return path;
}

/* A detector is nearly right about what it was trained on. */
static int check_runs_differ(struct store *training, struct store *test, struct error *error)
{
    char *left = training != NULL ? realpath(store_folder(training), NULL) : NULL;
    char *right = realpath(store_folder(test), NULL);
    bool same = left != NULL && right != NULL && strcmp(left, right) == 0;

    free(left);
    free(right);
    if (!same)
        return 0;
    error_set(error, ERROR_INPUT, "--train and --test are the same run");
    error_hint(error, "'vnfault evaluate RUN' trains on a part of it and tests on the rest");
    return -1;
}

static int evaluate_stores(struct store *training, struct store *test, struct error *error)
{
    struct evaluation_setting setting = {
        .trees = trees,
        .folds = folds,
        .threads = threads,
        .seed = (uint64_t)seed,
        .threshold = threshold,
        .balanced = balanced,
        .target = target,
        .detector = detector,
        .split = only_split,
        .stop = interrupt_stop(),
    };
    struct evaluation *evaluation;
    char *path;
    int result;

    if (pipeline_options_read(&pipeline_options, &setting.pipeline, error) < 0)
        return -1;
    result = training != NULL ? evaluation_between(training, test, &setting, &evaluation, error)
                              : evaluation_run(test, &setting, &evaluation, error);
    if (result < 0)
        return error->kind == ERROR_INTERRUPTED ? interrupt_error(error) : -1;
    path = path_of_result(training, test);
    result = evaluation_write(evaluation, path, error);
    if (result == 0)
        result = print(evaluation, path, error);
    if (result == 0)
        result = check_threshold(evaluation, error);
    free(path);
    evaluation_free(evaluation);
    return result;
}

static int evaluate(const char *const operands[], size_t count, struct error *error)
{
    struct error closing = {0};
    struct store *training = NULL;
    struct store *test = NULL;
    int result = -1;

    if (only_split != NULL && training_run != NULL)
        return error_set(error, ERROR_INPUT,
                         "--split is for one run: two have a split of their own");
    if ((count == 1) == (training_run != NULL || tested_run != NULL) ||
        (training_run != NULL) != (tested_run != NULL)) {
        error_set(error, ERROR_INPUT, "evaluate needs a run, or --train and --test");
        return -1;
    }
    if ((training_run == NULL || store_open(training_run, STORE_READ, &training, error) == 0) &&
        store_open(count == 1 ? operands[0] : tested_run, STORE_READ, &test, error) == 0 &&
        check_runs_differ(training, test, error) == 0)
        result = evaluate_stores(training, test, error);
    store_close(training, &closing);
    store_close(test, &closing);
    return result;
}

static const char *word(const char *of, size_t at)
{
    if (strcmp(of, "--split") == 0)
        return evaluation_split_name(at);
    return strcmp(of, "--detector") == 0 ? detector_name_at(at) : NULL;
}

const struct verb verb_evaluate = {
    .name = "evaluate",
    .summary = "say how well a detector finds the faults of a run",
    .operands = "RUN | --train RUN1 --test RUN2",
    .description =
        "Trains and tests a detector by cross-validation, per target: binary (any\n"
        "injection or none) and one model a fault type, with folds of single observations\n"
        "(stratified) beside those of whole experiments, intensities and repetitions.\n",
    .options = options,
    .least_operands = 0,
    .most_operands = 1,
    .word = word,
    .run = evaluate,
};
