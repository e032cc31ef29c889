/*
 * The hosts of a run: one open access, one lock and one clock offset each, from the start of the
 * run to its end.
 */
#ifndef RUNNER_SESSIONS_H
#define RUNNER_SESSIONS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/access.h"
#include "runner/testbed.h"

struct clock_offset {
    int64_t offset; /* host's clock minus runner's clock, ns */
    int64_t bound;  /* of the offset's error, ns */
};

struct session {
    const struct host *host;
    struct access *access;
    int64_t target_id; /* row of table target; 0 for a load host */
    struct clock_offset clock;
    atomic_bool locked;
    atomic_int ready; /* injections that have a shell wait on it */
    pthread_mutex_t reconnecting;
};

struct sessions {
    struct session *items; /* in the order of the testbed */
    size_t count;
    char *owner; /* text in the locks */
};

/* How long a lock on a host outlives the runner. */
#define SESSION_LOCK_LEASE (60 * CLOCK_SECOND)

/* Connects to every host of the testbed. Nothing stays open on failure. ERROR_LOCKED if one can't
 * be reached while another run has the testbed, whose reset or fault may be why. */
int sessions_open(const struct testbed *testbed, const char *owner, struct sessions *sessions,
                  struct error *error);
void sessions_close(struct sessions *sessions);

/* The session of the host of that name, or NULL. */
struct session *sessions_find(struct sessions *sessions, const char *name);

/* Take and renew the lock of one host, which says `owner`; a host that isn't locked has none to
 * renew. Renewing connects again where the connection is lost. ERROR_LOCKED if another run holds
 * it. */
int session_lock(struct session *session, const char *owner, struct error *error);
int session_renew_lock(struct session *session, const char *owner, struct error *error);

/* Takes the lock of every host, or of none; those of load hosts first, which no reset takes away,
 * so that a run is not met without. ERROR_LOCKED if another run has one. With `resume` also one
 * that a process had which recorded into the same folder. */
int sessions_lock(struct sessions *sessions, bool resume, struct error *error);
int sessions_renew_locks(struct sessions *sessions, struct error *error);
int sessions_unlock(struct sessions *sessions, struct error *error);

/* Measures every clock offset anew. */
int sessions_measure_clocks(struct sessions *sessions, struct error *error);

/*
 * Connects again if the connection is lost, trying until `deadline` (runner's clock). Threads
 * that share the session wait for the first of them.
 */
int session_reconnect(struct session *session, int64_t deadline, struct error *error);

#endif
