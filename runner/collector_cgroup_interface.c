/*
 * The target's interface as the host's end of it counts: RTM_GETLINK over a netlink socket
 * (rtnetlink(7)). What this end receives is what the target sent: the names are the target's.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
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

static const struct interface_counter {
    const char *name;
    size_t offset;
} counters[] = {
    {"transmit.packets", offsetof(struct rtnl_link_stats64, rx_packets)},
    {"receive.packets", offsetof(struct rtnl_link_stats64, tx_packets)},
    {"transmit.bytes", offsetof(struct rtnl_link_stats64, rx_bytes)},
    {"receive.bytes", offsetof(struct rtnl_link_stats64, tx_bytes)},
    {"transmit.errors", offsetof(struct rtnl_link_stats64, rx_errors)},
    {"receive.errors", offsetof(struct rtnl_link_stats64, tx_errors)},
    {"transmit.dropped", offsetof(struct rtnl_link_stats64, rx_dropped)},
    {"receive.dropped", offsetof(struct rtnl_link_stats64, tx_dropped)},
    {"transmit.multicast", offsetof(struct rtnl_link_stats64, multicast)},
    {"collisions", offsetof(struct rtnl_link_stats64, collisions)},
    {"transmit.length_errors", offsetof(struct rtnl_link_stats64, rx_length_errors)},
    {"transmit.over_errors", offsetof(struct rtnl_link_stats64, rx_over_errors)},
    {"transmit.crc_errors", offsetof(struct rtnl_link_stats64, rx_crc_errors)},
    {"transmit.frame_errors", offsetof(struct rtnl_link_stats64, rx_frame_errors)},
    {"transmit.fifo_errors", offsetof(struct rtnl_link_stats64, rx_fifo_errors)},
    {"transmit.missed_errors", offsetof(struct rtnl_link_stats64, rx_missed_errors)},
    {"receive.aborted_errors", offsetof(struct rtnl_link_stats64, tx_aborted_errors)},
    {"receive.carrier_errors", offsetof(struct rtnl_link_stats64, tx_carrier_errors)},
    {"receive.fifo_errors", offsetof(struct rtnl_link_stats64, tx_fifo_errors)},
    {"receive.heartbeat_errors", offsetof(struct rtnl_link_stats64, tx_heartbeat_errors)},
    {"receive.window_errors", offsetof(struct rtnl_link_stats64, tx_window_errors)},
    {"transmit.compressed", offsetof(struct rtnl_link_stats64, rx_compressed)},
    {"receive.compressed", offsetof(struct rtnl_link_stats64, tx_compressed)},
    {"transmit.nohandler", offsetof(struct rtnl_link_stats64, rx_nohandler)},
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
        return error_set(error, ERROR_UNREACHABLE, "there is no interface %s", reader->name);
    return error_set(error, ERROR_UNREACHABLE,
                     "the other end of the container's interface, number %u, is not here",
                     reader->index);
}

int interface_read(struct interface_reader *reader, double *values, struct error *error)
{
    union {
        struct nlmsghdr header;
        char bytes[16384];
    } answer;

    if (reader->descriptor < 0)
        return 0;
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
        if (answer.header.nlmsg_type == RTM_NEWLINK &&
            take_statistics(&answer.header, values + reader->first))
            return 0;
        return no_interface(reader, error);
    }
}

int interface_open(struct interface_reader *reader, const char *name, unsigned index,
                   const char *namespace, struct metric_list *metrics, struct error *error)
{
    double values[COUNTER_COUNT];
    int result;

    *reader = (struct interface_reader){.descriptor = -1, .index = index};
    if (name[0] == '\0' && index == 0)
        return 0;
    if (strlen(name) >= IFNAMSIZ || strchr(namespace, '/') != NULL)
        return error_set(error, ERROR_INPUT, "not a name of an interface or network namespace");
    reader->name = memory_string(name);
    if (connect_socket(reader, namespace, error) < 0)
        return -1;
    result = interface_read(reader, values, error);
    if (result < 0)
        return error_hint(error,
                          "is the target up, and is the source's attribute interface right?");
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
}
