#include "runner/source_groups.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/descriptors.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/threads.h"
#include "runner/source_failures.h"

/* Groups that are opened side by side, as hosts are looked at by check --targets. An sshd that many
 * targets are reached by refuses some of those that log in at the same moment (MaxStartups). */
enum { WORKERS = 16 };

/* Descriptors of a group: a connection, and while it is made what looks its name up; or a command's
 * three pipes. What has many connections in a group asks for more by itself. */
enum { DESCRIPTORS_A_GROUP = 4 };

/* The group of the source, made if it is the first one. */
static struct source_group *find_group(struct source_groups *groups,
                                       const struct collector *collector, const char *key,
                                       bool past)
{
    for (size_t i = 0; i < groups->count; i++) {
        if (groups->items[i].collector == collector && groups->items[i].past == past &&
            strcmp(groups->items[i].key, key) == 0)
            return &groups->items[i];
    }
    groups->items =
        memory_grow(groups->items, groups->count, &groups->capacity, sizeof *groups->items);
    groups->items[groups->count] =
        (struct source_group){.collector = collector, .key = memory_string(key), .past = past};
    return &groups->items[groups->count++];
}

int source_find_access(const struct collector *collector, struct collected_source *one,
                       source_access *access, void *context, struct own_access *monitoring,
                       struct error *error)
{
    const struct host *host = one->source->host;

    if (collector->access == COLLECTOR_ACCESS_NONE)
        return 0;
    one->access =
        collector->access == COLLECTOR_ACCESS_TARGET
            ? access(context, one->target, error)
            : own_access_find(monitoring, host != NULL ? host : &access_this_machine, error);
    return one->access != NULL ? 0 : -1;
}

/* Whether the source is read afterwards. */
static int read_when(const struct collector *collector, const struct source *source,
                     enum source_reading reading, bool *past, struct error *error)
{
    const char *said = source_attribute(source, "read", "live");
    bool afterwards = strcmp(said, "afterwards") == 0;

    *past = false;
    if (reading == SOURCES_PAST && collector->read_past == NULL) {
        error_set(error, ERROR_INPUT, "a source %s keeps nothing of the past", collector->name);
        return error_hint(error, "leave the target out, or observe it as it comes");
    }
    if (collector->read_past == NULL)
        return 0;
    if (!afterwards && strcmp(said, "live") != 0)
        return error_set(error, ERROR_INPUT, "source %s: read is live or afterwards, not '%s'",
                         collector->name, said);
    *past = reading == SOURCES_PAST || (reading == SOURCES_AS_SAID && afterwards);
    return 0;
}

static int add_source(struct source_groups *groups, const struct host *target,
                      const struct source *source, enum source_reading reading, struct error *error)
{
    const struct collector *collector = collector_find(source->collector);
    struct collected_source one = {.target = target, .source = source};
    struct source_group *group;
    struct text key = {0};

    if (collector == NULL) {
        error_set(error, ERROR_INPUT, "unknown collector '%s'", source->collector);
        return error_target(error, target->name);
    }
    if (read_when(collector, source, reading, &one.past, error) < 0)
        return error_target(error, target->name);
    if (collector->together != NULL)
        collector->together(target, source, &key);
    group = find_group(groups, collector, text_string(&key), one.past);
    text_free(&key);
    group->sources =
        memory_grow(group->sources, group->count, &group->capacity, sizeof *group->sources);
    group->sources[group->count++] = one;
    return 0;
}

/* All groups while they are opened, each by one of several threads. */
struct opening {
    struct source_groups *groups;
    source_access *access;
    void *context;
    atomic_size_t next;
};

static int open_group(const struct opening *opening, struct source_group *group,
                      struct error *error)
{
    for (size_t i = 0; i < group->count; i++) {
        struct collected_source *one = &group->sources[i];

        if (source_find_access(group->collector, one, opening->access, opening->context,
                               &opening->groups->monitoring, error) < 0)
            return error_target(error, one->target->name);
    }
    return group->collector->open(group->sources, group->count, &group->state, error);
}

static void *open_next(void *argument)
{
    struct opening *opening = argument;
    size_t index;

    while ((index = atomic_fetch_add(&opening->next, 1)) < opening->groups->count) {
        struct source_group *group = &opening->groups->items[index];
        struct error *error = memory_new(1, sizeof *error);

        if (open_group(opening, group, error) < 0)
            group->failure = error;
        else
            free(error);
    }
    return NULL;
}

static int open_side_by_side(struct opening *opening, struct error *error)
{
    struct source_groups *groups = opening->groups;
    struct source_failures failures = {0};

    threads_run(WORKERS, groups->count, open_next, opening);
    for (size_t i = 0; i < groups->count; i++) {
        if (groups->items[i].failure != NULL)
            source_failures_add(&failures, groups->items[i].failure);
        free(groups->items[i].failure);
        groups->items[i].failure = NULL;
    }
    return source_failures_end(&failures, groups->count, "groups of sources", error);
}

static int allow_connections(const struct source_groups *groups, struct error *error)
{
    size_t connections = 0;
    char what[64];

    for (size_t i = 0; i < groups->count; i++)
        connections += groups->items[i].collector->access != COLLECTOR_ACCESS_NONE;
    snprintf(what, sizeof what, "%zu connections to hosts", connections);
    return descriptors_allow(connections, groups->count * DESCRIPTORS_A_GROUP, what, error);
}

int source_groups_open(const struct host *const *targets, size_t count, enum source_reading reading,
                       source_access *access, void *context, struct source_groups *groups,
                       struct error *error)
{
    struct opening opening = {.groups = groups, .access = access, .context = context};
    int result = 0;

    *groups = (struct source_groups){0};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; result == 0 && j < targets[i]->source_count; j++)
            result = add_source(groups, targets[i], &targets[i]->sources[j], reading, error);
    }
    if (result == 0)
        result = allow_connections(groups, error);
    if (result == 0)
        result = open_side_by_side(&opening, error);
    if (result < 0)
        source_groups_close(groups);
    return result;
}

void source_groups_close(struct source_groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        if (groups->items[i].state != NULL)
            groups->items[i].collector->close(groups->items[i].state);
        free(groups->items[i].sources);
        free(groups->items[i].key);
    }
    own_access_close(&groups->monitoring);
    free(groups->items);
    *groups = (struct source_groups){0};
}
