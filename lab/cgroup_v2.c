/* Version 2: one hierarchy with all controllers, handed down group by group. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "lab/cgroup.h"

#define WEIGHT_OF_A_PROCESS 100

static int write_text(const struct cgroup_layout *layout, const char *group, const char *file,
                      const char *value, struct error *error)
{
    return cgroup_write(cgroup_hierarchy_of(layout, ""), group, file, value, error);
}

/* A controller reaches a group only if each group above it hands it down. */
static int delegate(const struct cgroup_layout *layout, const char *group, struct error *error)
{
    char above[256];

    for (const char *slash = group; slash != NULL; slash = strchr(slash + 1, '/')) {
        snprintf(above, sizeof above, "%.*s", (int)(slash - group), group);
        if (write_text(layout, above, "cgroup.subtree_control", "+cpu +memory +io +pids", error) <
            0)
            return error_hint(error, "the root of the cgroup hierarchy must be free to hand down "
                                     "its controllers: run the lab outside a container");
    }
    return 0;
}

static int limit_memory(const struct cgroup_layout *layout, const char *group, int64_t memory,
                        struct error *error)
{
    const struct cgroup_hierarchy *hierarchy = cgroup_hierarchy_of(layout, "");
    char value[32] = "max";
    char path[512];

    if (memory > 0)
        snprintf(value, sizeof value, "%" PRId64, memory);
    if (write_text(layout, group, "memory.max", value, error) < 0)
        return -1;
    /* Kernels without swap have no such file. */
    snprintf(path, sizeof path, "%s/%s/memory.swap.max", hierarchy->mount, group);
    if (!file_exists(path))
        return 0;
    return write_text(layout, group, "memory.swap.max", memory > 0 ? "0" : "max", error);
}

static int limit_disk(const struct cgroup_layout *layout, const char *group, int64_t rate,
                      struct error *error)
{
    char value[96];

    if (rate > 0)
        snprintf(value, sizeof value, "%s rbps=%" PRId64 " wbps=%" PRId64, layout->disk, rate,
                 rate);
    else
        snprintf(value, sizeof value, "%s rbps=max wbps=max", layout->disk);
    return write_text(layout, group, "io.max", value, error);
}

static int limit(const struct cgroup_layout *layout, const char *group,
                 const struct cgroup_limits *limits, struct error *error)
{
    char quota[32] = "max";
    char value[64];

    if (limits->cores > 0)
        snprintf(quota, sizeof quota, "%d", (int)(limits->cores * CGROUP_CPU_PERIOD_US));
    snprintf(value, sizeof value, "%s %d", quota, CGROUP_CPU_PERIOD_US);
    if (write_text(layout, group, "cpu.max", value, error) < 0)
        return -1;
    snprintf(value, sizeof value, "%d",
             WEIGHT_OF_A_PROCESS * (limits->weight > 0 ? limits->weight : 1));
    if (write_text(layout, group, "cpu.weight", value, error) < 0 ||
        limit_memory(layout, group, limits->memory, error) < 0)
        return -1;
    if (layout->disk[0] == '\0')
        return 0;
    return limit_disk(layout, group, limits->disk_rate, error);
}

const struct cgroup_version cgroup_v2 = {
    .name = "v2",
    .delegate = delegate,
    .limit = limit,
    .memory_controller = "",
    .memory_file = "memory.current",
};
