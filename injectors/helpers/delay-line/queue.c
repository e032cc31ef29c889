#include "queue.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Of the packets whose bytes don't matter: enough for an IP header. */
#define HEADER_BYTES 64

/* A message about the queue with room for one attribute. */
struct message {
    struct nlmsghdr header;
    struct nfgenmsg queue;
    struct nlattr attribute;
    char value[32];
};

static void fill(struct message *message, const struct queue *queue, int type, int flags,
                 int attribute, const void *value, size_t size)
{
    memset(message, 0, sizeof *message);
    message->header.nlmsg_len = (uint32_t)(offsetof(struct message, value) + NLA_ALIGN(size));
    message->header.nlmsg_type = (uint16_t)((NFNL_SUBSYS_QUEUE << 8) | type);
    message->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    message->queue.nfgen_family = AF_UNSPEC;
    message->queue.version = NFNETLINK_V0;
    message->queue.res_id = htons(queue->number);
    message->attribute.nla_type = (uint16_t)attribute;
    message->attribute.nla_len = (uint16_t)(NLA_HDRLEN + size);
    memcpy(message->value, value, size);
}

/* Sets the queue up and waits for the kernel's word on it: 0, or -1 with errno. */
static int configure(const struct queue *queue, int attribute, const void *value, size_t size)
{
    struct message message;
    struct {
        struct nlmsghdr header;
        struct nlmsgerr error;
    } answer;

    fill(&message, queue, NFQNL_MSG_CONFIG, NLM_F_ACK, attribute, value, size);
    if (send(queue->socket, &message, message.header.nlmsg_len, 0) < 0)
        return -1;
    /* Packets may come in between once the queue is bound; there is no rule yet, so none do. */
    do {
        if (recv(queue->socket, &answer, sizeof answer, 0) < (ssize_t)sizeof answer)
            return -1;
    } while (answer.header.nlmsg_type != NLMSG_ERROR);
    errno = -answer.error.error;
    return answer.error.error == 0 ? 0 : -1;
}

int queue_open(struct queue *queue, size_t limit)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    struct nfqnl_msg_config_cmd bind_queue = {.command = NFQNL_CFG_CMD_BIND};
    struct nfqnl_msg_config_params packets = {
        .copy_range = htonl(queue->whole_packets ? 0xffff : HEADER_BYTES),
        .copy_mode = NFQNL_COPY_PACKET};
    uint32_t longest = htonl((uint32_t)limit);
    int size = 16 * 1024 * 1024;
    int on = 1;

    queue->socket = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
    if (queue->socket < 0 || bind(queue->socket, (struct sockaddr *)&address, sizeof address) < 0)
        return -1;
    setsockopt(queue->socket, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    setsockopt(queue->socket, SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof on);
    if (configure(queue, NFQA_CFG_CMD, &bind_queue, sizeof bind_queue) < 0 ||
        configure(queue, NFQA_CFG_PARAMS, &packets, sizeof packets) < 0 ||
        configure(queue, NFQA_CFG_QUEUE_MAXLEN, &longest, sizeof longest) < 0)
        return -1;
    return 0;
}

/* One attribute of a packet's message. */
static void read_attribute(struct queued_packet *packet, bool *has_id, int type, const char *value,
                           size_t size)
{
    uint32_t number = 0;

    if (type != NFQA_PAYLOAD && size >= sizeof number)
        memcpy(&number, value, sizeof number);
    switch (type) {
    case NFQA_PACKET_HDR:
        packet->id = number;
        *has_id = size >= sizeof number;
        break;
    case NFQA_IFINDEX_OUTDEV:
        packet->interface = ntohl(number);
        break;
    case NFQA_CAP_LEN:
        packet->length = ntohl(number);
        break;
    case NFQA_PAYLOAD:
        packet->bytes = (const unsigned char *)value;
        packet->byte_count = size;
        break;
    default:
        break;
    }
}

static void read_message(const struct nlmsghdr *header, queue_receiver *receiver, void *context)
{
    const char *end = (const char *)header + header->nlmsg_len;
    const char *at = (const char *)NLMSG_DATA(header) + NLMSG_ALIGN(sizeof(struct nfgenmsg));
    struct queued_packet packet = {0};
    bool has_id = false;

    if (header->nlmsg_type != ((NFNL_SUBSYS_QUEUE << 8) | NFQNL_MSG_PACKET))
        return;
    while (end - at >= NLA_HDRLEN) {
        struct nlattr attribute;

        memcpy(&attribute, at, sizeof attribute);
        if (attribute.nla_len < NLA_HDRLEN || end - at < attribute.nla_len)
            break;
        read_attribute(&packet, &has_id, attribute.nla_type & NLA_TYPE_MASK, at + NLA_HDRLEN,
                       attribute.nla_len - (size_t)NLA_HDRLEN);
        at += NLA_ALIGN(attribute.nla_len);
    }
    if (packet.length < packet.byte_count)
        packet.length = packet.byte_count;
    if (has_id)
        receiver(&packet, context);
}

int queue_take(struct queue *queue, queue_receiver *receiver, void *context)
{
    static _Alignas(struct nlmsghdr) char buffer[256 * 1024];
    ssize_t size = recv(queue->socket, buffer, sizeof buffer, MSG_DONTWAIT);
    unsigned left;

    if (size < 0)
        return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -1;
    left = (unsigned)size;
    for (const struct nlmsghdr *header = (const struct nlmsghdr *)(const void *)buffer;
         NLMSG_OK(header, left); header = NLMSG_NEXT(header, left))
        read_message(header, receiver, context);
    return 0;
}

void queue_accept(const struct queue *queue, uint32_t id, const unsigned char *bytes, size_t count)
{
    static const char padding[NLA_ALIGNTO];
    struct nfqnl_msg_verdict_hdr verdict = {.verdict = htonl(NF_ACCEPT), .id = id};
    struct nlattr payload = {.nla_type = NFQA_PAYLOAD, .nla_len = (uint16_t)(NLA_HDRLEN + count)};
    struct message message;
    struct iovec parts[4] = {{&message, 0},
                             {&payload, sizeof payload},
                             {(void *)(uintptr_t)bytes, count},
                             {(void *)(uintptr_t)padding, NLA_ALIGN(count) - count}};

    fill(&message, queue, NFQNL_MSG_VERDICT, 0, NFQA_VERDICT_HDR, &verdict, sizeof verdict);
    parts[0].iov_len = message.header.nlmsg_len;
    if (bytes != NULL)
        message.header.nlmsg_len += (uint32_t)(sizeof payload + NLA_ALIGN(count));
    /* One that can't be sent leaves the packet with the kernel, which frees it as the queue ends.
     */
    if (writev(queue->socket, parts, bytes != NULL ? 4 : 1) < 0)
        perror("delay-line: a verdict was lost");
}

void queue_losses(const struct queue *queue, uint64_t *overflow, uint64_t *dropped)
{
    FILE *file = fopen("/proc/net/netfilter/nfnetlink_queue", "re");
    unsigned number;
    unsigned long long full;
    unsigned long long lost;

    *overflow = *dropped = 0;
    if (file == NULL)
        return;
    while (fscanf(file, "%u %*u %*u %*u %*u %llu %llu %*u %*u", &number, &full, &lost) == 3) {
        if (number == queue->number) {
            *overflow = full;
            *dropped = lost;
        }
    }
    fclose(file);
}
