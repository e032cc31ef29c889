#include "runner/experiment.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "runner/injection_run.h"
#include "runner/validity.h"
#include "store/writer.h"

#define TICK (200 * CLOCK_MILLISECOND)

/* One experiment under way. */
struct trial {
    struct run *run;
    const struct planned_experiment *experiment;
    int64_t id;
    int64_t from;
    int64_t until;
    struct stop stop; /* ends this experiment */
    struct injection_run *injections;
    size_t injection_count;
    struct service_watch services;
    struct error failure; /* before or beside load, monitoring and injections */
};

static void show(struct trial *trial, const char *activity)
{
    struct run *run = trial->run;
    const struct run_listener *listener = run->setting->listener;

    run->progress.activity = activity;
    run->progress.duration = run->setting->plan->timeline.duration;
    run->progress.elapsed = trial->from == 0 ? 0 : clock_now() - trial->from;
    listener->progress(listener->context, &run->progress);
}

static const struct session *target_session(struct run *run,
                                            const struct planned_experiment *experiment)
{
    if (experiment->injection_count == 0)
        return NULL;
    return sessions_find(&run->sessions, experiment->injections[0].target->name);
}

static int begin_record(struct trial *trial, struct error *error)
{
    const struct planned_experiment *experiment = trial->experiment;
    const struct session *session = target_session(trial->run, experiment);
    struct store_experiment row = {
        .cell = (int64_t)experiment->cell,
        .name = experiment->name,
        .repetition = experiment->repetition,
        .started_ns = clock_now(),
    };

    if (session != NULL) {
        row.fault_type = experiment->injections[0].fault->type;
        row.intensity = experiment->injections[0].intensity->name;
        row.target_id = session->target_id;
    }
    return store_begin_experiment(trial->run->store, &row, &trial->id, error);
}

static int record_clocks(struct trial *trial, struct error *error)
{
    struct sessions *sessions = &trial->run->sessions;

    if (sessions_measure_clocks(sessions, error) < 0)
        return -1;
    for (size_t i = 0; i < sessions->count; i++) {
        const struct session *session = &sessions->items[i];

        if (store_put_clock_offset(trial->run->store, session->host->name, clock_now(),
                                   session->clock.offset, session->clock.bound, error) < 0)
            return -1;
    }
    return 0;
}

/* Probes and arms every injection; the ones before a failing one stay armed until the end. */
static int arm_injections(struct trial *trial, struct error *error)
{
    const struct planned_experiment *experiment = trial->experiment;

    if (!trial->run->setting->faults)
        return 0;
    for (size_t i = 0; i < experiment->injection_count; i++) {
        const struct planned_injection *planned = &experiment->injections[i];
        struct injection_run *injection = &trial->injections[trial->injection_count];

        injection->store = trial->run->store;
        injection->experiment_id = trial->id;
        injection->planned = planned;
        injection->injector = injector_find(trial->run->setting->injectors, planned->fault->type);
        injection->session = sessions_find(&trial->run->sessions, planned->target->name);
        injection->lease = trial->run->setting->lease;
        injection->stop = &trial->stop;
        trial->injection_count++;
        if (injection_run_prepare(injection, error) < 0)
            return -1;
    }
    return 0;
}

/* Everything up to the running load: registration, arming, load, monitoring, injections. */
static int start(struct trial *trial, struct error *error)
{
    struct run *run = trial->run;
    const struct plan *plan = run->setting->plan;

    if (sessions_renew_locks(&run->sessions, error) < 0)
        return -1;
    show(trial, "measuring clocks");
    if (record_clocks(trial, error) < 0)
        return -1;
    show(trial, "registering");
    if (workload_prepare(&run->workload, run->setting->stop, error) < 0)
        return -1;
    show(trial, "looking at the services");
    if (service_watch_begin(&trial->services, &run->sessions, error) < 0)
        return -1;
    show(trial, "arming");
    if (arm_injections(trial, error) < 0)
        return -1;
    show(trial, "starting the load");
    trial->from = clock_now() + plan->timeline.warm_up;
    trial->until = trial->from + plan->timeline.duration;
    if (workload_start(&run->workload, trial->id, trial->until, &trial->stop, error) < 0)
        return -1;
    if (store_set_measured(run->store, trial->id, trial->from, trial->until, error) < 0 ||
        monitor_start(&run->monitor, trial->id, trial->from, trial->until, plan->monitoring_period,
                      &trial->stop, error) < 0)
        return -1;
    for (size_t i = 0; i < trial->injection_count; i++) {
        if (injection_run_start(&trial->injections[i], trial->from, error) < 0)
            return -1;
    }
    return 0;
}

static void describe(const struct trial *trial, char *text, size_t size)
{
    static const char *const phases[] = {
        [PHASE_ARMED] = "load running",      [PHASE_APPLYING] = "applying",
        [PHASE_HOLDING] = "injecting",       [PHASE_REVERTING] = "reverting",
        [PHASE_OVER] = "load running after",
    };
    const struct injection_run *injection = trial->injections;
    enum injection_phase phase;

    if (trial->injection_count == 0) {
        snprintf(text, size, clock_now() < trial->from ? "warm-up" : "load running");
        return;
    }
    phase = atomic_load(&injection->phase);
    if (phase == PHASE_ARMED)
        snprintf(text, size, clock_now() < trial->from ? "warm-up" : "load running");
    else
        snprintf(text, size, "%s %s %g%s on %s", phases[phase], injection->planned->fault->type,
                 injection->planned->intensity->value, injection->planned->intensity->unit,
                 injection->session->host->name);
}

/* Waits for the end of the measured duration; passes an interrupt on. */
static void watch(struct trial *trial)
{
    struct run *run = trial->run;
    char activity[160];

    while (!stop_wait_until(&trial->stop, trial->until < clock_now() + TICK ? trial->until
                                                                            : clock_now() + TICK) &&
           clock_now() < trial->until) {
        describe(trial, activity, sizeof activity);
        show(trial, activity);
        if (stop_reason(run->setting->stop) != 0)
            stop_request(&trial->stop, stop_reason(run->setting->stop));
    }
}

/* Ends everything that start began, in the order that leaves no fault behind the longest. */
static int finish(struct trial *trial, struct error *error)
{
    int result;

    for (size_t i = 0; i < trial->injection_count; i++)
        injection_run_finish(&trial->injections[i]);
    result = workload_finish(&trial->run->workload, error);
    monitor_finish(&trial->run->monitor);
    if (result == 0 && trial->failure.kind == ERROR_NONE &&
        stop_reason(trial->run->setting->stop) == 0) {
        result = service_watch_end(&trial->services, &trial->run->sessions, error);
        /* Another run that took a lock that had lapsed may have worked on the targets. */
        if (result == 0)
            result = sessions_renew_locks(&trial->run->sessions, error);
    }
    return result;
}

static void collect_reasons(struct trial *trial, struct text *reasons, struct text *notes)
{
    struct evidence evidence = {
        .plan = trial->run->setting->plan,
        .from = trial->from,
        .until = trial->until,
        .workload = &trial->run->workload,
        .monitor = &trial->run->monitor,
        .services = &trial->services,
        .injections = trial->injections,
        .injection_count = trial->injection_count,
    };

    if (trial->failure.kind == ERROR_NONE) {
        validity_judge(&evidence, reasons, notes);
        return;
    }
    if (trial->failure.target[0] != '\0')
        text_appendf(reasons, "%s: ", trial->failure.target);
    text_append(reasons, trial->failure.what);
}

static void measure_outcome(struct trial *trial, struct experiment_outcome *outcome)
{
    struct call_counts counts = {0};

    if (trial->from != 0)
        counts = workload_counts(&trial->run->workload, trial->from, trial->until);
    outcome->failed_share = counts.succeeded + counts.failed > 0
                                ? (double)counts.failed / (double)(counts.succeeded + counts.failed)
                                : NAN;
    outcome->achieved = trial->injection_count > 0 ? trial->injections[0].achieved : NAN;
}

static int record_verdict(struct trial *trial, struct experiment_outcome *outcome,
                          struct error *error)
{
    struct text reasons = {0};
    struct text notes = {0};
    int result;

    measure_outcome(trial, outcome);
    if (stop_reason(trial->run->setting->stop) != 0) {
        outcome->verdict = EXPERIMENT_TORN;
        snprintf(outcome->reason, sizeof outcome->reason, "interrupted");
        return store_tear_experiments(trial->run->store, clock_now(), outcome->reason, error);
    }
    collect_reasons(trial, &reasons, &notes);
    outcome->verdict = reasons.length == 0 ? EXPERIMENT_VALID : EXPERIMENT_INVALID;
    snprintf(outcome->reason, sizeof outcome->reason, "%s", text_string(&reasons));
    snprintf(outcome->note, sizeof outcome->note, "%s", text_string(&notes));
    result = store_end_experiment(trial->run->store, trial->id, clock_now(),
                                  reasons.length == 0 ? NULL : outcome->reason,
                                  notes.length == 0 ? NULL : outcome->note, error);
    text_free(&reasons);
    text_free(&notes);
    return result;
}

/* A fault that is not proven gone ends the run, whatever else is wrong. */
static int check_clean(const struct trial *trial, struct error *error)
{
    for (size_t i = 0; i < trial->injection_count; i++) {
        const struct injection_run *injection = &trial->injections[i];

        if (injection->proven)
            continue;
        error_set(error, ERROR_NOT_CLEAN, "%s is not proven gone: %s",
                  injection->planned->fault->type, injection->failure.what);
        error_target(error, injection->session->host->name);
        return error_hint(error, "its lease has ended it if the target still runs; "
                                 "'vnfault heal' proves it");
    }
    return 0;
}

/* Whether the failure concerns this experiment only: then it is a verdict, not the run's end. */
static bool is_verdict(const struct error *failure)
{
    return failure->kind == ERROR_INCONCLUSIVE || failure->kind == ERROR_UNREACHABLE ||
           failure->kind == ERROR_NOT_CLEAN || failure->kind == ERROR_NOT_AS_BEFORE;
}

int experiment_run(struct run *run, const struct planned_experiment *experiment,
                   struct experiment_outcome *outcome, struct error *error)
{
    struct trial trial = {.run = run, .experiment = experiment};
    int result;

    memset(outcome, 0, sizeof *outcome);
    if (stop_open(&trial.stop, error) < 0)
        return -1;
    trial.injections = memory_new(experiment->injection_count, sizeof *trial.injections);
    result = begin_record(&trial, error);
    if (result == 0) {
        struct error ending = {0};
        struct error unclean = {0};

        if (start(&trial, &trial.failure) == 0)
            watch(&trial);
        else
            stop_request(&trial.stop, SIGTERM);
        show(&trial, "ending the load");
        if (finish(&trial, &ending) < 0 && trial.failure.kind == ERROR_NONE)
            trial.failure = ending;
        result = record_verdict(&trial, outcome, error);
        if (result == 0 && trial.failure.kind != ERROR_NONE && !is_verdict(&trial.failure) &&
            outcome->verdict != EXPERIMENT_TORN) {
            *error = trial.failure;
            result = -1;
        }
        if (check_clean(&trial, &unclean) < 0) {
            *error = unclean;
            result = -1;
        }
    }
    service_watch_free(&trial.services);
    free(trial.injections);
    stop_close(&trial.stop);
    return result;
}
