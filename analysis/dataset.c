#include "analysis/dataset.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/dataset_builder.h"
#include "analysis/dataset_experiments.h"
#include "analysis/dataset_faults.h"
#include "analysis/raw_observations.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/reader.h"

struct target_list {
    char **names;
    int64_t *ids;
    uint8_t *injected;
    size_t count;
    size_t name_capacity;
    size_t id_capacity;
    size_t injected_capacity;
};

static int take_target(const struct stored_target *target, void *context, struct error *error)
{
    struct target_list *list = context;

    (void)error;
    list->names = memory_grow(list->names, list->count, &list->name_capacity, sizeof(char *));
    list->ids = memory_grow(list->ids, list->count, &list->id_capacity, sizeof(int64_t));
    list->injected =
        memory_grow(list->injected, list->count, &list->injected_capacity, sizeof(uint8_t));
    list->names[list->count] = memory_string(target->name);
    list->injected[list->count] = 0;
    list->ids[list->count++] = target->id;
    return 0;
}

static int note_injection(const struct stored_injection *injection, void *context,
                          struct error *error)
{
    struct target_list *list = context;

    (void)error;
    for (size_t i = 0; i < list->count; i++) {
        if ((injection->in_load || strcmp(list->names[i], injection->target) == 0) &&
            strcmp(injection->fault_type, LABEL_NOTHING) != 0)
            list->injected[i] = 1;
    }
    return 0;
}

static void free_targets(struct target_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->names[i]);
    free(list->names);
    free(list->ids);
    free(list->injected);
}

int dataset_find_target(struct store *store, const char *name, int64_t *id, struct error *error)
{
    struct target_list list = {0};
    int result = store_each_target(store, take_target, &list, error);
    const char *nearest;
    size_t i = 0;

    while (result == 0 && i < list.count && strcmp(list.names[i], name) != 0)
        i++;
    if (result == 0 && i < list.count) {
        *id = list.ids[i];
    } else if (result == 0) {
        result = error_set(error, ERROR_INPUT, "the run has no target '%s'", name);
        nearest = string_nearest(name, (const char *const *)list.names, list.count);
        if (nearest != NULL)
            error_hint(error, "did you mean '%s'?", nearest);
    }
    free_targets(&list);
    return result;
}

int dataset_read(struct store *store, const char *target, const struct pipeline *pipeline,
                 struct dataset **dataset, struct error *error)
{
    struct raw_observations raw;
    int64_t id = 0;
    int result;

    if (dataset_find_target(store, target, &id, error) < 0)
        return -1;
    result = raw_observations_read(store, id, &raw, error);
    if (result == 0) {
        *dataset = memory_new(1, sizeof **dataset);
        (*dataset)->target = memory_string(target);
        dataset_build(*dataset, &raw);
        result = dataset_read_experiments(store, *dataset, error);
        if (result == 0)
            result = dataset_read_faults(store, *dataset, error);
        if (result == 0)
            pipeline_apply(pipeline, *dataset);
        if (result < 0) {
            dataset_free(*dataset);
            *dataset = NULL;
        }
    }
    raw_observations_free(&raw);
    return result == 0 ? 0 : error_target(error, target);
}

void dataset_make_rows(struct dataset *dataset, size_t rows, size_t timeline_rows)
{
    struct dataset_timeline *timeline = &dataset->timeline;

    timeline->values = memory_new(timeline_rows * dataset->columns, sizeof(double));
    timeline->labels = memory_new(timeline_rows, sizeof(size_t));
    timeline->experiments = memory_new(timeline_rows, sizeof(int64_t));
    timeline->times_ns = memory_new(timeline_rows, sizeof(int64_t));
    timeline->sequences = memory_new(timeline_rows, sizeof(size_t));
    dataset->places = memory_new(rows, sizeof(size_t));
    dataset->labels = memory_new(rows, sizeof(size_t));
    dataset->experiments = memory_new(rows, sizeof(int64_t));
    dataset->times_ns = memory_new(rows, sizeof(int64_t));
}

void dataset_free(struct dataset *dataset)
{
    if (dataset == NULL)
        return;
    for (size_t i = 0; i < dataset->columns; i++) {
        free(dataset->metrics[i].name);
        free(dataset->metrics[i].resource_group);
    }
    for (size_t i = 0; i < dataset->label_count; i++)
        free(dataset->label_names[i]);
    for (size_t i = 0; i < dataset->count_count; i++)
        free(dataset->counts[i].label);
    for (size_t i = 0; i < dataset->intensity_count; i++)
        free(dataset->intensity_names[i]);
    dataset_faults_free(dataset);
    free(dataset->intensity_names);
    free(dataset->intensities);
    free(dataset->repetitions);
    free(dataset->sources);
    free(dataset->target);
    free(dataset->timeline.values);
    free(dataset->timeline.labels);
    free(dataset->timeline.counted_as);
    free(dataset->timeline.experiments);
    free(dataset->timeline.times_ns);
    free(dataset->timeline.sequences);
    free(dataset->places);
    free(dataset->metrics);
    free(dataset->labels);
    free(dataset->label_names);
    free(dataset->experiments);
    free(dataset->times_ns);
    free(dataset->counts);
    free(dataset);
}

int dataset_targets(struct store *store, bool injected_only, char ***names, size_t *count,
                    struct error *error)
{
    struct target_list list = {0};
    int result = store_each_target(store, take_target, &list, error);

    *count = 0;
    *names = NULL;
    if (result == 0)
        result = store_each_injection(store, note_injection, &list, error);
    if (result == 0)
        *names = memory_new(list.count, sizeof **names);
    for (size_t i = 0; result == 0 && i < list.count; i++) {
        if (list.injected[i] || !injected_only)
            (*names)[(*count)++] = memory_string(list.names[i]);
    }
    free_targets(&list);
    return result;
}
