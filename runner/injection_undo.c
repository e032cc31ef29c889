#include "runner/injection_undo.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "runner/injection_record.h"
#include "store/writer.h"

/* How long after the lease a target without a connection is tried before giving up. */
#define GRACE_AFTER_LEASE (10 * CLOCK_SECOND)
/* Between two attempts to undo what could not be undone at once. */
#define ATTEMPT_PAUSE (CLOCK_SECOND / 2)

/* The edge at which nothing of the fault was left; once, however often undoing is tried. */
static int record_gone(struct injection_run *run, int64_t instant, struct error *error)
{
    /* One that failed may have been undone by its guards long ago. */
    int64_t earliest = run->failure.kind == ERROR_NONE ? run->end_commanded : run->start_commanded;

    if (run->start_commanded == 0 || run->gone != 0)
        return 0;
    injection_measure_clock(run);
    if (injection_put_edge(run, "gone", instant, &run->gone, error) < 0)
        return -1;
    return instant == 0 ? 0 : injection_check_instant(run, "gone", instant, earliest, error);
}

/* Why an injection ended before its time by no fault of its own; NULL if it didn't. */
static const char *early_end(const struct injection_run *run)
{
    switch (stop_reason(run->stop)) {
    case STOP_GROUP_FAILED:
        return "ended early: another injection of its group failed";
    case STOP_LOAD_FAILED:
        return "ended early: the load failed";
    default:
        return NULL;
    }
}

static int revert_once(struct injection_run *run, struct error *error)
{
    struct injection_report report;
    struct error recording = {0};

    if (injection_take_undoing_step(run, "revert", run->means->revert, &report, error) < 0)
        return -1;
    if (record_gone(run, report.instant, &recording) < 0)
        injection_note_failure(run, &recording);
    if (injection_set_state(run, "reverted", &report, &recording) < 0)
        injection_note_failure(run, &recording);
    if (injection_take_undoing_step(run, "prove", run->means->prove, &report, error) < 0)
        return -1;
    run->proven = true;
    if (early_end(run) != NULL && run->failure.kind == ERROR_NONE && report.detail[0] == '\0')
        snprintf(report.detail, sizeof report.detail, "%s", early_end(run));
    if (injection_set_state(run, "proven", &report, &recording) < 0)
        injection_note_failure(run, &recording);
    return 0;
}

/* Makes ready for another attempt at undoing; false if there is no point in one. One may have taken
 * all the time by itself, over a connection that nobody answers on any more. */
static bool may_try_again(struct injection_run *run, int64_t began, int64_t deadline,
                          struct error *error)
{
    struct error unreachable = {0};

    if (began >= deadline)
        return false;
    /* Processes that wait for a slow disk take their time to go; a firewall may be busy. */
    if (error->kind == ERROR_NOT_CLEAN || error->kind == ERROR_NOT_AS_BEFORE) {
        log_info("%s on %s: %s: trying again", run->planned->fault->type, run->session->host->name,
                 error->what);
        clock_sleep(ATTEMPT_PAUSE);
        return true;
    }
    if (error->kind != ERROR_UNREACHABLE)
        return false;
    injection_note_failure(run, error);
    return session_reconnect(run->session, deadline, &unreachable) == 0;
}

/* Again where that was not clean at once, or over a new connection where it was lost, until well
 * after the lease. */
static void try_to_revert(struct injection_run *run, struct error *error)
{
    int64_t began = clock_now();
    int64_t deadline = began + run->lease + GRACE_AFTER_LEASE;

    while (revert_once(run, error) < 0 && may_try_again(run, began, deadline, error))
        began = clock_now();
}

void injection_undo(struct injection_run *run)
{
    struct error error = {0};
    struct error recording = {0};

    atomic_store(&run->phase, PHASE_REVERTING);
    if (run->start_commanded != 0 &&
        injection_put_edge(run, "end-commanded", 0, &run->end_commanded, &recording) < 0)
        injection_note_failure(run, &recording);
    try_to_revert(run, &error);
    if (run->proven)
        return;
    injection_note_failure(run, &error);
    if (store_set_injection_state(run->store, run->id, "failed", error.what, &recording) < 0)
        injection_note_failure(run, &recording);
}
