/*
 * delay-line QUEUE LIMIT STATISTICS [NAME=VALUE ...]
 *
 * Holds the packets of netfilter queue QUEUE and lets them go on, LIMIT at most at a time:
 *
 *   delay=MICROSECONDS  jitter=MICROSECONDS  distribution=uniform|normal|pareto  order=free|kept
 *   overtaking=SHARE    duplicated=SHARE     damaged=SHARE (0 to 1)               rate=BITS/S
 *   mark=NUMBER         of the second ones of those that go twice
 *
 * Writes its counts to the file STATISTICS once it is ready, at SIGUSR1 and at its end; SIGTERM
 * lets all go at once and ends it. Rules should lead to the queue with --queue-bypass, so that its
 * death frees the traffic. Runs on a target, where nothing of ours is installed: static, and no
 * library.
 */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "again.h"
#include "effects.h"
#include "held.h"
#include "options.h"
#include "queue.h"

struct delay_line {
    struct queue queue;
    struct effects effects;
    struct held held;
    struct again again;
    const char *statistics;
    int64_t arrival;    /* of what is being taken, monotonic, ns */
    uint64_t arrived;   /* packets */
    uint64_t delayed;   /* let go after their time */
    uint64_t bytes;     /* of those */
    double held_sum;    /* us */
    double held_square; /* us^2 */
    uint64_t overtaking;
    uint64_t duplicated;
    uint64_t damaged;
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

/* A packet came in. */
static void hold(const struct queued_packet *queued, void *context)
{
    struct delay_line *line = context;
    struct held_packet packet = {.arrival = line->arrival,
                                 .number = line->arrived++,
                                 .id = queued->id,
                                 .interface = queued->interface};

    packet.fate = effects_draw(&line->effects, line->arrival, queued->length);
    if ((packet.fate.is_damaged || packet.fate.goes_twice) && queued->byte_count > 0) {
        packet.bytes = malloc(queued->byte_count);
        if (packet.bytes != NULL) {
            memcpy(packet.bytes, queued->bytes, queued->byte_count);
            packet.byte_count = queued->byte_count;
        }
    }
    line->bytes += queued->length;
    /* The kernel keeps to the same limit. */
    if (line->held.count < line->held.capacity) {
        held_add(&line->held, &packet);
    } else {
        queue_accept(&line->queue, packet.id, NULL, 0);
        free(packet.bytes);
    }
}

static void let_go(struct delay_line *line, struct held_packet *packet, int64_t time)
{
    double held = (double)(time - packet->arrival) / 1000;
    bool is_damaged = packet->fate.is_damaged && packet->bytes != NULL;
    bool goes_twice = packet->fate.goes_twice && packet->bytes != NULL;

    if (goes_twice &&
        again_send(&line->again, packet->bytes, packet->byte_count, packet->interface) == 0)
        line->duplicated++;
    if (is_damaged)
        effects_damage(&line->effects, packet->bytes, packet->byte_count);
    queue_accept(&line->queue, packet->id, is_damaged ? packet->bytes : NULL, packet->byte_count);
    free(packet->bytes);
    line->damaged += is_damaged;
    line->overtaking += packet->fate.overtakes;
    line->delayed++;
    line->held_sum += held;
    line->held_square += held * held;
}

/* Lets go what leaves until `deadline`. */
static void release(struct delay_line *line, int64_t deadline)
{
    int64_t time = now();

    while (line->held.count > 0 && line->held.packets[0].fate.leaves <= deadline) {
        struct held_packet packet = held_remove(&line->held);

        let_go(line, &packet, time);
    }
}

/* Writes the file anew, as a whole. */
static void write_statistics(const struct delay_line *line)
{
    double count = line->delayed > 0 ? (double)line->delayed : 1;
    double mean = line->held_sum / count;
    double variance = line->held_square / count - mean * mean;
    char temporary[4096];
    uint64_t overflow;
    uint64_t dropped;
    FILE *file;

    snprintf(temporary, sizeof temporary, "%s.new", line->statistics);
    file = fopen(temporary, "we");
    if (file == NULL)
        return;
    queue_losses(&line->queue, &overflow, &dropped);
    fprintf(file, "arrived %llu\ndelayed %llu\ndropped %llu\noverflow %llu\nheld %zu\n",
            (unsigned long long)line->arrived, (unsigned long long)line->delayed,
            (unsigned long long)dropped, (unsigned long long)overflow, line->held.count);
    fprintf(file, "mean-delay %.0f\ndeviation %.0f\novertaking %llu\nduplicated %llu\n", mean,
            sqrt(variance > 0 ? variance : 0), (unsigned long long)line->overtaking,
            (unsigned long long)line->duplicated);
    fprintf(file, "damaged %llu\nbytes %llu\n", (unsigned long long)line->damaged,
            (unsigned long long)line->bytes);
    if (fclose(file) == 0)
        rename(temporary, line->statistics);
}

static int run(struct delay_line *line)
{
    sigset_t none;

    sigemptyset(&none);
    while (!ending) {
        struct pollfd watch = {.fd = line->queue.socket, .events = POLLIN};
        struct timespec wait = {0};

        if (line->held.count > 0) {
            int64_t left = line->held.packets[0].fate.leaves - now();

            left = left > 0 ? left : 0;
            wait.tv_sec = left / 1000000000;
            wait.tv_nsec = left % 1000000000;
        }
        if (ppoll(&watch, 1, line->held.count > 0 ? &wait : NULL, &none) < 0 && errno != EINTR)
            return -1;
        line->arrival = now();
        if (watch.revents != 0 && queue_take(&line->queue, hold, line) < 0)
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

static int open_line(struct delay_line *line, const struct options *options)
{
    line->effects = options->effects;
    line->statistics = options->statistics;
    line->queue.number = options->queue;
    line->effects.random = (uint64_t)now() | 1;
    line->queue.whole_packets = line->effects.duplicated > 0 || line->effects.damaged > 0;
    if (held_open(&line->held, options->limit) < 0 || queue_open(&line->queue, options->limit) < 0)
        return -1;
    return line->effects.duplicated > 0 ? again_open(&line->again, options->mark) : 0;
}

int main(int count, char **arguments)
{
    struct delay_line line = {0};
    struct options options = {0};
    int result;

    if (!options_read(&options, count, arguments)) {
        fputs("usage: delay-line QUEUE LIMIT STATISTICS [delay=US] [jitter=US]"
              " [distribution=uniform|normal|pareto] [order=free|kept] [overtaking=SHARE]"
              " [duplicated=SHARE mark=NUMBER] [damaged=SHARE] [rate=BITS/S]\n",
              stderr);
        return 64;
    }
    prepare_process();
    if (open_line(&line, &options) < 0) {
        fprintf(stderr, "delay-line: can't hold packets of queue %d: %s\n", line.queue.number,
                strerror(errno));
        free(line.held.packets);
        return 1;
    }
    write_statistics(&line);
    result = run(&line);
    if (result < 0)
        fprintf(stderr, "delay-line: lost the queue: %s\n", strerror(errno));
    queue_take(&line.queue, hold, &line);
    release(&line, INT64_MAX);
    write_statistics(&line);
    free(line.held.packets);
    return result < 0 ? 1 : 0;
}
