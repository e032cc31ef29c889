#include "runner/reset.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/injection.h"
#include "store/writer.h"

#define LONGEST_REBOOT (300 * CLOCK_SECOND)
#define PAUSE_BETWEEN_TRIES (100 * CLOCK_MILLISECOND)
#define BOOT_MARKER "/run/vnfault-before-reboot"

/* One target's reset, in a thread of its own. */
struct one_reset {
    const struct reset *reset;
    struct session *session;
    struct store *store;
    const char *owner; /* of the locks */
    pthread_t thread;
    struct error error;
};

static int marker_is_there(struct session *session, bool *there, struct error *error)
{
    const char *const argv[] = {"test", "-e", BOOT_MARKER, NULL};
    struct command_result result;

    if (access_run(session->access, argv, NULL, 0, 0, &result, error) < 0)
        return -1;
    *there = result.exit_status == 0;
    command_result_free(&result);
    return 0;
}

/* Waits until the target answers without the marker. */
static int wait_for_reboot(struct session *session, struct error *error)
{
    int64_t deadline = clock_now() + LONGEST_REBOOT;
    bool there = true;

    while (clock_now() < deadline) {
        struct error attempt = {0};

        if (access_reopen(session->access, &attempt) == 0 &&
            marker_is_there(session, &there, &attempt) == 0 && !there) {
            error_clear(error);
            return 0;
        }
        *error = attempt;
        clock_sleep(PAUSE_BETWEEN_TRIES);
    }
    if (there && error->kind == ERROR_NONE)
        error_set(error, ERROR_UNREACHABLE, "'%s' did not reboot it", session->host->reboot);
    error_hint(error, "the target must reboot by the testbed file's reboot command and come back");
    return -1;
}

static int restart(struct session *session, const char *owner, struct error *error)
{
    session->locked = false; /* another process may take the container's name meanwhile */
    if (access_restart(session->access, clock_now() + LONGEST_REBOOT, error) < 0)
        return -1;
    return session_lock(session, owner, error);
}

static int reboot(struct session *session, const char *owner, struct error *error)
{
    const char *const mark[] = {"touch", BOOT_MARKER, NULL};
    const char *const argv[] = {"sh", "-c", session->host->reboot, NULL};
    struct command_result result;
    struct error lost = {0};

    if (access_has_restart(session->access))
        return restart(session, owner, error);
    if (access_check(session->access, mark, 0, error) < 0)
        return -1;
    session->locked = false; /* the lock goes with /run */
    /* The connection may be cut before the command's status comes back: the marker decides. */
    if (access_run(session->access, argv, NULL, 0, 0, &result, &lost) == 0) {
        if (result.exit_status == 126 || result.exit_status == 127) {
            error_set(error, ERROR_UNREACHABLE, "can't run the reboot command '%s': %s",
                      session->host->reboot, text_string(&result.errors));
            command_result_free(&result);
            session->locked = true;
            return -1;
        }
        command_result_free(&result);
    }
    return wait_for_reboot(session, error) < 0 ? -1 : session_lock(session, owner, error);
}

static int run_command(const struct reset *reset, struct session *session, struct error *error)
{
    const char *const argv[] = {"sh", "-c", reset->command, NULL};

    return access_check(session->access, argv, LONGEST_REBOOT, error);
}

static int reset_one(struct one_reset *one, struct error *error)
{
    static const char *const actions[] = {
        [RESET_NONE] = "none", [RESET_REBOOT] = "reboot", [RESET_COMMAND] = "command"};
    struct error recording = {0};
    int64_t action;
    int result;

    if (store_begin_action(one->store, 0, one->session->host->name, actions[one->reset->method],
                           one->reset->method == RESET_COMMAND ? one->reset->command
                                                               : one->session->host->reboot,
                           &action, error) < 0)
        return -1;
    if (one->reset->method == RESET_REBOOT)
        result = reboot(one->session, one->owner, error);
    else
        result = run_command(one->reset, one->session, error);
    if (store_end_action(one->store, action, result == 0 ? "ok" : error->what, &recording) < 0 &&
        result == 0) {
        *error = recording;
        result = -1;
    }
    return result < 0 ? error_target(error, one->session->host->name) : 0;
}

static void *reset_in_thread(void *argument)
{
    struct one_reset *one = argument;

    reset_one(one, &one->error);
    return NULL;
}

int reset_targets(struct store *store, const struct reset *reset, struct sessions *sessions,
                  struct error *error)
{
    struct one_reset *all;
    size_t count = 0;
    int result = 0;

    if (reset->method == RESET_NONE)
        return 0;
    all = memory_new(sessions->count, sizeof *all);
    for (size_t i = 0; i < sessions->count; i++) {
        if (sessions->items[i].host->kind != HOST_TARGET)
            continue;
        all[count] = (struct one_reset){
            .reset = reset,
            .session = &sessions->items[i],
            .store = store,
            .owner = sessions->owner,
        };
        if (pthread_create(&all[count].thread, NULL, reset_in_thread, &all[count]) != 0) {
            result = error_set(error, ERROR_INTERNAL, "can't start a thread for a reset");
            break;
        }
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        pthread_join(all[i].thread, NULL);
        if (all[i].error.kind != ERROR_NONE && result == 0) {
            *error = all[i].error;
            result = -1;
        }
    }
    free(all);
    return result;
}
