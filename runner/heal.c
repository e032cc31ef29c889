#include "runner/heal.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "runner/access.h"
#include "runner/injection.h"
#include "runner/lock_owner.h"
#include "runner/target_lock.h"

/* Nobody renews it, and a run that came meanwhile would lose its faults. */
#define HEAL_LOCK_LEASE (INJECTION_LONGEST_HEAL + 20 * CLOCK_SECOND)

static int heal_locked(struct access *access, struct text *actions, struct error *error)
{
    if (injection_heal(access, actions, error) < 0)
        return error_target(error, access_host(access)->name);
    return 0;
}

static bool holder_is_dead(const char *holder, const char *owner)
{
    (void)owner;
    return lock_owner_is_dead(holder);
}

static int heal_host(const struct host *host, bool force, struct text *actions, struct error *error)
{
    struct access *access;
    char *owner;
    int result;

    if (access_open(host, &access, error) < 0)
        return error_target(error, host->name);
    owner = lock_owner_text("vnfault heal");
    result = target_lock_over(access, owner, HEAL_LOCK_LEASE, holder_is_dead, error);
    if (result < 0 && !force) {
        error_hint(error, "end that run, wait for its lock to lapse, or use --force");
    } else {
        struct error ignored = {0};
        bool locked = result == 0;

        result = heal_locked(access, actions, error);
        if (locked && target_unlock(access, owner, &ignored) < 0)
            log_warning("%s: %s", host->name, ignored.what);
    }
    free(owner);
    access_close(access);
    return result < 0 ? error_target(error, host->name) : 0;
}

int heal_testbed(const struct testbed *testbed, bool force, heal_listener *listener, void *context,
                 struct error *error)
{
    struct error worst = {0};

    for (size_t i = 0; i < testbed->host_count; i++) {
        const struct host *host = &testbed->hosts[i];
        struct text actions = {0};
        struct error failure = {0};

        if (heal_host(host, force, &actions, &failure) < 0 &&
            (worst.kind == ERROR_NONE || failure.kind == ERROR_NOT_CLEAN))
            worst = failure;
        listener(context, host, text_string(&actions), &failure);
        text_free(&actions);
    }
    *error = worst;
    return worst.kind == ERROR_NONE ? 0 : -1;
}

int heal_sessions(struct sessions *sessions, struct error *error)
{
    for (size_t i = 0; i < sessions->count; i++) {
        struct session *session = &sessions->items[i];
        struct text actions = {0};
        int result = heal_locked(session->access, &actions, error);

        if (result == 0 && actions.length > 0)
            log_warning("%s: healed before the run: %s", session->host->name,
                        text_string(&actions));
        text_free(&actions);
        if (result < 0)
            return -1;
    }
    return 0;
}
