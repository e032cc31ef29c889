/* The files of /proc that the proc collector reads, and the types of what is in them. */
#include "runner/collector_proc.h"

#include <string.h>

static const struct metric_kind kind_ticks[] = {{"*", true, "ticks"}, {0}};
static const struct metric_kind kind_processes[] = {
    {"processes", true, "processes"}, {"*", false, "processes"}, {0}};
static const struct metric_kind kind_load[] = {
    {"running", false, "tasks"}, {"tasks", false, "tasks"}, {"*", false, "load"}, {0}};
static const struct metric_kind kind_meminfo[] = {
    {"HugePages_*", false, "pages"}, {"*", false, "kB"}, {0}};
static const struct metric_kind kind_files[] = {{"*", false, "files"}, {0}};
static const struct metric_kind kind_packets[] = {{"*", true, "packets"}, {0}};
static const struct metric_kind kind_vmstat[] = {
    /* Of what is named like the numbers of pages, these count events. */
    {"nr_dirtied", true, "pages"},
    {"nr_written", true, "pages"},
    {"nr_throttled_written", true, "pages"},
    {"nr_vmscan_*", true, "pages"},
    {"nr_foll_pin_*", true, "pages"},
    {"nr_*", false, "pages"},
    {"workingset_nodes", false, "nodes"},
    {"workingset_*", true, "pages"},
    {"pgpgin", true, "kB"},
    {"pgpgout", true, "kB"},
    {"pswp*", true, "pages"},
    {"pgalloc_*", true, "pages"},
    {"pgscan*", true, "pages"},
    {"pgsteal*", true, "pages"},
    {"*", true, "events"},
    {0},
};
static const struct metric_kind kind_disks[] = {
    {"*.in_flight", false, "requests"},
    {"*_time", true, "ms"},
    {"*sectors_*", true, "sectors"},
    {"*", true, "requests"},
    {0},
};
static const struct metric_kind kind_interfaces[] = {
    {"*.bytes", true, "bytes"}, {"*", true, "packets"}, {0}};
static const struct metric_kind kind_snmp[] = {
    {"Ip.Forwarding", false, ""},
    {"Ip.DefaultTTL", false, "hops"},
    {"Tcp.RtoAlgorithm", false, ""},
    {"Tcp.Rto*", false, "ms"},
    {"Tcp.MaxConn", false, "connections"},
    {"Tcp.CurrEstab", false, "connections"},
    {"*Octets", true, "bytes"},
    {"*", true, "events"},
    {0},
};
static const struct metric_kind kind_sockets[] = {
    {"*.mem", false, "pages"}, {"*.memory", false, "bytes"}, {"*", false, "sockets"}, {0}};

const struct proc_part proc_parts[] = {
    {"/proc/stat", "stat", "cpu", format_stat_cpu, kind_ticks},
    {"/proc/stat", "stat", "cpu", format_stat_events, kind_events},
    {"/proc/stat", "stat", "process", format_stat_tasks, kind_processes},
    {"/proc/loadavg", "loadavg", "cpu", format_loadavg, kind_load},
    {"/proc/pressure/cpu", "pressure.cpu", "cpu", format_pressure, kind_pressure},
    {"/proc/pressure/irq", "pressure.irq", "cpu", format_pressure, kind_pressure},
    {"/proc/meminfo", "meminfo", "memory", format_meminfo, kind_meminfo},
    {"/proc/vmstat", "vmstat", "memory", format_keyed, kind_vmstat},
    {"/proc/pressure/memory", "pressure.memory", "memory", format_pressure, kind_pressure},
    {"/proc/diskstats", "diskstats", "filesystem", format_diskstats, kind_disks},
    {"/proc/pressure/io", "pressure.io", "filesystem", format_pressure, kind_pressure},
    {"/proc/sys/fs/file-nr", "files", "filesystem", format_file_handles, kind_files},
    {"/proc/net/dev", "net", "network", format_net_dev, kind_interfaces},
    {"/proc/net/snmp", "snmp", "network", format_net_snmp, kind_snmp},
    {"/proc/net/netstat", "netstat", "network", format_net_snmp, kind_snmp},
    {"/proc/net/sockstat", "sockstat", "network", format_sockstat, kind_sockets},
    {"/proc/net/sockstat6", "sockstat", "network", format_sockstat, kind_sockets},
    {"/proc/net/softnet_stat", "softnet", "network", format_softnet, kind_packets},
    /* Made by the command itself. */
    {"processes", "processes", "process", format_single, kind_tasks},
};

const size_t proc_part_count = sizeof proc_parts / sizeof proc_parts[0];
_Static_assert(sizeof proc_parts / sizeof proc_parts[0] <= PROC_MOST_PARTS, "room for the ranges");

size_t proc_files(const char *files[PROC_MOST_FILES])
{
    size_t count = 0;

    for (size_t i = 0; i < proc_part_count; i++) {
        bool again = i > 0 && strcmp(proc_parts[i].file, proc_parts[i - 1].file) == 0;

        if (proc_parts[i].file[0] == '/' && !again)
            files[count++] = proc_parts[i].file;
    }
    return count;
}
