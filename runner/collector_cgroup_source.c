/* One source of the cgroup collector: a control group, an interface and processes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_cgroup.h"

struct cgroup_source {
    char *folder; /* of the group in the hierarchy that every group is in */
    bool listed;
    struct metric_list metrics;
    struct file_set files;
    struct interface_reader interface;
    struct process_sums processes;
};

void cgroup_place_free(struct cgroup_place *place)
{
    free(place->group);
    *place = (struct cgroup_place){0};
}

void cgroup_source_close(struct cgroup_source *source)
{
    if (source == NULL)
        return;
    file_set_close(&source->files);
    interface_close(&source->interface);
    process_sums_close(&source->processes);
    metric_list_free(&source->metrics);
    free(source->folder);
    free(source);
}

/* A group is named below the hierarchies' roots and may not lead out of them. Its name is a line of
 * a request. */
int cgroup_group_check(const char *group, struct error *error)
{
    if (group[0] == '/' || group[0] == '\0' || strstr(group, "..") != NULL ||
        strchr(group, '\n') != NULL)
        return error_set(error, ERROR_INPUT,
                         "source cgroup: '%s' is not a path below the root of the control groups",
                         group);
    return 0;
}

int cgroup_source_open(const struct cgroup_mounts *mounts, const struct cgroup_place *place,
                       bool here, struct cgroup_source **opened, struct error *error)
{
    struct cgroup_source *source;

    *opened = NULL;
    if (cgroup_group_check(place->group, error) < 0)
        return -1;
    source = memory_new(1, sizeof *source);
    if (interface_open(&source->interface, &place->interface, here, error) < 0) {
        cgroup_source_close(source);
        return -1;
    }
    source->folder = cgroup_mounts_group(mounts, place->group);
    file_set_open(&source->files, mounts, place->group);
    *opened = source;
    return 0;
}

void cgroup_source_request(const struct cgroup_source *source, struct text *request)
{
    file_set_request(&source->files, request);
    interface_request(&source->interface, request);
    cgroup_request_folder(request, source->folder);
    if (source->listed)
        cgroup_request_processes(request);
    else
        cgroup_request_file(request, "cgroup.procs");
}

int cgroup_source_list(struct cgroup_source *source, struct cgroup_view *view, struct error *error)
{
    char *processes = memory_format("%s/cgroup.procs", source->folder);
    bool there = view->file(view, processes) != NULL;

    free(processes);
    if (!there) {
        error_set(error, ERROR_UNREACHABLE, "there is no control group %s", source->folder);
        return error_hint(error, "is the target up, and is the source's attribute cgroup right?");
    }
    file_set_list(&source->files, view, &source->metrics);
    if (interface_list(&source->interface, view, &source->metrics, error) < 0)
        return -1;
    process_sums_open(&source->processes, &source->metrics);
    source->listed = true;
    return 0;
}

size_t cgroup_source_metrics(const struct cgroup_source *source,
                             const struct store_metric **metrics)
{
    *metrics = source->metrics.items;
    return source->metrics.count;
}

int cgroup_source_read(struct cgroup_source *source, struct cgroup_view *view, double *values,
                       struct error *error)
{
    for (size_t i = 0; i < source->metrics.count; i++)
        values[i] = (double)NAN;
    if (file_set_read(&source->files, view, &source->metrics, values, error) < 0 ||
        interface_read(&source->interface, view, values, error) < 0)
        return -1;
    return process_sums_read(&source->processes, view, source->folder, values, error);
}

static bool have_same_metrics(const struct metric_list *one, const struct metric_list *other)
{
    if (one->count != other->count)
        return false;
    for (size_t i = 0; i < one->count; i++) {
        if (strcmp(one->items[i].name, other->items[i].name) != 0)
            return false;
    }
    return true;
}

bool cgroup_source_follow(struct cgroup_source *source, struct cgroup_source *before)
{
    struct process_sums sums = source->processes;
    struct metric_list metrics;

    source->processes = before->processes;
    source->processes.first = sums.first;
    sums.first = before->processes.first;
    before->processes = sums;
    if (!have_same_metrics(&source->metrics, &before->metrics))
        return false;
    metrics = source->metrics;
    source->metrics = before->metrics;
    before->metrics = metrics;
    return true;
}
