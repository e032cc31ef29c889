#include "runner/live_sources.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"

int live_target_find(const struct testbed *testbed, const char *name, const struct host **target,
                     struct error *error)
{
    const char **names = memory_new(testbed->host_count, sizeof *names);
    const char *nearest;
    int result = 0;

    for (size_t i = 0; i < testbed->host_count; i++)
        names[i] = testbed->hosts[i].name;
    *target = testbed_host(testbed, name);
    if (*target == NULL) {
        result = error_set(error, ERROR_INPUT, "the testbed '%s' has no target '%s'", testbed->name,
                           name);
        nearest = string_nearest(name, names, testbed->host_count);
        if (nearest != NULL)
            error_hint(error, "did you mean '%s'?", nearest);
    } else if ((*target)->source_count == 0) {
        result = error_set(error, ERROR_INPUT, "the target has no source of metrics");
        error_target(error, name);
    }
    free(names);
    return result;
}

static void list_metrics(const struct source_group *group, size_t index, struct live_source *one)
{
    one->metric_count = group->collector->metrics(group->state, index, &one->metrics);
}

static void list_sources(struct live_sources *sources)
{
    size_t at = 0;

    for (size_t i = 0; i < sources->groups.count; i++)
        sources->count += sources->groups.items[i].count;
    sources->items = memory_new(sources->count, sizeof *sources->items);
    for (size_t i = 0; i < sources->groups.count; i++) {
        const struct source_group *group = &sources->groups.items[i];

        for (size_t j = 0; j < group->count; j++, at++) {
            sources->items[at].target = group->sources[j].target;
            list_metrics(group, j, &sources->items[at]);
        }
    }
}

int live_sources_open(const struct testbed *testbed, const char *const *names, size_t count,
                      struct live_sources *sources, struct error *error)
{
    const struct host **targets = memory_new(count, sizeof *targets);
    int result = 0;

    *sources = (struct live_sources){0};
    for (size_t i = 0; result == 0 && i < count; i++)
        result = live_target_find(testbed, names[i], &targets[i], error);
    if (result == 0)
        result = source_groups_open(targets, count, SOURCES_LIVE, own_access_find, &sources->own,
                                    &sources->groups, error);
    free(targets);
    if (result < 0)
        live_sources_close(sources);
    else
        list_sources(sources);
    return result;
}

void live_sources_close(struct live_sources *sources)
{
    source_groups_close(&sources->groups);
    own_access_close(&sources->own);
    free(sources->items);
    *sources = (struct live_sources){0};
}

/* One group while it is read. */
struct group_reading {
    struct live_sources *sources;
    const struct source_group *group;
    size_t first; /* index of its first source */
    const struct live_receiver *receiver;
    pthread_mutex_t *receiving;
    struct collector_reading reading;
    pthread_t thread;
    bool has_thread;
};

static void take_sample(void *context, const struct collected_sample *sample)
{
    const struct group_reading *one = context;
    size_t index = one->first + sample->source;

    pthread_mutex_lock(one->receiving);
    one->receiver->sample(one->receiver->context, index, sample);
    one->sources->items[index].lost = false;
    pthread_mutex_unlock(one->receiving);
}

static void take_missed(void *context, size_t source, const struct error *error)
{
    const struct group_reading *one = context;
    size_t index = one->first + source;

    pthread_mutex_lock(one->receiving);
    one->receiver->missed(one->receiver->context, index, error);
    one->sources->items[index].lost = true;
    pthread_mutex_unlock(one->receiving);
}

static void take_changed(void *context, size_t source)
{
    const struct group_reading *one = context;
    size_t index = one->first + source;

    pthread_mutex_lock(one->receiving);
    list_metrics(one->group, source, &one->sources->items[index]);
    one->receiver->changed(one->receiver->context, index);
    pthread_mutex_unlock(one->receiving);
}

static void *read_group(void *argument)
{
    struct group_reading *one = argument;
    const struct collector_sink sink = {one, take_sample, take_missed, take_changed};

    one->reading.sink = &sink;
    one->group->collector->read(one->group->state, &one->reading);
    return NULL;
}

void live_sources_read(struct live_sources *sources, int64_t deadline, struct stop *stop,
                       const struct live_receiver *receiver)
{
    size_t count = sources->groups.count;
    struct group_reading *readings = memory_new(count, sizeof *readings);
    pthread_mutex_t receiving = PTHREAD_MUTEX_INITIALIZER;

    for (size_t i = 0, first = 0; i < count; first += sources->groups.items[i++].count) {
        readings[i] = (struct group_reading){
            .sources = sources,
            .group = &sources->groups.items[i],
            .first = first,
            .receiver = receiver,
            .receiving = &receiving,
            .reading = {.instant = clock_now(), .deadline = deadline, .stop = stop},
        };
        /* Where there is no thread to be had, one after the other. */
        readings[i].has_thread =
            pthread_create(&readings[i].thread, NULL, read_group, &readings[i]) == 0;
        if (!readings[i].has_thread)
            read_group(&readings[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (readings[i].has_thread)
            pthread_join(readings[i].thread, NULL);
    }
    free(readings);
}
