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

static void note_failure(struct monitor *monitor, struct monitored_source *one, struct error *error)
{
    error_target(error, one->target->name);
    if (one->missed++ == 0)
        log_warning("monitoring of %s: %s", one->target->name, error->what);
    if (monitor->failure.kind == ERROR_NONE)
        monitor->failure = *error;
}

/* Reads one source; `instant` is when it was due. More than half a period late is a gap. */
static void observe(struct monitor *monitor, struct monitored_source *one, int64_t instant)
{
    struct error error = {0};
    int64_t time = 0;

    if (clock_now() - instant > monitor->period / 2) {
        error_set(&error, ERROR_INCONCLUSIVE, "an observation came too late");
        note_failure(monitor, one, &error);
        return;
    }

    if (one->collector->read(one->state, one->values, &time, &error) < 0) {
        note_failure(monitor, one, &error);
        return;
    }
    if (store_put_observation(monitor->store, monitor->experiment_id, one->metric_set_id,
                              one->last_time != 0 ? one->last_time : time, time, one->values,
                              one->metric_count, &error) < 0) {
        note_failure(monitor, one, &error);
        return;
    }
    one->last_time = time;
    one->observations++;
}

static void *watch(void *argument)
{
    struct monitor *monitor = argument;
    struct error error = {0};

    for (int64_t instant = monitor->from; instant <= monitor->until; instant += monitor->period) {
        if (stop_wait_until(monitor->stop, instant))
            break;
        for (size_t i = 0; i < monitor->source_count; i++)
            observe(monitor, &monitor->sources[i], instant);
        if (store_commit(monitor->store, &error) < 0 && monitor->source_count > 0)
            note_failure(monitor, &monitor->sources[0], &error);
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
    error_clear(&monitor->failure);
    for (size_t i = 0; i < monitor->source_count; i++) {
        monitor->sources[i].last_time = 0;
        monitor->sources[i].observations = 0;
        monitor->sources[i].missed = 0;
    }
    if (pthread_create(&monitor->thread, NULL, watch, monitor) != 0)
        return error_set(error, ERROR_INTERNAL, "can't start the monitoring thread");
    monitor->running = true;
    return 0;
}

void monitor_finish(struct monitor *monitor)
{
    if (monitor->running)
        pthread_join(monitor->thread, NULL);
    monitor->running = false;
}
