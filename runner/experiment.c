#include "runner/experiment.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "runner/experiment_injections.h"
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
    struct experiment_injections injections;
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

/* What the injections have in common; 'several' types, and no target, where they differ. */
static void describe_faults(struct run *run, const struct planned_experiment *experiment,
                            struct store_experiment *row)
{
    const struct planned_injection *first = experiment->injections;
    bool same_target = true;

    if (experiment->injection_count == 0)
        return;
    row->fault_type = first->fault->type;
    row->intensity = first->intensity->name;
    for (size_t i = 1; i < experiment->injection_count; i++) {
        const struct planned_injection *other = &experiment->injections[i];

        if (strcmp(other->fault->type, first->fault->type) != 0)
            row->fault_type = "several";
        if (other->intensity != first->intensity)
            row->intensity = "several";
        same_target = same_target && other->target == first->target;
    }
    if (same_target)
        row->target_id = sessions_find(&run->sessions, first->target->name)->target_id;
}

static int begin_record(struct trial *trial, struct error *error)
{
    const struct planned_experiment *experiment = trial->experiment;
    struct store_experiment row = {
        .cell = (int64_t)experiment->cell,
        .name = experiment->name,
        .repetition = experiment->repetition,
        .started_ns = clock_now(),
    };

    describe_faults(trial->run, experiment, &row);
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

/* Everything up to the running load: registration, arming, load, monitoring, injections. */
static int start(struct trial *trial, struct error *error)
{
    struct run *run = trial->run;
    const struct plan *plan = run->setting->plan;
    struct load_course course;

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
    if (run->setting->faults &&
        experiment_injections_arm(&trial->injections, run, trial->id, trial->experiment, error) < 0)
        return -1;
    show(trial, "starting the load");
    trial->from = clock_now() + plan->timeline.warm_up;
    trial->until = trial->from + plan->timeline.duration;
    course = load_course_of(plan, trial->experiment, trial->from);
    if (workload_start(&run->workload, trial->id, &course, trial->until, &trial->stop, error) < 0)
        return -1;
    if (store_set_measured(run->store, trial->id, trial->from, trial->until, error) < 0 ||
        monitor_start(&run->monitor, trial->id, trial->from, trial->until, plan->monitoring_period,
                      &trial->stop, error) < 0)
        return -1;
    return experiment_injections_start(&trial->injections, trial->from, error);
}

static void describe(const struct trial *trial, char *text, size_t size)
{
    experiment_injections_describe(&trial->injections, text, size);
    if (text[0] == '\0')
        snprintf(text, size, clock_now() < trial->from ? "warm-up" : "load running");
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

    if (stop_reason(&trial->stop) != 0)
        experiment_injections_stop(&trial->injections, stop_reason(&trial->stop));
    experiment_injections_finish(&trial->injections);
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

static void judge(struct trial *trial, struct experiment_outcome *outcome, struct text *reasons,
                  struct text *notes)
{
    struct evidence evidence = {
        .plan = trial->run->setting->plan,
        .from = trial->from,
        .until = trial->until,
        .workload = &trial->run->workload,
        .monitor = &trial->run->monitor,
        .services = &trial->services,
        .injections = trial->injections.items,
        .injection_count = trial->injections.count,
    };

    if (trial->failure.kind == ERROR_NONE) {
        validity_judge(&evidence, reasons, notes);
        outcome->service_ended = validity_service_ended(&evidence);
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
    outcome->achieved = NAN;
    if (trial->injections.count > 0) {
        outcome->achieved = trial->injections.items[0].achieved;
        outcome->achieved_of = trial->injections.items[0].achieved_of;
    }
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
    judge(trial, outcome, &reasons, &notes);
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
    for (size_t i = 0; i < trial->injections.count; i++) {
        const struct injection_run *injection = &trial->injections.items[i];

        if (injection->proven)
            continue;
        error_set(error, ERROR_NOT_CLEAN, "%s is not proven gone: %s",
                  injection->planned->fault->type, injection->failure.what);
        error_target(error, injection->session->host->name);
        return error_hint(error,
                          "its guards undo it at the end of its lease, if the target lets them; "
                          "'vnfault heal' proves it, or says what is left");
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
        /* What failed first comes before what could not be recorded after it. */
        if (trial.failure.kind != ERROR_NONE && !is_verdict(&trial.failure) &&
            (result < 0 || outcome->verdict != EXPERIMENT_TORN)) {
            *error = trial.failure;
            result = -1;
        }
        if (check_clean(&trial, &unclean) < 0) {
            *error = unclean;
            result = -1;
        }
    }
    service_watch_free(&trial.services);
    experiment_injections_free(&trial.injections);
    stop_close(&trial.stop);
    return result;
}
