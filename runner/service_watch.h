/*
 * The processes of the targets' services, as the testbed file names them: whether they lived
 * through an experiment. A service that ends and is started again within a fault would otherwise go
 * unnoticed, or pass for what the fault did.
 */
#ifndef RUNNER_SERVICE_WATCH_H
#define RUNNER_SERVICE_WATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/access.h"
#include "runner/sessions.h"

/* A process, told from every other by its number and start. */
struct service_process {
    int64_t number;     /* 0: there is none of that name */
    int64_t started;    /* clock ticks since boot */
    int64_t started_ns; /* on the target's clock, to a hundredth of a second */
};

/* The oldest process of a name at both ends of an experiment. */
struct watched_process {
    const struct session *session;
    const char *name;
    struct service_process before;
    struct service_process after;
};

struct service_watch {
    struct watched_process *items;
    size_t count;
};

/* The processes of the host's service, as many as it names; `processes` has room for them. */
int service_processes_read(struct access *access, struct service_process *processes,
                           struct error *error);

/* ERROR_UNREACHABLE if one of the processes is not there. */
int service_processes_check(const struct host *host, const struct service_process *processes,
                            struct error *error);

/* Looks at every target. ERROR_UNREACHABLE if a process is not there. Free with
 * service_watch_free, also after an error. */
int service_watch_begin(struct service_watch *watch, struct sessions *sessions,
                        struct error *error);
/* Looks again, after a connection that was lost is there again. */
int service_watch_end(struct service_watch *watch, struct sessions *sessions, struct error *error);
void service_watch_free(struct service_watch *watch);

#endif
