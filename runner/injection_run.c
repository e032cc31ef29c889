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
#include "runner/injection_undo.h"
#include "store/writer.h"

/* How long before its start the target's clock is measured, and before each edge a shell is made
 * ready. */
#define EDGE_LEAD CLOCK_SECOND
/* Of one host at a time: each takes one of the 10 sessions that sshd allows. */
#define MOST_READY 4

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

static void revert(struct injection_run *run)
{
    injection_undo(run);
    rest(run);
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
