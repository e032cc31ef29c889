/* Keeps the locks of a run's hosts from lapsing: threads renew them until they are stopped. */
#ifndef RUNNER_LOCK_KEEPER_H
#define RUNNER_LOCK_KEEPER_H

#include <pthread.h>
#include <stddef.h>

#include "base/error.h"
#include "base/stop.h"
#include "runner/sessions.h"

struct kept_lock;

struct lock_keeper {
    struct sessions *sessions;
    struct stop stop;
    struct kept_lock *locks; /* one for each session; NULL while it isn't started */
    size_t count;
};

/* Renews what is locked of `sessions`, each host by itself every third of the lease, from now on,
 * and connects again where the connection is lost. A lock that can't be renewed is told in the log;
 * the experiment that it concerns looks itself at its ends. */
int lock_keeper_start(struct lock_keeper *keeper, struct sessions *sessions, struct error *error);

/* Ends the threads; without effect on a keeper that wasn't started. */
void lock_keeper_stop(struct lock_keeper *keeper);

#endif
