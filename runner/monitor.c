#include "runner/monitor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "store/writer.h"

static int open_source(struct monitor *monitor, const struct session *session,
                       const struct source *source, struct error *error)
{
    struct monitored_source *one = &monitor->sources[monitor->source_count];
    const struct store_metric *metrics;

    one->target = session->host;
    one->collector = collector_find(source->collector);
    if (one->collector == NULL)
        return error_set(error, ERROR_INPUT, "unknown collector '%s'", source->collector);
    if (one->collector->open(session->host, source, &one->state, error) < 0)
        return error_target(error, session->host->name);
    monitor->source_count++;
    one->metric_count = one->collector->metrics(one->state, &metrics);
    one->values = memory_new(one->metric_count, sizeof *one->values);
    return store_put_metric_set(monitor->store, session->target_id, one->collector->name, metrics,
                                one->metric_count, &one->metric_set_id, error);
}

int monitor_open(struct store *store, const struct sessions *sessions, struct monitor *monitor,
                 struct error *error)
{
    size_t count = 0;

    memset(monitor, 0, sizeof *monitor);
    monitor->store = store;
    for (size_t i = 0; i < sessions->count; i++)
        count += sessions->items[i].host->source_count;
    monitor->sources = memory_new(count, sizeof *monitor->sources);
    for (size_t i = 0; i < sessions->count; i++) {
        const struct session *session = &sessions->items[i];

        for (size_t j = 0; j < session->host->source_count; j++) {
            if (open_source(monitor, session, &session->host->sources[j], error) < 0) {
                monitor_close(monitor);
                return -1;
            }
        }
    }
    return 0;
}

void monitor_close(struct monitor *monitor)
{
    for (size_t i = 0; i < monitor->source_count; i++) {
        monitor->sources[i].collector->close(monitor->sources[i].state);
        free(monitor->sources[i].values);
        free(monitor->sources[i].missed);
    }
    free(monitor->sources);
    memset(monitor, 0, sizeof *monitor);
}

int monitor_reopen(struct monitor *monitor, struct error *error)
{
    for (size_t i = 0; i < monitor->source_count; i++) {
        struct monitored_source *one = &monitor->sources[i];

        if (one->collector->reopen(one->state, error) < 0)
            return error_target(error, one->target->name);
    }
    return 0;
}

/* Keeps the first, for the verdict. */
static void note_failure(struct monitored_source *one, const struct error *error)
{
    if (one->failure.kind != ERROR_NONE)
        return;
    one->failure = *error;
    log_warning("monitoring of %s: %s", one->target->name, error->what);
}

static void note_missed(struct monitored_source *one, int64_t instant, const struct error *error)
{
    one->missed =
        memory_grow(one->missed, one->missed_count, &one->missed_capacity, sizeof *one->missed);
    one->missed[one->missed_count++] = instant;
    note_failure(one, error);
}

/* Once more where the source was lost, as a target's is by a reboot. */
static int read_values(struct monitored_source *one, int64_t *began, struct error *error)
{
    struct error again = {0};

    if (one->collector->read(one->state, one->values, began, error) == 0)
        return 0;
    if (one->collector->reopen(one->state, &again) < 0 ||
        one->collector->read(one->state, one->values, began, &again) < 0)
        return -1;
    error_clear(error);
    return 0;
}

/* Reads one source; `instant` is when it was due. One that is late has the window that it has; by a
 * whole period, and it is missing. */
static void observe(struct monitor *monitor, struct monitored_source *one, int64_t instant)
{
    struct observation observation = {.experiment_id = monitor->experiment_id,
                                      .metric_set_id = one->metric_set_id,
                                      .values = one->values,
                                      .count = one->metric_count};
    struct error error = {0};
    int64_t began;
    int64_t late = clock_now() - instant;

    if (late >= monitor->period) {
        error_set(&error, ERROR_INCONCLUSIVE, "an observation was %.1f s late",
                  (double)late / (double)CLOCK_SECOND);
        note_missed(one, instant, &error);
        return;
    }
    if (read_values(one, &began, &error) < 0) {
        note_missed(one, instant, &error);
        return;
    }
    /* From when the one before began to be read to when this one is read: all of its values changed
     * within. */
    observation.window_start = one->last_time != 0 ? one->last_time : began;
    observation.time = clock_now();
    one->last_time = began;
    observation_queue_put(&monitor->queue, &observation, &one->observations);
}

static void *watch(void *argument)
{
    struct monitor *monitor = argument;

    for (int64_t instant = monitor->from; instant <= monitor->until; instant += monitor->period) {
        if (stop_wait_until(monitor->stop, instant))
            break;
        for (size_t i = 0; i < monitor->source_count; i++)
            observe(monitor, &monitor->sources[i], instant);
    }
    return NULL;
}

int monitor_start(struct monitor *monitor, int64_t experiment_id, int64_t from, int64_t until,
                  int64_t period, struct stop *stop, struct error *error)
{
    monitor->experiment_id = experiment_id;
    monitor->from = from;
    monitor->until = until;
    monitor->period = period;
    monitor->stop = stop;
    for (size_t i = 0; i < monitor->source_count; i++) {
        monitor->sources[i].last_time = 0;
        monitor->sources[i].observations = 0;
        monitor->sources[i].missed_count = 0;
        error_clear(&monitor->sources[i].failure);
    }
    if (observation_queue_start(&monitor->queue, monitor->store, error) < 0)
        return -1;
    if (pthread_create(&monitor->thread, NULL, watch, monitor) != 0) {
        observation_queue_finish(&monitor->queue, &(struct error){0});
        return error_set(error, ERROR_INTERNAL, "can't start the monitoring thread");
    }
    monitor->running = true;
    return 0;
}

void monitor_finish(struct monitor *monitor)
{
    struct error error = {0};

    if (!monitor->running)
        return;
    pthread_join(monitor->thread, NULL);
    monitor->running = false;
    if (observation_queue_finish(&monitor->queue, &error) == 0)
        return;
    for (size_t i = 0; i < monitor->source_count; i++)
        note_failure(&monitor->sources[i], &error);
}
