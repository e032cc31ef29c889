#include "runner/lock_keeper.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

#define RENEWAL (SESSION_LOCK_LEASE / 3)

/* The lock of one host, in a thread of its own: a host that hangs must not have others' lapse. */
struct kept_lock {
    struct lock_keeper *keeper;
    struct session *session;
    pthread_t thread;
};

static void *keep(void *argument)
{
    struct kept_lock *kept = argument;
    struct session *session = kept->session;

    while (!stop_wait_until(&kept->keeper->stop, clock_now() + RENEWAL)) {
        struct error error = {0};

        /* A reset that began meanwhile takes connection and lock away. */
        if (session_renew_lock(session, kept->keeper->sessions->owner, &error) < 0 &&
            atomic_load(&session->locked))
            log_warning("%s: lock: %s", session->host->name, error.what);
    }
    return NULL;
}

int lock_keeper_start(struct lock_keeper *keeper, struct sessions *sessions, struct error *error)
{
    memset(keeper, 0, sizeof *keeper);
    keeper->sessions = sessions;
    if (stop_open(&keeper->stop, error) < 0)
        return -1;
    keeper->locks = memory_new(sessions->count, sizeof *keeper->locks);
    for (; keeper->count < sessions->count; keeper->count++) {
        struct kept_lock *kept = &keeper->locks[keeper->count];

        kept->keeper = keeper;
        kept->session = &sessions->items[keeper->count];
        if (pthread_create(&kept->thread, NULL, keep, kept) != 0) {
            lock_keeper_stop(keeper);
            return error_set(error, ERROR_INTERNAL, "can't start a thread that renews a lock");
        }
    }
    return 0;
}

void lock_keeper_stop(struct lock_keeper *keeper)
{
    if (keeper->locks == NULL)
        return;
    stop_request(&keeper->stop, 1);
    for (size_t i = 0; i < keeper->count; i++)
        pthread_join(keeper->locks[i].thread, NULL);
    stop_close(&keeper->stop);
    free(keeper->locks);
    memset(keeper, 0, sizeof *keeper);
}
