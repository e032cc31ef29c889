#include "analysis/dataset_experiments.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/reader.h"

struct planned {
    int64_t cell;
    char *intensity; /* NULL if it is nominal */
    int64_t repetition;
};

struct plan_reading {
    struct dataset *dataset;
    struct planned *items; /* in the order of the store */
    size_t count;
    size_t capacity;
    size_t name_capacity;
    int64_t *repetitions; /* the distinct ones */
    size_t repetition_capacity;
};

/* Only what a row has is numbered: a fold without rows would be none. */
static size_t index_of_intensity(struct plan_reading *reading, const char *name)
{
    struct dataset *dataset = reading->dataset;
    size_t i = 0;

    if (name == NULL)
        return DATASET_NONE;
    while (i < dataset->intensity_count && strcmp(dataset->intensity_names[i], name) != 0)
        i++;
    if (i == dataset->intensity_count) {
        dataset->intensity_names =
            memory_grow(dataset->intensity_names, i, &reading->name_capacity, sizeof(char *));
        dataset->intensity_names[dataset->intensity_count++] = memory_string(name);
    }
    return i;
}

static size_t index_of_repetition(struct plan_reading *reading, int64_t number)
{
    struct dataset *dataset = reading->dataset;
    size_t i = 0;

    while (i < dataset->repetition_count && reading->repetitions[i] != number)
        i++;
    if (i == dataset->repetition_count) {
        reading->repetitions =
            memory_grow(reading->repetitions, i, &reading->repetition_capacity, sizeof(int64_t));
        reading->repetitions[dataset->repetition_count++] = number;
    }
    return i;
}

/* Every attempt at a cell says the same. */
static int take_experiment(const struct stored_experiment *experiment, void *context,
                           struct error *error)
{
    struct plan_reading *reading = context;

    (void)error;
    reading->items =
        memory_grow(reading->items, reading->count, &reading->capacity, sizeof *reading->items);
    reading->items[reading->count++] = (struct planned){
        experiment->cell, memory_string(experiment->intensity), experiment->repetition};
    return 0;
}

static const struct planned *find(const struct plan_reading *reading, int64_t cell)
{
    static const struct planned unknown = {0, NULL, 0};

    for (size_t i = 0; i < reading->count; i++) {
        if (reading->items[i].cell == cell)
            return &reading->items[i];
    }
    return &unknown;
}

int dataset_read_experiments(struct store *store, struct dataset *dataset, struct error *error)
{
    struct plan_reading reading = {.dataset = dataset};
    const struct planned *planned = NULL;
    int result = store_each_experiment(store, take_experiment, &reading, error);

    dataset->intensities = memory_new(dataset->rows, sizeof(size_t));
    dataset->repetitions = memory_new(dataset->rows, sizeof(size_t));
    for (size_t row = 0; result == 0 && row < dataset->rows; row++) {
        if (planned == NULL || planned->cell != dataset->experiments[row])
            planned = find(&reading, dataset->experiments[row]);
        dataset->intensities[row] = index_of_intensity(&reading, planned->intensity);
        dataset->repetitions[row] = index_of_repetition(&reading, planned->repetition);
    }
    for (size_t i = 0; i < reading.count; i++)
        free(reading.items[i].intensity);
    free(reading.items);
    free(reading.repetitions);
    return result;
}
