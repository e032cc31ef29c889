/* Keeps the locks of a run's hosts from lapsing: a thread renews them until it is stopped. */
#ifndef RUNNER_LOCK_KEEPER_H
#define RUNNER_LOCK_KEEPER_H

#include <pthread.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/stop.h"
#include "runner/sessions.h"

struct lock_keeper {
    struct sessions *sessions;
    struct stop stop;
    pthread_t thread;
    bool running;
};

/* Renews what is locked of `sessions`, every third of the lease, from now on. A lock that can't be
 * renewed is told in the log; the experiment that it concerns looks itself at its ends. */
int lock_keeper_start(struct lock_keeper *keeper, struct sessions *sessions, struct error *error);

/* Ends the thread; without effect on a keeper that wasn't started. */
void lock_keeper_stop(struct lock_keeper *keeper);

#endif
