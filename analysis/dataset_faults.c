#include "analysis/dataset_faults.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/raw_observations.h"
#include "base/memory.h"
#include "store/reader.h"

struct valid_experiment {
    int64_t id;
    int64_t cell;
};

struct faults_reading {
    struct dataset *dataset;
    struct valid_experiment *experiments;
    size_t count;
    size_t capacity;
    size_t fault_capacity;
    size_t name_capacity;
    int64_t cool_down_ns;
};

static int note_experiment(const struct stored_experiment *experiment, void *context,
                           struct error *error)
{
    struct faults_reading *reading = context;
    struct dataset *dataset = reading->dataset;

    (void)error;
    if (experiment->verdict == NULL || strcmp(experiment->verdict, "valid") != 0)
        return 0;
    reading->experiments = memory_grow(reading->experiments, reading->count, &reading->capacity,
                                       sizeof *reading->experiments);
    reading->experiments[reading->count++] =
        (struct valid_experiment){experiment->id, experiment->cell};
    dataset->experiment_names =
        memory_grow(dataset->experiment_names, dataset->experiment_name_count,
                    &reading->name_capacity, sizeof *dataset->experiment_names);
    dataset->experiment_names[dataset->experiment_name_count++] =
        (struct experiment_name){experiment->cell, memory_string(experiment->name)};
    return 0;
}

static const struct valid_experiment *find(const struct faults_reading *reading, int64_t id)
{
    for (size_t i = 0; i < reading->count; i++) {
        if (reading->experiments[i].id == id)
            return &reading->experiments[i];
    }
    return NULL;
}

static int take_injection(const struct stored_injection *injection, void *context,
                          struct error *error)
{
    struct faults_reading *reading = context;
    struct dataset *dataset = reading->dataset;
    const struct valid_experiment *experiment = find(reading, injection->experiment_id);

    (void)error;
    if (experiment == NULL || injection->applied_ns == 0 || injection->gone_ns == 0 ||
        strcmp(injection->fault_type, LABEL_NOTHING) == 0)
        return 0;
    dataset->faults = memory_grow(dataset->faults, dataset->fault_count, &reading->fault_capacity,
                                  sizeof *dataset->faults);
    dataset->faults[dataset->fault_count++] = (struct dataset_fault){
        .experiment = experiment->cell,
        .experiment_name = memory_string(injection->experiment),
        .target = memory_string(injection->target),
        .in_load = injection->in_load,
        .type = memory_string(injection->fault_type),
        .intensity = memory_string(injection->intensity),
        .applied_ns = injection->applied_ns,
        .gone_ns = injection->gone_ns,
        .cool_down_end_ns = injection->gone_ns + reading->cool_down_ns,
    };
    return 0;
}

/* The intensity of the experiment's first fault. */
static const char *first_intensity(const struct dataset *dataset, int64_t experiment)
{
    size_t i = 0;

    while (dataset->faults[i].experiment != experiment)
        i++;
    return dataset->faults[i].intensity;
}

static bool mixes_intensities(const struct dataset *dataset)
{
    for (size_t i = 0; i < dataset->fault_count; i++) {
        const struct dataset_fault *fault = &dataset->faults[i];

        if (strcmp(fault->intensity, first_intensity(dataset, fault->experiment)) != 0)
            return true;
    }
    return false;
}

int dataset_read_faults(struct store *store, struct dataset *dataset, struct error *error)
{
    struct faults_reading reading = {.dataset = dataset};
    struct stored_run run;
    int result = store_read_run(store, &run, error);

    if (result == 0) {
        reading.cool_down_ns = run.cool_down_ns;
        stored_run_free(&run);
        result = store_each_experiment(store, note_experiment, &reading, error);
    }
    if (result == 0)
        result = store_each_injection(store, take_injection, &reading, error);
    free(reading.experiments);
    dataset->mixes_intensities = mixes_intensities(dataset);
    return result;
}

void dataset_faults_free(struct dataset *dataset)
{
    for (size_t i = 0; i < dataset->fault_count; i++) {
        free(dataset->faults[i].experiment_name);
        free(dataset->faults[i].target);
        free(dataset->faults[i].type);
        free(dataset->faults[i].intensity);
    }
    free(dataset->faults);
    for (size_t i = 0; i < dataset->experiment_name_count; i++)
        free(dataset->experiment_names[i].name);
    free(dataset->experiment_names);
}
