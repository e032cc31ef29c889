#include "runner/monitor.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "store/writer.h"

static const struct session *find_session(const struct sessions *sessions,
                                          const struct host *target)
{
    size_t i = 0;

    while (sessions->items[i].host != target)
        i++;
    return &sessions->items[i];
}

static struct access *session_access(void *context, const struct host *target, struct error *error)
{
    (void)error;
    return find_session(context, target)->access;
}

static int record_metrics(struct monitored_group *group, size_t index, struct error *error)
{
    struct monitored_source *one = &group->sources[index];
    const struct collector *collector = group->group->collector;
    const struct store_metric *metrics;

    one->metric_count = collector->metrics(group->group->state, index, &metrics);
    return store_put_metric_set(group->monitor->store, one->target_id, collector->name, metrics,
                                one->metric_count, &one->metric_set_id, error);
}

static int record_sources(struct monitor *monitor, const struct sessions *sessions,
                          struct error *error)
{
    for (size_t i = 0; i < monitor->open.count; i++)
        monitor->source_count += monitor->open.items[i].count;
    monitor->sources = memory_new(monitor->source_count, sizeof *monitor->sources);
    monitor->groups = memory_new(monitor->open.count, sizeof *monitor->groups);
    for (size_t i = 0, first = 0; i < monitor->open.count;
         first += monitor->open.items[i++].count) {
        struct monitored_group *group = &monitor->groups[i];

        *group = (struct monitored_group){.monitor = monitor,
                                          .group = &monitor->open.items[i],
                                          .sources = &monitor->sources[first]};
        for (size_t j = 0; j < group->group->count; j++) {
            const struct host *target = group->group->sources[j].target;

            group->sources[j].target = target;
            group->sources[j].target_id = find_session(sessions, target)->target_id;
            if (record_metrics(group, j, error) < 0)
                return -1;
        }
    }
    return 0;
}

int monitor_open(struct store *store, struct sessions *sessions, struct monitor *monitor,
                 struct error *error)
{
    const struct host **targets = memory_new(sessions->count, sizeof *targets);
    int result;

    memset(monitor, 0, sizeof *monitor);
    monitor->store = store;
    for (size_t i = 0; i < sessions->count; i++)
        targets[i] = sessions->items[i].host;
    result = source_groups_open(targets, sessions->count, session_access, sessions, &monitor->open,
                                error);
    free(targets);
    if (result == 0)
        result = record_sources(monitor, sessions, error);
    if (result < 0)
        monitor_close(monitor);
    return result;
}

void monitor_close(struct monitor *monitor)
{
    for (size_t i = 0; i < monitor->source_count; i++)
        free(monitor->sources[i].missed);
    free(monitor->sources);
    free(monitor->groups);
    source_groups_close(&monitor->open);
    memset(monitor, 0, sizeof *monitor);
}

int monitor_reopen(struct monitor *monitor, struct error *error)
{
    for (size_t i = 0; i < monitor->open.count; i++) {
        const struct source_group *group = &monitor->open.items[i];

        for (size_t j = 0; j < group->count; j++) {
            if (group->collector->reopen(group->state, j, error) < 0)
                return error_target(error, group->sources[j].target->name);
        }
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

static void take_missed(void *context, size_t source, const struct error *error)
{
    struct monitored_group *group = context;
    struct monitored_source *one = &group->sources[source];

    one->missed =
        memory_grow(one->missed, one->missed_count, &one->missed_capacity, sizeof *one->missed);
    one->missed[one->missed_count++] = group->instant;
    note_failure(one, error);
}

static void take_sample(void *context, const struct collected_sample *sample)
{
    struct monitored_group *group = context;
    struct monitored_source *one = &group->sources[sample->source];
    /* From when the one before began to be read to when this one is read: all of its values changed
     * within. */
    struct observation observation = {
        .experiment_id = group->monitor->experiment_id,
        .metric_set_id = one->metric_set_id,
        .window_start = one->last_from != 0 ? one->last_from : sample->from,
        .time = sample->until,
        .values = sample->values,
        .count = one->metric_count,
    };

    one->last_from = sample->from;
    observation_queue_put(&group->monitor->queue, &observation, &one->observations);
}

/* There is nothing yet that the counters of the new metrics could be differenced against. */
static void take_changed(void *context, size_t source)
{
    struct monitored_group *group = context;
    struct error error = {0};

    group->sources[source].last_from = 0;
    if (record_metrics(group, source, &error) < 0)
        note_failure(&group->sources[source], &error);
}

/* One that is late has the window that it has; by a whole period, and it is missing. */
static bool is_missing(struct monitored_group *group)
{
    struct error error = {0};
    int64_t late = clock_now() - group->instant;

    if (late < group->monitor->period)
        return false;
    error_set(&error, ERROR_INCONCLUSIVE, "an observation was %.1f s late",
              (double)late / (double)CLOCK_SECOND);
    for (size_t i = 0; i < group->group->count; i++)
        take_missed(group, i, &error);
    return true;
}

static void *watch(void *argument)
{
    struct monitored_group *group = argument;
    const struct monitor *monitor = group->monitor;
    const struct collector_sink sink = {group, take_sample, take_missed, take_changed};
    struct collector_reading reading = {.stop = monitor->stop, .sink = &sink};

    for (group->instant = monitor->from; group->instant <= monitor->until;
         group->instant += monitor->period) {
        if (stop_wait_until(monitor->stop, group->instant))
            break;
        if (is_missing(group))
            continue;
        reading.instant = group->instant;
        reading.deadline = group->instant + monitor->period;
        group->group->collector->read(group->group->state, &reading);
    }
    return NULL;
}

static void forget_experiment_before(struct monitor *monitor)
{
    for (size_t i = 0; i < monitor->source_count; i++) {
        monitor->sources[i].last_from = 0;
        monitor->sources[i].observations = 0;
        monitor->sources[i].missed_count = 0;
        error_clear(&monitor->sources[i].failure);
    }
}

int monitor_start(struct monitor *monitor, int64_t experiment_id, int64_t from, int64_t until,
                  int64_t period, struct stop *stop, struct error *error)
{
    monitor->experiment_id = experiment_id;
    monitor->from = from;
    monitor->until = until;
    monitor->period = period;
    monitor->stop = stop;
    forget_experiment_before(monitor);
    if (observation_queue_start(&monitor->queue, monitor->store, error) < 0)
        return -1;
    monitor->running = true;
    for (; monitor->thread_count < monitor->open.count; monitor->thread_count++) {
        struct monitored_group *group = &monitor->groups[monitor->thread_count];

        if (pthread_create(&group->thread, NULL, watch, group) != 0)
            return error_set(error, ERROR_INTERNAL, "can't start the monitoring thread");
    }
    return 0;
}

void monitor_finish(struct monitor *monitor)
{
    struct error error = {0};

    if (!monitor->running)
        return;
    while (monitor->thread_count > 0)
        pthread_join(monitor->groups[--monitor->thread_count].thread, NULL);
    monitor->running = false;
    if (observation_queue_finish(&monitor->queue, &error) == 0)
        return;
    for (size_t i = 0; i < monitor->source_count; i++)
        note_failure(&monitor->sources[i], &error);
}
