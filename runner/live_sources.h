/* The sources of some targets of a testbed, read now and without a run: what `vnfault detect` sees.
 */
#ifndef RUNNER_LIVE_SOURCES_H
#define RUNNER_LIVE_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "runner/own_access.h"
#include "runner/source_groups.h"
#include "runner/testbed.h"

struct live_source {
    const struct host *target;
    const struct store_metric *metrics; /* owned by the collector */
    size_t metric_count;
    bool lost; /* could not be read the last time */
};

struct live_sources {
    struct source_groups groups;
    struct live_source *items; /* in the order of the groups */
    size_t count;
    struct own_access own;
};

/* Takes what is read of the source of that index, by one thread at a time. */
struct live_receiver {
    void *context;
    void (*sample)(void *context, size_t source, const struct collected_sample *sample);
    void (*missed)(void *context, size_t source, const struct error *error);
    /* Its metrics are others than they were. */
    void (*changed)(void *context, size_t source);
};

/* The target of that name, which has a source: ERROR_INPUT if not. */
int live_target_find(const struct testbed *testbed, const char *name, const struct host **target,
                     struct error *error);

/*
 * Opens all sources of the named targets (`names` has `count`). The testbed outlives them.
 * ERROR_INPUT if a target isn't there, has no source or one of an unknown collector;
 * ERROR_UNREACHABLE.
 */
int live_sources_open(const struct testbed *testbed, const char *const *names, size_t count,
                      struct live_sources *sources, struct error *error);
void live_sources_close(struct live_sources *sources);

/* Reads all sources once, groups side by side; what has not answered by `deadline` is missed.
 * Returns once all have been received. */
void live_sources_read(struct live_sources *sources, int64_t deadline, struct stop *stop,
                       const struct live_receiver *receiver);

#endif
