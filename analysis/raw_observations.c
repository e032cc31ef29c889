#include "analysis/raw_observations.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct valid_experiment {
    int64_t id;
    bool faultless; /* nothing is all that was injected */
};

/* Experiments with the verdict 'valid', by rising id. */
struct valid_experiments {
    struct valid_experiment *items;
    size_t count;
    size_t capacity;
};

struct reading {
    struct raw_observations *raw;
    struct valid_experiments valid;
};

static int compare_ids(const void *left, const void *right)
{
    int64_t a = ((const struct valid_experiment *)left)->id;
    int64_t b = ((const struct valid_experiment *)right)->id;

    return (a > b) - (a < b);
}

static int note_experiment(const struct stored_experiment *experiment, void *context,
                           struct error *error)
{
    struct valid_experiments *valid = context;

    (void)error;
    if (experiment->verdict == NULL || strcmp(experiment->verdict, "valid") != 0)
        return 0;
    valid->items = memory_grow(valid->items, valid->count, &valid->capacity, sizeof *valid->items);
    valid->items[valid->count++] = (struct valid_experiment){
        experiment->id,
        experiment->fault_type != NULL && strcmp(experiment->fault_type, LABEL_NOTHING) == 0};
    return 0;
}

static size_t find_set(struct raw_observations *raw, int64_t id)
{
    size_t i = 0;

    while (i < raw->set_count && raw->sets[i].id != id)
        i++;
    if (i == raw->set_count) {
        raw->sets = memory_grow(raw->sets, raw->set_count++, &raw->set_capacity, sizeof *raw->sets);
        raw->sets[i] = (struct raw_set){.id = id};
    }
    return i;
}

static size_t find_label(struct raw_observations *raw, const char *name)
{
    size_t i = 0;

    while (i < raw->label_count && strcmp(raw->labels[i], name) != 0)
        i++;
    if (i == raw->label_count) {
        raw->labels =
            memory_grow(raw->labels, raw->label_count++, &raw->label_capacity, sizeof(char *));
        raw->labels[i] = memory_string(name);
    }
    return i;
}

static void append_values(struct raw_observations *raw, const double *values, size_t count)
{
    if (raw->value_count + count > raw->value_capacity) {
        raw->value_capacity = 2 * (raw->value_count + count);
        raw->values = memory_resize(raw->values, raw->value_capacity, sizeof *raw->values);
    }
    if (count > 0)
        memcpy(raw->values + raw->value_count, values, count * sizeof *values);
    raw->value_count += count;
}

/* NULL if it isn't valid. */
static const struct valid_experiment *find_valid(const struct reading *reading, int64_t id)
{
    const struct valid_experiment wanted = {.id = id};

    if (reading->valid.count == 0)
        return NULL;
    return bsearch(&wanted, reading->valid.items, reading->valid.count, sizeof wanted, compare_ids);
}

static const char *label_of(const struct reading *reading,
                            const struct stored_observation *observation)
{
    const struct valid_experiment *experiment = find_valid(reading, observation->experiment_id);

    if (experiment == NULL)
        return LABEL_INVALID;
    if (strcmp(observation->label, LABEL_NOTHING) == 0)
        return experiment->faultless ? LABEL_NORMAL : LABEL_ELSEWHERE;
    return strcmp(observation->scope, LABEL_ELSEWHERE) == 0 ? LABEL_ELSEWHERE : observation->label;
}

static int take_observation(const struct stored_observation *observation, void *context,
                            struct error *error)
{
    struct reading *reading = context;
    struct raw_observations *raw = reading->raw;

    (void)error;
    raw->rows = memory_grow(raw->rows, raw->row_count, &raw->row_capacity, sizeof *raw->rows);
    raw->rows[raw->row_count++] = (struct raw_row){
        observation->cell, observation->time_ns, find_set(raw, observation->metric_set_id),
        raw->value_count, find_label(raw, label_of(reading, observation))};
    append_values(raw, observation->values, observation->value_count);
    return 0;
}

static int take_metric(size_t position, const struct store_metric *metric, void *context,
                       struct error *error)
{
    struct raw_set *set = context;

    if (position != set->metric_count)
        return error_set(error, ERROR_INPUT, "metric %zu of metric set %lld is missing",
                         set->metric_count, (long long)set->id);
    set->metrics = memory_grow(set->metrics, position, &set->metric_capacity, sizeof *set->metrics);
    set->metrics[set->metric_count++] =
        (struct raw_metric){memory_string(metric->name), memory_string(metric->resource_group),
                            memory_string(metric->layer), metric->counter};
    return 0;
}

static int read_period(struct store *store, int64_t *period, struct error *error)
{
    struct stored_run run = {0};

    if (store_read_run(store, &run, error) < 0)
        return -1;
    *period = run.monitoring_period_ns;
    stored_run_free(&run);
    return 0;
}

static void name_known_labels(struct raw_observations *raw)
{
    static const char *const known[] = {LABEL_NORMAL, LABEL_RAMP, LABEL_COOL_DOWN, LABEL_ELSEWHERE,
                                        LABEL_INVALID};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        find_label(raw, known[i]);
}

bool label_is_left_out(const char *label)
{
    static const char *const left_out[] = {LABEL_RAMP, LABEL_COOL_DOWN, LABEL_ELSEWHERE,
                                           LABEL_INVALID};

    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
        if (strcmp(label, left_out[i]) == 0)
            return true;
    }
    return false;
}

int raw_observations_read(struct store *store, int64_t target_id, struct raw_observations *raw,
                          struct error *error)
{
    struct reading reading = {.raw = raw};
    int result;

    *raw = (struct raw_observations){0};
    name_known_labels(raw);
    result = read_period(store, &raw->period_ns, error);
    if (result == 0)
        result = store_each_experiment(store, note_experiment, &reading.valid, error);
    if (reading.valid.count > 0)
        qsort(reading.valid.items, reading.valid.count, sizeof *reading.valid.items, compare_ids);
    if (result == 0)
        result = store_each_observation(store, target_id, take_observation, &reading, error);
    for (size_t i = 0; result == 0 && i < raw->set_count; i++)
        result = store_each_metric(store, raw->sets[i].id, take_metric, &raw->sets[i], error);
    free(reading.valid.items);
    return result;
}

void raw_observations_free(struct raw_observations *raw)
{
    for (size_t i = 0; i < raw->set_count; i++) {
        for (size_t j = 0; j < raw->sets[i].metric_count; j++) {
            free(raw->sets[i].metrics[j].name);
            free(raw->sets[i].metrics[j].resource_group);
            free(raw->sets[i].metrics[j].layer);
        }
        free(raw->sets[i].metrics);
    }
    for (size_t i = 0; i < raw->label_count; i++)
        free(raw->labels[i]);
    free(raw->labels);
    free(raw->sets);
    free(raw->rows);
    free(raw->values);
}
