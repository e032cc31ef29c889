/*
 * Collectors: sources of metrics, read from outside the target. A family: each is one file with a
 * struct collector and one line in the table of runner/collector.c.
 */
#ifndef RUNNER_COLLECTOR_H
#define RUNNER_COLLECTOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/testbed.h"
#include "store/writer.h"

/* What one collector does. `state` is its own, one per source. */
struct collector {
    const char *name; /* as in the testbed file */
    const char *summary;
    /* Attributes that a <source> may have beside 'collector'; ends with NULL. NULL itself: only
     * open checks them. */
    const char *const *attributes;
    /* Finds the source's metrics. ERROR_UNREACHABLE if it can't be read, ERROR_INPUT if an
     * attribute of the source is wrong. */
    int (*open)(const struct host *target, const struct source *source, void **state,
                struct error *error);
    /* The metrics in the order of the values; owned by the state. */
    size_t (*metrics)(void *state, const struct store_metric **metrics);
    /*
     * Reads all values (as many as there are metrics; NaN where one is unknown) and sets `*time`
     * to the instant they are of. ERROR_UNREACHABLE if the source is gone.
     */
    int (*read)(void *state, double *values, int64_t *time, struct error *error);
    /* Looks the source up again, after a reboot of the target say. The metrics stay the same. */
    int (*reopen)(void *state, struct error *error);
    void (*close)(void *state);
};

/* The collector of that name, or NULL. */
const struct collector *collector_find(const char *name);

/* Names of all collectors; `*count` is set. */
const char *const *collector_names(size_t *count);

#endif
