/*
 * From command to edge: packet-loss on many targets at once, over connections that are open.
 *
 *   inject_probe KEY KNOWN_HOSTS ROUNDS ADDRESS ...
 *
 * Prints, the least over the rounds, in ms: 'all', until the fault is in on every target; 'each',
 * the median of a target's own time; 'gone' and 'each-gone', the same until it is out; and
 * 'command', what one that does nothing takes on the first.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/injection.h"

struct target {
    struct host host;
    struct access *access;
    struct injection *injection;
    char token[24];
    int64_t took; /* ns, of the last step */
    struct error error;
    int result;
    pthread_t thread;
};

typedef int step_function(struct injection *injection, struct injection_report *report,
                          struct error *error);

struct crowd {
    struct target *targets;
    size_t count;
    const struct injector *injector;
};

static int fail(const struct error *error)
{
    fprintf(stderr, "inject_probe: %s %s: %s\n", error->target, error->where, error->what);
    exit(1);
}

static void *open_one(void *argument)
{
    struct target *target = argument;

    target->result = access_open(&target->host, &target->access, &target->error);
    return NULL;
}

static step_function *step;
static int64_t began;

static void *take_one(void *argument)
{
    struct target *target = argument;
    struct injection_report report;

    target->result = step(target->injection, &report, &target->error);
    target->took = clock_now() - began;
    return NULL;
}

/* On all targets side by side; ends the program if it fails on one. Returns the time of all, ns. */
static int64_t on_all(struct crowd *crowd, void *(*one)(void *))
{
    began = clock_now();
    for (size_t i = 0; i < crowd->count; i++) {
        if (pthread_create(&crowd->targets[i].thread, NULL, one, &crowd->targets[i]) != 0)
            abort();
    }
    for (size_t i = 0; i < crowd->count; i++)
        pthread_join(crowd->targets[i].thread, NULL);
    for (size_t i = 0; i < crowd->count; i++) {
        if (crowd->targets[i].result < 0)
            fail(&crowd->targets[i].error);
    }
    return clock_now() - began;
}

static int64_t take(struct crowd *crowd, step_function *function)
{
    step = function;
    return on_all(crowd, take_one);
}

static int compare_times(const void *left, const void *right)
{
    const int64_t *a = left;
    const int64_t *b = right;

    return (*a > *b) - (*a < *b);
}

static int64_t median_time(const struct crowd *crowd)
{
    int64_t *times = memory_new(crowd->count, sizeof *times);
    int64_t median;

    for (size_t i = 0; i < crowd->count; i++)
        times[i] = crowd->targets[i].took;
    qsort(times, crowd->count, sizeof *times, compare_times);
    median = times[crowd->count / 2];
    free(times);
    return median;
}

static int64_t command_time(struct access *access)
{
    const char *const argv[] = {"true", NULL};
    int64_t least = INT64_MAX;

    for (int i = 0; i < 10; i++) {
        int64_t start = clock_now();
        struct error error = {0};

        if (access_check(access, argv, 0, &error) < 0)
            fail(&error);
        if (clock_now() - start < least)
            least = clock_now() - start;
    }
    return least;
}

static void make_injections(struct crowd *crowd, int round)
{
    for (size_t i = 0; i < crowd->count; i++) {
        struct target *target = &crowd->targets[i];
        struct injection_request request = {.token = target->token,
                                            .injector = crowd->injector,
                                            .value = 10,
                                            .most = 10,
                                            .lease = 60 * CLOCK_SECOND,
                                            .length = 60 * CLOCK_SECOND};

        injection_free(target->injection);
        snprintf(target->token, sizeof target->token, "bench%03u%06u", (unsigned)round % 1000,
                 (unsigned)i % 1000000);
        target->injection = injection_new(target->access, &request);
    }
}

/* The shell that a run has ready a second before an edge. */
static int make_ready(struct injection *injection, struct injection_report *report,
                      struct error *error)
{
    (void)report;
    return injection_ready(injection, 60 * CLOCK_SECOND, error);
}

static int rest(struct injection *injection, struct injection_report *report, struct error *error)
{
    (void)report;
    (void)error;
    injection_rest(injection);
    return 0;
}

/* Takes a step that ends with an edge, and keeps the least times. */
static void take_edge(struct crowd *crowd, step_function *function, int64_t *all, int64_t *each)
{
    int64_t time;

    take(crowd, make_ready);
    time = take(crowd, function);
    *all = time < *all ? time : *all;
    time = median_time(crowd);
    *each = time < *each ? time : *each;
    take(crowd, rest);
}

static void run_rounds(struct crowd *crowd, int rounds)
{
    int64_t all = INT64_MAX;
    int64_t each = INT64_MAX;
    int64_t gone = INT64_MAX;
    int64_t each_gone = INT64_MAX;

    for (int round = 0; round < rounds; round++) {
        make_injections(crowd, round);
        take(crowd, injection_probe);
        take(crowd, injection_arm);
        take_edge(crowd, injection_apply, &all, &each);
        take_edge(crowd, injection_revert, &gone, &each_gone);
        take(crowd, injection_prove);
    }
    printf("all %.1f\neach %.1f\ngone %.1f\neach-gone %.1f\ncommand %.1f\n", (double)all / 1e6,
           (double)each / 1e6, (double)gone / 1e6, (double)each_gone / 1e6,
           (double)command_time(crowd->targets[0].access) / 1e6);
}

int main(int count, char **arguments)
{
    struct injector_table table;
    struct error error = {0};
    struct crowd crowd = {.count = (size_t)(count - 4)};

    if (count < 5)
        return 64;
    if (injector_table_read(&table, &error) < 0)
        return fail(&error);
    crowd.injector = injector_find(&table, "packet-loss");
    crowd.targets = memory_new(crowd.count, sizeof *crowd.targets);
    for (size_t i = 0; i < crowd.count; i++)
        crowd.targets[i].host = (struct host){.kind = HOST_TARGET,
                                              .name = arguments[4 + i],
                                              .role = "",
                                              .reboot = "reboot",
                                              .access = {.method = "ssh",
                                                         .address = arguments[4 + i],
                                                         .user = "root",
                                                         .port = 22,
                                                         .key = arguments[1],
                                                         .certificate = "",
                                                         .known_hosts = arguments[2],
                                                         .network_namespace = "",
                                                         .timeout = 60 * CLOCK_SECOND}};
    on_all(&crowd, open_one);
    run_rounds(&crowd, atoi(arguments[3]));
    for (size_t i = 0; i < crowd.count; i++) {
        injection_free(crowd.targets[i].injection);
        access_close(crowd.targets[i].access);
    }
    free(crowd.targets);
    injector_table_free(&table);
    return 0;
}
