/* Observations: one row each, with its label and one column a metric. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/export.h"
#include "store/reader.h"

/* Where the values of one metric set go: places[position] is a column. */
struct column_map {
    int64_t metric_set_id;
    size_t *places;
    size_t count;
    size_t capacity;
};

struct observation_export {
    struct store *store;
    struct csv *csv;
    struct experiment_names experiments;
    struct name_list columns; /* every metric of any set */
    struct column_map *maps;
    size_t map_count;
    size_t map_capacity;
    double *row; /* one value a column */
    const char *target;
};

static int map_metric(size_t position, const struct store_metric *metric, void *context,
                      struct error *error)
{
    struct observation_export *export = context;
    struct column_map *map = &export->maps[export->map_count - 1];

    (void)error;
    map->places = memory_grow(map->places, position, &map->capacity, sizeof *map->places);
    map->places[position] = name_list_place(&export->columns, metric->name);
    map->count = position + 1;
    return 0;
}

static int map_set(int64_t id, int64_t target_id, const char *collector, void *context,
                   struct error *error)
{
    struct observation_export *export = context;

    (void)target_id;
    (void)collector;
    export->maps =
        memory_grow(export->maps, export->map_count, &export->map_capacity, sizeof *export->maps);
    export->maps[export->map_count++] = (struct column_map){.metric_set_id = id};
    return store_each_metric(export->store, id, map_metric, export, error);
}

static const struct column_map *find_map(const struct observation_export *export, int64_t id)
{
    for (size_t i = 0; i < export->map_count; i++) {
        if (export->maps[i].metric_set_id == id)
            return &export->maps[i];
    }
    return NULL;
}

static int write_observation(const struct stored_observation *observation, void *context,
                             struct error *error)
{
    struct observation_export *export = context;
    const struct column_map *map = find_map(export, observation->metric_set_id);

    (void)error;
    for (size_t i = 0; i < export->columns.count; i++)
        export->row[i] = (double)NAN;
    for (size_t i = 0; map != NULL && i < map->count && i < observation->value_count; i++)
        export->row[map->places[i]] = observation->values[i];
    export_experiment(export->csv, &export->experiments, observation->experiment_id);
    csv_text(export->csv, export->target);
    csv_integer(export->csv, observation->window_start_ns);
    csv_integer(export->csv, observation->time_ns);
    csv_text(export->csv, observation->label);
    csv_text(export->csv, observation->scope);
    csv_text(export->csv, observation->intensity);
    csv_text(export->csv, observation->fault_target);
    for (size_t i = 0; i < export->columns.count; i++)
        csv_number(export->csv, export->row[i]);
    csv_end_row(export->csv);
    return 0;
}

static int write_target(const struct stored_target *target, void *context, struct error *error)
{
    struct observation_export *export = context;

    export->target = target->name;
    return store_each_observation(export->store, target->id, write_observation, export, error);
}

static int write_all(struct observation_export *export, struct error *error)
{
    static const char *const names[] = {"experiment",      "cell",         "verdict", "target",
                                        "window_start_ns", "time_ns",      "label",   "scope",
                                        "intensity",       "fault_target", NULL};

    if (experiment_names_read(export->store, &export->experiments, error) < 0 ||
        store_each_metric_set(export->store, map_set, export, error) < 0)
        return -1;
    export->row = memory_new(export->columns.count, sizeof *export->row);
    csv_names(export->csv, names);
    for (size_t i = 0; i < export->columns.count; i++)
        csv_text(export->csv, export->columns.names[i]);
    csv_end_row(export->csv);
    return store_each_target(export->store, write_target, export, error);
}

int export_observations(struct store *store, struct csv *csv, struct error *error)
{
    struct observation_export export = {.store = store, .csv = csv};
    int result = write_all(&export, error);

    for (size_t i = 0; i < export.map_count; i++)
        free(export.maps[i].places);
    free(export.maps);
    free(export.row);
    name_list_free(&export.columns);
    experiment_names_free(&export.experiments);
    return result;
}
