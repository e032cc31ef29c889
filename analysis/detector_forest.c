/* The Random Forest as a detector: one forest a question, on the same presorted columns. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/detector.h"
#include "analysis/forest.h"
#include "analysis/forest_file.h"
#include "base/memory.h"

enum { PARAMETER_BINS };

static const struct detector_parameter parameters[] = {
    [PARAMETER_BINS] = {"bins", "of a metric, between which it is split; 0: exact", 0, 0,
                        FOREST_BINS_MOST, true, NULL},
    {NULL, NULL, 0, 0, 0, false, NULL},
};

struct forest_state {
    size_t question_count;
    struct forest **forests; /* per question; NULL if untrained */
};

static struct forest_setting forest_setting(const struct detector_setting *setting)
{
    return (struct forest_setting){.trees = setting->trees,
                                   .threads = setting->threads,
                                   .bins = (size_t)setting->parameters[PARAMETER_BINS],
                                   .seed = setting->seed,
                                   .balanced = setting->balanced};
}

/* Fills `positive` by the answers to the question; returns how many are yes. */
static size_t answer(const struct detector_training *training, size_t question, uint8_t *positive)
{
    size_t positives = 0;

    for (size_t row = 0; row < training->observations.rows; row++) {
        positive[row] =
            question == 0 ? training->labels[row] != 0 : training->labels[row] == question;
        positives += positive[row];
    }
    return positives;
}

static struct forest_state *new_state(size_t question_count)
{
    struct forest_state *state = memory_new(1, sizeof *state);

    state->question_count = question_count;
    state->forests = memory_new(question_count, sizeof(struct forest *));
    return state;
}

static int fit(const struct detector_training *training, const struct detector_setting *setting,
               void **opaque, struct error *error)
{
    const struct detector_rows *rows = &training->observations;
    struct forest_state *state = new_state(training->question_count);
    struct forest_setting forest = forest_setting(setting);
    struct forest_columns *columns =
        forest_columns_new(rows->values, rows->rows, rows->columns, &forest);
    uint8_t *positive = memory_new(rows->rows, sizeof *positive);

    (void)error;
    for (size_t question = 0; question < training->question_count; question++) {
        size_t positives = answer(training, question, positive);

        if (positives > 0 && positives < rows->rows)
            state->forests[question] = forest_fit(columns, positive, &forest);
    }
    free(positive);
    forest_columns_free(columns);
    *opaque = state;
    return 0;
}

static void free_state(void *opaque)
{
    struct forest_state *state = opaque;

    if (state == NULL)
        return;
    for (size_t i = 0; i < state->question_count; i++)
        forest_free(state->forests[i]);
    free(state->forests);
    free(state);
}

static bool score(const void *opaque, size_t question, const struct detector_rows *rows,
                  double *scores)
{
    const struct forest_state *state = opaque;

    if (state->forests[question] == NULL)
        return false;
    forest_score(state->forests[question], rows->values, rows->rows, scores);
    return true;
}

static const double *importance(const void *opaque, size_t question)
{
    const struct forest_state *state = opaque;

    return state->forests[question] != NULL ? state->forests[question]->importance : NULL;
}

static double out_of_bag_error(const void *opaque, size_t question,
                               const struct detector_training *training,
                               const struct detector_setting *setting)
{
    const struct forest_state *state = opaque;
    struct forest_setting forest = forest_setting(setting);
    uint8_t *positive;
    double share;

    if (state->forests[question] == NULL)
        return NAN;
    positive = memory_new(training->observations.rows, sizeof *positive);
    answer(training, question, positive);
    share = forest_out_of_bag_error(state->forests[question], training->observations.values,
                                    training->observations.rows, positive, &forest);
    free(positive);
    return share;
}

static void write_state(const void *opaque, struct text *bytes)
{
    const struct forest_state *state = opaque;

    for (size_t i = 0; i < state->question_count; i++)
        forest_write(state->forests[i], bytes);
}

static int read_state(const char *bytes, size_t length, size_t columns, size_t question_count,
                      void **opaque, struct error *error)
{
    struct forest_state *state = new_state(question_count);
    struct byte_reader reader = {bytes, length, 0};

    for (size_t i = 0; i < question_count; i++) {
        if (forest_read(&reader, columns, &state->forests[i], error) < 0) {
            free_state(state);
            return -1;
        }
    }
    if (reader.at != length) {
        free_state(state);
        return error_set(error, ERROR_INPUT, "%zu bytes too many after the last forest",
                         length - reader.at);
    }
    *opaque = state;
    return 0;
}

const struct detector detector_forest = {
    .name = "forest",
    .summary = "Random Forest (supervised), one a question",
    .supervised = true,
    .parameters = parameters,
    .fit = fit,
    .free_state = free_state,
    .score = score,
    .importance = importance,
    .out_of_bag_error = out_of_bag_error,
    .write = write_state,
    .read = read_state,
};
