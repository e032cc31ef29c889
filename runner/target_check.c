#include "runner/target_check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/target_inspection.h"

/* Hosts that are looked at side by side: one that does not answer must not hold up the others. */
#define WORKERS 16

static void add(struct target_checks *checks, const struct target_check *check)
{
    checks->items =
        memory_grow(checks->items, checks->count, &checks->capacity, sizeof *checks->items);
    checks->items[checks->count++] = *check;
    checks->failed += !check->passed;
}

void inspection_conclude(struct inspection *inspection, const char *item, int result,
                         const struct finding_text *found, const struct error *error)
{
    struct target_check check = {.passed = result == 0};

    snprintf(check.host, sizeof check.host, "%s", inspection->host->name);
    snprintf(check.item, sizeof check.item, "%s", item);
    snprintf(check.detail, sizeof check.detail, "%s", result == 0 ? found->text : error->what);
    snprintf(check.hint, sizeof check.hint, "%s", result == 0 ? "" : error->hint);
    add(&inspection->checks, &check);
}

static void inspect(struct inspection *inspection)
{
    inspection_check_host(inspection);
    /* A fault is not probed in the middle of another run's experiment. */
    if (inspection->access != NULL && !inspection->locked)
        inspection_check_faults(inspection);
    inspection_check_sources(inspection);
    if (inspection->setting->sessions == NULL && inspection->access != NULL)
        access_close(inspection->access);
}

struct queue {
    struct inspection *inspections;
    size_t count;
    atomic_size_t next;
    struct stop *stop;
};

static void *work(void *argument)
{
    struct queue *queue = argument;
    size_t index;

    while (stop_reason(queue->stop) == 0 &&
           (index = atomic_fetch_add(&queue->next, 1)) < queue->count)
        inspect(&queue->inspections[index]);
    return NULL;
}

static void work_side_by_side(struct queue *queue)
{
    pthread_t threads[WORKERS];
    size_t started = 0;

    while (started < WORKERS && started < queue->count &&
           pthread_create(&threads[started], NULL, work, queue) == 0)
        started++;
    /* Without any thread to be had it goes more slowly. */
    if (started == 0)
        work(queue);
    while (started > 0)
        pthread_join(threads[--started], NULL);
}

int target_check(const struct target_check_setting *setting, struct target_checks *checks,
                 struct error *error)
{
    const struct testbed *testbed = setting->testbed;
    /* A run reaches its monitoring hosts when it opens its sources. */
    size_t read_only = setting->sessions == NULL ? testbed->monitoring_host_count : 0;
    size_t count = testbed->host_count + read_only;
    struct queue queue = {
        .inspections = memory_new(count, sizeof *queue.inspections),
        .count = count,
        .stop = setting->stop,
    };
    size_t hosts_failed = 0;

    memset(checks, 0, sizeof *checks);
    for (size_t i = 0; i < count; i++) {
        queue.inspections[i].setting = setting;
        queue.inspections[i].host = i < testbed->host_count
                                        ? &testbed->hosts[i]
                                        : &testbed->monitoring_hosts[i - testbed->host_count];
        if (setting->sessions != NULL)
            queue.inspections[i].access = setting->sessions->items[i].access;
    }
    work_side_by_side(&queue);
    for (size_t i = 0; i < count; i++) {
        struct target_checks *own = &queue.inspections[i].checks;

        for (size_t j = 0; j < own->count; j++)
            add(checks, &own->items[j]);
        hosts_failed += own->failed > 0;
        target_checks_free(own);
    }
    free(queue.inspections);
    if (checks->failed == 0)
        return 0;
    return error_set(error, ERROR_UNREACHABLE, "%zu of %zu checks failed, on %zu of %zu hosts",
                     checks->failed, checks->count, hosts_failed, count);
}

void target_checks_free(struct target_checks *checks)
{
    free(checks->items);
    memset(checks, 0, sizeof *checks);
}
