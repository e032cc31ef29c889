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

/* The input by falling scores, so that each resample reads it from start to end. */
struct ranking {
    double *scores;
    uint8_t *positive;
    uint32_t *experiments; /* of each score, numbered from 0 */
    size_t experiment_count;
    size_t count;
};

static void rank(const struct bootstrap_input *input, struct ranking *ranking)
{
    size_t count = input->count;
    uint32_t *numbers = memory_new(count, sizeof *numbers);
    size_t *order = memory_new(count, sizeof *order);

    *ranking = (struct ranking){memory_new(count, sizeof(double)), memory_new(count, 1),
                                memory_new(count, sizeof(uint32_t)), 0, count};
    for (size_t i = 0; i < count; i++) {
        ranking->experiment_count += i == 0 || input->experiments[i] != input->experiments[i - 1];
        numbers[i] = (uint32_t)(ranking->experiment_count - 1);
    }
    curves_order(input->scores, count, order);
    for (size_t i = 0; i < count; i++) {
        ranking->scores[i] = input->scores[order[i]];
        ranking->positive[i] = input->positive[order[i]];
        ranking->experiments[i] = numbers[order[i]];
    }
    free(numbers);
    free(order);
}

static void free_ranking(struct ranking *ranking)
{
    free(ranking->scores);
    free(ranking->positive);
    free(ranking->experiments);
}

/* Areas if as many experiments are drawn, with replacement. `drawn` and `weights` have room for one
 * an experiment and one a score. */
static struct curve_areas resample(const struct ranking *ranking, struct random *random,
                                   uint32_t *drawn, uint32_t *weights)
{
    memset(drawn, 0, ranking->experiment_count * sizeof *drawn);
    for (size_t i = 0; i < ranking->experiment_count; i++)
        drawn[random_below(random, ranking->experiment_count)]++;
    for (size_t i = 0; i < ranking->count; i++)
        weights[i] = drawn[ranking->experiments[i]];
    return curves_weighted_areas(ranking->scores, ranking->positive, weights, ranking->count);
}

void bootstrap_areas(const struct bootstrap_input *input, struct interval *roc_auc,
                     struct interval *average_precision)
{
    double *roc = memory_new(BOOTSTRAP_RESAMPLES, sizeof *roc);
    double *precision = memory_new(BOOTSTRAP_RESAMPLES, sizeof *precision);
    uint32_t *weights = memory_new(input->count, sizeof *weights);
    struct ranking ranking;
    struct random random;
    uint32_t *drawn;
    size_t done = 0;

    rank(input, &ranking);
    drawn = memory_new(ranking.experiment_count, sizeof *drawn);
    random_seed(&random, input->seed);
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        struct curve_areas areas = resample(&ranking, &random, drawn, weights);

        if (isnan(areas.roc))
            continue;
        roc[done] = areas.roc;
        precision[done++] = areas.average_precision;
    }
    *roc_auc = bounds(roc, done);
    *average_precision = bounds(precision, done);
    free_ranking(&ranking);
    free(weights);
    free(drawn);
    free(roc);
    free(precision);
}
