#include "runner/lock_keeper.h"

#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

#define RENEWAL (SESSION_LOCK_LEASE / 3)

static void *keep(void *argument)
{
    struct lock_keeper *keeper = argument;
    struct sessions *sessions = keeper->sessions;

    while (!stop_wait_until(&keeper->stop, clock_now() + RENEWAL)) {
        for (size_t i = 0; i < sessions->count && stop_reason(&keeper->stop) == 0; i++) {
            struct session *session = &sessions->items[i];
            struct error error = {0};

            /* A reset that began meanwhile takes connection and lock away. */
            if (session_renew_lock(session, sessions->owner, &error) < 0 &&
                atomic_load(&session->locked))
                log_warning("%s: lock: %s", session->host->name, error.what);
        }
    }
    return NULL;
}

int lock_keeper_start(struct lock_keeper *keeper, struct sessions *sessions, struct error *error)
{
    memset(keeper, 0, sizeof *keeper);
    keeper->sessions = sessions;
    if (stop_open(&keeper->stop, error) < 0)
        return -1;
    if (pthread_create(&keeper->thread, NULL, keep, keeper) != 0) {
        stop_close(&keeper->stop);
        return error_set(error, ERROR_INTERNAL, "can't start the thread that renews the locks");
    }
    keeper->running = true;
    return 0;
}

void lock_keeper_stop(struct lock_keeper *keeper)
{
    if (!keeper->running)
        return;
    stop_request(&keeper->stop, 1);
    pthread_join(keeper->thread, NULL);
    stop_close(&keeper->stop);
    keeper->running = false;
}
