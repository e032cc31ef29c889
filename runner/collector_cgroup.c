/*
 * The cgroup collector: what the host of a VM, container or namespace sees of it from outside,
 * read on this machine. Metrics: docs/collectors.md.
 */
#include "runner/collector_cgroup.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector.h"

struct cgroup_group {
    struct cgroup_source **items;
    size_t count;
    double *values; /* of the source under way; as many as the one with the most metrics has */
};

static bool is_found_by_container(const struct host *target, const struct source *source)
{
    return source_attribute(source, "cgroup", "")[0] == '\0' &&
           strcmp(target->access.method, "container") == 0;
}

/* A container's engine is asked where it is, which can take its time: each has its own thread. */
static void append_key(const struct host *target, const struct source *source, struct text *key)
{
    if (is_found_by_container(target, source))
        text_append(key, target->name);
}

static void close_group(void *state)
{
    struct cgroup_group *group = state;

    for (size_t i = 0; i < group->count; i++)
        cgroup_source_close(group->items[i]);
    free(group->items);
    free(group->values);
    free(group);
}

static int open_source(const struct collected_source *one, struct cgroup_source **opened,
                       struct error *error)
{
    const struct cgroup_roots roots = {"/proc/self/mountinfo", "/proc"};
    const struct cgroup_names names = {
        .group = source_attribute(one->source, "cgroup", ""),
        .interface = source_attribute(one->source, "interface", ""),
        .network_namespace = source_attribute(one->source, "network-namespace", ""),
    };
    int result = is_found_by_container(one->target, one->source)
                     ? cgroup_source_open_container(one->target, names.interface,
                                                    names.network_namespace, opened, error)
                     : cgroup_source_open(&roots, &names, opened, error);

    return result < 0 ? error_target(error, one->target->name) : 0;
}

static int open_group(const struct collected_source *sources, size_t count, void **state,
                      struct error *error)
{
    struct cgroup_group *group = memory_new(1, sizeof *group);
    const struct store_metric *metrics;
    size_t most = 0;

    group->items = memory_new(count, sizeof(struct cgroup_source *));
    for (size_t i = 0; i < count; i++) {
        size_t metric_count;

        if (open_source(&sources[i], &group->items[i], error) < 0) {
            close_group(group);
            return -1;
        }
        group->count++;
        metric_count = cgroup_source_metrics(group->items[i], &metrics);
        most = metric_count > most ? metric_count : most;
    }
    group->values = memory_new(most, sizeof *group->values);
    *state = group;
    return 0;
}

static size_t list_metrics(void *state, size_t source, const struct store_metric **metrics)
{
    const struct cgroup_group *group = state;

    return cgroup_source_metrics(group->items[source], metrics);
}

/* Once more where the group was lost, as a target's is by a reboot. */
static int read_values(struct cgroup_source *source, double *values, int64_t *began,
                       struct error *error)
{
    struct error again = {0};

    if (cgroup_source_read(source, values, began, error) == 0)
        return 0;
    if (cgroup_source_reopen(source, &again) < 0 ||
        cgroup_source_read(source, values, began, &again) < 0)
        return -1;
    error_clear(error);
    return 0;
}

static void read_group(void *state, const struct collector_reading *reading)
{
    struct cgroup_group *group = state;
    const struct collector_sink *sink = reading->sink;

    for (size_t i = 0; i < group->count; i++) {
        struct collected_sample sample = {.source = i, .values = group->values};
        struct error error = {0};

        if (read_values(group->items[i], group->values, &sample.from, &error) < 0) {
            sink->missed(sink->context, i, &error);
            continue;
        }
        sample.until = clock_now();
        sink->sample(sink->context, &sample);
    }
}

static int reopen_source(void *state, size_t source, struct error *error)
{
    const struct cgroup_group *group = state;

    return cgroup_source_reopen(group->items[source], error);
}

static const char *const attributes[] = {"cgroup", "interface", "network-namespace", NULL};

const struct collector collector_cgroup = {
    .name = "cgroup",
    .summary = "a control group on this machine: CPU, memory, disk, interface, processes",
    .attributes = attributes,
    .together = append_key,
    .open = open_group,
    .metrics = list_metrics,
    .read = read_group,
    .reopen = reopen_source,
    .close = close_group,
};
