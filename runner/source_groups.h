/*
 * The sources of a testbed's targets in groups that are read together: one collector, one state,
 * and one thread of whoever reads them.
 */
#ifndef RUNNER_SOURCE_GROUPS_H
#define RUNNER_SOURCE_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "runner/collector.h"
#include "runner/own_access.h"
#include "runner/testbed.h"

struct source_group {
    const struct collector *collector;
    char *key; /* what its sources have in common */
    struct collected_source *sources;
    size_t count;
    size_t capacity;
    bool past;             /* read afterwards, by read_past */
    void *state;           /* NULL until it is open */
    struct error *failure; /* why it is not, while all are opened; then NULL */
};

struct source_groups {
    struct source_group *items; /* in the order of their first sources */
    size_t count;
    size_t capacity;
    struct own_access monitoring; /* to the hosts on which sources are read */
};

/* The connection to a target for a collector that runs commands on it; lent, and good for as long
 * as the groups are open. NULL with an error. Called by several threads at once. */
typedef struct access *source_access(void *context, const struct host *target, struct error *error);

/*
 * Sets `one->access` to what the collector asks for: the target's own connection by `access`, or
 * one to the monitoring host, kept in `monitoring`. -1 with the error of either.
 */
int source_find_access(const struct collector *collector, struct collected_source *one,
                       source_access *access, void *context, struct own_access *monitoring,
                       struct error *error);

/* When sources are read. */
enum source_reading {
    SOURCES_LIVE,    /* as it comes, whatever the testbed says */
    SOURCES_AS_SAID, /* as their attribute 'read' says: live, or afterwards */
    SOURCES_PAST     /* only what they kept; ERROR_INPUT if one keeps nothing */
};

/*
 * Groups and opens all sources of the targets (`targets` has `count`; the testbed outlives them),
 * groups side by side: a slow one holds up no other. ERROR_INPUT, ERROR_UNREACHABLE, ERROR_INTERNAL
 * where the machine's limit of open files is too low; nothing stays open then. Errors name the
 * target; if there are several, each is logged.
 */
int source_groups_open(const struct host *const *targets, size_t count, enum source_reading reading,
                       source_access *access, void *context, struct source_groups *groups,
                       struct error *error);
void source_groups_close(struct source_groups *groups);

#endif
