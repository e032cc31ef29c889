/* Files of a control group of version 2 (kernel: Documentation/admin-guide/cgroup-v2.rst). */
#include "runner/collector_cgroup.h"

static const struct metric_kind kind_groups[] = {{"*", false, "groups"}, {0}};
static const struct metric_kind kind_io[] = {
    {"?bytes", true, "bytes"}, {"?ios", true, "events"}, {0}};
static const struct metric_kind kind_memory_stat[] = {
    {"workingset_*", true, "pages"}, {"pg*", true, "events"},   {"thp_*", true, "events"},
    {"zswp*", true, "pages"},        {"swpin*", true, "pages"}, {"swpout*", true, "pages"},
    {"numa_*", true, "events"},      {"*", false, "bytes"},     {0},
};
static const struct metric_kind kind_memory_numa[] = {
    {"workingset_*", true, "pages"}, {"*", false, "bytes"}, {0}};

static const struct cgroup_file files[] = {
    {"", "cpu.stat", NULL, "cpu", format_keyed, kind_processor_time},
    {"", "cpu.stat.local", NULL, "cpu", format_keyed, kind_processor_time},
    {"", "cpu.pressure", NULL, "cpu", format_pressure, kind_pressure},
    {"", "irq.pressure", NULL, "cpu", format_pressure, kind_pressure},

    {"", "memory.stat", NULL, "memory", format_keyed, kind_memory_stat},
    {"", "memory.current", NULL, "memory", format_single, kind_bytes},
    {"", "memory.peak", NULL, "memory", format_single, kind_bytes},
    {"", "memory.max", NULL, "memory", format_single, kind_bytes},
    {"", "memory.high", NULL, "memory", format_single, kind_bytes},
    {"", "memory.low", NULL, "memory", format_single, kind_bytes},
    {"", "memory.min", NULL, "memory", format_single, kind_bytes},
    {"", "memory.events", NULL, "memory", format_keyed, kind_events},
    {"", "memory.events.local", NULL, "memory", format_keyed, kind_events},
    {"", "memory.swap.current", NULL, "memory", format_single, kind_bytes},
    {"", "memory.swap.peak", NULL, "memory", format_single, kind_bytes},
    {"", "memory.swap.max", NULL, "memory", format_single, kind_bytes},
    {"", "memory.swap.events", NULL, "memory", format_keyed, kind_events},
    {"", "memory.zswap.current", NULL, "memory", format_single, kind_bytes},
    {"", "memory.numa_stat", NULL, "memory", format_numa, kind_memory_numa},
    {"", "memory.pressure", NULL, "memory", format_pressure, kind_pressure},

    {"", "io.stat", NULL, "filesystem", format_io, kind_io},
    {"", "io.pressure", NULL, "filesystem", format_pressure, kind_pressure},

    {"", "pids.current", NULL, "process", format_single, kind_tasks},
    {"", "pids.peak", NULL, "process", format_single, kind_tasks},
    {"", "pids.events", NULL, "process", format_keyed, kind_events},
    {"", "cgroup.stat", NULL, "process", format_keyed, kind_groups},
};

const struct cgroup_version cgroup_version_2 = {
    .name = "version 2",
    .main_controller = "",
    .files = files,
    .file_count = sizeof files / sizeof files[0],
};
