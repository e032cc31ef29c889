/*
 * The target's interface as the host's end of it counts, in files of sysfs: a question over netlink
 * waits while anybody makes or ends a namespace or an interface. What this end receives is what the
 * target sent: the names are the target's.
 */
#include <dirent.h>
#include <math.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "runner/collector_cgroup.h"
#include "runner/network_namespace.h"

static const struct metric_kind kind_packets[] = {
    {"*.bytes", true, "bytes"}, {"*", true, "packets"}, {0}};

static const struct interface_counter {
    const char *name;
    const char *file; /* in the interface's folder 'statistics' */
} counters[] = {
    {"transmit.packets", "rx_packets"},
    {"receive.packets", "tx_packets"},
    {"transmit.bytes", "rx_bytes"},
    {"receive.bytes", "tx_bytes"},
    {"transmit.errors", "rx_errors"},
    {"receive.errors", "tx_errors"},
    {"transmit.dropped", "rx_dropped"},
    {"receive.dropped", "tx_dropped"},
    {"transmit.multicast", "multicast"},
    {"collisions", "collisions"},
    {"transmit.length_errors", "rx_length_errors"},
    {"transmit.over_errors", "rx_over_errors"},
    {"transmit.crc_errors", "rx_crc_errors"},
    {"transmit.frame_errors", "rx_frame_errors"},
    {"transmit.fifo_errors", "rx_fifo_errors"},
    {"transmit.missed_errors", "rx_missed_errors"},
    {"receive.aborted_errors", "tx_aborted_errors"},
    {"receive.carrier_errors", "tx_carrier_errors"},
    {"receive.fifo_errors", "tx_fifo_errors"},
    {"receive.heartbeat_errors", "tx_heartbeat_errors"},
    {"receive.window_errors", "tx_window_errors"},
    {"transmit.compressed", "rx_compressed"},
    {"receive.compressed", "tx_compressed"},
    {"transmit.nohandler", "rx_nohandler"},
};

_Static_assert(sizeof counters / sizeof counters[0] == INTERFACE_COUNTERS, "one descriptor each");

static int no_interface(const struct interface_reader *reader, struct error *error)
{
    if (reader->name[0] != '\0')
        error_set(error, ERROR_UNREACHABLE, "there is no interface %s", reader->name);
    else
        error_set(error, ERROR_UNREACHABLE,
                  "the other end of the container's interface, number %u, is not here",
                  reader->index);
    return error_hint(error, "is the target up, and is the source's attribute interface right?");
}

void interface_request(const struct interface_reader *reader, struct text *request)
{
    if (!reader->present)
        return;
    cgroup_request_folder(request, reader->folder);
    for (size_t i = 0; i < INTERFACE_COUNTERS; i++)
        cgroup_request_file(request, counters[i].file);
}

static int read_counters(struct interface_reader *reader, struct cgroup_view *view, double *values,
                         struct error *error)
{
    bool any = false;

    for (size_t i = 0; i < INTERFACE_COUNTERS; i++) {
        char *path = memory_format("%s/%s", reader->folder, counters[i].file);
        char *text = cgroup_view_read(view, path, &reader->kept[i]);

        free(path);
        if (text == NULL)
            continue;
        text[strcspn(text, "\n")] = '\0';
        values[i] = format_number(text);
        any = any || !isnan(values[i]);
    }
    return any ? 0 : no_interface(reader, error);
}

int interface_read(struct interface_reader *reader, struct cgroup_view *view, double *values,
                   struct error *error)
{
    return reader->present ? read_counters(reader, view, values + reader->first, error) : 0;
}

static bool is_interface(const char *name)
{
    return strlen(name) < IFNAMSIZ && strcspn(name, "/ \n\t") == strlen(name) && name[0] != '.';
}

static bool has_index(const struct interface_reader *reader, const char *name)
{
    char *path = memory_format("/proc/self/fd/%d/class/net/%s/ifindex", reader->sysfs, name);
    FILE *file = fopen(path, "re");
    unsigned index;
    bool has = file != NULL && fscanf(file, "%9u", &index) == 1 && index == reader->index;

    free(path);
    if (file != NULL)
        fclose(file);
    return has;
}

/* Of a container's interface the other end is known by its number in the namespace. */
static int find_name(struct interface_reader *reader, struct error *error)
{
    char *path = memory_format("/proc/self/fd/%d/class/net", reader->sysfs);
    DIR *folder = opendir(path);
    const struct dirent *entry;

    free(path);
    while (folder != NULL && reader->name[0] == '\0' && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.' || !has_index(reader, entry->d_name))
            continue;
        free(reader->name);
        reader->name = memory_string(entry->d_name);
    }
    if (folder != NULL)
        closedir(folder);
    return reader->name[0] != '\0' ? 0 : no_interface(reader, error);
}

static void reset(struct interface_reader *reader)
{
    *reader = (struct interface_reader){.sysfs = -1};
    for (size_t i = 0; i < INTERFACE_COUNTERS; i++)
        reader->kept[i] = -1;
}

int interface_open(struct interface_reader *reader, const struct interface_name *name, bool here,
                   struct error *error)
{
    reset(reader);
    reader->index = name->index;
    if (name->name[0] == '\0' && name->index == 0)
        return 0;
    if (!is_interface(name->name) || strchr(name->network_namespace, '/') != NULL)
        return error_set(error, ERROR_INPUT, "not a name of an interface or network namespace");
    reader->present = true;
    reader->name = memory_string(name->name);
    if (!here) {
        reader->folder = memory_format("/sys/class/net/%s/statistics", reader->name);
        return 0;
    }
    if (network_namespace_sysfs(name->network_namespace, &reader->sysfs, error) < 0 ||
        (reader->name[0] == '\0' && find_name(reader, error) < 0))
        return -1;
    reader->folder =
        memory_format("/proc/self/fd/%d/class/net/%s/statistics", reader->sysfs, reader->name);
    return 0;
}

int interface_list(struct interface_reader *reader, struct cgroup_view *view,
                   struct metric_list *metrics, struct error *error)
{
    double values[INTERFACE_COUNTERS];

    if (!reader->present)
        return 0;
    if (read_counters(reader, view, values, error) < 0)
        return -1;
    reader->first = metrics->count;
    for (size_t i = 0; i < INTERFACE_COUNTERS; i++)
        metric_list_add(metrics, "network", counters[i].name, "network", kind_packets);
    return 0;
}

void interface_close(struct interface_reader *reader)
{
    if (reader->sysfs >= 0)
        close(reader->sysfs);
    for (size_t i = 0; reader->present && i < INTERFACE_COUNTERS; i++) {
        if (reader->kept[i] >= 0)
            close(reader->kept[i]);
    }
    free(reader->name);
    free(reader->folder);
    reset(reader);
}
