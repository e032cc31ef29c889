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

size_t *reconstruction_list_columns(const struct reconstruction *state, size_t group)
{
    size_t *columns = memory_new(state->columns, sizeof *columns);
    size_t count = 0;

    for (size_t i = 0; i < state->columns; i++) {
        if (state->groups[i] == group)
            columns[count++] = i;
    }
    return columns;
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
        struct error_blocks blocks;

        error_blocks_open(&blocks, state, group, observations);
        while (error_blocks_next(&blocks)) {
            const double *from = blocks.errors;

            for (size_t row = blocks.first; row < blocks.first + blocks.count; row++) {
                for (size_t i = 0; i < blocks.group.column_count; i++)
                    errors[row * state->columns + blocks.group.columns[i]] = *from++;
            }
        }
        error_blocks_close(&blocks);
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
    double *means;

    if (question != 0)
        return false;
    means = memory_new(observations->rows * groups, sizeof *means);
    for (size_t group = 0; group < groups; group++)
        reconstruction_means(state, group, observations, means + group, groups);
    for (size_t row = 0; row < observations->rows; row++) {
        double most = 0;

        for (size_t group = 0; group < groups; group++) {
            double ratio = means[row * groups + group] / state->thresholds[group];

            most = isnan(ratio) || ratio > most ? ratio : most;
        }
        scores[row] = squash(most);
    }
    free(means);
    return true;
}
