/*
 * delay-line QUEUE DELAY LIMIT STATISTICS
 *
 * Holds each packet of netfilter queue QUEUE for DELAY microseconds, then lets it go on, in order.
 * At most LIMIT packets are held. Writes its counts to the file STATISTICS once it is ready, at
 * SIGUSR1 and at its end; SIGTERM lets all go at once and ends it. Rules should lead to the queue
 * with --queue-bypass, so that its death frees the traffic.
 *
 * Runs on a target, where nothing of ours is installed: static, and raw netlink instead of a
 * library (linux/netfilter/nfnetlink_queue.h).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct held_packet {
    int64_t arrival; /* monotonic, ns */
    uint32_t number; /* the kernel's, network byte order */
};

/* A ring of `capacity` packets, oldest at `first`; all are held for the same time, so the order
 * of arrival is the order of their deadlines. */
struct delay_line {
    int socket;
    uint16_t queue;
    int64_t delay; /* ns */
    struct held_packet *packets;
    size_t capacity;
    size_t first;
    size_t count;
    const char *statistics;
    uint64_t delayed;
    int64_t delay_sum; /* ns, of what was let go after its time */
};

static volatile sig_atomic_t ending;
static volatile sig_atomic_t asked;

static void on_signal(int number)
{
    if (number == SIGUSR1)
        asked = 1;
    else
        ending = 1;
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Sends one message about the queue with one attribute; asks for an answer if `flags` says so. */
static int send_message(const struct delay_line *line, int type, int flags, int attribute,
                        const void *value, size_t size)
{
    struct {
        struct nlmsghdr header;
        struct nfgenmsg queue;
        struct nlattr attribute;
        char value[32];
    } message = {0};

    message.header.nlmsg_len = (uint32_t)(offsetof(__typeof__(message), value) + NLA_ALIGN(size));
    message.header.nlmsg_type = (uint16_t)((NFNL_SUBSYS_QUEUE << 8) | type);
    message.header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    message.queue.nfgen_family = AF_UNSPEC;
    message.queue.version = NFNETLINK_V0;
    message.queue.res_id = htons(line->queue);
    message.attribute.nla_type = (uint16_t)attribute;
    message.attribute.nla_len = (uint16_t)(NLA_HDRLEN + size);
    memcpy(message.value, value, size);
    return send(line->socket, &message, message.header.nlmsg_len, 0) < 0 ? -1 : 0;
}

/* Sets the queue up and waits for the kernel's word on it: 0, or -1 with errno. */
static int configure(const struct delay_line *line, int attribute, const void *value, size_t size)
{
    struct {
        struct nlmsghdr header;
        struct nlmsgerr error;
    } answer;

    if (send_message(line, NFQNL_MSG_CONFIG, NLM_F_ACK, attribute, value, size) < 0)
        return -1;
    /* Packets may come in between once the queue is bound; there is no rule yet, so none do. */
    do {
        if (recv(line->socket, &answer, sizeof answer, 0) < (ssize_t)sizeof answer)
            return -1;
    } while (answer.header.nlmsg_type != NLMSG_ERROR);
    errno = -answer.error.error;
    return answer.error.error == 0 ? 0 : -1;
}

static int open_queue(struct delay_line *line)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    struct nfqnl_msg_config_cmd bind_queue = {.command = NFQNL_CFG_CMD_BIND};
    struct nfqnl_msg_config_params packets = {.copy_range = htonl(0), .copy_mode = NFQNL_COPY_META};
    uint32_t limit = htonl((uint32_t)line->capacity);
    int size = 16 * 1024 * 1024;
    int on = 1;

    line->socket = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
    if (line->socket < 0 || bind(line->socket, (struct sockaddr *)&address, sizeof address) < 0)
        return -1;
    setsockopt(line->socket, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    setsockopt(line->socket, SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof on);
    if (configure(line, NFQA_CFG_CMD, &bind_queue, sizeof bind_queue) < 0 ||
        configure(line, NFQA_CFG_PARAMS, &packets, sizeof packets) < 0 ||
        configure(line, NFQA_CFG_QUEUE_MAXLEN, &limit, sizeof limit) < 0)
        return -1;
    return 0;
}

static void hold(struct delay_line *line, uint32_t number, int64_t arrival)
{
    if (line->count == line->capacity)
        return; /* can't be: the kernel keeps to the same limit */
    line->packets[(line->first + line->count) % line->capacity] =
        (struct held_packet){.arrival = arrival, .number = number};
    line->count++;
}

/* Takes the packet's number out of one message. */
static void take_message(struct delay_line *line, const struct nlmsghdr *header, int64_t arrival)
{
    const char *end = (const char *)header + header->nlmsg_len;
    const char *at = (const char *)NLMSG_DATA(header) + NLMSG_ALIGN(sizeof(struct nfgenmsg));

    if (header->nlmsg_type != ((NFNL_SUBSYS_QUEUE << 8) | NFQNL_MSG_PACKET))
        return;
    while (end - at >= NLA_HDRLEN) {
        struct nlattr attribute;

        memcpy(&attribute, at, sizeof attribute);
        if (attribute.nla_len < NLA_HDRLEN || end - at < attribute.nla_len)
            return;
        if ((attribute.nla_type & NLA_TYPE_MASK) == NFQA_PACKET_HDR) {
            uint32_t number;

            memcpy(&number, at + NLA_HDRLEN, sizeof number);
            hold(line, number, arrival);
            return;
        }
        at += NLA_ALIGN(attribute.nla_len);
    }
}

/* Takes all messages that are there. Returns -1 if the socket fails. */
static int take(struct delay_line *line)
{
    static _Alignas(struct nlmsghdr) char buffer[65536];
    ssize_t size = recv(line->socket, buffer, sizeof buffer, MSG_DONTWAIT);
    int64_t arrival = now();
    unsigned left;

    if (size < 0)
        return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -1;
    left = (unsigned)size;
    for (const struct nlmsghdr *header = (const struct nlmsghdr *)(const void *)buffer;
         NLMSG_OK(header, left); header = NLMSG_NEXT(header, left))
        take_message(line, header, arrival);
    return 0;
}

/* Lets go what has been held until `deadline`: one message for all, since they go in order. */
static void release(struct delay_line *line, int64_t deadline)
{
    struct nfqnl_msg_verdict_hdr verdict = {.verdict = htonl(NF_ACCEPT)};
    size_t due = 0;
    int64_t time = now();

    while (line->count > 0) {
        const struct held_packet *packet = &line->packets[line->first];

        if (packet->arrival > deadline - line->delay)
            break;
        verdict.id = packet->number;
        line->delay_sum += time - packet->arrival;
        line->first = (line->first + 1) % line->capacity;
        line->count--;
        due++;
    }
    if (due > 0)
        send_message(line, NFQNL_MSG_VERDICT_BATCH, 0, NFQA_VERDICT_HDR, &verdict, sizeof verdict);
    line->delayed += due;
}

/* What the kernel lost: more than the limit (overflow), or not handed to us (dropped). */
static void kernel_counts(const struct delay_line *line, uint64_t *overflow, uint64_t *dropped)
{
    FILE *file = fopen("/proc/net/netfilter/nfnetlink_queue", "re");
    unsigned queue;
    unsigned long long full;
    unsigned long long lost;

    *overflow = *dropped = 0;
    if (file == NULL)
        return;
    while (fscanf(file, "%u %*u %*u %*u %*u %llu %llu %*u %*u", &queue, &full, &lost) == 3) {
        if (queue == line->queue) {
            *overflow = full;
            *dropped = lost;
        }
    }
    fclose(file);
}

/* Writes the file anew, as a whole. */
static void write_statistics(const struct delay_line *line)
{
    char temporary[4096];
    uint64_t overflow;
    uint64_t dropped;
    FILE *file;

    snprintf(temporary, sizeof temporary, "%s.new", line->statistics);
    file = fopen(temporary, "we");
    if (file == NULL)
        return;
    kernel_counts(line, &overflow, &dropped);
    fprintf(file, "delayed %llu\ndropped %llu\noverflow %llu\nheld %zu\nmean-delay %lld\n",
            (unsigned long long)line->delayed, (unsigned long long)dropped,
            (unsigned long long)overflow, line->count,
            line->delayed == 0 ? 0LL
                               : (long long)(line->delay_sum / (int64_t)line->delayed / 1000));
    if (fclose(file) == 0)
        rename(temporary, line->statistics);
}

static int run(struct delay_line *line)
{
    sigset_t none;

    sigemptyset(&none);
    while (!ending) {
        struct pollfd watch = {.fd = line->socket, .events = POLLIN};
        struct timespec wait = {0};
        int64_t left = 0;

        if (line->count > 0) {
            left = line->packets[line->first].arrival + line->delay - now();
            left = left > 0 ? left : 0;
            wait.tv_sec = left / 1000000000;
            wait.tv_nsec = left % 1000000000;
        }
        if (ppoll(&watch, 1, line->count > 0 ? &wait : NULL, &none) < 0 && errno != EINTR)
            return -1;
        if (watch.revents != 0 && take(line) < 0)
            return -1;
        release(line, now());
        if (asked) {
            asked = 0;
            write_statistics(line);
        }
    }
    return 0;
}

/* Signals are blocked but for the wait, so that none gets lost between look and wait. */
static void prepare_process(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    /* A late delay line delays more than it should: be called as exactly as we are allowed. */
    prctl(PR_SET_TIMERSLACK, 1UL);
    setpriority(PRIO_PROCESS, 0, -20);
    mlockall(MCL_CURRENT | MCL_FUTURE);
}

static long number_of(const char *text, long least, long most)
{
    char *end;
    long number = strtol(text, &end, 10);

    return *text == '\0' || *end != '\0' || number < least || number > most ? -1 : number;
}

int main(int count, char **arguments)
{
    struct delay_line line = {.statistics = count == 5 ? arguments[4] : NULL};
    long queue = count == 5 ? number_of(arguments[1], 0, 65535) : -1;
    long delay = count == 5 ? number_of(arguments[2], 1, 60000000) : -1;
    long limit = count == 5 ? number_of(arguments[3], 1, 4000000) : -1;

    if (queue < 0 || delay < 0 || limit < 0) {
        fputs("usage: delay-line QUEUE DELAY-MICROSECONDS LIMIT STATISTICS\n", stderr);
        return 64;
    }
    line.queue = (uint16_t)queue;
    line.delay = (int64_t)delay * 1000;
    line.capacity = (size_t)limit;
    line.packets = calloc(line.capacity, sizeof *line.packets);
    prepare_process();
    if (line.packets == NULL || open_queue(&line) < 0) {
        fprintf(stderr, "delay-line: can't hold packets of queue %ld: %s\n", queue,
                strerror(errno));
        free(line.packets);
        return 1;
    }
    write_statistics(&line);
    if (run(&line) < 0)
        fprintf(stderr, "delay-line: lost the queue: %s\n", strerror(errno));
    take(&line);
    release(&line, INT64_MAX);
    write_statistics(&line);
    free(line.packets);
    return 0;
}
