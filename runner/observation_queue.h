/*
 * Between the thread that reads the targets and the disk: an observation is handed over at once and
 * written by a thread of the queue's own. A disk that is slow, as under a disk fault beside the
 * runner, delays the record, not the instants at which targets are read.
 */
#ifndef RUNNER_OBSERVATION_QUEUE_H
#define RUNNER_OBSERVATION_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/store.h"

struct queued;

struct observation {
    int64_t experiment_id;
    int64_t metric_set_id;
    int64_t window_start; /* runner's clock */
    int64_t time;
    const double *values; /* as many as the metric set has metrics */
    size_t count;
};

/* As store_put_monitoring_event takes it. */
struct queued_event {
    int64_t experiment_id;
    int64_t metric_set_id;
    int64_t time;     /* runner's clock */
    const char *kind; /* not copied */
    char detail[160];
};

struct observation_queue {
    struct store *store;
    pthread_t writer;
    pthread_mutex_t mutex; /* of what follows */
    pthread_cond_t changed;
    bool round_over; /* since the writer last took what there was */
    struct queued *first;
    struct queued **end; /* where the next one is linked */
    bool finishing;
    struct error failure; /* the first observation that could not be written */
};

/* Starts the writer; end it with observation_queue_finish. The store outlives the queue. */
int observation_queue_start(struct observation_queue *queue, struct store *store,
                            struct error *error);

/* A round of readings is over: what it put is written now. Else it is within a second, so that a
 * source that hangs holds up no other's record. */
void observation_queue_end_round(struct observation_queue *queue);

/* Copies the observation; never waits for the disk. `*written` is increased by the writer once the
 * observation is in the database: read it after observation_queue_finish. */
void observation_queue_put(struct observation_queue *queue, const struct observation *observation,
                           size_t *written);

/* The same for what happened to a sample. */
void observation_queue_put_event(struct observation_queue *queue, const struct queued_event *event);

/* Waits until all is written, and ends the writer. The first failure to write is its error. */
int observation_queue_finish(struct observation_queue *queue, struct error *error);

#endif
