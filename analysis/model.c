#include "analysis/model.h"

#include <math.h>
#include <stdint.h>
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
    model->question_count = model->detector->supervised ? dataset->label_count : 1;
    model->questions = memory_new(model->question_count, sizeof(char *));
    model->questions[0] = memory_string(QUESTION_BINARY);
    for (size_t i = 1; i < model->question_count; i++)
        model->questions[i] = memory_string(dataset->label_names[i]);
}

/* Something to learn from, and to tell apart by. */
static int check_training(const struct model *model, const size_t *labels, size_t rows,
                          struct error *error)
{
    size_t normal = 0;

    for (size_t i = 0; i < rows; i++)
        normal += labels[i] == 0;
    if (rows == 0)
        return error_set(error, ERROR_INCONCLUSIVE, "there is no usable observation to train on");
    if (model->detector->supervised && (normal == 0 || normal == rows)) {
        error_set(error, ERROR_INCONCLUSIVE, "the %zu observations to train on are all %s", rows,
                  normal == 0 ? "of injections" : "normal");
        return error_hint(error, "the detector %s needs both normal observations and injections",
                          model->detector->name);
    }
    if (model->preprocess.kept == 0)
        return error_set(error, ERROR_INCONCLUSIVE,
                         "all %zu metrics are constant in the observations to train on",
                         model->preprocess.columns);
    return 0;
}

size_t model_groups(const struct model *model, size_t **groups)
{
    size_t kept = model->preprocess.kept;
    size_t count = 0;

    *groups = memory_new(kept, sizeof **groups);
    for (size_t i = 0; i < kept; i++) {
        const char *name = model->metrics[model->preprocess.source[i]].resource_group;
        size_t j = 0;

        while (j < i &&
               strcmp(model->metrics[model->preprocess.source[j]].resource_group, name) != 0)
            j++;
        (*groups)[i] = j < i ? (*groups)[j] : count++;
    }
    return count;
}

double *model_prepare(const struct model *model, const struct dataset_timeline *timeline,
                      const size_t *places, size_t count, size_t *sequences)
{
    struct row_choice choice = {timeline->values, model->preprocess.columns, places, count};

    for (size_t i = 0; i < count; i++) {
        bool neighbour = i > 0 && places[i] == places[i - 1] + 1 &&
                         timeline->sequences[places[i]] == timeline->sequences[places[i - 1]];

        sequences[i] = i == 0 ? 0 : sequences[i - 1] + !neighbour;
    }
    return preprocess_apply(&model->preprocess, &choice);
}

/* The chosen rows that the detector is trained on: their places in the timeline and labels. */
static size_t choose_rows(const struct model *model, const struct dataset *dataset,
                          const size_t *rows, size_t count, size_t *places, size_t *labels)
{
    size_t chosen = 0;

    for (size_t i = 0; i < count; i++) {
        if (!model->detector->supervised && dataset->labels[rows[i]] != 0)
            continue;
        places[chosen] = dataset->places[rows[i]];
        labels[chosen++] = dataset->labels[rows[i]];
    }
    return chosen;
}

static enum scaling scaling_of(const struct detector *detector,
                               const struct detector_setting *setting)
{
    if (detector->scaling == NULL)
        return SCALING_NONE;
    return (enum scaling)detector_parameter(detector, setting, detector->scaling);
}

static void measure(const struct model *model, const struct detector_training *training,
                    double seconds, struct model_fit *fit)
{
    if (fit == NULL)
        return;
    fit->seconds = seconds;
    fit->out_of_bag_error = memory_new(model->question_count, sizeof(double));
    for (size_t i = 0; i < model->question_count; i++)
        fit->out_of_bag_error[i] = NAN;
    fit->class_error = NAN;
    if (model->detector->out_of_bag != NULL)
        model->detector->out_of_bag(model->state, training, &model->setting, fit->out_of_bag_error,
                                    &fit->class_error);
}

/* Preprocesses the rows at these places of the timeline and fits the detector to them. */
static int fit_detector(struct model *model, const struct dataset_timeline *timeline,
                        const size_t *places, const size_t *labels, struct model_fit *fit,
                        struct error *error)
{
    size_t *sequences = memory_new(model->rows, sizeof *sequences);
    double *values = model_prepare(model, timeline, places, model->rows, sequences);
    size_t *groups;
    size_t group_count = model_groups(model, &groups);
    struct detector_training training = {{values, model->rows, model->preprocess.kept, sequences},
                                         labels,
                                         model->question_count,
                                         groups,
                                         group_count};
    double start = monotonic_seconds();
    int result = model->detector->fit(&training, &model->setting, &model->state, error);

    if (result == 0)
        measure(model, &training, monotonic_seconds() - start, fit);
    free(groups);
    free(values);
    free(sequences);
    return result;
}

/* Without the detector's fit where it is not asked for. */
static int train(struct model *model, const struct dataset *dataset, const size_t *rows,
                 size_t count, bool fitted, struct model_fit *fit, struct error *error)
{
    size_t *places = memory_new(count, sizeof *places);
    size_t *labels = memory_new(count, sizeof *labels);
    struct row_choice choice = {dataset->timeline.values, dataset->columns, places, 0};
    int result;

    choice.count = model->rows = choose_rows(model, dataset, rows, count, places, labels);
    preprocess_fit(&choice, scaling_of(model->detector, &model->setting), &model->preprocess);
    result = check_training(model, labels, model->rows, error);
    if (result == 0 && fitted)
        result = fit_detector(model, &dataset->timeline, places, labels, fit, error);
    free(places);
    free(labels);
    return result < 0 ? error_target(error, dataset->target) : 0;
}

static int make(const struct detector *detector, const struct detector_setting *setting,
                const struct dataset *dataset, const size_t *rows, size_t count, bool fitted,
                struct model_fit *fit, struct model **model, struct error *error)
{
    *model = memory_new(1, sizeof **model);
    (*model)->detector = detector;
    (*model)->setting = *setting;
    (*model)->target = memory_string(dataset->target);
    (*model)->period_ns = dataset->monitoring_period_ns;
    (*model)->pipeline = dataset->pipeline;
    describe_metrics(*model, dataset);
    describe_questions(*model, dataset);
    if (train(*model, dataset, rows, count, fitted, fit, error) == 0)
        return 0;
    model_free(*model);
    *model = NULL;
    return -1;
}

int model_train(const struct detector *detector, const struct detector_setting *setting,
                const struct dataset *dataset, const size_t *rows, size_t count,
                struct model_fit *fit, struct model **model, struct error *error)
{
    return make(detector, setting, dataset, rows, count, true, fit, model, error);
}

int model_outline(const struct detector *detector, const struct detector_setting *setting,
                  const struct dataset *dataset, const size_t *rows, size_t count,
                  struct model **model, struct error *error)
{
    return make(detector, setting, dataset, rows, count, false, NULL, model, error);
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

bool model_score_timeline(const struct model *model, const struct dataset_timeline *timeline,
                          const size_t *places, size_t count, size_t question, double *scores)
{
    size_t *sequences = memory_new(count, sizeof *sequences);
    double *values = model_prepare(model, timeline, places, count, sequences);
    struct detector_rows observations = {values, count, model->preprocess.kept, sequences};
    bool trained = model->detector->score(model->state, question, &observations, scores);

    free(values);
    free(sequences);
    return trained;
}

/* The timeline's rows in every sequence of which a row is chosen, in their order. */
static size_t whole_sequences(const struct dataset *dataset, const size_t *rows, size_t count,
                              size_t *places)
{
    const struct dataset_timeline *timeline = &dataset->timeline;
    uint8_t *chosen = memory_new(timeline->rows, sizeof *chosen); /* by sequence */
    size_t place_count = 0;

    for (size_t i = 0; i < count; i++)
        chosen[timeline->sequences[dataset->places[rows[i]]]] = 1;
    for (size_t place = 0; place < timeline->rows; place++) {
        if (chosen[timeline->sequences[place]])
            places[place_count++] = place;
    }
    free(chosen);
    return place_count;
}

/* The rows asked for, or all of their sequences if the detector looks at neighbours. */
static size_t places_to_score(const struct model *model, const struct dataset *dataset,
                              const size_t *rows, size_t count, size_t *places)
{
    if (model->detector->sequential)
        return whole_sequences(dataset, rows, count, places);
    for (size_t i = 0; i < count; i++)
        places[i] = dataset->places[rows[i]];
    return count;
}

/* Scores prepared rows on all questions: (rows x questions), row-major. */
static void score_prepared(const struct model *model, const struct detector_rows *observations,
                           double *scores)
{
    double *column;

    if (detector_is_joint(model->detector, &model->setting)) {
        model->detector->score_all(model->state, observations, scores);
        return;
    }
    column = memory_new(observations->rows, sizeof *column);
    for (size_t question = 0; question < model->question_count; question++) {
        bool trained = model->detector->score(model->state, question, observations, column);

        for (size_t row = 0; row < observations->rows; row++)
            scores[row * model->question_count + question] = trained ? column[row] : (double)NAN;
    }
    free(column);
}

/* The same of rows of the timeline. Caller frees. */
static double *score_places(const struct model *model, const struct dataset_timeline *timeline,
                            const size_t *places, size_t count)
{
    size_t *sequences = memory_new(count, sizeof *sequences);
    double *values = model_prepare(model, timeline, places, count, sequences);
    struct detector_rows observations = {values, count, model->preprocess.kept, sequences};
    double *scores = memory_new(count * model->question_count, sizeof *scores);

    score_prepared(model, &observations, scores);
    free(values);
    free(sequences);
    return scores;
}

void model_score(const struct model *model, const struct dataset *dataset, const size_t *rows,
                 size_t count, double *scores)
{
    size_t questions = model->question_count;
    size_t most = dataset->timeline.rows > count ? dataset->timeline.rows : count;
    size_t *places = memory_new(most, sizeof *places);
    size_t *row_of_place = memory_new(dataset->timeline.rows, sizeof *row_of_place);
    size_t place_count = places_to_score(model, dataset, rows, count, places);
    double *of_places = score_places(model, &dataset->timeline, places, place_count);

    for (size_t i = 0; i < place_count; i++)
        row_of_place[places[i]] = i;
    for (size_t i = 0; i < count; i++)
        memcpy(scores + i * questions,
               of_places + row_of_place[dataset->places[rows[i]]] * questions,
               questions * sizeof *scores);
    free(of_places);
    free(row_of_place);
    free(places);
}

const double *model_importance(const struct model *model)
{
    return model->detector->importance != NULL ? model->detector->importance(model->state, 0)
                                               : NULL;
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
