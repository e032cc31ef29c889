/*
 * What series are about, by their names: those of node_exporter and cAdvisor have prefixes that
 * tell. node_exporter is about a machine, cAdvisor about what runs on it: the physical and the
 * virtual layer.
 */
#include <string.h>

#include "base/text.h"
#include "runner/collector_prometheus_exporter.h"

/* The first that fits counts: longer ones first. */
static const struct {
    const char *prefix;
    const char *resource_group;
    const char *layer;
} kinds[] = {
    /* node_exporter */
    {"node_pressure_cpu_", "cpu", "physical"},
    {"node_pressure_memory_", "memory", "physical"},
    {"node_pressure_io_", "filesystem", "physical"},
    {"node_pressure_irq_", "cpu", "physical"},
    {"node_cpu_", "cpu", "physical"},
    {"node_load", "cpu", "physical"},
    {"node_schedstat_", "cpu", "physical"},
    {"node_intr_", "cpu", "physical"},
    {"node_interrupts_", "cpu", "physical"},
    {"node_softirqs_", "cpu", "physical"},
    {"node_context_switches_", "cpu", "physical"},
    {"node_memory_", "memory", "physical"},
    {"node_vmstat_", "memory", "physical"},
    {"node_zoneinfo_", "memory", "physical"},
    {"node_buddyinfo_", "memory", "physical"},
    {"node_slabinfo_", "memory", "physical"},
    {"node_edac_", "memory", "physical"},
    {"node_ksmd_", "memory", "physical"},
    {"node_network_", "network", "physical"},
    {"node_netstat_", "network", "physical"},
    {"node_sockstat_", "network", "physical"},
    {"node_softnet_", "network", "physical"},
    {"node_nf_conntrack_", "network", "physical"},
    {"node_arp_", "network", "physical"},
    {"node_udp_", "network", "physical"},
    {"node_tcp_", "network", "physical"},
    {"node_qdisc_", "network", "physical"},
    {"node_ethtool_", "network", "physical"},
    {"node_bonding_", "network", "physical"},
    {"node_infiniband_", "network", "physical"},
    {"node_lnstat_", "network", "physical"},
    {"node_wifi_", "network", "physical"},
    {"node_disk_", "filesystem", "physical"},
    {"node_filesystem_", "filesystem", "physical"},
    {"node_filefd_", "filesystem", "physical"},
    {"node_mountstats_", "filesystem", "physical"},
    {"node_nfs", "filesystem", "physical"},
    {"node_md_", "filesystem", "physical"},
    {"node_xfs_", "filesystem", "physical"},
    {"node_btrfs_", "filesystem", "physical"},
    {"node_zfs_", "filesystem", "physical"},
    {"node_procs_", "process", "physical"},
    {"node_processes_", "process", "physical"},
    {"node_forks_", "process", "physical"},
    {"node_", "other", "physical"},
    /* cAdvisor, and the kubelet's summary of it */
    {"container_pressure_cpu_", "cpu", "virtual"},
    {"container_pressure_memory_", "memory", "virtual"},
    {"container_pressure_io_", "filesystem", "virtual"},
    {"container_spec_cpu_", "cpu", "virtual"},
    {"container_spec_memory_", "memory", "virtual"},
    {"container_cpu_", "cpu", "virtual"},
    {"container_perf_", "cpu", "virtual"},
    {"container_tasks_state", "process", "virtual"},
    {"container_memory_", "memory", "virtual"},
    {"container_oom_", "memory", "virtual"},
    {"container_hugetlb_", "memory", "virtual"},
    {"container_network_", "network", "virtual"},
    {"container_sockets", "network", "virtual"},
    {"container_fs_", "filesystem", "virtual"},
    {"container_blkio_", "filesystem", "virtual"},
    {"container_processes", "process", "virtual"},
    {"container_threads", "process", "virtual"},
    {"container_ulimits_", "process", "virtual"},
    {"container_file_descriptors", "process", "virtual"},
    {"pod_cpu_", "cpu", "virtual"},
    {"pod_memory_", "memory", "virtual"},
    {"pod_swap_", "memory", "virtual"},
    {"machine_cpu_", "cpu", "physical"},
    {"machine_memory_", "memory", "physical"},
    {"machine_", "other", "physical"},
    /* What client libraries say of the program that shows the page. */
    {"process_cpu_", "cpu", "virtual"},
    {"process_resident_", "memory", "virtual"},
    {"process_virtual_", "memory", "virtual"},
    {"process_network_", "network", "virtual"},
    {"process_", "process", "virtual"},
};

/* node_exporter leaves untyped what it passes on from the kernel; nearly all of that counts. */
static const struct {
    const char *prefix;
    bool counter;
} untyped[] = {
    {"node_netstat_Tcp_CurrEstab", false},
    {"node_netstat_Tcp_MaxConn", false},
    {"node_netstat_Tcp_Rto", false},
    {"node_netstat_Ip_Forwarding", false},
    {"node_netstat_Ip_DefaultTTL", false},
    {"node_netstat_", true},
    {"node_vmstat_nr_", false},
    {"node_vmstat_", true},
};

/* Names of cAdvisor's that do not end in their unit. The first that fits counts. */
static const struct {
    const char *prefix;
    const char *unit;
} unnamed[] = {
    {"container_cpu_cfs_periods_total", "events"},
    {"container_cpu_cfs_throttled_periods_total", "events"},
    {"container_spec_cpu_period", "us"},
    {"container_spec_cpu_quota", "us"},
    {"container_memory_cache", "bytes"},
    {"container_memory_kernel_usage", "bytes"},
    {"container_memory_mapped_file", "bytes"},
    {"container_memory_rss", "bytes"},
    {"container_memory_swap", "bytes"},
    {"container_memory_fail", "events"},
    {"container_oom_events_total", "events"},
    {"container_network_receive_errors_total", "packets"},
    {"container_network_receive_packets_dropped_total", "packets"},
    {"container_network_transmit_errors_total", "packets"},
    {"container_network_transmit_packets_dropped_total", "packets"},
    {"container_fs_reads_", "events"},
    {"container_fs_writes_", "events"},
    {"container_file_descriptors", "files"},
    {"container_processes", "processes"},
    {"container_sockets", "sockets"},
    {"container_tasks_state", "tasks"},
    {"container_threads", "tasks"},
};

/* The last word of a name, or the word of UNIT, and the unit. */
static const struct {
    const char *word;
    const char *unit;
} units[] = {
    {"seconds", "s"},   {"milliseconds", "ms"}, {"microseconds", "us"}, {"nanoseconds", "ns"},
    {"bytes", "bytes"}, {"packets", "packets"}, {"percent", "%"},       {"hertz", "Hz"},
    {"celsius", "C"},   {"volts", "V"},         {"amperes", "A"},       {"watts", "W"},
    {"joules", "J"},    {"ratio", ""},
};

static const char *find_unit(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strlen(units[i].word) == length && strncmp(units[i].word, word, length) == 0)
            return units[i].unit;
    }
    return "";
}

static bool ends_with(const char *name, size_t length, const char *suffix)
{
    size_t width = strlen(suffix);

    return length > width && strncmp(name + length - width, suffix, width) == 0;
}

/* The unit by the last word of the name. */
static const char *named_unit(const char *name)
{
    size_t length = strlen(name);
    size_t start;

    if (ends_with(name, length, "_total"))
        length -= strlen("_total");
    else if (ends_with(name, length, "_sum"))
        length -= strlen("_sum");
    start = length;
    while (start > 0 && name[start - 1] != '_')
        start--;
    return find_unit(name + start, length - start);
}

static const char *unit_of(const struct exposition_series *series)
{
    const char *name = series->name;
    size_t length = strlen(name);
    const char *unit;

    if (series->counter &&
        (ends_with(name, length, "_bucket") || ends_with(name, length, "_count")))
        return "events";
    if (series->unit[0] != '\0')
        return find_unit(series->unit, strlen(series->unit));
    unit = named_unit(name);
    for (size_t i = 0; unit[0] == '\0' && i < sizeof unnamed / sizeof unnamed[0]; i++) {
        if (string_starts_with(name, unnamed[i].prefix))
            unit = unnamed[i].unit;
    }
    return unit;
}

static bool does_count(const struct exposition_series *series)
{
    for (size_t i = 0; series->untyped && i < sizeof untyped / sizeof untyped[0]; i++) {
        if (string_starts_with(series->name, untyped[i].prefix))
            return untyped[i].counter;
    }
    return series->counter;
}

void exporter_metric_sort(const struct exposition_series *series, struct store_metric *metric)
{
    metric->counter = does_count(series);
    metric->unit = unit_of(series);
    metric->resource_group = "other";
    metric->layer = "virtual";
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!string_starts_with(series->name, kinds[i].prefix))
            continue;
        metric->resource_group = kinds[i].resource_group;
        metric->layer = kinds[i].layer;
        return;
    }
}

bool exporter_is_clock(const struct exposition_series *series)
{
    return strcmp(series->name, "container_last_seen") == 0;
}
