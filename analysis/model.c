#include "analysis/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"

static double monotonic_seconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void describe_metrics(struct model *model, const struct dataset *dataset)
{
    model->metrics = memory_new(dataset->columns, sizeof *model->metrics);
    for (size_t i = 0; i < dataset->columns; i++)
        model->metrics[i] = (struct dataset_metric){
            memory_string(dataset->metrics[i].name),
            memory_string(dataset->metrics[i].resource_group), dataset->metrics[i].counter};
}

static void describe_questions(struct model *model, const struct dataset *dataset)
{
    model->question_count = dataset->label_count;
    model->questions = memory_new(dataset->label_count, sizeof(char *));
    model->questions[0] = memory_string(QUESTION_BINARY);
    for (size_t i = 1; i < dataset->label_count; i++)
        model->questions[i] = memory_string(dataset->label_names[i]);
}

/* The two classes of the binary question, and something to tell them apart by. */
static int check_training(const struct model *model, const size_t *labels, size_t rows,
                          struct error *error)
{
    size_t normal = 0;

    for (size_t i = 0; i < rows; i++)
        normal += labels[i] == 0;
    if (rows == 0)
        return error_set(error, ERROR_INCONCLUSIVE, "there is no usable observation to train on");
    if (normal == 0 || normal == rows) {
        error_set(error, ERROR_INCONCLUSIVE, "the %zu observations to train on are all %s", rows,
                  normal == 0 ? "of injections" : "normal");
        return error_hint(error, "a detector needs both normal observations and injections");
    }
    if (model->preprocess.kept == 0)
        return error_set(error, ERROR_INCONCLUSIVE,
                         "all %zu metrics are constant in the observations to train on",
                         model->preprocess.columns);
    return 0;
}

static void measure(const struct model *model, const struct detector_training *training,
                    double seconds, struct model_fit *fit)
{
    if (fit == NULL)
        return;
    fit->seconds = seconds;
    fit->out_of_bag_error = memory_new(model->question_count, sizeof(double));
    for (size_t i = 0; i < model->question_count; i++)
        fit->out_of_bag_error[i] =
            model->detector->out_of_bag_error(model->state, i, training, &model->setting);
}

static int train(struct model *model, const struct dataset *dataset, const size_t *rows,
                 size_t count, struct model_fit *fit, struct error *error)
{
    struct row_choice choice = {dataset->values, dataset->columns, rows, count};
    size_t *labels = memory_new(count, sizeof *labels);
    struct detector_training training = {
        .rows = count, .labels = labels, .question_count = model->question_count};
    double *values;
    double start;

    for (size_t i = 0; i < count; i++)
        labels[i] = dataset->labels[rows[i]];
    preprocess_fit(&choice, &model->preprocess);
    if (check_training(model, labels, count, error) < 0) {
        free(labels);
        return error_target(error, dataset->target);
    }
    training.values = values = preprocess_apply(&model->preprocess, &choice);
    training.columns = model->preprocess.kept;
    start = monotonic_seconds();
    model->state = model->detector->fit(&training, &model->setting);
    measure(model, &training, monotonic_seconds() - start, fit);
    free(values);
    free(labels);
    return 0;
}

int model_train(const struct detector *detector, const struct detector_setting *setting,
                const struct dataset *dataset, const size_t *rows, size_t count,
                struct model_fit *fit, struct model **model, struct error *error)
{
    *model = memory_new(1, sizeof **model);
    (*model)->detector = detector;
    (*model)->setting = *setting;
    (*model)->target = memory_string(dataset->target);
    (*model)->rows = count;
    describe_metrics(*model, dataset);
    describe_questions(*model, dataset);
    if (train(*model, dataset, rows, count, fit, error) == 0)
        return 0;
    model_free(*model);
    *model = NULL;
    return -1;
}

void model_free(struct model *model)
{
    if (model == NULL)
        return;
    for (size_t i = 0; model->metrics != NULL && i < model->preprocess.columns; i++) {
        free(model->metrics[i].name);
        free(model->metrics[i].resource_group);
    }
    for (size_t i = 0; model->questions != NULL && i < model->question_count; i++)
        free(model->questions[i]);
    if (model->detector != NULL)
        model->detector->free_state(model->state);
    preprocess_free(&model->preprocess);
    free(model->metrics);
    free(model->questions);
    free(model->target);
    free(model);
}

void model_score(const struct model *model, const struct dataset *dataset, const size_t *rows,
                 size_t count, double *scores)
{
    struct row_choice choice = {dataset->values, dataset->columns, rows, count};
    double *values = preprocess_apply(&model->preprocess, &choice);
    double *column = memory_new(count, sizeof *column);

    for (size_t question = 0; question < model->question_count; question++) {
        bool trained = model->detector->score(model->state, question, values, count, column);

        for (size_t i = 0; i < count; i++)
            scores[i * model->question_count + question] = trained ? column[i] : NAN;
    }
    free(column);
    free(values);
}

int model_check_metrics(const struct model *model, const struct dataset *dataset,
                        struct error *error)
{
    size_t columns = model->preprocess.columns;

    if (dataset->columns != columns) {
        error_set(error, ERROR_INPUT, "the model was trained on %zu metrics, the data has %zu",
                  columns, dataset->columns);
        return error_target(error, dataset->target);
    }
    for (size_t i = 0; i < columns; i++) {
        if (strcmp(model->metrics[i].name, dataset->metrics[i].name) == 0 &&
            model->metrics[i].counter == dataset->metrics[i].counter)
            continue;
        error_set(error, ERROR_INPUT,
                  "metric %zu is the %s '%s' in the model and the %s '%s' in the data", i + 1,
                  model->metrics[i].counter ? "counter" : "gauge", model->metrics[i].name,
                  dataset->metrics[i].counter ? "counter" : "gauge", dataset->metrics[i].name);
        return error_target(error, dataset->target);
    }
    return 0;
}
