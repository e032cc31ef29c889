/* A net for each resource group, trained side by side, and its threshold. */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/quantile.h"
#include "analysis/reconstruction_state.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"

/* A threshold of 0 would make every error infinitely great. */
#define LEAST_THRESHOLD 1e-12

/* What the threads of one fit share: each takes the next group. */
struct group_fit {
    struct reconstruction *state;
    const struct detector_rows *observations;
    const struct detector_setting *setting;
    double quantile;
    struct error *errors; /* per group */
    size_t *order;        /* groups with many columns first, so that no thread ends long after */
    atomic_size_t next;
};

/* The quantile of MSE_g(t) over the observations trained on. */
static double find_threshold(const struct reconstruction *state, size_t group,
                             const struct detector_rows *rows, double quantile)
{
    double *means = memory_new(rows->rows, sizeof *means);
    size_t count = 0;
    double threshold;

    reconstruction_means(state, group, rows, means, 1);
    for (size_t row = 0; row < rows->rows; row++) {
        if (isfinite(means[row]))
            means[count++] = means[row];
    }
    quantile_sort(means, count);
    threshold = count > 0 ? quantile_of_sorted(means, count, quantile) : 0;
    free(means);
    return threshold > LEAST_THRESHOLD ? threshold : LEAST_THRESHOLD;
}

static void fit_group(struct group_fit *fit, size_t group)
{
    struct reconstruction *state = fit->state;
    size_t *columns = reconstruction_list_columns(state, group);
    struct group_rows rows = {fit->observations, columns, reconstruction_columns(state, group)};
    struct random seeds;

    /* Not seed + group: the nets of two near seeds must not be alike. */
    random_seed(&seeds, fit->setting->seed);
    if (state->reconstructor->fit(&rows, fit->setting, random_next(&seeds) ^ group,
                                  &state->nets[group], &fit->errors[group]) == 0)
        state->thresholds[group] = find_threshold(state, group, fit->observations, fit->quantile);
    free(columns);
}

static void *fit_groups(void *argument)
{
    struct group_fit *fit = argument;
    size_t next;

    while ((next = atomic_fetch_add(&fit->next, 1)) < fit->state->group_count)
        fit_group(fit, fit->order[next]);
    return NULL;
}

/* By insertion: there are few groups. Caller frees. */
static size_t *order_groups(const struct reconstruction *state)
{
    size_t *order = memory_new(state->group_count, sizeof *order);

    for (size_t group = 0; group < state->group_count; group++) {
        size_t at = group;

        for (; at > 0 &&
               reconstruction_columns(state, order[at - 1]) < reconstruction_columns(state, group);
             at--)
            order[at] = order[at - 1];
        order[at] = group;
    }
    return order;
}

int reconstruction_fit(const struct reconstructor *reconstructor,
                       const struct detector_training *training,
                       const struct detector_setting *setting, double quantile, void **opaque,
                       struct error *error)
{
    struct reconstruction *state =
        reconstruction_new(reconstructor, training->observations.columns, training->group_count);
    struct group_fit fit = {state,
                            &training->observations,
                            setting,
                            quantile,
                            memory_new(training->group_count, sizeof(struct error)),
                            NULL,
                            0};
    int result = 0;

    memcpy(state->groups, training->groups, state->columns * sizeof *state->groups);
    fit.order = order_groups(state);
    threads_run(setting->threads, state->group_count, fit_groups, &fit);
    for (size_t group = 0; result == 0 && group < state->group_count; group++) {
        if (fit.errors[group].kind == ERROR_NONE)
            continue;
        *error = fit.errors[group];
        result = -1;
    }
    free(fit.errors);
    free(fit.order);
    *opaque = state;
    if (result < 0) {
        reconstruction_free(state);
        *opaque = NULL;
    }
    return result;
}
