#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "lab/host_process.h"
#include "lab/lab.h"
#include "lab/lock.h"
#include "lab/probe.h"

#define BOOT_PATIENCE (60 * CLOCK_SECOND)
/* For a host that has no first process: it is between two boots, or its holder is gone. */
#define RESTART_PATIENCE (5 * CLOCK_SECOND)
#define LOOK_INTERVAL (5 * CLOCK_MILLISECOND)

/* Waits for another first process than `before`. */
static int wait_for_successor(const struct lab *lab, const struct lab_host *host, pid_t before,
                              struct stop *stop, struct error *error)
{
    int64_t deadline = clock_now() + (before == 0 ? RESTART_PATIENCE : BOOT_PATIENCE);
    pid_t now;

    while ((now = host_process(lab, host)) == before || now == 0) {
        if (clock_now() > deadline) {
            error_set(error, ERROR_UNREACHABLE, "the host was not started again");
            error_target(error, host->name);
            return error_hint(error, "take the lab down and up again; its console is %s/%s/console",
                              lab->state, host->name);
        }
        if (stop_wait_until(stop, clock_now() + LOOK_INTERVAL))
            return stop_error(stop, error, "stopped while the host reboots");
    }
    return 0;
}

int lab_reboot(const struct lab *lab, const struct lab_host *host, struct stop *stop,
               struct error *error)
{
    int lock = lock_take(lab, stop, error);
    pid_t before;
    int result = -1;

    if (lock == LOCK_ABSENT)
        return error_set(error, ERROR_UNREACHABLE, "lab '%s' is not up", lab->name);
    if (lock < 0)
        return -1;
    before = host_process(lab, host);
    if (before != 0 && kill(before, SIGKILL) < 0 && errno != ESRCH) {
        error_system(error, ERROR_UNREACHABLE, "can't end process %ld", (long)before);
    } else {
        result = wait_for_successor(lab, host, before, stop, error);
        if (result == 0)
            result = probe_wait(lab, host, BOOT_PATIENCE, stop, error);
    }
    lock_release(lock);
    return result;
}
