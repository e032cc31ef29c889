#include "runner/monitor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "store/writer.h"

static int record_metrics(struct monitored_group *group, size_t index, struct error *error)
{
    struct monitored_source *one = &group->sources[index];
    const struct collector *collector = group->group->collector;

    one->metric_count = collector->metrics(group->group->state, index, &one->metrics);
    return store_put_metric_set(group->monitor->store, one->target_id, collector->name,
                                one->metrics, one->metric_count, &one->metric_set_id, error);
}

static int64_t id_of(const struct monitored_target *targets, const struct host *host)
{
    while (targets->host != host)
        targets++;
    return targets->id;
}

static int record_sources(struct monitor *monitor, const struct monitored_target *targets,
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
            group->sources[j].target_id = id_of(targets, target);
            if (record_metrics(group, j, error) < 0)
                return -1;
        }
    }
    return 0;
}

int monitor_open(struct store *store, const struct monitored_target *targets, size_t count,
                 enum source_reading reading, source_access *access, void *context,
                 struct monitor *monitor, struct error *error)
{
    const struct host **hosts = memory_new(count, sizeof *hosts);
    int result;

    memset(monitor, 0, sizeof *monitor);
    monitor->store = store;
    for (size_t i = 0; i < count; i++)
        hosts[i] = targets[i].host;
    result = source_groups_open(hosts, count, reading, access, context, &monitor->open, error);
    free(hosts);
    if (result == 0)
        result = record_sources(monitor, targets, error);
    if (result < 0)
        monitor_close(monitor);
    return result;
}

void monitor_close(struct monitor *monitor)
{
    for (size_t i = 0; i < monitor->source_count; i++) {
        sample_history_free(&monitor->sources[i].history);
        free(monitor->sources[i].gaps);
    }
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

static void put_event(struct monitored_group *group, const struct monitored_source *one,
                      int64_t time, enum sample_event_kind kind, const char *detail)
{
    struct queued_event event = {
        .experiment_id = group->monitor->experiment_id,
        .metric_set_id = one->metric_set_id,
        .time = time,
        .kind = sample_event_name(kind),
    };

    snprintf(event.detail, sizeof event.detail, "%s", detail);
    observation_queue_put_event(&group->monitor->queue, &event);
}

static void add_gap(struct monitored_source *one, int64_t from, int64_t until, size_t lost)
{
    one->gaps = memory_grow(one->gaps, one->gap_count, &one->gap_capacity, sizeof *one->gaps);
    one->gaps[one->gap_count++] = (struct monitoring_gap){from, until, lost};
}

static void take_missed(void *context, size_t source, const struct error *error)
{
    struct monitored_group *group = context;
    struct monitored_source *one = &group->sources[source];

    sample_history_miss(&one->history);
    put_event(group, one, group->instant, SAMPLE_MISSED, error->what);
    note_failure(one, error);
}

static void put_observation(struct monitored_group *group, struct monitored_source *one,
                            const struct collected_sample *sample, int64_t window_start)
{
    struct observation observation = {
        .experiment_id = group->monitor->experiment_id,
        .metric_set_id = one->metric_set_id,
        .window_start = window_start,
        .time = sample->until,
        .values = sample->values,
        .count = one->metric_count,
    };

    one->taken++;
    observation_queue_put(&group->monitor->queue, &observation, &one->observations);
}

static void take_sample(void *context, const struct collected_sample *sample)
{
    struct monitored_group *group = context;
    struct monitored_source *one = &group->sources[sample->source];
    struct sample_verdict verdict;

    sample_history_take(&one->history, sample, one->metrics, one->metric_count, group->instant,
                        &verdict);
    if (verdict.is_new)
        put_observation(group, one, sample, verdict.window_start);
    if (verdict.lost > 0)
        add_gap(one, verdict.gap_from, sample->until, verdict.lost);
    for (size_t i = 0; i < verdict.event_count; i++)
        put_event(group, one, verdict.is_new ? sample->until : group->instant,
                  verdict.events[i].kind, verdict.events[i].detail);
}

static void take_changed(void *context, size_t source)
{
    struct monitored_group *group = context;
    struct monitored_source *one = &group->sources[source];
    size_t before = one->metric_count;
    struct error error = {0};
    char detail[80];

    if (record_metrics(group, source, &error) < 0)
        note_failure(one, &error);
    sample_history_change(&one->history, one->metrics, one->metric_count);
    snprintf(detail, sizeof detail, "%zu metrics; there were %zu", one->metric_count, before);
    put_event(group, one, group->instant, SAMPLE_CHANGED, detail);
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
        observation_queue_end_round(&group->monitor->queue);
    }
    return NULL;
}

/* Of what a source kept nothing is late, and what it lacks shows by the time between two. */
static void take_past_sample(void *context, const struct collected_sample *sample)
{
    struct monitored_group *group = context;
    struct sample_history *history = &group->sources[sample->source].history;

    if (history->from != 0)
        sample_history_miss(history);
    take_sample(context, sample);
}

/* The first sample is no gap as such: how often there are any is not known yet. */
static void note_lost_at_start(struct monitored_source *one)
{
    size_t lost = sample_history_lost_at_start(&one->history);

    if (lost > 0)
        add_gap(one, one->history.begin, one->history.first, lost);
}

static void *fetch(void *argument)
{
    struct monitored_group *group = argument;
    const struct monitor *monitor = group->monitor;
    const struct collector_sink sink = {group, take_past_sample, take_missed, take_changed};
    bool stopped = stop_wait_until(monitor->stop, monitor->until);
    int64_t now = clock_now();
    int64_t until = now < monitor->until ? now : monitor->until;
    /* What a stop ends is fetched all the same where it counts. */
    struct collector_reading reading = {.instant = now,
                                        .deadline = INT64_MAX,
                                        .stop = stopped ? NULL : monitor->stop,
                                        .sink = &sink};

    group->instant = until;
    if (stopped && (!monitor->keeps_stopped || until == monitor->until))
        return NULL;
    group->group->collector->read_past(group->group->state, monitor->from - monitor->period, until,
                                       monitor->period, &reading);
    for (size_t i = 0; i < group->group->count; i++)
        note_lost_at_start(&group->sources[i]);
    return NULL;
}

static void begin_experiment(struct monitor *monitor)
{
    for (size_t i = 0; i < monitor->source_count; i++) {
        struct monitored_source *one = &monitor->sources[i];

        sample_history_begin(&one->history, monitor->from, monitor->period);
        one->taken = 0;
        one->observations = 0;
        one->gap_count = 0;
        error_clear(&one->failure);
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
    begin_experiment(monitor);
    if (observation_queue_start(&monitor->queue, monitor->store, error) < 0)
        return -1;
    monitor->running = true;
    for (; monitor->thread_count < monitor->open.count; monitor->thread_count++) {
        struct monitored_group *group = &monitor->groups[monitor->thread_count];

        if (pthread_create(&group->thread, NULL, group->group->past ? fetch : watch, group) != 0)
            return error_set(error, ERROR_INTERNAL, "can't start the monitoring thread");
    }
    return 0;
}

/* One that is read as it comes has a sample at the end itself, or was missed there. */
static void end_source(struct monitored_source *one, int64_t end, bool past)
{
    struct sample_history *history = &one->history;
    size_t lost;

    if (past)
        sample_history_miss(history);
    lost = sample_history_lost_at_end(history, past ? end - history->period : end);
    if (lost > 0)
        add_gap(one, history->from != 0 ? history->until : history->begin, end, lost);
}

/* A stop may have come before its time. */
static void end_experiment(struct monitor *monitor)
{
    int64_t now = clock_now();
    int64_t end = now < monitor->until ? now : monitor->until;

    for (size_t i = 0; i < monitor->open.count; i++) {
        const struct monitored_group *group = &monitor->groups[i];

        for (size_t j = 0; j < group->group->count; j++)
            end_source(&group->sources[j], end, group->group->past);
    }
}

void monitor_finish(struct monitor *monitor)
{
    struct error error = {0};

    if (!monitor->running)
        return;
    while (monitor->thread_count > 0)
        pthread_join(monitor->groups[--monitor->thread_count].thread, NULL);
    monitor->running = false;
    end_experiment(monitor);
    if (observation_queue_finish(&monitor->queue, &error) == 0)
        return;
    for (size_t i = 0; i < monitor->source_count; i++)
        note_failure(&monitor->sources[i], &error);
}
