#include "runner/injection_absence.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "runner/injection_record.h"
#include "runner/injection_return.h"
#include "runner/service_watch.h"
#include "store/writer.h"

#define PAUSE_BETWEEN_LOOKS (200 * CLOCK_MILLISECOND)

/* What is left of the lease of a target that has not gone, to find out and to revert. */
#define TIME_TO_JUDGE (15 * CLOCK_SECOND)

int64_t injection_absence_lease(int64_t lease, int64_t length)
{
    return (length > lease ? length : lease) + TIME_TO_JUDGE;
}

/* Its end may have been cut off together with the connection: who is away then did apply it. */
static int apply_and_wait(struct injection_run *run, struct injection_report *report,
                          struct absence *absence, struct error *error)
{
    int64_t patience = run->lease - TIME_TO_JUDGE;
    struct error cut = {0};
    int applied = injection_take_step(run, "apply", run->means->apply, report, &cut);

    if (applied == 0 || cut.kind == ERROR_UNREACHABLE) {
        if (injection_await_return(run->injection, run->session->access, patience, absence, error) <
            0)
            return -1;
        if (applied == 0 || absence->returned)
            return 0;
    }
    *error = cut;
    return -1;
}

int injection_absence_begin(struct injection_run *run, struct injection_report *report,
                            struct error *error)
{
    struct absence absence = {0};
    bool locked = atomic_exchange(&run->session->locked, false); /* the lock goes with /run */
    int result = apply_and_wait(run, report, &absence, error);

    if (result < 0 || !absence.returned) {
        atomic_store(&run->session->locked, locked);
        return result;
    }
    run->left = absence.left;
    report->instant = absence.left + run->clock.offset;
    return store_put_measurement(run->store, run->id, "apply", "absence",
                                 (double)(absence.back - absence.left) / CLOCK_SECOND, "s", error);
}

/* The target answers some time before its service does. */
static int wait_for_service(const struct injection_run *run, struct error *error)
{
    struct service_process found[HOST_MOST_SERVICES];
    int64_t deadline = clock_now() + LONGEST_ABSENCE;

    for (;;) {
        memset(found, 0, sizeof found);
        if (service_processes_read(run->session->access, found, error) < 0)
            return -1;
        if (service_processes_check(run->session->host, found, error) == 0)
            return 0;
        if (clock_now() >= deadline)
            return -1;
        error_clear(error);
        clock_sleep(PAUSE_BETWEEN_LOOKS);
    }
}

int injection_absence_end(struct injection_run *run, struct error *error)
{
    if (session_lock(run->session, run->owner, error) < 0)
        return -1;
    /* Its clock is the one that the machine kept meanwhile. */
    injection_measure_clock(run);
    run->session->clock = run->clock;
    return run->session->host->service_count > 0 ? wait_for_service(run, error) : 0;
}
