#include "runner/injection_run.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/log.h"
#include "runner/injection_absence.h"
#include "runner/injection_record.h"
#include "store/writer.h"

/* How long after the lease a target without a connection is tried before giving up. */
#define GRACE_AFTER_LEASE (10 * CLOCK_SECOND)
/* How long before its start the target's clock is measured, and before each edge a shell is made
 * ready. */
#define EDGE_LEAD CLOCK_SECOND
/* Of one host at a time: each takes one of the 10 sessions that sshd allows. */
#define MOST_READY 4
/* Between two attempts to undo what could not be undone at once. */
#define ATTEMPT_PAUSE (CLOCK_SECOND / 2)

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

int injection_run_begin(struct injection_run *run, struct error *error)
{
    run->proven = true;
    run->achieved = NAN;
    run->clock = run->session->clock;
    run->means = injection_means_of(run->injector);
    if (run->injector->ends_connection)
        run->lease = injection_absence_lease(run->lease, run->planned->length);
    make_token(run->token);
    return injection_begin_record(run, error);
}

int injection_run_arm(struct injection_run *run, struct error *error)
{
    struct injection_report report;
    const struct injection_setting setting = {
        .access = run->session->access,
        .request =
            {
                .token = run->token,
                .injector = run->injector,
                .value = run->planned->steps[0].value,
                .most = run->planned->intensity->value,
                .parameters = run->planned->fault->parameters,
                .parameter_count = run->planned->fault->parameter_count,
                .lease = run->lease,
                .length = run->planned->length,
            },
        .load = run->load,
        .workload = run->workload,
        .clock = &run->clock,
    };

    run->injection = run->means->open(&setting);
    if (injection_take_step(run, "probe", run->means->probe, &report, error) < 0 ||
        store_set_injection_mechanism(run->store, run->id, report.mechanism, error) < 0)
        goto failed;
    run->proven = false;
    if (injection_take_step(run, "arm", run->means->arm, &report, error) < 0 ||
        injection_set_state(run, "armed", &report, error) < 0)
        goto failed;
    return 0;

failed:
    injection_note_failure(run, error);
    return -1;
}

/* The first level: the fault comes in. */
static int apply(struct injection_run *run, struct injection_report *report, struct error *error)
{
    if (injection_put_edge(run, "start-commanded", 0, &run->start_commanded, error) < 0 ||
        (run->injector->ends_connection
             ? injection_absence_begin(run, report, error)
             : injection_take_step(run, "apply", run->means->apply, report, error)) < 0 ||
        injection_put_edge(run, "applied", report->instant, NULL, error) < 0 ||
        injection_check_instant(run, "applied", report->instant, run->start_commanded, error) < 0)
        return -1;
    if (report->mechanism[0] != '\0' &&
        store_set_injection_mechanism(run->store, run->id, report->mechanism, error) < 0)
        return -1;
    return injection_set_state(run, "applied", report, error);
}

/* A later level. */
static int change(struct injection_run *run, double value, struct injection_report *report,
                  struct error *error)
{
    int64_t commanded = clock_now();

    run->means->set_level(run->injection, value);
    if (injection_take_step(run, "change", run->means->change, report, error) < 0)
        return -1;
    return injection_check_instant(run, "change", report->instant, commanded, error);
}

/* 'cpu', or of a profile 'cpu 40% (level 2 of 3)'. */
static void describe_level(const struct injection_run *run, const struct store_level *level,
                           char *text, size_t size)
{
    const struct planned_injection *planned = run->planned;

    if (planned->step_count == 1)
        snprintf(text, size, "%s", planned->fault->type);
    else
        snprintf(text, size, "%s %g%s (level %" PRId64 " of %zu)", planned->fault->type,
                 level->requested, planned->intensity->unit, level->position, planned->step_count);
}

/* What was measured of the level: the highest one's figure is the injection's. */
static int record_achieved(struct injection_run *run, const struct injection_report *report,
                           double value, struct error *error)
{
    if (report->took_hold && value < run->planned->intensity->value)
        return 0;
    run->achieved = report->achieved;
    run->achieved_of = value;
    return store_set_injection_achieved(run->store, run->id, report->achieved, !report->took_hold,
                                        report->detail, error);
}

static int verify(struct injection_run *run, double value, struct store_level *level,
                  struct error *error)
{
    struct injection_report report;
    char which[96];

    if (run->left != 0 && injection_absence_end(run, error) < 0)
        return -1;
    if (injection_take_step(run, "verify",
                            run->left != 0 ? run->means->returned : run->means->verify, &report,
                            error) < 0)
        return -1;
    level->achieved = report.achieved;
    level->phantom = !report.took_hold;
    level->verified_ns = report.instant - run->clock.offset;
    if (record_achieved(run, &report, value, error) < 0 ||
        injection_put_level(run, level, error) < 0)
        return -1;
    if (!report.took_hold) {
        describe_level(run, level, which, sizeof which);
        return error_set(error, ERROR_INCONCLUSIVE, "phantom fault: %s did not take hold (%s)",
                         which, report.detail);
    }
    if (level->position > 1)
        return 0;
    if (injection_put_edge(run, "verified", report.instant, NULL, error) < 0)
        return -1;
    return injection_set_state(run, "verified", &report, error);
}

/* Brings the fault to one of its levels and measures that it is there. */
static int take_level(struct injection_run *run, size_t step, struct error *error)
{
    double value = run->planned->steps[step].value;
    struct injection_report report;
    struct store_level level = {.position = (int64_t)step + 1,
                                .requested = value,
                                .commanded_ns = clock_now(),
                                .achieved = NAN};
    int result;

    atomic_store(&run->step, step);
    if (injection_put_level(run, &level, error) < 0)
        return -1;
    result = step == 0 ? apply(run, &report, error) : change(run, value, &report, error);
    if (result < 0)
        return -1;
    level.applied_target_ns = report.instant;
    if (injection_put_level(run, &level, error) < 0)
        return -1;
    return verify(run, value, &level, error);
}

/* Renews the lease; -1 if that can't be done, if the fault was applied and has died, or if the
 * connection was lost meanwhile: what became of the target then nobody has seen. */
static int hold(struct injection_run *run, bool applied, struct error *error)
{
    struct injection_report report = {.achieved = NAN};

    if (run->means->hold(run->injection, &report, error) < 0)
        return -1;
    if (access_connections(run->session->access) != run->connections)
        return error_set(error, ERROR_UNREACHABLE, "the connection was lost meanwhile");
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

/* Has a shell wait for an edge that is soon. Where that can't be, the edge comes a little later. */
static void make_ready(struct injection_run *run)
{
    struct error error = {0};

    if (run->ready || run->means->ready == NULL || run->injector->ends_connection)
        return;
    if (atomic_fetch_add(&run->session->ready, 1) < MOST_READY) {
        if (run->means->ready(run->injection, EDGE_LEAD, &error) == 0) {
            run->ready = true;
            return;
        }
        log_info("%s on %s: %s", run->planned->fault->type, run->session->host->name, error.what);
    }
    atomic_fetch_sub(&run->session->ready, 1);
}

static void rest(struct injection_run *run)
{
    if (!run->ready)
        return;
    run->means->rest(run->injection);
    run->ready = false;
    atomic_fetch_sub(&run->session->ready, 1);
}

/* Holds until an edge of the fault that is in. */
static int hold_until_edge(struct injection_run *run, int64_t instant, struct error *error)
{
    if (clock_now() < instant - EDGE_LEAD) {
        if (hold_until(run, instant - EDGE_LEAD, true, error) < 0)
            return -1;
        if (stop_reason(run->stop) != 0)
            return 0;
    }
    make_ready(run);
    return hold_until(run, instant, true, error);
}

/* The edge at which nothing of the fault was left; once, however often undoing is tried. */
static int record_gone(struct injection_run *run, int64_t instant, struct error *error)
{
    if (run->start_commanded == 0 || run->gone != 0)
        return 0;
    injection_measure_clock(run);
    if (injection_put_edge(run, "gone", instant, &run->gone, error) < 0)
        return -1;
    return instant == 0
               ? 0
               : injection_check_instant(run, "gone", instant, run->start_commanded, error);
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
    if (stop_reason(run->stop) == STOP_GROUP_FAILED && run->failure.kind == ERROR_NONE &&
        report.detail[0] == '\0')
        snprintf(report.detail, sizeof report.detail,
                 "ended early: another injection of its group failed");
    if (injection_set_state(run, "proven", &report, &recording) < 0)
        injection_note_failure(run, &recording);
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
    injection_note_failure(run, error);
    return session_reconnect(run->session, deadline, &unreachable) == 0;
}

/* Reverts; again where that was not clean at once, or over a new connection where it was lost,
 * until well after the lease. */
static void revert(struct injection_run *run)
{
    struct error error = {0};
    int64_t deadline = clock_now() + run->lease + GRACE_AFTER_LEASE;

    atomic_store(&run->phase, PHASE_REVERTING);
    if (run->start_commanded != 0 && injection_put_edge(run, "end-commanded", 0, NULL, &error) < 0)
        injection_note_failure(run, &error);
    while (revert_once(run, &error) < 0 && may_try_again(run, deadline, &error))
        ;
    rest(run);
    if (!run->proven) {
        struct error recording = {0};

        injection_note_failure(run, &error);
        if (store_set_injection_state(run->store, run->id, "failed", error.what, &recording) < 0)
            injection_note_failure(run, &recording);
    }
}

/* Levels one after the other, each until the next; the last to the end. */
static int inject(struct injection_run *run, int64_t start, struct error *error)
{
    const struct planned_injection *planned = run->planned;

    for (size_t i = 0; i < planned->step_count; i++) {
        int64_t end =
            start + (i + 1 < planned->step_count ? planned->steps[i + 1].start : planned->length);

        atomic_store(&run->phase, PHASE_APPLYING);
        if (take_level(run, i, error) < 0)
            return -1;
        if (run->injector->ends_connection) /* it is over: the target is back */
            return 0;
        atomic_store(&run->phase, PHASE_HOLDING);
        rest(run);
        if (hold_until_edge(run, end, error) < 0)
            return -1;
        if (stop_reason(run->stop) != 0)
            return 0;
    }
    return 0;
}

static void *carry_out(void *argument)
{
    struct injection_run *run = argument;
    struct error error = {0};
    int64_t start = run->measured_from + run->planned->start;
    int result = hold_until(run, start - EDGE_LEAD, false, &error);

    if (result == 0 && stop_reason(run->stop) == 0) {
        injection_measure_clock(run);
        make_ready(run);
        result = hold_until(run, start, false, &error);
    }
    if (result == 0 && stop_reason(run->stop) == 0)
        result = inject(run, start, &error);
    if (result < 0) {
        injection_note_failure(run, &error);
        stop_request(run->stop, STOP_GROUP_FAILED);
    }
    revert(run);
    atomic_store(&run->phase, PHASE_OVER);
    return NULL;
}

int injection_run_start(struct injection_run *run, int64_t measured_from, struct error *error)
{
    run->measured_from = measured_from;
    run->connections = access_connections(run->session->access);
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
        run->means->close(run->injection);
    run->injection = NULL;
}
