#include "runner/source_groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* The group of the source, made if it is the first one. */
static struct source_group *find_group(struct source_groups *groups,
                                       const struct collector *collector, const char *key)
{
    for (size_t i = 0; i < groups->count; i++) {
        if (groups->items[i].collector == collector && strcmp(groups->items[i].key, key) == 0)
            return &groups->items[i];
    }
    groups->items =
        memory_grow(groups->items, groups->count, &groups->capacity, sizeof *groups->items);
    groups->items[groups->count] =
        (struct source_group){.collector = collector, .key = memory_string(key)};
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

static int add_source(struct source_groups *groups, const struct host *target,
                      const struct source *source, source_access *access, void *context,
                      struct error *error)
{
    const struct collector *collector = collector_find(source->collector);
    struct collected_source one = {.target = target, .source = source};
    struct source_group *group;
    struct text key = {0};

    if (collector == NULL) {
        error_set(error, ERROR_INPUT, "unknown collector '%s'", source->collector);
        return error_target(error, target->name);
    }
    if (source_find_access(collector, &one, access, context, &groups->monitoring, error) < 0)
        return -1;
    if (collector->together != NULL)
        collector->together(target, source, &key);
    group = find_group(groups, collector, text_string(&key));
    text_free(&key);
    group->sources =
        memory_grow(group->sources, group->count, &group->capacity, sizeof *group->sources);
    group->sources[group->count++] = one;
    return 0;
}

int source_groups_open(const struct host *const *targets, size_t count, source_access *access,
                       void *context, struct source_groups *groups, struct error *error)
{
    int result = 0;

    *groups = (struct source_groups){0};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; result == 0 && j < targets[i]->source_count; j++)
            result =
                add_source(groups, targets[i], &targets[i]->sources[j], access, context, error);
    }
    for (size_t i = 0; result == 0 && i < groups->count; i++) {
        struct source_group *group = &groups->items[i];

        result = group->collector->open(group->sources, group->count, &group->state, error);
    }
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
