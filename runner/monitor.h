/*
 * Monitoring of an experiment: a thread reads every source of every target at absolute instants,
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
#include "runner/collector.h"
#include "runner/observation_queue.h"
#include "runner/sessions.h"
#include "store/store.h"

struct monitored_source {
    const struct host *target;
    const struct collector *collector;
    void *state;
    int64_t metric_set_id;
    size_t metric_count;
    double *values;
    int64_t last_time;   /* when the one before began to be read; 0 if this experiment has none */
    size_t observations; /* in the database; known once monitoring has finished */
    int64_t *missed;     /* when those were due that could not be read; runner's clock */
    size_t missed_count;
    size_t missed_capacity;
    struct error failure; /* the first one that is not in the database, if any */
};

struct monitor {
    struct store *store;
    struct monitored_source *sources;
    size_t source_count;

    /* Of the experiment under way. */
    int64_t experiment_id;
    int64_t from;
    int64_t until;
    int64_t period;
    struct stop *stop;
    pthread_t thread;
    struct observation_queue queue;
    bool running;
};

/* Opens every source of every target and records its metrics. */
int monitor_open(struct store *store, const struct sessions *sessions, struct monitor *monitor,
                 struct error *error);
void monitor_close(struct monitor *monitor);

/* Looks every source up again, after a reset. */
int monitor_reopen(struct monitor *monitor, struct error *error);

/* Starts observing at `from`, then each `period`, up to and including `until`: the first
 * observation is what the counters of the second are differenced against. */
int monitor_start(struct monitor *monitor, int64_t experiment_id, int64_t from, int64_t until,
                  int64_t period, struct stop *stop, struct error *error);

/* Waits for the end of monitoring and until all is written. */
void monitor_finish(struct monitor *monitor);

#endif
