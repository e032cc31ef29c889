#include "runner/calibration_record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/reader.h"

struct reading {
    int64_t cell;
    int64_t settling;
    int64_t experiment_id; /* 0: not there */
    int64_t from;          /* of what counts */
    int64_t until;
    size_t capacity; /* of the windows */
    struct calibration_measurement *measurement;
};

static int take_experiment(const struct stored_experiment *experiment, void *context,
                           struct error *error)
{
    struct reading *reading = context;
    struct calibration_measurement *measurement = reading->measurement;

    (void)error;
    if (experiment->cell != reading->cell)
        return 0;
    reading->experiment_id = experiment->id;
    reading->from = experiment->measured_from_ns;
    reading->until = experiment->measured_until_ns;
    measurement->refused = experiment->verdict == NULL || strcmp(experiment->verdict, "valid") != 0;
    snprintf(measurement->reason, sizeof measurement->reason, "%s",
             experiment->reason != NULL ? experiment->reason : "");
    return 0;
}

static int take_injection(const struct stored_injection *injection, void *context,
                          struct error *error)
{
    struct reading *reading = context;

    (void)error;
    if (injection->experiment_id != reading->experiment_id)
        return 0;
    reading->from = injection->applied_ns + reading->settling;
    reading->until = injection->end_commanded_ns;
    reading->measurement->achieved = injection->achieved;
    return 0;
}

static int take_sample(const struct store_service_sample *sample, void *context,
                       struct error *error)
{
    struct reading *reading = context;
    struct calibration_measurement *measurement = reading->measurement;

    (void)error;
    if (sample->experiment_id != reading->experiment_id ||
        sample->window_start_ns < reading->from || sample->time_ns > reading->until)
        return 0;
    measurement->windows = memory_grow(measurement->windows, measurement->window_count,
                                       &reading->capacity, sizeof *measurement->windows);
    measurement->windows[measurement->window_count++] = (struct counted_window){
        .calls = sample->calls_succeeded + sample->calls_failed, .failed = sample->calls_failed};
    measurement->created += sample->calls_created;
    measurement->succeeded += sample->calls_succeeded;
    measurement->covered += sample->time_ns - sample->window_start_ns;
    measurement->offered = sample->offered_rate;
    return 0;
}

int calibration_record_read(struct store *store, int64_t cell, int64_t settling,
                            struct calibration_measurement *measurement, struct error *error)
{
    struct reading reading = {.cell = cell, .settling = settling, .measurement = measurement};

    *measurement = (struct calibration_measurement){.achieved = NAN};
    if (store_each_experiment(store, take_experiment, &reading, error) < 0 ||
        store_each_injection(store, take_injection, &reading, error) < 0 ||
        store_each_service_sample(store, take_sample, &reading, error) < 0) {
        free(measurement->windows);
        measurement->windows = NULL;
        return -1;
    }
    return 0;
}
