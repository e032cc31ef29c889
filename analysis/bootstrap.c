#include "analysis/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/curves.h"
#include "analysis/quantile.h"
#include "base/memory.h"
#include "base/random.h"

#define LOWER 0.025
#define UPPER 0.975

static struct interval bounds(double *values, size_t count)
{
    if (count == 0)
        return (struct interval){NAN, NAN, 0};
    quantile_sort(values, count);
    return (struct interval){quantile_of_sorted(values, count, LOWER),
                             quantile_of_sorted(values, count, UPPER), count};
}

/* Numbers the experiments of the scores; returns how many there are. */
static size_t number_experiments(const struct bootstrap_input *input, size_t *number)
{
    size_t count = 0;

    for (size_t i = 0; i < input->count; i++) {
        count += i == 0 || input->experiments[i] != input->experiments[i - 1];
        number[i] = count - 1;
    }
    return count;
}

void bootstrap_areas(const struct bootstrap_input *input, struct interval *roc_auc,
                     struct interval *average_precision)
{
    size_t *order = memory_new(input->count, sizeof *order);
    size_t *number = memory_new(input->count, sizeof *number);
    uint32_t *weights = memory_new(input->count, sizeof *weights);
    size_t experiments = number_experiments(input, number);
    uint32_t *drawn = memory_new(experiments, sizeof *drawn);
    double *roc = memory_new(BOOTSTRAP_RESAMPLES, sizeof *roc);
    double *precision = memory_new(BOOTSTRAP_RESAMPLES, sizeof *precision);
    struct random random;
    size_t done = 0;

    random_seed(&random, input->seed);
    curves_order(input->scores, input->count, order);
    for (size_t resample = 0; resample < BOOTSTRAP_RESAMPLES; resample++) {
        struct curve_areas areas;

        memset(drawn, 0, experiments * sizeof *drawn);
        for (size_t i = 0; i < experiments; i++)
            drawn[random_below(&random, experiments)]++;
        for (size_t i = 0; i < input->count; i++)
            weights[i] = drawn[number[i]];
        areas = curves_weighted_areas(input->scores, input->positive, weights, order, input->count);
        if (isnan(areas.roc))
            continue;
        roc[done] = areas.roc;
        precision[done++] = areas.average_precision;
    }
    *roc_auc = bounds(roc, done);
    *average_precision = bounds(precision, done);
    free(order);
    free(number);
    free(weights);
    free(drawn);
    free(roc);
    free(precision);
}
