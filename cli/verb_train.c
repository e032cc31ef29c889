#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/dataset.h"
#include "analysis/detector.h"
#include "analysis/model.h"
#include "analysis/report_json.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/interrupt.h"
#include "cli/json_values.h"
#include "cli/pipeline_options.h"
#include "cli/verb.h"

static const char *target;
static const char *detector_name = "forest";
static const char *output;
static int64_t trees = 10;
static int64_t seed = 1;
static int64_t threads;
static bool balanced;
static bool json;
static struct pipeline_options pipeline_options;

static const struct option_row options[] = {
    {"--target", "NAME", "target (default: the only one it can be)", OPTION_TEXT, &target, 0, 0},
    {"--detector", "NAME[:P=V]", "detector and its parameters (default: forest)", OPTION_TEXT,
     &detector_name, 0, 0},
    {"--trees", "N", "trees of a forest (default: 10)", OPTION_COUNT, &trees, 1, 100000},
    {"--seed", "S", "seed of the detector (default: 1)", OPTION_COUNT, &seed, 0, 0x1p53},
    {"--threads", "N", "threads; same model for any (default: all)", OPTION_COUNT, &threads, 0,
     1024},
    {"--balanced", NULL, "weigh classes inversely to their frequency", OPTION_FLAG, &balanced, 0,
     0},
    PIPELINE_OPTIONS(pipeline_options),
    {"-o", "MODEL", "file of the model (default: RUN/TARGET.model)", OPTION_TEXT, &output, 0, 0},
    {"--json", NULL, "print one JSON object", OPTION_FLAG, &json, 0, 0},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

static void hint_targets(char *const *names, size_t count, struct error *error)
{
    struct text list = {0};

    for (size_t i = 0; i < count; i++)
        text_appendf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
    error_hint(error, "choose one with --target: %s", text_string(&list));
    text_free(&list);
}

/* The target asked for, or the only one that has what the detector needs. Caller frees. */
static int choose_target(struct store *store, const struct detector *detector, char **name,
                         struct error *error)
{
    char **names;
    size_t count;
    int result = 0;

    *name = NULL;
    if (target != NULL) {
        *name = memory_string(target);
        return 0;
    }
    if (dataset_targets(store, detector->supervised, &names, &count, error) < 0)
        return -1;
    if (count == 1) {
        *name = memory_string(names[0]);
    } else if (count == 0) {
        result = error_set(error, ERROR_INCONCLUSIVE, "the run has no injection to train on");
    } else {
        result = error_set(error, ERROR_INPUT,
                           detector->supervised ? "the run has injections into %zu targets"
                                                : "the run has %zu targets",
                           count);
        hint_targets(names, count, error);
    }
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return result;
}

static size_t threads_used(void)
{
    return threads > 0 ? (size_t)threads : (size_t)sysconf(_SC_NPROCESSORS_ONLN);
}

/* Of a label how many observations the model was not trained on. */
static size_t left_out(const struct model *model, const struct label_count *count)
{
    bool trained = model->detector->supervised || strcmp(count->label, "normal") == 0;

    return count->observations - (trained ? count->used : 0);
}

static void print_json(const struct model *model, const struct dataset *dataset,
                       const struct model_fit *fit, const char *path, size_t size)
{
    char *name = detector_full_name(model->detector, &model->setting);
    json_t *questions = json_array();
    json_t *others = json_object();
    json_t *object;

    for (size_t i = 0; i < dataset->count_count; i++)
        json_object_set_new(others, dataset->counts[i].label,
                            json_integer((json_int_t)left_out(model, &dataset->counts[i])));
    for (size_t i = 0; i < model->question_count; i++)
        json_array_append_new(
            questions, json_pack("{s:o, s:o}", "class", report_json_string(model->questions[i]),
                                 "out_of_bag_error", json_number(fit->out_of_bag_error[i])));
    object = json_pack(
        "{s:o, s:s, s:I, s:o, s:I, s:I, s:I, s:f, s:I, s:o, s:I, s:o, s:o}", "target",
        report_json_string(model->target), "detector", name, "rows", (json_int_t)model->rows,
        "left_out", others, "metrics", (json_int_t)model->preprocess.kept, "constant_metrics",
        (json_int_t)(model->preprocess.columns - model->preprocess.kept), "trees",
        (json_int_t)model->setting.trees, "fit_seconds", fit->seconds, "threads",
        (json_int_t)threads_used(), "model", report_json_string(path), "model_bytes",
        (json_int_t)size, "classes", questions, "class_error", json_number(fit->class_error));
    json_dumpf(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    putchar('\n');
    json_decref(object);
    free(name);
}

static void print_text(const struct model *model, const struct dataset *dataset,
                       const struct model_fit *fit, const char *path, size_t size)
{
    size_t others = 0;

    printf("%s: %s trained on %zu observations of %zu metrics in %.3f s with %zu threads\n",
           model->target, model->detector->name, model->rows, model->preprocess.kept, fit->seconds,
           threads_used());
    for (size_t i = 0; i < dataset->count_count; i++) {
        size_t count = left_out(model, &dataset->counts[i]);

        if (count > 0)
            printf("%s%zu %s", others++ == 0 ? "  not among them: " : ", ", count,
                   dataset->counts[i].label);
    }
    if (others > 0)
        putchar('\n');
    for (size_t i = 0; i < model->question_count; i++) {
        if (!isnan(fit->out_of_bag_error[i]))
            printf("  %-12s out-of-bag error %.2f %%\n", model->questions[i],
                   100 * fit->out_of_bag_error[i]);
    }
    if (!isnan(fit->class_error))
        printf("  %-12s out-of-bag error %.2f %%\n", "all labels", 100 * fit->class_error);
    printf("written: %s (%zu bytes)\n", path, size);
}

static int save(const struct model *model, const struct dataset *dataset,
                const struct model_fit *fit, const char *folder, struct error *error)
{
    char *path = output != NULL ? memory_string(output)
                                : memory_format("%s/%s.model", folder, model->target);
    size_t size;
    int result = model_write(model, path, &size, error);

    if (result == 0 && json)
        print_json(model, dataset, fit, path, size);
    else if (result == 0)
        print_text(model, dataset, fit, path, size);
    free(path);
    return result;
}

static int train_on(struct store *store, const char *name, const struct detector *detector,
                    const struct detector_setting *setting, struct error *error)
{
    struct model_fit fit = {0};
    struct pipeline pipeline;
    struct dataset *dataset;
    struct model *model;
    size_t *rows;
    int result;

    if (pipeline_options_read(&pipeline_options, &pipeline, error) < 0 ||
        dataset_read(store, name, &pipeline, &dataset, error) < 0)
        return -1;
    rows = memory_new(dataset->rows, sizeof *rows);
    for (size_t i = 0; i < dataset->rows; i++)
        rows[i] = i;
    result = model_train(detector, setting, dataset, rows, dataset->rows, &fit, &model, error);
    if (result == 0)
        result = save(model, dataset, &fit, store_folder(store), error);
    free(fit.out_of_bag_error);
    free(rows);
    model_free(model);
    dataset_free(dataset);
    return result;
}

static int train(const char *const operands[], size_t count, struct error *error)
{
    struct detector_setting setting = {.trees = (size_t)trees,
                                       .threads = (size_t)threads,
                                       .seed = (uint64_t)seed,
                                       .balanced = balanced,
                                       .stop = interrupt_stop()};
    const struct detector *detector = detector_parse(detector_name, &setting, error);
    struct error closing = {0};
    struct store *store;
    char *name = NULL;
    int result;

    (void)count;
    if (detector == NULL || store_open(operands[0], STORE_READ, &store, error) < 0)
        return -1;
    result = choose_target(store, detector, &name, error);
    if (result == 0)
        result = train_on(store, name, detector, &setting, error);
    free(name);
    store_close(store, &closing);
    if (result < 0 && error->kind == ERROR_INTERRUPTED)
        return interrupt_error(error);
    return result;
}

static const char *word(const char *of, size_t at)
{
    return strcmp(of, "--detector") == 0 ? detector_name_at(at) : NULL;
}

const struct verb verb_train = {
    .name = "train",
    .summary = "train a detector on a run and save it",
    .operands = "RUN",
    .description =
        "Trains a detector on one target's observations of the valid experiments. forest:\n"
        "binary (any injection or none) and one model a fault type, or one of all\n"
        "(forest:classes=joint). pca: on normal observations alone. Parameters:\n"
        "docs/detectors.md.\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 1,
    .word = word,
    .run = train,
};
