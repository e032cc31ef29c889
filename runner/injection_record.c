#include "runner/injection_record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/writer.h"

/* What two clocks may drift apart within an injection, besides the error bound. */
#define CLOCK_TOLERANCE (10 * CLOCK_MILLISECOND)

static void keep_first(struct error *failure, const struct error *error)
{
    if (failure->kind == ERROR_NONE)
        *failure = *error;
}

void injection_note_failure(struct injection_run *run, struct error *error)
{
    error_target(error, run->session->host->name);
    log_warning("%s on %s: %s", run->planned->fault->type, run->session->host->name, error->what);
    keep_first(&run->failure, error);
}

void injection_measure_clock(struct injection_run *run)
{
    const char *host = run->session->host->name;
    struct error error = {0};

    if (access_clock_offset(run->session->access, &run->clock.offset, &run->clock.bound, &error) <
            0 ||
        store_put_clock_offset(run->store, host, clock_now(), run->clock.offset, run->clock.bound,
                               &error) < 0)
        injection_note_failure(run, &error);
}

int injection_check_instant(const struct injection_run *run, const char *kind, int64_t instant,
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

int injection_put_edge(struct injection_run *run, const char *kind, int64_t instant,
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

int injection_put_level(struct injection_run *run, struct store_level *level, struct error *error)
{
    if (run->planned->intensity->step_count == 0)
        return 0;
    level->offset_ns = run->clock.offset;
    level->error_ns = run->clock.bound;
    if (level->applied_target_ns != 0)
        level->applied_ns = level->applied_target_ns - run->clock.offset;
    return store_put_level(run->store, run->id, level, error);
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
             run->planned->steps[atomic_load(&run->step)].value, run->planned->intensity->unit,
             run->token);
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
        injection_note_failure(run, &recording);
    return result;
}

int injection_take_step(struct injection_run *run, const char *name, injection_step *step,
                        struct injection_report *report, struct error *error)
{
    int64_t action;

    if (begin_step(run, name, &action, error) < 0)
        return -1;
    return carry_out_step(run, name, step, action, report, error);
}

int injection_take_undoing_step(struct injection_run *run, const char *name, injection_step *step,
                                struct injection_report *report, struct error *error)
{
    struct error recording = {0};
    int64_t action;

    if (begin_step(run, name, &action, &recording) < 0)
        injection_note_failure(run, &recording);
    return carry_out_step(run, name, step, action, report, error);
}

int injection_set_state(struct injection_run *run, const char *state,
                        const struct injection_report *report, struct error *error)
{
    return store_set_injection_state(run->store, run->id, state,
                                     report->detail[0] != '\0' ? report->detail : NULL, error);
}

int injection_begin_record(struct injection_run *run, struct error *error)
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
