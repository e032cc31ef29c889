/*
 * The cgroup collector: what the host of a VM, container or namespace sees of it from outside, read
 * on this machine or on a node over SSH. Metrics: docs/collectors.md.
 */
#include "runner/collector_cgroup.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/memory.h"
#include "runner/collector.h"
#include "runner/collector_cgroup_find.h"

#define MOUNTINFO_FOLDER "/proc/self"
#define MOUNTINFO_FILE "mountinfo"

/* Of a source that is opened: a node with many containers takes its time to tell of them. */
#define FIND_PATIENCE (60 * CLOCK_SECOND)

/* Of a source, that are kept open. */
enum { MOST_FILES = 96 };

struct cgroup_item {
    const struct collected_source *from;
    struct cgroup_source *source;
    bool lost; /* the last reading failed: it is looked for again in the next */
    /* The one before, as long as nobody was told that the metrics are others now; else NULL. */
    struct cgroup_source *before;
};

struct cgroup_group {
    struct cgroup_item *items;
    size_t count;
    struct access *access; /* where groups are looked for; NULL if it was not given */
    struct host node;      /* of a target that is a container */
    struct access *own;    /* to that node, if this group made it; else NULL */
    struct cgroup_view *view;
    bool here;
    struct cgroup_mounts mounts;
    double *values; /* of the source under way */
    size_t room;
};

/* A node is read by one thread. A container's engine is asked where it is, which can take its time:
 * a target that is one has a thread of its own. */
static void append_key(const struct host *target, const struct source *source, struct text *key)
{
    if (source->host != NULL)
        text_appendf(key, "on %s", source->host->name);
    else if (cgroup_is_of_container(target, source))
        text_appendf(key, "of %s", target->name);
}

static void close_item(struct cgroup_item *item)
{
    cgroup_source_close(item->source);
    cgroup_source_close(item->before);
}

static void close_group(void *state)
{
    struct cgroup_group *group = state;

    for (size_t i = 0; i < group->count; i++)
        close_item(&group->items[i]);
    if (group->view != NULL)
        group->view->close(group->view);
    cgroup_mounts_free(&group->mounts);
    if (group->own != NULL)
        access_close(group->own);
    free(group->items);
    free(group->values);
    free(group);
}

/* --- one source --- */

/* Bound of what isn't part of a monitoring period. */
static int64_t own_deadline(const struct cgroup_group *group)
{
    return clock_now() + (group->access != NULL ? access_host(group->access)->access.timeout
                                                : access_this_machine.access.timeout);
}

/* Finds the source's group, and its metrics. */
static int open_source(struct cgroup_group *group, const struct collected_source *from,
                       int64_t patience, int64_t deadline, struct cgroup_source **opened,
                       struct error *error)
{
    const struct cgroup_finder finder = {group->access, &group->mounts, patience};
    struct cgroup_place place;
    struct text request = {0};
    int result = cgroup_find(&finder, from, &place, error);

    *opened = NULL;
    if (result == 0)
        result = cgroup_source_open(&group->mounts, &place, group->here, opened, error);
    cgroup_place_free(&place);
    if (result < 0)
        return -1;
    cgroup_source_request(*opened, &request);
    result = group->view->ask(group->view, text_string(&request), deadline, NULL, error);
    text_free(&request);
    if (result == 0 && cgroup_source_list(*opened, group->view, error) == 0)
        return 0;
    cgroup_source_close(*opened);
    *opened = NULL;
    return -1;
}

static void make_room(struct cgroup_group *group, const struct cgroup_source *source)
{
    const struct store_metric *metrics;
    size_t count = cgroup_source_metrics(source, &metrics);

    if (count <= group->room)
        return;
    group->room = count;
    group->values = memory_resize(group->values, count, sizeof *group->values);
}

/* Looks the source up again, where it may be another group by now. */
static int find_again(struct cgroup_group *group, struct cgroup_item *item, int64_t patience,
                      int64_t deadline, struct error *error)
{
    struct cgroup_source *found;

    if (open_source(group, item->from, patience, deadline, &found, error) < 0)
        return -1;
    if (cgroup_source_follow(found, item->source) || item->before != NULL)
        cgroup_source_close(item->source);
    else
        item->before = item->source;
    item->source = found;
    make_room(group, found);
    return 0;
}

/* --- opening --- */

static int read_mounts(struct cgroup_group *group, struct error *error)
{
    struct text request = {0};
    char *text;
    int result;

    cgroup_request_folder(&request, MOUNTINFO_FOLDER);
    cgroup_request_file(&request, MOUNTINFO_FILE);
    result = group->view->ask(group->view, text_string(&request), own_deadline(group), NULL, error);
    text_free(&request);
    if (result < 0)
        return -1;
    text = group->view->file(group->view, MOUNTINFO_FOLDER "/" MOUNTINFO_FILE);
    if (text != NULL)
        return cgroup_mounts_read(&group->mounts, text, error);
    return error_set(error, ERROR_UNREACHABLE, "can't read " MOUNTINFO_FOLDER "/" MOUNTINFO_FILE);
}

/* The node of a target that is a container, which may be this machine. */
static int open_node(struct cgroup_group *group, const struct host *target, struct error *error)
{
    struct cgroup_finder finder = {.patience = FIND_PATIENCE};

    group->node = *target;
    group->node.access.method = (char *)"ssh";
    if (access_open(&group->node, &group->own, error) < 0)
        return -1;
    group->access = group->own;
    finder.access = group->own;
    group->here = cgroup_is_here(&finder);
    return 0;
}

static int open_view(struct cgroup_group *group, const struct collected_source *first,
                     struct error *error)
{
    group->access = first->access;
    group->here = first->source->host == NULL;
    if (cgroup_is_of_container(first->target, first->source) &&
        open_node(group, first->target, error) < 0)
        return -1;
    group->view = group->here ? cgroup_view_here("/proc") : cgroup_view_node(group->access);
    return read_mounts(group, error);
}

/* Files that are read each time stay open, but not at the cost of anybody else's. */
static void keep_descriptors(struct cgroup_group *group, size_t count)
{
    struct error ignored;

    if (group->here && descriptors_allow(count * MOST_FILES, count * MOST_FILES,
                                         "files of control groups", &ignored) < 0)
        group->view->file_again = NULL;
}

static int open_items(struct cgroup_group *group, const struct collected_source *sources,
                      size_t count, struct error *error)
{
    keep_descriptors(group, count);
    for (size_t i = 0; i < count; i++) {
        struct cgroup_item *item = &group->items[group->count++];

        item->from = &sources[i];
        if (open_source(group, &sources[i], FIND_PATIENCE, own_deadline(group), &item->source,
                        error) < 0)
            return error_target(error, sources[i].target->name);
        make_room(group, item->source);
    }
    return 0;
}

static int open_group(const struct collected_source *sources, size_t count, void **state,
                      struct error *error)
{
    struct cgroup_group *group = memory_new(1, sizeof *group);
    int result = 0;

    group->items = memory_new(count, sizeof *group->items);
    for (size_t i = 0; result == 0 && i < count; i++) {
        result = cgroup_wanted_check(sources[i].target, sources[i].source, error);
        if (result < 0)
            error_target(error, sources[i].target->name);
    }
    if (result == 0) {
        result = open_view(group, &sources[0], error);
        if (result < 0)
            error_target(error, sources[0].target->name);
    }
    if (result == 0)
        result = open_items(group, sources, count, error);
    if (result < 0)
        close_group(group);
    else
        *state = group;
    return result;
}

static size_t list_metrics(void *state, size_t source, const struct store_metric **metrics)
{
    const struct cgroup_group *group = state;

    return cgroup_source_metrics(group->items[source].source, metrics);
}

/* --- reading --- */

/* What was asked for, as a sample; a source that can't be read is lost. */
static int take_sample(struct cgroup_group *group, size_t index, const struct collector_sink *sink,
                       struct error *error)
{
    struct cgroup_item *item = &group->items[index];
    struct collected_sample sample = {.source = index, .values = group->values};

    item->lost = cgroup_source_read(item->source, group->view, group->values, error) < 0;
    if (item->lost)
        return error_target(error, item->from->target->name);
    group->view->window(group->view, &sample.from, &sample.until);
    if (item->before != NULL) {
        sink->changed(sink->context, index);
        cgroup_source_close(item->before);
        item->before = NULL;
    }
    sink->sample(sink->context, &sample);
    return 0;
}

/* Asks for `count` sources, one after the other from `first` on. This machine needs no request. */
static int ask(struct cgroup_group *group, size_t first, size_t count,
               const struct collector_reading *reading, struct error *error)
{
    struct text request = {0};
    int result;

    for (size_t i = first; !group->here && i < first + count; i++)
        cgroup_source_request(group->items[i].source, &request);
    result = group->view->ask(group->view, text_string(&request), reading->deadline, reading->stop,
                              error);
    text_free(&request);
    return result;
}

/* A source that was lost, as a target's is by a reboot, is read once it is found again. */
static void read_lost(struct cgroup_group *group, size_t index,
                      const struct collector_reading *reading)
{
    struct cgroup_item *item = &group->items[index];
    int64_t patience = reading->deadline - clock_now();
    struct error error = {0};

    if (patience <= 0)
        error_set(&error, ERROR_UNREACHABLE, "no time was left to look for its control group");
    else if (find_again(group, item, patience, reading->deadline, &error) == 0 &&
             ask(group, index, 1, reading, &error) == 0 &&
             take_sample(group, index, reading->sink, &error) == 0)
        return;
    reading->sink->missed(reading->sink->context, index, &error);
}

static void miss_all(const struct cgroup_group *group, const struct collector_sink *sink,
                     const struct error *error)
{
    for (size_t i = 0; i < group->count; i++)
        sink->missed(sink->context, i, error);
}

/* On this machine each is read at its own instant. Those that were lost come last, so that none
 * waits for them. */
static void read_group(void *state, const struct collector_reading *reading)
{
    struct cgroup_group *group = state;
    struct error error = {0};

    if (!group->here && ask(group, 0, group->count, reading, &error) < 0) {
        miss_all(group, reading->sink, &error);
        return;
    }
    for (size_t i = 0; i < group->count; i++) {
        if (!group->here || ask(group, i, 1, reading, &error) == 0)
            take_sample(group, i, reading->sink, &error);
    }
    for (size_t i = 0; i < group->count; i++) {
        if (group->items[i].lost)
            read_lost(group, i, reading);
    }
}

static int reopen_source(void *state, size_t source, struct error *error)
{
    struct cgroup_group *group = state;

    if (find_again(group, &group->items[source], FIND_PATIENCE, own_deadline(group), error) == 0)
        return 0;
    return error_target(error, group->items[source].from->target->name);
}

const struct collector collector_cgroup = {
    .name = "cgroup",
    .summary = "a control group on this machine or a node: CPU, memory, disk, interface, processes",
    .attributes = cgroup_attributes,
    .access = COLLECTOR_ACCESS_HOST,
    .together = append_key,
    .open = open_group,
    .metrics = list_metrics,
    .read = read_group,
    .reopen = reopen_source,
    .close = close_group,
};
