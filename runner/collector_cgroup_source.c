/* One source of the cgroup collector: a control group, an interface and processes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_cgroup.h"
#include "runner/collector_cgroup_container.h"

struct cgroup_source {
    const struct host *container; /* NULL for a target whose group has a fixed name */
    char *container_interface;    /* within the container */
    struct cgroup_mounts mounts;
    struct metric_list metrics;
    struct file_set files;
    struct interface_reader interface;
    struct process_sums processes;
};

void cgroup_source_close(struct cgroup_source *source)
{
    if (source == NULL)
        return;
    file_set_close(&source->files);
    interface_close(&source->interface);
    process_sums_close(&source->processes);
    metric_list_free(&source->metrics);
    cgroup_mounts_free(&source->mounts);
    free(source->container_interface);
    free(source);
}

/* A group is named below the hierarchies' roots and may not lead out of them. */
static int check_group(const char *group, struct error *error)
{
    if (group[0] == '\0')
        return error_set(error, ERROR_INPUT, "source cgroup: the attribute cgroup is missing");
    if (group[0] == '/' || strstr(group, "..") != NULL)
        return error_set(error, ERROR_INPUT,
                         "source cgroup: '%s' is not a path below the root of the control groups",
                         group);
    return 0;
}

static char *process_folder(const struct cgroup_source *source, const char *group)
{
    const struct cgroup_mounts *mounts = &source->mounts;
    const char *mount = cgroup_mounts_find(mounts, mounts->version->process_controller);

    if (mount == NULL)
        mount = cgroup_mounts_find(mounts, "memory");
    return memory_format("%s/%s", mount, group);
}

int cgroup_source_open(const struct cgroup_roots *roots, const struct cgroup_names *names,
                       struct cgroup_source **opened, struct error *error)
{
    struct cgroup_source *source;

    *opened = NULL;
    if (check_group(names->group, error) < 0)
        return -1;
    source = memory_new(1, sizeof *source);
    source->interface.descriptor = -1;
    if (cgroup_mounts_read(&source->mounts, roots->mountinfo, error) < 0 ||
        file_set_open(&source->files, &source->mounts, names->group, &source->metrics, error) < 0 ||
        interface_open(&source->interface, names->interface, names->interface_index,
                       names->network_namespace, &source->metrics, error) < 0) {
        cgroup_source_close(source);
        return -1;
    }
    process_sums_open(&source->processes, roots->proc, process_folder(source, names->group),
                      &source->metrics);
    *opened = source;
    return 0;
}

/* A container's group is found, as nobody can tell its name beforehand. */
int cgroup_source_open_container(const struct host *target, const char *interface,
                                 const char *network_namespace, struct cgroup_source **opened,
                                 struct error *error)
{
    const struct cgroup_roots roots = {"/proc/self/mountinfo", "/proc"};
    struct cgroup_names names = {.interface = "", .network_namespace = network_namespace};
    struct cgroup_place place = {0};
    int result;

    *opened = NULL;
    if (cgroup_place_find(target, interface, &place, error) < 0)
        return -1;
    names.group = place.group;
    names.interface_index = place.interface;
    result = cgroup_source_open(&roots, &names, opened, error);
    free(place.group);
    if (result < 0)
        return -1;
    (*opened)->container = target;
    (*opened)->container_interface = memory_string(interface);
    return 0;
}

static int move_container(struct cgroup_source *source, struct error *error)
{
    struct cgroup_place place = {0};

    if (cgroup_place_find(source->container, source->container_interface, &place, error) < 0)
        return -1;
    file_set_move(&source->files, &source->mounts, place.group);
    free(source->processes.folder);
    source->processes.folder = process_folder(source, place.group);
    source->interface.index = place.interface;
    free(place.group);
    return 0;
}

size_t cgroup_source_metrics(const struct cgroup_source *source,
                             const struct store_metric **metrics)
{
    *metrics = source->metrics.items;
    return source->metrics.count;
}

int cgroup_source_read(struct cgroup_source *source, double *values, int64_t *time,
                       struct error *error)
{
    for (size_t i = 0; i < source->metrics.count; i++)
        values[i] = (double)NAN;
    *time = clock_now();
    if (file_set_read(&source->files, &source->metrics, values, error) < 0 ||
        interface_read(&source->interface, values, error) < 0)
        return -1;
    return process_sums_read(&source->processes, values, error);
}

int cgroup_source_reopen(struct cgroup_source *source, struct error *error)
{
    if (source->container != NULL && move_container(source, error) < 0)
        return -1;
    return file_set_reopen(&source->files, error);
}
