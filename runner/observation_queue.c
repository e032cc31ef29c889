#include "runner/observation_queue.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "store/writer.h"

/* Seconds after which observations are written at the latest. */
enum { LONGEST_WAIT = 1 };

/* An observation or, with a kind, an event. */
struct queued {
    struct queued *next;
    size_t *written; /* NULL of an event */
    struct observation observation;
    struct queued_event event;
    double values[];
};

static int write_one(struct store *store, const struct queued *queued, struct error *error)
{
    const struct observation *one = &queued->observation;
    const struct queued_event *event = &queued->event;

    if (event->kind != NULL)
        return store_put_monitoring_event(store, event->experiment_id, event->metric_set_id,
                                          event->time, event->kind, event->detail, error);
    return store_put_observation(store, one->experiment_id, one->metric_set_id, one->window_start,
                                 one->time, one->values, one->count, error);
}

/* Writes and frees a list, as one transaction. */
static int write_all(struct store *store, struct queued *first, struct error *error)
{
    struct queued *next;
    int result = 0;

    for (struct queued *queued = first; queued != NULL && result == 0; queued = queued->next)
        result = write_one(store, queued, error);
    if (store_commit(store, result == 0 ? error : &(struct error){0}) < 0)
        result = -1;
    for (struct queued *queued = first; queued != NULL; queued = next) {
        next = queued->next;
        if (result == 0 && queued->written != NULL)
            ++*queued->written;
        free(queued);
    }
    return result;
}

/* A transaction costs as much as hundreds of observations. */
static void wait_for_round(struct observation_queue *queue)
{
    struct timespec latest;

    clock_gettime(CLOCK_MONOTONIC, &latest);
    latest.tv_sec += LONGEST_WAIT;
    while (!queue->round_over && !queue->finishing &&
           pthread_cond_timedwait(&queue->changed, &queue->mutex, &latest) == 0)
        ;
    queue->round_over = false;
}

static void *write_until_finish(void *argument)
{
    struct observation_queue *queue = argument;

    pthread_mutex_lock(&queue->mutex);
    while (queue->first != NULL || !queue->finishing) {
        struct queued *first;
        struct error error = {0};

        if (queue->first == NULL) {
            pthread_cond_wait(&queue->changed, &queue->mutex);
            continue;
        }
        wait_for_round(queue);
        first = queue->first;
        queue->first = NULL;
        queue->end = &queue->first;
        pthread_mutex_unlock(&queue->mutex);
        int result = write_all(queue->store, first, &error);

        pthread_mutex_lock(&queue->mutex);
        if (result < 0 && queue->failure.kind == ERROR_NONE)
            queue->failure = error;
    }
    pthread_mutex_unlock(&queue->mutex);
    return NULL;
}

int observation_queue_start(struct observation_queue *queue, struct store *store,
                            struct error *error)
{
    pthread_condattr_t attributes;

    memset(queue, 0, sizeof *queue);
    queue->store = store;
    queue->end = &queue->first;
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&queue->writer, NULL, write_until_finish, queue) == 0)
        return 0;
    pthread_cond_destroy(&queue->changed);
    pthread_mutex_destroy(&queue->mutex);
    return error_set(error, ERROR_INTERNAL, "can't start the thread that writes observations");
}

static void put(struct observation_queue *queue, struct queued *queued)
{
    pthread_mutex_lock(&queue->mutex);
    if (queue->first == NULL)
        pthread_cond_signal(&queue->changed);
    *queue->end = queued;
    queue->end = &queued->next;
    pthread_mutex_unlock(&queue->mutex);
}

void observation_queue_put(struct observation_queue *queue, const struct observation *observation,
                           size_t *written)
{
    struct queued *queued =
        memory_new(1, sizeof *queued + observation->count * sizeof *queued->values);

    queued->written = written;
    queued->observation = *observation;
    queued->observation.values = queued->values;
    memcpy(queued->values, observation->values, observation->count * sizeof *queued->values);
    put(queue, queued);
}

void observation_queue_put_event(struct observation_queue *queue, const struct queued_event *event)
{
    struct queued *queued = memory_new(1, sizeof *queued);

    queued->event = *event;
    put(queue, queued);
}

void observation_queue_end_round(struct observation_queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->round_over = queue->first != NULL;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->mutex);
}

int observation_queue_finish(struct observation_queue *queue, struct error *error)
{
    pthread_mutex_lock(&queue->mutex);
    queue->finishing = true;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->mutex);
    pthread_join(queue->writer, NULL);
    pthread_cond_destroy(&queue->changed);
    pthread_mutex_destroy(&queue->mutex);
    if (queue->failure.kind == ERROR_NONE)
        return 0;
    *error = queue->failure;
    return -1;
}
