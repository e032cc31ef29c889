/*
 * Monitoring of an experiment: a thread for each group of sources reads it at absolute instants,
 * one monitoring period apart; each observation is recorded with its window.
 */
#ifndef RUNNER_MONITOR_H
#define RUNNER_MONITOR_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "runner/observation_queue.h"
#include "runner/sample_history.h"
#include "runner/source_groups.h"
#include "store/store.h"

/* What is lacking between two samples of a source, or to the end of the experiment. */
struct monitoring_gap {
    int64_t from; /* runner's clock */
    int64_t until;
    size_t lost; /* samples */
};

struct monitored_source {
    const struct host *target;
    int64_t target_id; /* row of table target */
    int64_t metric_set_id;
    const struct store_metric *metrics; /* owned by the collector */
    size_t metric_count;
    struct sample_history history;
    size_t taken;        /* observations that were handed over */
    size_t observations; /* in the database; known once monitoring has finished */
    struct monitoring_gap *gaps;
    size_t gap_count;
    size_t gap_capacity;
    struct error failure; /* the first one */
};

struct monitored_group {
    struct monitor *monitor;
    const struct source_group *group;
    struct monitored_source *sources; /* in the order of the group; within monitor.sources */
    pthread_t thread;
    int64_t instant; /* when the observation under way was due */
};

struct monitor {
    struct store *store;
    struct source_groups open;
    struct monitored_group *groups; /* as many as are open */
    struct monitored_source *sources;
    size_t source_count;
    bool keeps_stopped; /* what was until a stop counts; false at first */

    /* Of the experiment under way. */
    int64_t experiment_id;
    int64_t from;
    int64_t until;
    int64_t period;
    struct stop *stop;
    struct observation_queue queue;
    bool running;
    size_t thread_count; /* of the groups, from the first, those whose thread runs */
};

struct monitored_target {
    const struct host *host;
    int64_t id; /* row of table target */
};

/* Opens every source of the targets (`targets` has `count`) and records its metrics. */
int monitor_open(struct store *store, const struct monitored_target *targets, size_t count,
                 enum source_reading reading, source_access *access, void *context,
                 struct monitor *monitor, struct error *error);
void monitor_close(struct monitor *monitor);

/* Looks every source up again, after a reset. */
int monitor_reopen(struct monitor *monitor, struct error *error);

/* Starts observing at `from`, then each `period`, up to and including `until`: the first
 * observation is what the counters of the second are differenced against. Sources that are read
 * afterwards are read once `until` is over. */
int monitor_start(struct monitor *monitor, int64_t experiment_id, int64_t from, int64_t until,
                  int64_t period, struct stop *stop, struct error *error);

/* Waits for the end of monitoring, or for the stop, for what is read afterwards and until all is
 * written; also after monitor_start failed. */
void monitor_finish(struct monitor *monitor);

#endif
