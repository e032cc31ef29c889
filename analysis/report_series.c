#include "analysis/report_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/reader.h"

static const char *const preferred_groups[] = {"cpu", "memory", "network", "filesystem", "disk"};

/* What a target uses of its processors and its memory, by the name that each source has for it. */
static const struct use {
    const char *resource_group;
    const char *metric;
} uses[] = {
    {"cpu", "cpuacct.usage"},
    {"cpu", "cpu.stat.usage_usec"},
    {"cpu", "cpu.time"},
    {"cpu", "cpu.usage.average"},
    {"cpu", "container_cpu_usage_seconds_total{cpu=\"total\"}"},
    {"cpu", "cpu.usage"},
    {"memory", "memory.usage_in_bytes"},
    {"memory", "memory.current"},
    {"memory", "balloon.rss"},
    {"memory", "mem.usage.average"},
    {"memory", "container_memory_working_set_bytes"},
    {"memory", "memory.usage"},
};

enum { NOWHERE = -1 };

/* A metric set of the target, and where in its vectors the series' metrics stand. */
struct metric_set {
    int64_t id;
    size_t value_count;
    double *first; /* first known value of each position */
    bool *varies;  /* another value was seen after it */
    struct series_metric *metrics;
    size_t metric_count;
    size_t metric_capacity;
    long positions[SERIES_MOST_METRICS]; /* NOWHERE if the set lacks the metric */
    /* The observation before, from which counters are differenced. */
    int64_t experiment_id;
    int64_t time_ns;
    double before[SERIES_MOST_METRICS];
};

struct reading {
    struct metric_set *sets;
    size_t set_count;
    size_t set_capacity;
    struct series *series;
};

static struct metric_set *find_set(struct reading *reading, int64_t id)
{
    for (size_t i = 0; i < reading->set_count; i++) {
        if (reading->sets[i].id == id)
            return &reading->sets[i];
    }
    return NULL;
}

static struct metric_set *add_set(struct reading *reading, int64_t id, size_t value_count)
{
    struct metric_set *set;

    reading->sets =
        memory_grow(reading->sets, reading->set_count, &reading->set_capacity, sizeof *set);
    set = &reading->sets[reading->set_count++];
    memset(set, 0, sizeof *set);
    set->id = id;
    set->value_count = value_count;
    set->first = memory_new(value_count, sizeof *set->first);
    set->varies = memory_new(value_count, sizeof *set->varies);
    for (size_t i = 0; i < value_count; i++)
        set->first[i] = NAN;
    return set;
}

/* First pass: which metric sets there are and which of their metrics vary. */
static int scan_observation(const struct stored_observation *observation, void *context,
                            struct error *error)
{
    struct reading *reading = context;
    struct metric_set *set = find_set(reading, observation->metric_set_id);

    (void)error;
    if (set == NULL)
        set = add_set(reading, observation->metric_set_id, observation->value_count);
    for (size_t i = 0; i < set->value_count && i < observation->value_count; i++) {
        if (isnan(set->first[i]))
            set->first[i] = observation->values[i];
        else if (observation->values[i] < set->first[i] || observation->values[i] > set->first[i])
            set->varies[i] = true;
    }
    reading->series->observations++;
    return 0;
}

static int take_metric(size_t position, const struct store_metric *metric, void *context,
                       struct error *error)
{
    struct metric_set *set = context;
    struct series_metric *item;

    if (position != set->metric_count)
        return error_set(error, ERROR_INPUT, "metric set %lld has a gap before position %zu",
                         (long long)set->id, position);
    set->metrics =
        memory_grow(set->metrics, set->metric_count, &set->metric_capacity, sizeof *item);
    item = &set->metrics[set->metric_count++];
    item->name = memory_string(metric->name);
    item->resource_group = memory_string(metric->resource_group);
    item->unit = memory_string(metric->unit);
    item->counter = metric->counter;
    return 0;
}

static bool varies(const struct metric_set *set, size_t position)
{
    return position < set->value_count && set->varies[position];
}

/* The metric called `name`, or if that is NULL the first that varies in the group. */
static const struct series_metric *find_metric(const struct reading *reading, const char *group,
                                               const char *name)
{
    for (size_t i = 0; i < reading->set_count; i++) {
        const struct metric_set *set = &reading->sets[i];

        for (size_t j = 0; j < set->metric_count; j++) {
            if (strcmp(set->metrics[j].resource_group, group) == 0 && varies(set, j) &&
                (name == NULL || strcmp(set->metrics[j].name, name) == 0))
                return &set->metrics[j];
        }
    }
    return NULL;
}

static bool group_taken(const struct series *series, const char *group)
{
    for (size_t i = 0; i < series->metric_count; i++) {
        if (strcmp(series->metrics[i].resource_group, group) == 0)
            return true;
    }
    return false;
}

static bool is_chosen(const struct series *series, const struct series_metric *metric)
{
    for (size_t i = 0; i < series->metric_count; i++) {
        if (strcmp(series->metrics[i].name, metric->name) == 0)
            return true;
    }
    return false;
}

/* Does nothing for NULL, for one that is chosen already, or when all places are taken. */
static void choose(struct series *series, const struct series_metric *found)
{
    struct series_metric *chosen;

    if (found == NULL || series->metric_count == SERIES_MOST_METRICS || is_chosen(series, found))
        return;
    chosen = &series->metrics[series->metric_count++];
    chosen->name = memory_string(found->name);
    chosen->resource_group = memory_string(found->resource_group);
    chosen->unit = memory_string(found->unit);
    chosen->counter = found->counter;
}

static void choose_of_group(struct reading *reading, const struct target_result *evaluated,
                            const char *group)
{
    const struct series_metric *found = NULL;

    if (group_taken(reading->series, group))
        return;
    for (size_t i = 0; evaluated != NULL && found == NULL && i < evaluated->importance_count; i++) {
        if (strcmp(evaluated->importance[i].resource_group, group) == 0)
            found = find_metric(reading, group, evaluated->importance[i].metric);
    }
    if (found == NULL)
        found = find_metric(reading, group, NULL);
    choose(reading->series, found);
}

/* A fault of CPU or memory is to be seen as what it is, whatever detectors lean on. */
static void choose_uses(struct reading *reading)
{
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        if (!group_taken(reading->series, uses[i].resource_group))
            choose(reading->series, find_metric(reading, uses[i].resource_group, uses[i].metric));
    }
}

static void choose_most_telling(struct reading *reading, const struct target_result *evaluated)
{
    const struct series_metric *found = NULL;

    for (size_t i = 0; evaluated != NULL && found == NULL && i < evaluated->importance_count; i++)
        found = find_metric(reading, evaluated->importance[i].resource_group,
                            evaluated->importance[i].metric);
    choose(reading->series, found);
}

static void choose_metrics(struct reading *reading, const struct target_result *evaluated)
{
    choose_uses(reading);
    choose_most_telling(reading, evaluated);
    for (size_t i = 0; i < sizeof preferred_groups / sizeof preferred_groups[0]; i++)
        choose_of_group(reading, evaluated, preferred_groups[i]);
    for (size_t i = 0; i < reading->set_count; i++) {
        for (size_t j = 0; j < reading->sets[i].metric_count; j++)
            choose_of_group(reading, evaluated, reading->sets[i].metrics[j].resource_group);
    }
}

static void set_positions(struct metric_set *set, const struct series *series)
{
    for (size_t i = 0; i < SERIES_MOST_METRICS; i++)
        set->positions[i] = NOWHERE;
    for (size_t i = 0; i < series->metric_count; i++) {
        for (size_t j = 0; j < set->metric_count && set->positions[i] == NOWHERE; j++) {
            if (strcmp(set->metrics[j].name, series->metrics[i].name) == 0)
                set->positions[i] = (long)j;
        }
    }
}

static void add_point(struct series *series, const struct stored_observation *observation,
                      size_t metric, double value)
{
    struct series_point *point;

    if (!isfinite(value))
        return;
    series->points =
        memory_grow(series->points, series->point_count, &series->point_capacity, sizeof *point);
    point = &series->points[series->point_count++];
    point->experiment_id = observation->experiment_id;
    point->time_ns = observation->time_ns;
    point->metric = metric;
    point->value = value;
}

/* Second pass: the chosen metrics' values. */
static int take_observation(const struct stored_observation *observation, void *context,
                            struct error *error)
{
    struct reading *reading = context;
    struct series *series = reading->series;
    struct metric_set *set = find_set(reading, observation->metric_set_id);
    bool follows;
    double seconds;

    (void)error;
    if (set == NULL)
        return 0; /* written since the first pass */
    follows =
        set->experiment_id == observation->experiment_id && observation->time_ns > set->time_ns;
    seconds = (double)(observation->time_ns - set->time_ns) / 1e9;
    for (size_t i = 0; i < series->metric_count; i++) {
        long position = set->positions[i];
        double value = position != NOWHERE && (size_t)position < observation->value_count
                           ? observation->values[position]
                           : NAN;

        if (!series->metrics[i].counter)
            add_point(series, observation, i, value);
        else if (follows && value >= set->before[i]) /* else the counter started afresh */
            add_point(series, observation, i, (value - set->before[i]) / seconds);
        set->before[i] = value;
    }
    set->experiment_id = observation->experiment_id;
    set->time_ns = observation->time_ns;
    return 0;
}

static void free_metric(struct series_metric *metric)
{
    free(metric->name);
    free(metric->resource_group);
    free(metric->unit);
}

static void free_reading(struct reading *reading)
{
    for (size_t i = 0; i < reading->set_count; i++) {
        for (size_t j = 0; j < reading->sets[i].metric_count; j++)
            free_metric(&reading->sets[i].metrics[j]);
        free(reading->sets[i].metrics);
        free(reading->sets[i].first);
        free(reading->sets[i].varies);
    }
    free(reading->sets);
}

int series_read(struct store *store, int64_t target_id, const struct target_result *evaluated,
                struct series *series, struct error *error)
{
    struct reading reading = {.series = series};
    int result;

    memset(series, 0, sizeof *series);
    result = store_each_observation(store, target_id, scan_observation, &reading, error);
    for (size_t i = 0; result == 0 && i < reading.set_count; i++)
        result = store_each_metric(store, reading.sets[i].id, take_metric, &reading.sets[i], error);
    if (result == 0) {
        choose_metrics(&reading, evaluated);
        for (size_t i = 0; i < reading.set_count; i++)
            set_positions(&reading.sets[i], series);
        result = store_each_observation(store, target_id, take_observation, &reading, error);
    }
    free_reading(&reading);
    return result;
}

void series_free(struct series *series)
{
    for (size_t i = 0; i < series->metric_count; i++)
        free_metric(&series->metrics[i]);
    free(series->points);
    memset(series, 0, sizeof *series);
}
