/* The sources of some targets of a testbed, read now and without a run: what `vnfault detect` sees.
 */
#ifndef RUNNER_LIVE_SOURCES_H
#define RUNNER_LIVE_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/collector.h"
#include "runner/testbed.h"

struct live_source {
    const struct host *target;
    const struct collector *collector;
    void *state;
    const struct store_metric *metrics; /* owned by the collector */
    size_t metric_count;
    double *values; /* as last read */
    bool lost;      /* could not be read the last time */
};

struct live_sources {
    struct live_source *items;
    size_t count;
};

/*
 * Opens all sources of the named targets (`names` has `count`). The testbed outlives them.
 * ERROR_INPUT if a target isn't there, has no source or one of an unknown collector;
 * ERROR_UNREACHABLE.
 */
int live_sources_open(const struct testbed *testbed, const char *const *names, size_t count,
                      struct live_sources *sources, struct error *error);
void live_sources_close(struct live_sources *sources);

/* Reads a source; one that was lost is looked up again first. ERROR_UNREACHABLE. */
int live_source_read(struct live_source *source, int64_t *time_ns, struct error *error);

#endif
