/*
 * Collectors: sources of metrics, read from outside the target. A family: each is one file with a
 * struct collector and one line in the table of runner/collector.c.
 *
 * What belongs together (all endpoints that one thread can ask, all VMs of one vCenter) is opened
 * and read as one group; each group has a thread of its own, so that one that is slow or hangs
 * delays no other. A collector reports what it got and repairs nothing: what is late, a duplicate,
 * out of order or a gap is noticed by who reads it.
 */
#ifndef RUNNER_COLLECTOR_H
#define RUNNER_COLLECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "base/text.h"
#include "runner/access.h"
#include "runner/testbed.h"
#include "store/writer.h"

/* One source of one target. What it points to outlives the group. */
struct collected_source {
    const struct host *target;
    const struct source *source;
    struct access *access; /* as the collector asks for; else NULL */
    bool past;             /* only read_past will be called: it need not be there now */
};

/* What was read of one source for one instant. */
struct collected_sample {
    size_t source; /* index in the group */
    /* Every value was so at some instant between these; runner's clock. Where the source says when,
     * that instant less and plus the bound of its clock's offset. */
    int64_t from;
    int64_t until;
    int64_t source_time;  /* when it was so by the source's own clock; 0 if it does not say */
    const double *values; /* as many as the source has metrics; NaN where one is unknown */
};

/* Takes what is read, in the thread that reads. */
struct collector_sink {
    void *context;
    void (*sample)(void *context, const struct collected_sample *sample);
    /* The source could not be read this time. */
    void (*missed)(void *context, size_t source, const struct error *error);
    /* From its next sample on the source has other metrics: they are asked for anew. */
    void (*changed)(void *context, size_t source);
};

/* One call for values. */
struct collector_reading {
    int64_t instant;   /* when it was due, runner's clock */
    int64_t deadline;  /* what has not answered by then is missed */
    struct stop *stop; /* ends a wait; may be NULL */
    const struct collector_sink *sink;
};

enum collector_access {
    COLLECTOR_ACCESS_NONE,
    COLLECTOR_ACCESS_TARGET, /* commands run on the target, over its connection */
    COLLECTOR_ACCESS_HOST    /* and on the monitoring host that the source's attribute 'host', which
                                this allows, names; without one on this machine */
};

struct collector {
    const char *name; /* as in the testbed file */
    const char *summary;
    /* Attributes that a <source> may have beside 'collector'; ends with NULL. NULL itself: only
     * open checks them. */
    const char *const *attributes;
    /* Those of them that name files, as the testbed's other paths do; ends with NULL. NULL: none.
     */
    const char *const *files;
    enum collector_access access;
    /* Appends what sources must have in common to be read together, in one thread: the address of a
     * server, say. NULL: all sources of the collector are. */
    void (*together)(const struct host *target, const struct source *source, struct text *key);
    /* Finds the metrics of each source; `sources` outlives the state. ERROR_UNREACHABLE if one
     * can't be read, ERROR_INPUT if an attribute is wrong; the error names the target. */
    int (*open)(const struct collected_source *sources, size_t count, void **state,
                struct error *error);
    /* A source's metrics in the order of the values; owned by the state, and good until they are
     * told as changed. */
    size_t (*metrics)(void *state, size_t source, const struct store_metric **metrics);
    /* Reads all: each source gives its sample (past ones too, oldest first) or is missed. One that
     * was lost is looked up again. */
    void (*read)(void *state, const struct collector_reading *reading);
    /* For sources that keep what was; NULL: none does. Gives the samples between two instants of
     * the runner's clock, oldest first, at most about one each period; a source that has none is
     * missed. Metrics that the source had then and others than before are told as changed. */
    void (*read_past)(void *state, int64_t from, int64_t until, int64_t period,
                      const struct collector_reading *reading);
    /* After a reading, by how much the clock that a source's samples have their own time from is
     * ahead of the runner's, ns, and how wrong that may be; false if nobody tells. NULL: so always.
     */
    bool (*clock)(void *state, size_t source, int64_t *offset, int64_t *bound);
    /* Makes sure that a source is there, after a reset of its target: ERROR_UNREACHABLE if not. */
    int (*reopen)(void *state, size_t source, struct error *error);
    void (*close)(void *state);
};

/* The collector of that name, or NULL. */
const struct collector *collector_find(const char *name);

/* Names of all collectors; `*count` is set. */
const char *const *collector_names(size_t *count);

#endif
