#include "analysis/reconstruction.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/quantile.h"
#include "base/memory.h"
#include "base/random.h"

/* A threshold of 0 would make every error infinitely great. */
#define LEAST_THRESHOLD 1e-12

struct reconstruction {
    const struct reconstructor *reconstructor;
    size_t columns;
    size_t *groups; /* per column */
    size_t group_count;
    double *thresholds; /* per group */
    void **nets;        /* per group */
};

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

static struct reconstruction *new_state(const struct reconstructor *reconstructor, size_t columns,
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

static size_t count_columns(const struct reconstruction *state, size_t group)
{
    size_t count = 0;

    for (size_t i = 0; i < state->columns; i++)
        count += state->groups[i] == group;
    return count;
}

/* The columns of a group alone; `rows->values` is owned by the caller. */
static double *columns_of_group(const struct reconstruction *state, size_t group,
                                const struct detector_rows *all, struct detector_rows *rows)
{
    size_t columns = count_columns(state, group);
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

static double mean_of(const double *values, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

/* The quantile of MSE_g(t) over the observations trained on. */
static double find_threshold(const struct reconstruction *state, size_t group,
                             const struct detector_rows *rows, double quantile)
{
    double *errors = memory_new(rows->rows * rows->columns, sizeof *errors);
    double *means = memory_new(rows->rows, sizeof *means);
    size_t count = 0;
    double threshold;

    state->reconstructor->errors(state->nets[group], rows, errors);
    for (size_t row = 0; row < rows->rows; row++) {
        double mean = mean_of(errors + row * rows->columns, rows->columns);

        if (isfinite(mean))
            means[count++] = mean;
    }
    quantile_sort(means, count);
    threshold = count > 0 ? quantile_of_sorted(means, count, quantile) : 0;
    free(errors);
    free(means);
    return threshold > LEAST_THRESHOLD ? threshold : LEAST_THRESHOLD;
}

static void fit_group(struct group_fit *fit, size_t group)
{
    struct reconstruction *state = fit->state;
    struct detector_rows rows;
    double *values = columns_of_group(state, group, fit->observations, &rows);
    struct random seeds;

    /* Not seed + group: the nets of two near seeds must not be alike. */
    random_seed(&seeds, fit->setting->seed);
    if (state->reconstructor->fit(&rows, fit->setting, random_next(&seeds) ^ group,
                                  &state->nets[group], &fit->errors[group]) == 0)
        state->thresholds[group] = find_threshold(state, group, &rows, fit->quantile);
    free(values);
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

        for (; at > 0 && count_columns(state, order[at - 1]) < count_columns(state, group); at--)
            order[at] = order[at - 1];
        order[at] = group;
    }
    return order;
}

static size_t thread_count(const struct group_fit *fit)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t count = fit->setting->threads;

    if (count == 0)
        count = processors > 0 ? (size_t)processors : 1;
    return count < fit->state->group_count ? count : fit->state->group_count;
}

static void fit_in_threads(struct group_fit *fit)
{
    size_t count = thread_count(fit);
    pthread_t *threads = memory_new(count, sizeof *threads);
    size_t started = 0;

    while (started + 1 < count && pthread_create(&threads[started], NULL, fit_groups, fit) == 0)
        started++;
    fit_groups(fit);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
}

int reconstruction_fit(const struct reconstructor *reconstructor,
                       const struct detector_training *training,
                       const struct detector_setting *setting, double quantile, void **opaque,
                       struct error *error)
{
    struct reconstruction *state =
        new_state(reconstructor, training->observations.columns, training->group_count);
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
    fit_in_threads(&fit);
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
        double *values = columns_of_group(state, group, observations, &rows);
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

void reconstruction_write(const void *opaque, struct text *bytes)
{
    const struct reconstruction *state = opaque;

    bytes_put_integer(bytes, state->group_count, 4);
    for (size_t i = 0; i < state->columns; i++)
        bytes_put_integer(bytes, state->groups[i], 4);
    bytes_put_doubles(bytes, state->thresholds, state->group_count);
    for (size_t group = 0; group < state->group_count; group++)
        state->reconstructor->write(state->nets[group], bytes);
}

/* Each column's group; every group has a column, so there are no more groups than columns. */
static int read_groups(struct byte_reader *reader, struct reconstruction *state,
                       struct error *error)
{
    size_t *counts = memory_new(state->group_count, sizeof *counts);
    int result = 0;

    for (size_t i = 0; result == 0 && i < state->columns; i++) {
        uint64_t group;

        result = bytes_get_integer(reader, 4, &group, error);
        if (result == 0 && group >= state->group_count)
            result =
                error_set(error, ERROR_INPUT, "the resource group of metric %zu is not sound", i);
        if (result == 0)
            counts[state->groups[i] = group]++;
    }
    for (size_t group = 0; result == 0 && group < state->group_count; group++) {
        if (counts[group] == 0)
            result = error_set(error, ERROR_INPUT, "resource group %zu has no metric", group);
    }
    free(counts);
    return result;
}

static int read_nets(struct byte_reader *reader, struct reconstruction *state, struct error *error)
{
    for (size_t group = 0; group < state->group_count; group++) {
        if (bytes_get_double(reader, &state->thresholds[group], error) < 0)
            return -1;
        if (!(state->thresholds[group] > 0) || isinf(state->thresholds[group]))
            return error_set(error, ERROR_INPUT, "the threshold of resource group %zu is not sound",
                             group);
    }
    for (size_t group = 0; group < state->group_count; group++) {
        if (state->reconstructor->read(reader, count_columns(state, group), &state->nets[group],
                                       error) < 0)
            return -1;
    }
    if (reader->at != reader->length)
        return error_set(error, ERROR_INPUT, "%zu bytes too many after the last group",
                         reader->length - reader->at);
    return 0;
}

int reconstruction_read(const struct reconstructor *reconstructor, const char *bytes, size_t length,
                        size_t columns, void **opaque, struct error *error)
{
    struct byte_reader reader = {bytes, length, 0};
    struct reconstruction *state;
    uint64_t group_count;

    if (bytes_get_integer(&reader, 4, &group_count, error) < 0)
        return -1;
    if (group_count == 0 || group_count > columns)
        return error_set(error, ERROR_INPUT, "%llu resource groups for %zu metrics",
                         (unsigned long long)group_count, columns);
    state = new_state(reconstructor, columns, group_count);
    if (read_groups(&reader, state, error) < 0 || read_nets(&reader, state, error) < 0) {
        reconstruction_free(state);
        return -1;
    }
    *opaque = state;
    return 0;
}
