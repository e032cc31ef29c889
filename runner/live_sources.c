#include "runner/live_sources.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static int find_target(const struct testbed *testbed, const char *name, const struct host **target,
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

static int open_source(const struct host *target, const struct source *source,
                       struct live_source *one, struct error *error)
{
    *one = (struct live_source){.target = target, .collector = collector_find(source->collector)};
    if (one->collector == NULL)
        return error_set(error, ERROR_INPUT, "unknown collector '%s'", source->collector);
    if (one->collector->open(target, source, &one->state, error) < 0)
        return error_target(error, target->name);
    one->metric_count = one->collector->metrics(one->state, &one->metrics);
    one->values = memory_new(one->metric_count, sizeof *one->values);
    return 0;
}

static int open_target(const struct host *target, struct live_sources *sources, size_t *capacity,
                       struct error *error)
{
    for (size_t i = 0; i < target->source_count; i++) {
        sources->items =
            memory_grow(sources->items, sources->count, capacity, sizeof *sources->items);
        if (open_source(target, &target->sources[i], &sources->items[sources->count], error) < 0)
            return -1;
        sources->count++;
    }
    return 0;
}

int live_sources_open(const struct testbed *testbed, const char *const *names, size_t count,
                      struct live_sources *sources, struct error *error)
{
    size_t capacity = 0;

    *sources = (struct live_sources){0};
    for (size_t i = 0; i < count; i++) {
        const struct host *target;

        if (find_target(testbed, names[i], &target, error) < 0 ||
            open_target(target, sources, &capacity, error) < 0) {
            live_sources_close(sources);
            return -1;
        }
    }
    return 0;
}

void live_sources_close(struct live_sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        sources->items[i].collector->close(sources->items[i].state);
        free(sources->items[i].values);
    }
    free(sources->items);
    *sources = (struct live_sources){0};
}

int live_source_read(struct live_source *source, int64_t *time_ns, struct error *error)
{
    int result = source->lost ? source->collector->reopen(source->state, error) : 0;

    if (result == 0)
        result = source->collector->read(source->state, source->values, time_ns, error);
    source->lost = result < 0;
    return result < 0 ? error_target(error, source->target->name) : 0;
}
