/* The Random Forest as a detector: one forest a question, on the same presorted columns, or one
 * forest over all labels. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/detector.h"
#include "analysis/forest.h"
#include "analysis/forest_file.h"
#include "analysis/forest_joint.h"
#include "base/memory.h"

enum { PARAMETER_BINS, PARAMETER_CLASSES };

static const char *const classes_choices[] = {
    [CLASSES_EACH] = "each", [CLASSES_JOINT] = "joint", NULL};

static const struct detector_parameter parameters[] = {
    [PARAMETER_BINS] = {"bins", "of a metric, between which it is split; 0: exact", 0, 0,
                        FOREST_BINS_MOST, true, NULL},
    [PARAMETER_CLASSES] = {"classes", "a forest each, or one joint forest", CLASSES_EACH, 0, 0,
                           true, classes_choices},
    {NULL, NULL, 0, 0, 0, false, NULL},
};

struct forest_state {
    size_t question_count;
    bool is_joint;
    struct joint_forest joint;
    struct forest **forests; /* per question; NULL if untrained, or joint */
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

static struct forest_state *new_state(size_t question_count, const struct detector_setting *setting)
{
    struct forest_state *state = memory_new(1, sizeof *state);

    state->question_count = question_count;
    state->is_joint = setting->parameters[PARAMETER_CLASSES] == CLASSES_JOINT;
    state->forests = memory_new(question_count, sizeof(struct forest *));
    return state;
}

static void free_state(void *opaque)
{
    struct forest_state *state = opaque;

    if (state == NULL)
        return;
    for (size_t i = 0; i < state->question_count; i++)
        forest_free(state->forests[i]);
    joint_close(&state->joint);
    free(state->forests);
    free(state);
}

static void fit_each(const struct detector_training *training, const struct forest_setting *setting,
                     struct forest_state *state)
{
    const struct detector_rows *rows = &training->observations;
    struct forest_columns *columns =
        forest_columns_new(rows->values, rows->rows, rows->columns, setting);
    uint8_t *positive = memory_new(rows->rows, sizeof *positive);

    for (size_t question = 0; question < training->question_count; question++) {
        size_t positives = answer(training, question, positive);

        if (positives > 0 && positives < rows->rows)
            state->forests[question] = forest_fit(columns, positive, setting);
    }
    free(positive);
    forest_columns_free(columns);
}

static int fit(const struct detector_training *training, const struct detector_setting *setting,
               void **opaque, struct error *error)
{
    struct forest_state *state = new_state(training->question_count, setting);
    struct forest_setting forest = forest_setting(setting);

    if (!state->is_joint) {
        fit_each(training, &forest, state);
    } else if (joint_fit(training, &forest, &state->joint, error) < 0) {
        free_state(state);
        return -1;
    }
    *opaque = state;
    return 0;
}

static bool score(const void *opaque, size_t question, const struct detector_rows *rows,
                  double *scores)
{
    const struct forest_state *state = opaque;

    if (state->is_joint)
        return joint_score(&state->joint, question, rows, scores);
    if (state->forests[question] == NULL)
        return false;
    forest_score(state->forests[question], rows->values, rows->rows, scores);
    return true;
}

static void score_all(const void *opaque, const struct detector_rows *rows, double *scores)
{
    const struct forest_state *state = opaque;

    joint_score_all(&state->joint, state->question_count, rows, scores);
}

static const double *importance(const void *opaque, size_t question)
{
    const struct forest_state *state = opaque;

    if (state->is_joint)
        return joint_knows(&state->joint, question) ? state->joint.forest->importance : NULL;
    return state->forests[question] != NULL ? state->forests[question]->importance : NULL;
}

/* Of a forest whose positives are the rows for which the answer is yes; NaN if there is none. */
static double binary_error(const struct forest *forest, size_t question,
                           const struct detector_training *training,
                           const struct forest_setting *setting)
{
    uint8_t *positive;
    double share;

    if (forest == NULL)
        return NAN;
    positive = memory_new(training->observations.rows, sizeof *positive);
    answer(training, question, positive);
    share = forest_out_of_bag_error(forest, training->observations.values,
                                    training->observations.rows, positive, setting);
    free(positive);
    return share;
}

static void out_of_bag(const void *opaque, const struct detector_training *training,
                       const struct detector_setting *setting, double *errors, double *class_error)
{
    const struct forest_state *state = opaque;
    struct forest_setting forest = forest_setting(setting);

    *class_error = NAN;
    if (state->is_joint) {
        errors[0] = binary_error(joint_knows(&state->joint, 0) ? state->joint.forest : NULL, 0,
                                 training, &forest);
        joint_out_of_bag(&state->joint, training, &forest, errors, class_error);
        return;
    }
    for (size_t question = 0; question < state->question_count; question++)
        errors[question] = binary_error(state->forests[question], question, training, &forest);
}

static void write_state(const void *opaque, struct text *bytes)
{
    const struct forest_state *state = opaque;

    if (state->is_joint)
        joint_write(&state->joint, bytes);
    for (size_t i = 0; !state->is_joint && i < state->question_count; i++)
        forest_write(state->forests[i], bytes);
}

static int read_forests(struct byte_reader *reader, size_t columns, struct forest_state *state,
                        struct error *error)
{
    if (state->is_joint)
        return joint_read(reader, columns, state->question_count, &state->joint, error);
    for (size_t i = 0; i < state->question_count; i++) {
        if (forest_read(reader, columns, 0, &state->forests[i], error) < 0)
            return -1;
    }
    return 0;
}

static int read_state(const char *bytes, size_t length, size_t columns, size_t question_count,
                      const struct detector_setting *setting, void **opaque, struct error *error)
{
    struct forest_state *state = new_state(question_count, setting);
    struct byte_reader reader = {bytes, length, 0};
    int result = read_forests(&reader, columns, state, error);

    if (result == 0 && reader.at != length)
        result = error_set(error, ERROR_INPUT, "%zu bytes too many after the last forest",
                           length - reader.at);
    if (result < 0)
        free_state(state);
    else
        *opaque = state;
    return result;
}

const struct detector detector_forest = {
    .name = "forest",
    .summary = "Random Forest (supervised)",
    .supervised = true,
    .parameters = parameters,
    .classes = "classes",
    .fit = fit,
    .free_state = free_state,
    .score = score,
    .score_all = score_all,
    .importance = importance,
    .out_of_bag = out_of_bag,
    .write = write_state,
    .read = read_state,
};
