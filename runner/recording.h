/* What a run recorded of one target, read back: for runner/collector_replay.c. */
#ifndef RUNNER_RECORDING_H
#define RUNNER_RECORDING_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/writer.h"

/* Which observations are meant. */
struct recording_choice {
    const char *run;        /* folder or file */
    const char *target;     /* name */
    const char *experiment; /* name; "": all, one after the other */
    int64_t metric_set;     /* row of that table; 0: the only one at a time */
};

struct recorded_set {
    int64_t id;
    char *collector;
    struct store_metric *metrics; /* their strings are owned */
    size_t count;
};

struct recorded_row {
    int64_t experiment;
    size_t set;         /* index */
    int64_t from;       /* every value was so between these */
    int64_t until;      /* when it was recorded to be, runner's clock then */
    size_t first_value; /* index in the values */
};

struct recording {
    struct recorded_set *sets;
    size_t set_count;
    struct recorded_row *rows; /* by time */
    size_t row_count;
    size_t row_capacity;
    double *values;
    size_t value_count;
    size_t value_capacity;
    int64_t spacing; /* usual time between two rows, ns */
};

/*
 * Reads them all; the run's database is closed again. ERROR_INPUT if there is no such run, target,
 * experiment or metric set, if several sets were recorded side by side, or there is nothing.
 */
int recording_read(const struct recording_choice *choice, struct recording *recording,
                   struct error *error);

/* Also after an error, or of one that is zero. */
void recording_free(struct recording *recording);

#endif
