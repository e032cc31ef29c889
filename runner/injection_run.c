#include "runner/injection_run.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/writer.h"

/* How long after the lease a target without a connection is tried before giving up. */
#define GRACE_AFTER_LEASE (10 * CLOCK_SECOND)
/* How long before its start the target's clock is measured. */
#define CLOCK_LEAD CLOCK_SECOND
/* What two clocks may drift apart within an injection, besides the error bound. */
#define CLOCK_TOLERANCE (10 * CLOCK_MILLISECOND)
/* Between two attempts to undo what could not be undone at once. */
#define ATTEMPT_PAUSE (CLOCK_SECOND / 2)

typedef int injection_step(struct injection *injection, struct injection_report *report,
                           struct error *error);

/* A token that no other injection has: 12 letters and digits from the system's entropy. */
static void make_token(char token[24])
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char bytes[12];

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        memcpy(bytes, &(int64_t){clock_now()}, sizeof(int64_t));
    for (size_t i = 0; i < sizeof bytes; i++)
        token[i] = alphabet[bytes[i] % (sizeof alphabet - 1)];
    token[sizeof bytes] = '\0';
}

static void keep_first(struct error *failure, const struct error *error)
{
    if (failure->kind == ERROR_NONE)
        *failure = *error;
}

static void note_failure(struct injection_run *run, struct error *error)
{
    error_target(error, run->session->host->name);
    log_warning("%s on %s: %s", run->planned->fault->type, run->session->host->name, error->what);
    keep_first(&run->failure, error);
}

/* Clocks drift and are set: the offset that counts is the one near the edge. One that can't be
 * measured leaves the one before. */
static void measure_clock(struct injection_run *run)
{
    const char *host = run->session->host->name;
    struct error error = {0};

    if (access_clock_offset(run->session->access, &run->clock.offset, &run->clock.bound, &error) <
        0)
        log_warning("%s: %s", host, error.what);
    else if (store_put_clock_offset(run->store, host, clock_now(), run->clock.offset,
                                    run->clock.bound, &error) < 0)
        note_failure(run, &error);
}

/* Whether an instant of the target lies between a step's command, at `from`, and now. */
static int check_instant(const struct injection_run *run, const char *kind, int64_t instant,
                         int64_t from, struct error *error)
{
    int64_t now = clock_now();
    int64_t on_runner = instant - run->clock.offset;
    int64_t outside = on_runner < from ? from - on_runner : on_runner - now;

    if (outside <= run->clock.bound + CLOCK_TOLERANCE)
        return 0;
    error_set(error, ERROR_INCONCLUSIVE,
              "'%s' is %.3f s outside of its step by the target's clock, which was set meanwhile",
              kind, (double)outside / (double)CLOCK_SECOND);
    return error_hint(error, "let the target's clock run undisturbed during a campaign");
}

/* Records an edge. `instant` is on the target's clock, or 0 for now. */
static int put_edge(struct injection_run *run, const char *kind, int64_t instant,
                    int64_t *on_runner, struct error *error)
{
    const struct clock_offset *clock = &run->clock;
    struct store_edge edge = {
        .kind = kind,
        .target_ns = instant != 0 ? instant : clock_now() + clock->offset,
        .offset_ns = clock->offset,
        .error_ns = clock->bound,
    };

    edge.runner_ns = edge.target_ns - clock->offset;
    if (on_runner != NULL)
        *on_runner = edge.runner_ns;
    return store_put_edge(run->store, run->id, &edge, error);
}

static int put_measurements(struct injection_run *run, const char *step,
                            const struct injection_report *report, struct error *error)
{
    for (size_t i = 0; i < report->measurement_count; i++) {
        const struct injection_measurement *one = &report->measurements[i];

        if (store_put_measurement(run->store, run->id, step, one->name, one->value, one->unit,
                                  error) < 0)
            return -1;
    }
    return 0;
}

/* Journals what is to be done; -1 as the action if that fails. */
static int begin_step(struct injection_run *run, const char *name, int64_t *action,
                      struct error *error)
{
    char detail[160];

    *action = -1;
    snprintf(detail, sizeof detail, "%s %g%s, token %s", run->planned->fault->type,
             run->planned->intensity->value, run->planned->intensity->unit, run->token);
    return store_begin_action(run->store, run->experiment_id, run->session->host->name, name,
                              detail, action, error);
}

/* Carries the step out, records what it measured and how it ended. */
static int carry_out_step(struct injection_run *run, const char *name, injection_step *step,
                          int64_t action, struct injection_report *report, struct error *error)
{
    struct error recording = {0};
    int result;

    memset(report, 0, sizeof *report);
    report->achieved = NAN;
    result = step(run->injection, report, error);
    if ((action >= 0 &&
         store_end_action(run->store, action, result == 0 ? "ok" : error->what, &recording) < 0) ||
        put_measurements(run, name, report, &recording) < 0)
        note_failure(run, &recording);
    return result;
}

/* A step that changes the target: not without its entry in the journal. */
static int take_step(struct injection_run *run, const char *name, injection_step *step,
                     struct injection_report *report, struct error *error)
{
    int64_t action;

    if (begin_step(run, name, &action, error) < 0)
        return -1;
    return carry_out_step(run, name, step, action, report, error);
}

/* A step that undoes: a full disk must not keep a fault in, so it is taken without a journal too.
 */
static int take_undoing_step(struct injection_run *run, const char *name, injection_step *step,
                             struct injection_report *report, struct error *error)
{
    struct error recording = {0};
    int64_t action;

    if (begin_step(run, name, &action, &recording) < 0)
        note_failure(run, &recording);
    return carry_out_step(run, name, step, action, report, error);
}

static int set_state(struct injection_run *run, const char *state,
                     const struct injection_report *report, struct error *error)
{
    return store_set_injection_state(run->store, run->id, state,
                                     report->detail[0] != '\0' ? report->detail : NULL, error);
}

static int begin_record(struct injection_run *run, struct error *error)
{
    struct store_injection row = {
        .experiment_id = run->experiment_id,
        .target_id = run->session->target_id,
        .token = run->token,
        .fault_type = run->planned->fault->type,
        .intensity = run->planned->intensity->name,
        .requested = run->planned->intensity->value,
        .unit = run->planned->intensity->unit,
        .lease_ns = run->lease,
    };

    return store_begin_injection(run->store, &row, &run->id, error);
}

int injection_run_prepare(struct injection_run *run, struct error *error)
{
    struct injection_report report;
    struct injection_request request = {
        .token = run->token,
        .injector = run->injector,
        .value = run->planned->intensity->value,
        .parameters = run->planned->fault->parameters,
        .parameter_count = run->planned->fault->parameter_count,
        .lease = run->lease,
        .length = run->planned->length,
    };

    run->proven = true;
    run->achieved = NAN;
    run->clock = run->session->clock;
    make_token(run->token);
    if (begin_record(run, error) < 0)
        return -1;
    run->injection = injection_new(run->session->access, &request);
    if (take_step(run, "probe", injection_probe, &report, error) < 0 ||
        store_set_injection_mechanism(run->store, run->id, report.mechanism, error) < 0)
        goto failed;
    run->proven = false;
    if (take_step(run, "arm", injection_arm, &report, error) < 0 ||
        set_state(run, "armed", &report, error) < 0)
        goto failed;
    return 0;

failed:
    note_failure(run, error);
    return -1;
}

static int apply(struct injection_run *run, struct error *error)
{
    struct injection_report report;

    atomic_store(&run->phase, PHASE_APPLYING);
    if (put_edge(run, "start-commanded", 0, &run->start_commanded, error) < 0 ||
        take_step(run, "apply", injection_apply, &report, error) < 0 ||
        put_edge(run, "applied", report.instant, NULL, error) < 0 ||
        check_instant(run, "applied", report.instant, run->start_commanded, error) < 0)
        return -1;
    if (report.mechanism[0] != '\0' &&
        store_set_injection_mechanism(run->store, run->id, report.mechanism, error) < 0)
        return -1;
    return set_state(run, "applied", &report, error);
}

static int verify(struct injection_run *run, struct error *error)
{
    struct injection_report report;

    if (take_step(run, "verify", injection_verify, &report, error) < 0)
        return -1;
    run->achieved = report.achieved;
    if (store_set_injection_achieved(run->store, run->id, report.achieved, !report.took_hold,
                                     report.detail, error) < 0)
        return -1;
    if (!report.took_hold)
        return error_set(error, ERROR_INCONCLUSIVE, "phantom fault: %s did not take hold (%s)",
                         run->planned->fault->type, report.detail);
    if (put_edge(run, "verified", report.instant, NULL, error) < 0)
        return -1;
    return set_state(run, "verified", &report, error);
}

/* Renews the lease; -1 if that can't be done, or if the fault was applied and has died. */
static int hold(struct injection_run *run, bool applied, struct error *error)
{
    struct injection_report report = {.achieved = NAN};

    if (injection_hold(run->injection, &report, error) < 0)
        return -1;
    if (applied && !report.took_hold)
        return error_set(error, ERROR_INCONCLUSIVE, "%s ended before its time (%s)",
                         run->planned->fault->type, report.detail);
    return 0;
}

/* Keeps the lease renewed until `instant` and looks a last time then: a fault that died between
 * two renewals must not pass for one that held. */
static int hold_until(struct injection_run *run, int64_t instant, bool applied, struct error *error)
{
    for (;;) {
        int64_t next = clock_now() + run->lease / 3;

        if (stop_wait_until(run->stop, next < instant ? next : instant))
            return 0;
        if (hold(run, applied, error) < 0)
            return -1;
        if (next >= instant)
            return 0;
    }
}

/* The edge at which nothing of the fault was left; once, however often undoing is tried. */
static int record_gone(struct injection_run *run, int64_t instant, struct error *error)
{
    if (run->start_commanded == 0 || run->gone != 0)
        return 0;
    measure_clock(run);
    if (put_edge(run, "gone", instant, &run->gone, error) < 0)
        return -1;
    return instant == 0 ? 0 : check_instant(run, "gone", instant, run->start_commanded, error);
}

static int revert_once(struct injection_run *run, struct error *error)
{
    struct injection_report report;
    struct error recording = {0};

    if (take_undoing_step(run, "revert", injection_revert, &report, error) < 0)
        return -1;
    if (record_gone(run, report.instant, &recording) < 0)
        note_failure(run, &recording);
    if (set_state(run, "reverted", &report, &recording) < 0)
        note_failure(run, &recording);
    if (take_undoing_step(run, "prove", injection_prove, &report, error) < 0)
        return -1;
    run->proven = true;
    if (set_state(run, "proven", &report, &recording) < 0)
        note_failure(run, &recording);
    return 0;
}

/* Makes ready for another attempt at undoing; false if there is no point in one. */
static bool may_try_again(struct injection_run *run, int64_t deadline, struct error *error)
{
    struct error unreachable = {0};

    if (clock_now() >= deadline)
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
    note_failure(run, error);
    return session_reconnect(run->session, deadline, &unreachable) == 0;
}

/* Reverts; again where that was not clean at once, or over a new connection where it was lost,
 * until well after the lease. */
static void revert(struct injection_run *run)
{
    struct error error = {0};
    int64_t deadline = clock_now() + run->lease + GRACE_AFTER_LEASE;

    atomic_store(&run->phase, PHASE_REVERTING);
    if (run->start_commanded != 0 && put_edge(run, "end-commanded", 0, NULL, &error) < 0)
        keep_first(&run->failure, &error);
    while (revert_once(run, &error) < 0 && may_try_again(run, deadline, &error))
        ;
    if (!run->proven) {
        struct error recording = {0};

        note_failure(run, &error);
        if (store_set_injection_state(run->store, run->id, "failed", error.what, &recording) < 0)
            keep_first(&run->failure, &recording);
    }
}

static void *carry_out(void *argument)
{
    struct injection_run *run = argument;
    struct error error = {0};
    int64_t start = run->measured_from + run->planned->start;
    int64_t end = start + run->planned->length;
    int result = hold_until(run, start - CLOCK_LEAD, false, &error);

    if (result == 0 && stop_reason(run->stop) == 0) {
        measure_clock(run);
        result = hold_until(run, start, false, &error);
    }
    if (result == 0 && stop_reason(run->stop) == 0) {
        result = apply(run, &error);
        if (result == 0)
            result = verify(run, &error);
        atomic_store(&run->phase, PHASE_HOLDING);
        if (result == 0)
            result = hold_until(run, end, true, &error);
    }
    if (result < 0)
        note_failure(run, &error);
    revert(run);
    atomic_store(&run->phase, PHASE_OVER);
    return NULL;
}

int injection_run_start(struct injection_run *run, int64_t measured_from, struct error *error)
{
    run->measured_from = measured_from;
    if (pthread_create(&run->thread, NULL, carry_out, run) != 0)
        return error_set(error, ERROR_INTERNAL, "can't start a thread for an injection");
    run->running = true;
    return 0;
}

void injection_run_finish(struct injection_run *run)
{
    if (run->running)
        pthread_join(run->thread, NULL);
    else if (run->injection != NULL && !run->proven)
        revert(run);
    run->running = false;
    if (run->injection != NULL)
        injection_free(run->injection);
    run->injection = NULL;
}
