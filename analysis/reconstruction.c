#include "analysis/reconstruction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/reconstruction_state.h"
#include "base/memory.h"

struct reconstruction *reconstruction_new(const struct reconstructor *reconstructor, size_t columns,
                                          size_t group_count)
{
    struct reconstruction *state = memory_new(1, sizeof *state);

    state->reconstructor = reconstructor;
    state->columns = columns;
    state->group_count = group_count;
    state->groups = memory_new(columns, sizeof *state->groups);
    state->thresholds = memory_new(group_count, sizeof *state->thresholds);
    state->nets = memory_new(group_count, sizeof *state->nets);
    return state;
}

void reconstruction_free(void *opaque)
{
    struct reconstruction *state = opaque;

    if (state == NULL)
        return;
    for (size_t group = 0; group < state->group_count; group++) {
        if (state->nets[group] != NULL)
            state->reconstructor->free_net(state->nets[group]);
    }
    free(state->groups);
    free(state->thresholds);
    free(state->nets);
    free(state);
}

size_t reconstruction_columns(const struct reconstruction *state, size_t group)
{
    size_t count = 0;

    for (size_t i = 0; i < state->columns; i++)
        count += state->groups[i] == group;
    return count;
}

double *reconstruction_rows(const struct reconstruction *state, size_t group,
                            const struct detector_rows *all, struct detector_rows *rows)
{
    size_t columns = reconstruction_columns(state, group);
    double *values = memory_new(all->rows * columns, sizeof *values);
    size_t count = 0;

    *rows = (struct detector_rows){values, all->rows, columns, all->sequences};
    for (size_t row = 0; row < all->rows; row++) {
        for (size_t i = 0; i < all->columns; i++) {
            if (state->groups[i] == group)
                values[count++] = all->values[row * all->columns + i];
        }
    }
    return values;
}

size_t reconstruction_window(const void *opaque)
{
    const struct reconstruction *state = opaque;
    size_t most = 1;

    for (size_t group = 0; group < state->group_count; group++) {
        size_t window = state->reconstructor->window(state->nets[group]);

        most = window > most ? window : most;
    }
    return most;
}

void reconstruction_errors(const void *opaque, const struct detector_rows *observations,
                           double *errors)
{
    const struct reconstruction *state = opaque;

    for (size_t group = 0; group < state->group_count; group++) {
        struct detector_rows rows;
        double *values = reconstruction_rows(state, group, observations, &rows);
        double *own = memory_new(rows.rows * rows.columns, sizeof *own);
        size_t from = 0;

        state->reconstructor->errors(state->nets[group], &rows, own);
        for (size_t row = 0; row < rows.rows; row++) {
            for (size_t i = 0; i < state->columns; i++) {
                if (state->groups[i] == group)
                    errors[row * state->columns + i] = own[from++];
            }
        }
        free(own);
        free(values);
    }
}

void reconstruction_describe_errors(const void *opaque, struct detector_errors *description)
{
    const struct reconstruction *state = opaque;

    *description = (struct detector_errors){state->group_count, state->groups, state->thresholds};
}

void reconstruction_group_errors(const struct detector_errors *description, const double *errors,
                                 size_t rows, size_t columns, double *group_errors)
{
    size_t groups = description->group_count;
    size_t *counts = memory_new(groups, sizeof *counts);

    for (size_t i = 0; i < columns; i++)
        counts[description->groups[i]]++;
    for (size_t row = 0; row < rows; row++) {
        double *means = group_errors + row * groups;

        memset(means, 0, groups * sizeof *means);
        for (size_t i = 0; i < columns; i++)
            means[description->groups[i]] += errors[row * columns + i];
        for (size_t group = 0; group < groups; group++)
            means[group] /= (double)counts[group];
    }
    free(counts);
}

/* r / (1 + r), which is 1 also for an r beyond all numbers. */
static double squash(double ratio)
{
    return isinf(ratio) ? 1 : ratio / (1 + ratio);
}

bool reconstruction_score(const void *opaque, size_t question,
                          const struct detector_rows *observations, double *scores)
{
    const struct reconstruction *state = opaque;
    size_t groups = state->group_count;
    struct detector_errors description;
    double *errors;
    double *means;

    if (question != 0)
        return false;
    errors = memory_new(observations->rows * state->columns, sizeof *errors);
    means = memory_new(observations->rows * groups, sizeof *means);
    reconstruction_errors(state, observations, errors);
    reconstruction_describe_errors(state, &description);
    reconstruction_group_errors(&description, errors, observations->rows, state->columns, means);
    for (size_t row = 0; row < observations->rows; row++) {
        double most = 0;

        for (size_t group = 0; group < groups; group++) {
            double ratio = means[row * groups + group] / state->thresholds[group];

            most = isnan(ratio) || ratio > most ? ratio : most;
        }
        scores[row] = squash(most);
    }
    free(errors);
    free(means);
    return true;
}
