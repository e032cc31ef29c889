#include "cli/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/reader.h"

size_t name_list_place(struct name_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->names[i], name) == 0)
            return i;
    }
    list->names = memory_grow(list->names, list->count, &list->capacity, sizeof *list->names);
    list->names[list->count] = memory_string(name);
    return list->count++;
}

void name_list_free(struct name_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->names[i]);
    free(list->names);
    memset(list, 0, sizeof *list);
}

static int keep_experiment(const struct stored_experiment *experiment, void *context,
                           struct error *error)
{
    struct experiment_names *experiments = context;

    (void)error;
    experiments->items = memory_grow(experiments->items, experiments->count, &experiments->capacity,
                                     sizeof *experiments->items);
    experiments->items[experiments->count].id = experiment->id;
    experiments->items[experiments->count].cell = experiment->cell;
    experiments->items[experiments->count].name = memory_string(experiment->name);
    experiments->items[experiments->count].verdict = memory_string(experiment->verdict);
    experiments->count++;
    return 0;
}

int experiment_names_read(struct store *store, struct experiment_names *experiments,
                          struct error *error)
{
    memset(experiments, 0, sizeof *experiments);
    return store_each_experiment(store, keep_experiment, experiments, error);
}

void experiment_names_free(struct experiment_names *experiments)
{
    for (size_t i = 0; i < experiments->count; i++) {
        free(experiments->items[i].name);
        free(experiments->items[i].verdict);
    }
    free(experiments->items);
    memset(experiments, 0, sizeof *experiments);
}

void export_experiment(struct csv *csv, const struct experiment_names *experiments, int64_t id)
{
    for (size_t i = 0; i < experiments->count; i++) {
        if (experiments->items[i].id == id) {
            csv_text(csv, experiments->items[i].name);
            csv_integer(csv, experiments->items[i].cell);
            csv_text(csv, experiments->items[i].verdict);
            return;
        }
    }
    for (int field = 0; field < 3; field++)
        csv_text(csv, NULL);
}
