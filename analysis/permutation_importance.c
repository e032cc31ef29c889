#include "analysis/permutation_importance.h"

#include <stdlib.h>

#include "analysis/curves.h"
#include "base/memory.h"
#include "base/random.h"

/* The tested rows as the detector gets them, and what it makes of them. */
struct trial {
    const struct model *model;
    double *values; /* (count x kept), row-major */
    size_t *sequences;
    uint8_t *positive;
    size_t count;
    double *scores;
    double *column; /* as it was */
    double whole;   /* average precision with all columns as they are */
};

static double average_precision(struct trial *trial)
{
    const struct detector *detector = trial->model->detector;
    struct detector_rows observations = {trial->values, trial->count, trial->model->preprocess.kept,
                                         trial->sequences};

    detector->score(trial->model->state, 0, &observations, trial->scores);
    return curves_areas(trial->scores, trial->positive, trial->count).average_precision;
}

static void shuffle_column(struct trial *trial, size_t column, struct random *random)
{
    size_t columns = trial->model->preprocess.kept;

    for (size_t i = trial->count; i > 1; i--) {
        double *last = &trial->values[(i - 1) * columns + column];
        double *other = &trial->values[random_below(random, i) * columns + column];
        double value = *last;

        *last = *other;
        *other = value;
    }
}

static double decrease_of(struct trial *trial, size_t column, struct random *random)
{
    size_t columns = trial->model->preprocess.kept;
    double sum = 0;

    for (size_t i = 0; i < trial->count; i++)
        trial->column[i] = trial->values[i * columns + column];
    for (size_t repeat = 0; repeat < PERMUTATION_REPEATS; repeat++) {
        shuffle_column(trial, column, random);
        sum += trial->whole - average_precision(trial);
    }
    for (size_t i = 0; i < trial->count; i++)
        trial->values[i * columns + column] = trial->column[i];
    return sum / PERMUTATION_REPEATS;
}

static void measure(struct trial *trial, uint64_t seed, double *decrease)
{
    const struct model *model = trial->model;
    const double *used = model_importance(model);
    struct random random;

    random_seed(&random, seed);
    trial->whole = average_precision(trial);
    for (size_t column = 0; column < model->preprocess.kept; column++) {
        /* What the detector never looks at changes nothing. */
        if (used == NULL || used[column] > 0)
            decrease[model->preprocess.source[column]] += decrease_of(trial, column, &random);
    }
}

bool permutation_importance(const struct model *model, const struct dataset *dataset,
                            const size_t *rows, size_t count, uint64_t seed, double *decrease)
{
    struct trial trial = {.model = model, .count = count};
    size_t positives = 0;
    size_t *places;

    trial.positive = memory_new(count, sizeof *trial.positive);
    for (size_t i = 0; i < count; i++) {
        trial.positive[i] = dataset->labels[rows[i]] != 0;
        positives += trial.positive[i];
    }
    if (positives == 0 || positives == count) {
        free(trial.positive);
        return false;
    }
    places = memory_new(count, sizeof *places);
    for (size_t i = 0; i < count; i++)
        places[i] = dataset->places[rows[i]];
    trial.sequences = memory_new(count, sizeof *trial.sequences);
    trial.values = model_prepare(model, &dataset->timeline, places, count, trial.sequences);
    trial.scores = memory_new(count, sizeof *trial.scores);
    trial.column = memory_new(count, sizeof *trial.column);
    measure(&trial, seed, decrease);
    free(trial.positive);
    free(places);
    free(trial.sequences);
    free(trial.values);
    free(trial.scores);
    free(trial.column);
    return true;
}
