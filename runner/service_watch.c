#include "runner/service_watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/injection_script.h"
#include "runner/testbed.h"

#define HUNDREDTH (CLOCK_SECOND / 100)
/* Linux tells user space of clock ticks of a hundredth of a second on every architecture in use. */
#define TICK HUNDREDTH
#define PATIENCE (20 * CLOCK_SECOND)

/* What the service 'service' of the contract prints. */
struct answer {
    const struct host *host;
    struct service_process *processes;
    size_t count;
    int64_t boot; /* target's clock */
};

static void take_line(const char *key, const char *text, void *context)
{
    struct answer *answer = context;
    struct service_process *process;
    char name[HOST_SERVICE_NAME_SIZE];

    if (strcmp(key, "instant") == 0) {
        answer->boot = strtoll(text, NULL, 10);
    } else if (strcmp(key, "uptime") == 0) {
        answer->boot -= strtoll(text, NULL, 10) * HUNDREDTH;
    } else if (strcmp(key, "process") == 0 && answer->count < answer->host->service_count) {
        process = &answer->processes[answer->count];
        if (sscanf(text, "%15s %" SCNd64 " %" SCNd64, name, &process->number, &process->started) ==
                3 &&
            strcmp(name, answer->host->services[answer->count]) == 0) {
            process->started_ns = answer->boot + process->started * TICK;
            answer->count++;
        }
    }
}

int service_processes_read(struct access *access, struct service_process *processes,
                           struct error *error)
{
    const struct host *host = access_host(access);
    const char *arguments[HOST_MOST_SERVICES + 2] = {"service"};
    struct answer answer = {.host = host, .processes = processes};

    for (size_t i = 0; i < host->service_count; i++)
        arguments[i + 1] = host->services[i];
    if (injection_service(access, arguments, PATIENCE, take_line, &answer, error) < 0)
        return error_target(error, host->name);
    if (answer.count == host->service_count)
        return 0;
    error_set(error, ERROR_UNREACHABLE, "the target did not tell of the processes of its service");
    return error_target(error, host->name);
}

int service_processes_check(const struct host *host, const struct service_process *processes,
                            struct error *error)
{
    for (size_t i = 0; i < host->service_count; i++) {
        if (processes[i].number != 0)
            continue;
        error_set(error, ERROR_UNREACHABLE, "no process '%s' runs", host->services[i]);
        error_target(error, host->name);
        return error_hint(error, "start it, or mend service-processes in the testbed file");
    }
    return 0;
}

static int begin_on(struct service_watch *watch, const struct session *session, struct error *error)
{
    struct service_process found[HOST_MOST_SERVICES] = {{0}};
    const struct host *host = session->host;

    if (service_processes_read(session->access, found, error) < 0 ||
        service_processes_check(host, found, error) < 0)
        return -1;
    for (size_t i = 0; i < host->service_count; i++)
        watch->items[watch->count++] =
            (struct watched_process){session, host->services[i], found[i], {0}};
    return 0;
}

int service_watch_begin(struct service_watch *watch, struct sessions *sessions, struct error *error)
{
    size_t most = 0;

    for (size_t i = 0; i < sessions->count; i++)
        most += sessions->items[i].host->service_count;
    memset(watch, 0, sizeof *watch);
    watch->items = memory_new(most, sizeof *watch->items);
    for (size_t i = 0; i < sessions->count; i++) {
        const struct session *session = &sessions->items[i];

        if (session->host->service_count > 0 && begin_on(watch, session, error) < 0)
            return -1;
    }
    return 0;
}

int service_watch_end(struct service_watch *watch, struct sessions *sessions, struct error *error)
{
    struct service_process found[HOST_MOST_SERVICES];
    size_t next = 0;

    for (size_t i = 0; i < sessions->count; i++) {
        struct session *session = &sessions->items[i];

        if (session->host->service_count == 0)
            continue;
        if (session_reconnect(session, clock_now() + PATIENCE, error) < 0 ||
            service_processes_read(session->access, found, error) < 0)
            return -1;
        for (size_t j = 0; j < session->host->service_count; j++)
            watch->items[next++].after = found[j];
    }
    return 0;
}

void service_watch_free(struct service_watch *watch)
{
    free(watch->items);
    memset(watch, 0, sizeof *watch);
}
