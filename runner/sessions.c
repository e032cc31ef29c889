#include "runner/sessions.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/lock_owner.h"
#include "runner/target_lock.h"

#define PAUSE_BETWEEN_TRIES (200 * CLOCK_MILLISECOND)

/* Whether one of the hosts, but the one that is `away`, is locked by another run: `error` then
 * names it. */
static bool is_in_use(const struct testbed *testbed, const struct host *away, const char *owner,
                      struct error *error)
{
    bool found = false;

    for (size_t i = 0; i < testbed->host_count && !found; i++) {
        struct text holder = {0};
        struct error ignored = {0};
        struct access *access;

        if (&testbed->hosts[i] == away || access_open(&testbed->hosts[i], &access, &ignored) < 0)
            continue;
        found = target_lock_holder(access, &holder, &ignored) == 0 && holder.length > 0 &&
                !lock_owner_has_same_name(holder.bytes, owner);
        if (found) {
            error_set(error, ERROR_LOCKED, "the target is in use by %s", holder.bytes);
            error_target(error, testbed->hosts[i].name);
        }
        access_close(access);
        text_free(&holder);
    }
    return found;
}

int sessions_open(const struct testbed *testbed, const char *owner, struct sessions *sessions,
                  struct error *error)
{
    memset(sessions, 0, sizeof *sessions);
    sessions->owner = memory_string(owner);
    sessions->items = memory_new(testbed->host_count, sizeof *sessions->items);
    for (size_t i = 0; i < testbed->host_count; i++) {
        struct session *session = &sessions->items[i];

        session->host = &testbed->hosts[i];
        if (access_open(session->host, &session->access, error) < 0) {
            sessions_close(sessions);
            is_in_use(testbed, &testbed->hosts[i], owner, error);
            return -1;
        }
        pthread_mutex_init(&session->reconnecting, NULL);
        sessions->count++;
    }
    return 0;
}

void sessions_close(struct sessions *sessions)
{
    for (size_t i = 0; i < sessions->count; i++) {
        access_close(sessions->items[i].access);
        pthread_mutex_destroy(&sessions->items[i].reconnecting);
    }
    free(sessions->items);
    free(sessions->owner);
    memset(sessions, 0, sizeof *sessions);
}

struct session *sessions_find(struct sessions *sessions, const char *name)
{
    for (size_t i = 0; i < sessions->count; i++) {
        if (strcmp(sessions->items[i].host->name, name) == 0)
            return &sessions->items[i];
    }
    return NULL;
}

static int take_lock(struct session *session, const char *owner, lock_is_void *is_void,
                     struct error *error)
{
    if (target_lock_over(session->access, owner, SESSION_LOCK_LEASE, is_void, error) < 0)
        return -1;
    session->locked = true;
    return 0;
}

int session_lock(struct session *session, const char *owner, struct error *error)
{
    return take_lock(session, owner, NULL, error);
}

int session_renew_lock(struct session *session, const char *owner, struct error *error)
{
    if (!session->locked)
        return 0;
    if (target_lock(session->access, owner, SESSION_LOCK_LEASE, error) == 0)
        return 0;
    /* Nobody else may have used the connection for hours. */
    if (!access_is_lost(session->access) || access_restore(session->access, error) < 0)
        return -1;
    error_clear(error);
    return target_lock(session->access, owner, SESSION_LOCK_LEASE, error);
}

/* Those of the hosts of that kind. */
static int lock_kind(struct sessions *sessions, enum host_kind kind, bool resume,
                     struct error *error)
{
    lock_is_void *is_void = resume ? lock_owner_has_same_name : NULL;

    for (size_t i = 0; i < sessions->count; i++) {
        struct session *session = &sessions->items[i];

        if (session->host->kind == kind && take_lock(session, sessions->owner, is_void, error) < 0)
            return -1;
    }
    return 0;
}

int sessions_lock(struct sessions *sessions, bool resume, struct error *error)
{
    struct error ignored = {0};

    if (lock_kind(sessions, HOST_LOAD, resume, error) == 0 &&
        lock_kind(sessions, HOST_TARGET, resume, error) == 0)
        return 0;
    sessions_unlock(sessions, &ignored);
    return -1;
}

int sessions_renew_locks(struct sessions *sessions, struct error *error)
{
    int result = 0;

    for (size_t i = 0; i < sessions->count; i++) {
        struct error first = {0};

        if (session_renew_lock(&sessions->items[i], sessions->owner, &first) < 0 && result == 0) {
            *error = first;
            result = -1;
        }
    }
    return result;
}

int sessions_unlock(struct sessions *sessions, struct error *error)
{
    int result = 0;

    for (size_t i = 0; i < sessions->count; i++) {
        struct session *session = &sessions->items[i];
        struct error first = {0};

        if (!session->locked)
            continue;
        session->locked = false;
        if (target_unlock(session->access, sessions->owner, &first) < 0 && result == 0) {
            *error = first;
            result = -1;
        }
    }
    return result;
}

int sessions_measure_clocks(struct sessions *sessions, struct error *error)
{
    for (size_t i = 0; i < sessions->count; i++) {
        struct session *session = &sessions->items[i];

        if (access_clock_offset(session->access, &session->clock.offset, &session->clock.bound,
                                error) < 0)
            return -1;
    }
    return 0;
}

static bool answers(struct session *session)
{
    const char *const argv[] = {"true", NULL};
    struct error ignored = {0};

    return access_check(session->access, argv, 0, &ignored) == 0;
}

int session_reconnect(struct session *session, int64_t deadline, struct error *error)
{
    int result = 0;

    pthread_mutex_lock(&session->reconnecting);
    while (!answers(session)) {
        result = access_reopen(session->access, error);
        if (result == 0 || clock_now() >= deadline)
            break;
        clock_sleep(PAUSE_BETWEEN_TRIES);
        /* Who keeps its lock or reads its metrics may have connected again. */
        result = 0;
        error_clear(error);
    }
    pthread_mutex_unlock(&session->reconnecting);
    return result;
}
