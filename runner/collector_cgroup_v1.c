/*
 * Files of a control group of version 1 (kernel: Documentation/admin-guide/cgroup-v1). Pressure
 * comes from the hierarchy of version 2 that is mounted beside it.
 */
#include "runner/collector_cgroup.h"

static const struct metric_kind kind_ns[] = {{"*", true, "ns"}, {0}};
static const struct metric_kind kind_ticks[] = {{"*", true, "ticks"}, {0}};
static const struct metric_kind kind_pages[] = {{"*", false, "pages"}, {0}};
static const struct metric_kind kind_oom[] = {{"oom_kill", true, "events"}, {0}};
static const struct metric_kind kind_memory_stat[] = {
    {"*pgpgin", true, "pages"},
    {"*pgpgout", true, "pages"},
    {"*pgfault", true, "events"},
    {"*pgmajfault", true, "events"},
    {"*workingset_*", true, "pages"},
    {"*", false, "bytes"},
    {0},
};

static const struct cgroup_file files[] = {
    {"cpu", "cpu.stat", NULL, "cpu", format_keyed, kind_processor_time},
    {"cpu", "cpu.stat.local", NULL, "cpu", format_keyed, kind_processor_time},
    {"cpuacct", "cpuacct.usage", NULL, "cpu", format_single, kind_ns},
    {"cpuacct", "cpuacct.usage_user", NULL, "cpu", format_single, kind_ns},
    {"cpuacct", "cpuacct.usage_sys", NULL, "cpu", format_single, kind_ns},
    {"cpuacct", "cpuacct.usage_percpu", NULL, "cpu", format_list, kind_ns},
    {"cpuacct", "cpuacct.usage_all", NULL, "cpu", format_table, kind_ns},
    {"cpuacct", "cpuacct.stat", NULL, "cpu", format_keyed, kind_ticks},
    {"", "cpu.stat", "cpu.unified", "cpu", format_keyed, kind_processor_time},
    {"", "cpu.pressure", NULL, "cpu", format_pressure, kind_pressure},

    {"memory", "memory.stat", NULL, "memory", format_keyed, kind_memory_stat},
    {"memory", "memory.usage_in_bytes", NULL, "memory", format_single, kind_bytes},
    {"memory", "memory.max_usage_in_bytes", NULL, "memory", format_single, kind_bytes},
    {"memory", "memory.limit_in_bytes", NULL, "memory", format_single, kind_bytes},
    {"memory", "memory.failcnt", NULL, "memory", format_single, kind_events},
    {"memory", "memory.memsw.usage_in_bytes", NULL, "memory", format_single, kind_bytes},
    {"memory", "memory.memsw.max_usage_in_bytes", NULL, "memory", format_single, kind_bytes},
    {"memory", "memory.memsw.limit_in_bytes", NULL, "memory", format_single, kind_bytes},
    {"memory", "memory.memsw.failcnt", NULL, "memory", format_single, kind_events},
    {"memory", "memory.kmem.usage_in_bytes", NULL, "memory", format_single, kind_bytes},
    {"memory", "memory.kmem.max_usage_in_bytes", NULL, "memory", format_single, kind_bytes},
    {"memory", "memory.kmem.failcnt", NULL, "memory", format_single, kind_events},
    {"memory", "memory.kmem.tcp.usage_in_bytes", NULL, "memory", format_single, kind_bytes},
    {"memory", "memory.kmem.tcp.max_usage_in_bytes", NULL, "memory", format_single, kind_bytes},
    {"memory", "memory.kmem.tcp.failcnt", NULL, "memory", format_single, kind_events},
    {"memory", "memory.oom_control", NULL, "memory", format_keyed, kind_oom},
    {"memory", "memory.numa_stat", NULL, "memory", format_numa, kind_pages},
    {"", "memory.pressure", NULL, "memory", format_pressure, kind_pressure},

    {"blkio", "blkio.throttle.io_service_bytes_recursive", NULL, "filesystem", format_blkio,
     kind_bytes_counted},
    {"blkio", "blkio.throttle.io_serviced_recursive", NULL, "filesystem", format_blkio,
     kind_events},
    {"blkio", "blkio.bfq.io_service_bytes_recursive", NULL, "filesystem", format_blkio,
     kind_bytes_counted},
    {"blkio", "blkio.bfq.io_serviced_recursive", NULL, "filesystem", format_blkio, kind_events},
    {"", "io.pressure", NULL, "filesystem", format_pressure, kind_pressure},

    {"pids", "pids.current", NULL, "process", format_single, kind_tasks},
    {"pids", "pids.peak", NULL, "process", format_single, kind_tasks},
    {"pids", "pids.events", NULL, "process", format_keyed, kind_events},
};

const struct cgroup_version cgroup_version_1 = {
    .name = "version 1",
    .main_controller = "memory",
    .files = files,
    .file_count = sizeof files / sizeof files[0],
};
