#include "analysis/propagation.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/quantile.h"
#include "base/memory.h"

static int check(const struct propagation_input *input, struct error *error)
{
    if (!(input->resolution_s >= 0))
        return error_set(error, ERROR_INPUT,
                         "the resolution of alarms is negative or not a number");
    for (size_t i = 0; i < input->fault_count; i++) {
        if (input->faulty[i] >= input->target_count)
            return error_set(error, ERROR_INPUT, "fault %zu is on target %zu of %zu", i + 1,
                             input->faulty[i] + 1, input->target_count);
        for (size_t j = 0; j < input->target_count; j++) {
            const struct propagation_view *view = &input->views[i * input->target_count + j];

            if (view->verdict == DETECTION_FOUND &&
                !(view->delay_s >= 0 && isfinite(view->delay_s)))
                return error_set(error, ERROR_INPUT,
                                 "the delay of an alarm is negative or not a number");
        }
    }
    return 0;
}

/* Says who was first to see a fault. */
static void rank_views(const struct propagation_view *views, size_t target_count,
                       double resolution_s, size_t faulty, struct propagation *propagation)
{
    double earliest = INFINITY;
    size_t early = 0;

    for (size_t j = 0; j < target_count; j++) {
        if (views[j].verdict == DETECTION_FOUND)
            earliest = fmin(earliest, views[j].delay_s);
    }
    for (size_t j = 0; j < target_count; j++)
        early += views[j].verdict == DETECTION_FOUND && views[j].delay_s - earliest <= resolution_s;
    propagation->unseen[faulty] += early == 0;
    for (size_t j = 0; j < target_count; j++) {
        size_t *counts = early == 1 ? propagation->first : propagation->tied;

        counts[faulty * target_count + j] +=
            views[j].verdict == DETECTION_FOUND && views[j].delay_s - earliest <= resolution_s;
    }
}

static void count_views(const struct propagation_input *input, struct propagation *propagation)
{
    for (size_t i = 0; i < input->fault_count; i++) {
        const struct propagation_view *views = &input->views[i * input->target_count];
        size_t faulty = input->faulty[i];

        propagation->faults[faulty]++;
        for (size_t j = 0; j < input->target_count; j++) {
            size_t cell = faulty * input->target_count + j;

            propagation->observed[cell] += views[j].verdict != DETECTION_UNKNOWN;
            propagation->seen[cell] += views[j].verdict == DETECTION_FOUND;
        }
        rank_views(views, input->target_count, input->resolution_s, faulty, propagation);
    }
}

/* Median delay of the faults on one target as seen from another; `delays` has room for all. */
static double median_delay(const struct propagation_input *input, size_t faulty, size_t from,
                           double *delays)
{
    size_t count = 0;

    for (size_t i = 0; i < input->fault_count; i++) {
        const struct propagation_view *view = &input->views[i * input->target_count + from];

        if (input->faulty[i] == faulty && view->verdict == DETECTION_FOUND)
            delays[count++] = view->delay_s;
    }
    if (count == 0)
        return NAN;
    quantile_sort(delays, count);
    return quantile_of_sorted(delays, count, 0.5);
}

int propagation_make(const struct propagation_input *input, struct propagation *propagation,
                     struct error *error)
{
    size_t targets = input->target_count;
    double *delays;

    if (check(input, error) < 0)
        return -1;
    /* Item sizes of a whole line, whose product with the lines memory_new checks. */
    *propagation = (struct propagation){
        .target_count = targets,
        .faults = memory_new(targets, sizeof(size_t)),
        .observed = memory_new(targets, targets * sizeof(size_t)),
        .seen = memory_new(targets, targets * sizeof(size_t)),
        .share = memory_new(targets, targets * sizeof(double)),
        .median_s = memory_new(targets, targets * sizeof(double)),
        .first = memory_new(targets, targets * sizeof(size_t)),
        .tied = memory_new(targets, targets * sizeof(size_t)),
        .unseen = memory_new(targets, sizeof(size_t)),
    };
    count_views(input, propagation);
    delays = memory_new(input->fault_count, sizeof *delays);
    for (size_t i = 0; i < targets; i++) {
        for (size_t j = 0; j < targets; j++) {
            size_t cell = i * targets + j;
            size_t observed = propagation->observed[cell];

            propagation->share[cell] =
                observed > 0 ? (double)propagation->seen[cell] / (double)observed : NAN;
            propagation->median_s[cell] = median_delay(input, i, j, delays);
        }
    }
    free(delays);
    return 0;
}

void propagation_free(struct propagation *propagation)
{
    free(propagation->faults);
    free(propagation->observed);
    free(propagation->seen);
    free(propagation->share);
    free(propagation->median_s);
    free(propagation->first);
    free(propagation->tied);
    free(propagation->unseen);
}

struct localisation propagation_localise(const struct propagation *propagation)
{
    struct localisation localisation = {0};

    for (size_t i = 0; i < propagation->target_count; i++) {
        size_t own = i * propagation->target_count + i;

        localisation.right += propagation->first[own];
        localisation.tied += propagation->tied[own];
        localisation.unseen += propagation->unseen[i];
        localisation.wrong += propagation->faults[i] - propagation->first[own] -
                              propagation->tied[own] - propagation->unseen[i];
    }
    return localisation;
}
