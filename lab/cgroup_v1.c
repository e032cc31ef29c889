/* Version 1: one hierarchy a controller, or a few controllers each. */
#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "lab/cgroup.h"

#define SHARES_OF_A_PROCESS INT64_C(1024)

static int write_number(const struct cgroup_layout *layout, const char *controller,
                        const char *group, const char *file, int64_t number, struct error *error)
{
    char value[32];

    snprintf(value, sizeof value, "%" PRId64, number);
    return cgroup_write(cgroup_hierarchy_of(layout, controller), group, file, value, error);
}

static int limit_memory(const struct cgroup_layout *layout, const char *group, int64_t memory,
                        struct error *error)
{
    const struct cgroup_hierarchy *hierarchy = cgroup_hierarchy_of(layout, "memory");
    char path[512];

    /* The one with swap may not be under the one without: lift it first, set it last. Kernels
     * without swap accounting have no such file. */
    snprintf(path, sizeof path, "%s/%s/memory.memsw.limit_in_bytes", hierarchy->mount, group);
    if (!file_exists(path))
        return write_number(layout, "memory", group, "memory.limit_in_bytes", memory, error);
    if (write_number(layout, "memory", group, "memory.memsw.limit_in_bytes", -1, error) < 0 ||
        write_number(layout, "memory", group, "memory.limit_in_bytes", memory, error) < 0)
        return -1;
    return write_number(layout, "memory", group, "memory.memsw.limit_in_bytes", memory, error);
}

static int limit_disk(const struct cgroup_layout *layout, const char *group, int64_t rate,
                      struct error *error)
{
    static const char *const files[] = {"blkio.throttle.read_bps_device",
                                        "blkio.throttle.write_bps_device"};
    char value[64];

    snprintf(value, sizeof value, "%s %" PRId64, layout->disk, rate);
    for (size_t i = 0; i < 2; i++) {
        if (cgroup_write(cgroup_hierarchy_of(layout, "blkio"), group, files[i], value, error) < 0)
            return -1;
    }
    return 0;
}

static int limit(const struct cgroup_layout *layout, const char *group,
                 const struct cgroup_limits *limits, struct error *error)
{
    int64_t quota = (int64_t)(limits->cores * CGROUP_CPU_PERIOD_US);

    if (write_number(layout, "cpu", group, "cpu.cfs_period_us", CGROUP_CPU_PERIOD_US, error) < 0 ||
        write_number(layout, "cpu", group, "cpu.cfs_quota_us", quota > 0 ? quota : -1, error) < 0)
        return -1;
    if (write_number(layout, "cpu", group, "cpu.shares",
                     SHARES_OF_A_PROCESS * (limits->weight > 0 ? limits->weight : 1), error) < 0)
        return -1;
    if (limit_memory(layout, group, limits->memory > 0 ? limits->memory : -1, error) < 0)
        return -1;
    if (layout->disk[0] == '\0')
        return 0;
    return limit_disk(layout, group, limits->disk_rate, error);
}

/* In version 1 a controller needs no leave from the group above. */
static int delegate(const struct cgroup_layout *layout, const char *group, struct error *error)
{
    (void)layout;
    (void)group;
    (void)error;
    return 0;
}

const struct cgroup_version cgroup_v1 = {
    .name = "v1",
    .delegate = delegate,
    .limit = limit,
    .memory_controller = "memory",
    .memory_file = "memory.usage_in_bytes",
};
