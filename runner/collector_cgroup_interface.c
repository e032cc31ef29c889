/*
 * The target's interface as the host's end of it counts: RTM_GETLINK over a netlink socket
 * (rtnetlink(7)), or on a node the same figures in files of sysfs. What this end receives is what
 * the target sent: the names are the target's.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <math.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/memory.h"
#include "runner/collector_cgroup.h"
#include "runner/network_namespace.h"

static const struct metric_kind kind_packets[] = {
    {"*.bytes", true, "bytes"}, {"*", true, "packets"}, {0}};

#define COUNTER(name, member)                                                                      \
    {                                                                                              \
        name, #member, offsetof(struct rtnl_link_stats64, member)                                  \
    }

static const struct interface_counter {
    const char *name;
    const char *file; /* in the folder 'statistics' of sysfs */
    size_t offset;
} counters[] = {
    COUNTER("transmit.packets", rx_packets),
    COUNTER("receive.packets", tx_packets),
    COUNTER("transmit.bytes", rx_bytes),
    COUNTER("receive.bytes", tx_bytes),
    COUNTER("transmit.errors", rx_errors),
    COUNTER("receive.errors", tx_errors),
    COUNTER("transmit.dropped", rx_dropped),
    COUNTER("receive.dropped", tx_dropped),
    COUNTER("transmit.multicast", multicast),
    COUNTER("collisions", collisions),
    COUNTER("transmit.length_errors", rx_length_errors),
    COUNTER("transmit.over_errors", rx_over_errors),
    COUNTER("transmit.crc_errors", rx_crc_errors),
    COUNTER("transmit.frame_errors", rx_frame_errors),
    COUNTER("transmit.fifo_errors", rx_fifo_errors),
    COUNTER("transmit.missed_errors", rx_missed_errors),
    COUNTER("receive.aborted_errors", tx_aborted_errors),
    COUNTER("receive.carrier_errors", tx_carrier_errors),
    COUNTER("receive.fifo_errors", tx_fifo_errors),
    COUNTER("receive.heartbeat_errors", tx_heartbeat_errors),
    COUNTER("receive.window_errors", tx_window_errors),
    COUNTER("transmit.compressed", rx_compressed),
    COUNTER("receive.compressed", tx_compressed),
    COUNTER("transmit.nohandler", rx_nohandler),
};

enum { COUNTER_COUNT = sizeof counters / sizeof counters[0] };

static int connect_socket(struct interface_reader *reader, const char *namespace,
                          struct error *error)
{
    struct timeval patience = {.tv_sec = 1};

    if (network_namespace_socket(namespace, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE,
                                 &reader->descriptor, error) < 0)
        return -1;
    setsockopt(reader->descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return 0;
}

struct link_request {
    struct nlmsghdr header;
    struct ifinfomsg link;
    struct rtattr attribute;
    char name[IFNAMSIZ];
};

static int ask(struct interface_reader *reader, struct error *error)
{
    struct link_request request = {
        .header = {.nlmsg_len = sizeof request,
                   .nlmsg_type = RTM_GETLINK,
                   .nlmsg_flags = NLM_F_REQUEST,
                   .nlmsg_seq = ++reader->sequence},
        .link = {.ifi_family = AF_UNSPEC},
        .attribute = {.rta_len = sizeof request.attribute + IFNAMSIZ, .rta_type = IFLA_IFNAME},
    };

    if (reader->name[0] == '\0') {
        request.link.ifi_index = (int)reader->index;
        request.header.nlmsg_len = offsetof(struct link_request, attribute);
    }
    snprintf(request.name, sizeof request.name, "%s", reader->name);
    if (send(reader->descriptor, &request, request.header.nlmsg_len, 0) !=
        (ssize_t)request.header.nlmsg_len)
        return error_system(error, ERROR_UNREACHABLE, "can't ask for interface %s", reader->name);
    return 0;
}

/* Values of the answer's statistics; false if it has none. */
static bool take_statistics(const struct nlmsghdr *header, double *values)
{
    const struct ifinfomsg *link = NLMSG_DATA(header);
    int length = (int)IFLA_PAYLOAD(header);

    for (const struct rtattr *attribute = IFLA_RTA(link); RTA_OK(attribute, length);
         attribute = RTA_NEXT(attribute, length)) {
        const char *statistics = RTA_DATA(attribute);

        if (attribute->rta_type != IFLA_STATS64)
            continue;
        for (size_t i = 0; i < COUNTER_COUNT; i++) {
            uint64_t value;

            if (counters[i].offset + sizeof value > RTA_PAYLOAD(attribute))
                continue;
            memcpy(&value, statistics + counters[i].offset, sizeof value);
            values[i] = (double)value;
        }
        return true;
    }
    return false;
}

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

static int read_socket(struct interface_reader *reader, double *values, struct error *error)
{
    union {
        struct nlmsghdr header;
        char bytes[16384];
    } answer;

    if (ask(reader, error) < 0)
        return -1;
    for (;;) {
        ssize_t length = recv(reader->descriptor, &answer, sizeof answer, 0);

        if (length < (ssize_t)sizeof answer.header || !NLMSG_OK(&answer.header, (size_t)length))
            return error_system(error, ERROR_UNREACHABLE, "no answer about interface %s",
                                reader->name);
        /* An answer that came too late for an earlier question. */
        if (answer.header.nlmsg_seq != reader->sequence)
            continue;
        if (answer.header.nlmsg_type == RTM_NEWLINK && take_statistics(&answer.header, values))
            return 0;
        return no_interface(reader, error);
    }
}

/* --- by files --- */

void interface_request(const struct interface_reader *reader, struct text *request)
{
    if (!reader->present)
        return;
    cgroup_request_folder(request, reader->folder);
    for (size_t i = 0; i < COUNTER_COUNT; i++)
        cgroup_request_file(request, counters[i].file);
}

static int read_files(const struct interface_reader *reader, struct cgroup_view *view,
                      double *values, struct error *error)
{
    bool any = false;

    for (size_t i = 0; i < COUNTER_COUNT; i++) {
        char *path = memory_format("%s/%s", reader->folder, counters[i].file);
        char *text = view->file(view, path);

        free(path);
        if (text == NULL)
            continue;
        text[strcspn(text, "\n")] = '\0';
        values[i] = format_number(text);
        any = any || !isnan(values[i]);
    }
    return any ? 0 : no_interface(reader, error);
}

/* --- both --- */

static int read_counters(struct interface_reader *reader, struct cgroup_view *view, double *values,
                         struct error *error)
{
    return reader->descriptor >= 0 ? read_socket(reader, values, error)
                                   : read_files(reader, view, values, error);
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

int interface_open(struct interface_reader *reader, const struct interface_name *name, bool here,
                   struct error *error)
{
    *reader = (struct interface_reader){.descriptor = -1, .index = name->index};
    if (name->name[0] == '\0' && name->index == 0)
        return 0;
    if (!is_interface(name->name) || strchr(name->network_namespace, '/') != NULL)
        return error_set(error, ERROR_INPUT, "not a name of an interface or network namespace");
    reader->present = true;
    reader->name = memory_string(name->name);
    reader->folder = memory_format("/sys/class/net/%s/statistics", name->name);
    return here ? connect_socket(reader, name->network_namespace, error) : 0;
}

int interface_list(struct interface_reader *reader, struct cgroup_view *view,
                   struct metric_list *metrics, struct error *error)
{
    double values[COUNTER_COUNT];

    if (!reader->present)
        return 0;
    if (read_counters(reader, view, values, error) < 0)
        return -1;
    reader->first = metrics->count;
    for (size_t i = 0; i < COUNTER_COUNT; i++)
        metric_list_add(metrics, "network", counters[i].name, "network", kind_packets);
    return 0;
}

void interface_close(struct interface_reader *reader)
{
    if (reader->descriptor >= 0)
        close(reader->descriptor);
    free(reader->name);
    free(reader->folder);
    *reader = (struct interface_reader){.descriptor = -1};
}
