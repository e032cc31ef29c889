/* vnfault score: a saved detector's scores of a run's observations. */
#include <stdlib.h>
#include <string.h>

#include "analysis/dataset.h"
#include "analysis/model.h"
#include "base/memory.h"
#include "cli/csv.h"
#include "cli/export.h"
#include "cli/verb.h"

static const char *model_path;
static const char *target;
static const char *output;
static bool csv_format = true;

static const struct option_row options[] = {
    {"--model", "MODEL", "file that 'vnfault train' wrote", OPTION_TEXT, &model_path, 0, 0},
    {"--target", "NAME", "whose observations (default: the model's target)", OPTION_TEXT, &target,
     0, 0},
    {"--csv", NULL, "as CSV, which is the only format", OPTION_FLAG, &csv_format, 0, 0},
    {"-o", "PATH", "file to write (default: stdout)", OPTION_TEXT, &output, 0, 0},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

struct scoring {
    const struct model *model;
    const struct dataset *dataset;
    const struct experiment_names *experiments;
    double *scores; /* (rows x questions) */
};

static const char *experiment_of(const struct scoring *scoring, size_t row)
{
    for (size_t i = 0; i < scoring->experiments->count; i++) {
        if (scoring->experiments->items[i].cell == scoring->dataset->experiments[row])
            return scoring->experiments->items[i].name;
    }
    return NULL;
}

static int write_scores(struct csv *csv, void *context, struct error *error)
{
    static const char *const head[] = {"experiment", "target", "time_ns", "label", NULL};
    const struct scoring *scoring = context;
    const struct dataset *dataset = scoring->dataset;
    size_t questions = scoring->model->question_count;

    (void)error;
    csv_names(csv, head);
    for (size_t i = 0; i < questions; i++)
        csv_text(csv, scoring->model->questions[i]);
    csv_end_row(csv);
    for (size_t row = 0; row < dataset->rows; row++) {
        csv_text(csv, experiment_of(scoring, row));
        csv_text(csv, dataset->target);
        csv_instant(csv, dataset->times_ns[row]);
        csv_text(csv, dataset->label_names[dataset->labels[row]]);
        for (size_t i = 0; i < questions; i++)
            csv_number(csv, scoring->scores[row * questions + i]);
        csv_end_row(csv);
    }
    return 0;
}

static int score_dataset(struct store *store, const struct model *model,
                         const struct dataset *dataset, struct error *error)
{
    struct experiment_names experiments = {0};
    struct scoring scoring = {model, dataset, &experiments, NULL};
    size_t *rows = memory_new(dataset->rows, sizeof *rows);
    int result = experiment_names_read(store, &experiments, error);

    for (size_t i = 0; i < dataset->rows; i++)
        rows[i] = i;
    scoring.scores = memory_new(dataset->rows * model->question_count, sizeof(double));
    if (result == 0) {
        model_score(model, dataset, rows, dataset->rows, scoring.scores);
        result = csv_file(output, write_scores, &scoring, error);
    }
    experiment_names_free(&experiments);
    free(scoring.scores);
    free(rows);
    return result;
}

static int score_store(struct store *store, const struct model *model, struct error *error)
{
    struct dataset *dataset;
    int result;

    if (dataset_read(store, target != NULL ? target : model->target, &model->pipeline, &dataset,
                     error) < 0)
        return -1;
    result = model_check_metrics(model, dataset, error);
    if (result == 0 && dataset->rows == 0) {
        result = error_set(error, ERROR_INCONCLUSIVE, "the run has no observation to score");
        error_target(error, dataset->target);
    }
    if (result == 0)
        result = score_dataset(store, model, dataset, error);
    dataset_free(dataset);
    return result;
}

static int score(const char *const operands[], size_t count, struct error *error)
{
    struct error closing = {0};
    struct model *model;
    struct store *store;
    int result;

    (void)count;
    if (model_path == NULL)
        return error_set(error, ERROR_INPUT, "score needs --model");
    if (model_read(model_path, &model, error) < 0)
        return -1;
    result = store_open(operands[0], STORE_READ, &store, error);
    if (result == 0) {
        result = score_store(store, model, error);
        store_close(store, &closing);
    }
    model_free(model);
    return result;
}

const struct verb verb_score = {
    .name = "score",
    .summary = "score a run's observations by a saved detector",
    .operands = "RUN",
    .description =
        "Writes a row for each observation that a detector can be tested on (those that\n"
        "touch no edge, of valid experiments): its label, and a score from 0 to 1 for\n"
        "'binary' and each fault type; empty where the model has none.\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 1,
    .run = score,
};
