#include "runner/run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "runner/experiment.h"
#include "runner/facts.h"
#include "runner/folder_lock.h"
#include "runner/heal.h"
#include "runner/lock_owner.h"
#include "runner/reset.h"
#include "runner/run_record.h"
#include "runner/target_check.h"
#include "store/reader.h"
#include "store/writer.h"

/* The owner in the locks: its name is the same for a run and its resumption, which by the lock on
 * the folder knows that the process before it is gone. */
static char *owner_text(const struct run_setting *setting)
{
    char host[128] = "?";
    char *folder = realpath(setting->folder, NULL);
    char *name;
    char *owner;

    gethostname(host, sizeof host - 1);
    name = memory_format("vnfault run %s:%s", host, folder != NULL ? folder : setting->folder);
    owner = lock_owner_text(name);
    free(name);
    free(folder);
    return owner;
}

static int record_targets(struct run *run, struct error *error)
{
    for (size_t i = 0; i < run->sessions.count; i++) {
        struct session *session = &run->sessions.items[i];

        if (session->host->kind == HOST_TARGET &&
            store_put_target(run->store, session->host->name, session->host->role,
                             session->host->access.address, &session->target_id, error) < 0)
            return -1;
    }
    return 0;
}

/* Whether each host has what the campaign needs: better known now than hours later. */
static int check_hosts(struct run *run, struct error *error)
{
    const struct run_setting *setting = run->setting;
    const struct campaign *campaign = setting->plan->campaign;
    struct target_checks checks;
    int result = target_check(
        &(struct target_check_setting){
            .testbed = campaign->testbed,
            .campaign = setting->faults ? campaign : NULL,
            .injectors = setting->injectors,
            .sessions = &run->sessions,
            .stop = setting->stop,
        },
        &checks, error);

    for (size_t i = 0; i < checks.count; i++) {
        const struct target_check *check = &checks.items[i];

        if (!check->passed)
            log_error("%s: %s: %s%s%s", check->host, check->item, check->detail,
                      check->hint[0] != '\0' ? "; " : "", check->hint);
    }
    target_checks_free(&checks);
    return result;
}

static struct access *session_access(void *context, const struct host *target, struct error *error)
{
    (void)error;
    return sessions_find(context, target->name)->access;
}

static int open_monitor(struct run *run, struct error *error)
{
    const struct sessions *sessions = &run->sessions;
    struct monitored_target *targets = memory_new(sessions->count, sizeof *targets);
    int result;

    for (size_t i = 0; i < sessions->count; i++)
        targets[i] =
            (struct monitored_target){sessions->items[i].host, sessions->items[i].target_id};
    result = monitor_open(run->store, targets, sessions->count, SOURCES_AS_SAID, session_access,
                          &run->sessions, &run->monitor, error);
    free(targets);
    return result;
}

static int take_testbed(struct run *run, struct error *error)
{
    const struct run_setting *setting = run->setting;

    if (sessions_open(setting->plan->campaign->testbed, run->owner, &run->sessions, error) < 0)
        return -1;
    return sessions_lock(&run->sessions, setting->resume, error) < 0 ||
                   lock_keeper_start(&run->lock_keeper, &run->sessions, error) < 0 ||
                   heal_sessions(&run->sessions, error) < 0 || check_hosts(run, error) < 0
               ? -1
               : 0;
}

static int open_run(struct run *run, struct error *error)
{
    const struct run_setting *setting = run->setting;

    if (take_testbed(run, error) < 0 || run_record_begin(run, error) < 0 ||
        record_targets(run, error) < 0 || facts_record(run->store, &run->sessions, error) < 0 ||
        open_monitor(run, error) < 0)
        return -1;
    return workload_open(run->store, setting->plan, &run->sessions, setting->folder, &run->workload,
                         error);
}

static void estimate_left(struct run *run, size_t left)
{
    const struct plan *plan = run->setting->plan;
    int64_t each = plan->estimate / (int64_t)plan->experiment_count;

    if (run->finished > 0)
        each = (clock_now() - run->started) / (int64_t)run->finished;
    run->progress.left = each * (int64_t)left;
}

static int interrupted(struct run *run, struct error *error)
{
    struct stop *stop = run->setting->stop;
    int reason = stop_reason(stop);

    stop_error(stop, error,
               reason == SIGTERM   ? "terminated; every fault was reverted"
               : reason == SIGHUP  ? "the terminal is gone; every fault was reverted"
               : reason == SIGALRM ? "the time of the run is up; every fault was reverted"
                                   : "interrupted; every fault was reverted");
    if (run->setting->steering != NULL || (!run->setting->resume && run->finished == 0))
        return -1;
    return error_hint(error, "go on with 'vnfault run --resume %s'", run->setting->folder);
}

static void count_outcome(struct run_outcome *outcome, enum experiment_verdict verdict)
{
    outcome->valid += verdict == EXPERIMENT_VALID;
    outcome->invalid += verdict == EXPERIMENT_INVALID;
    outcome->torn += verdict == EXPERIMENT_TORN;
    outcome->left -= verdict != EXPERIMENT_TORN;
}

/* One cell: the experiment and the reset after it. */
static int run_cell(struct run *run, const struct planned_experiment *experiment,
                    struct run_outcome *outcome, struct error *error)
{
    const struct run_listener *listener = run->setting->listener;

    run->progress.experiment = experiment->name;
    if (experiment_run(run, experiment, &run->last, error) < 0)
        return -1;
    run->finished++;
    count_outcome(outcome, run->last.verdict);
    listener->ended(listener->context, &run->progress, experiment, &run->last);
    if (run->last.verdict == EXPERIMENT_TORN)
        return interrupted(run, error);
    run->progress.activity = "reset";
    listener->progress(listener->context, &run->progress);
    if (reset_targets(run->store, &run->setting->plan->campaign->reset, &run->sessions, error) < 0)
        return -1;
    return monitor_reopen(&run->monitor, error);
}

/* Tells by cell whether it is done, by an execution of the run before this one. */
static int find_done(struct run *run, bool *done, struct run_outcome *outcome, struct error *error)
{
    const struct plan *plan = run->setting->plan;

    for (size_t i = 0; i < plan->experiment_count; i++) {
        if (store_cell_done(run->store, (int64_t)plan->experiments[i].cell,
                            run->setting->repeat_invalid, &done[i], error) < 0)
            return -1;
        outcome->earlier += done[i];
        outcome->left += !done[i];
    }
    return 0;
}

/* The experiments that the plan has just now. */
static int run_planned(struct run *run, struct run_outcome *outcome, struct error *error)
{
    const struct plan *plan = run->setting->plan;
    bool *done = memory_new(plan->experiment_count, sizeof *done);
    size_t before = run->finished;
    int result = find_done(run, done, outcome, error);

    run->progress.total = plan->experiment_count;
    for (size_t i = 0; result == 0 && i < plan->experiment_count; i++) {
        if (done[i])
            continue;
        if (stop_reason(run->setting->stop) != 0) {
            result = interrupted(run, error);
            break;
        }
        run->progress.position = before + i + 1;
        estimate_left(run, outcome->left);
        result = run_cell(run, &plan->experiments[i], outcome, error);
    }
    free(done);
    return result;
}

static int run_cells(struct run *run, struct run_outcome *outcome, struct error *error)
{
    const struct run_steering *steering = run->setting->steering;
    bool more = steering != NULL;

    run->started = clock_now();
    if (run_planned(run, outcome, error) < 0)
        return -1;
    while (more) {
        if (steering->next(steering->context, run->store, &run->last, &more, error) < 0)
            return -1;
        if (more && (run_record_length(run, error) < 0 || run_planned(run, outcome, error) < 0))
            return -1;
    }
    return 0;
}

static int count_invalid(const struct stored_experiment *experiment, void *context,
                         struct error *error)
{
    size_t *invalid = context;

    (void)error;
    *invalid += experiment->verdict != NULL && strcmp(experiment->verdict, "invalid") == 0;
    return 0;
}

/* Without a store, what the database of a run to go on with says of it stays. */
static int close_run(struct run *run, int result, struct error *error)
{
    size_t invalid = 0;

    if (run->store == NULL)
        return 0;
    if (store_set_run_state(run->store, result == 0 ? "complete" : "interrupted", clock_now(),
                            error) < 0 ||
        store_each_experiment(run->store, count_invalid, &invalid, error) < 0)
        return -1;
    if (invalid == 0 || run->setting->steering != NULL)
        return 0;
    error_set(error, ERROR_INCONCLUSIVE, "%zu of %zu experiments %s invalid", invalid,
              run->setting->plan->experiment_count, invalid == 1 ? "is" : "are");
    return error_hint(error, "'vnfault run --resume %s --repeat-invalid' tries them again",
                      run->setting->folder);
}

/* Ends what is open, in reverse. Nothing here may hide the error that is set already. */
static void release(struct run *run)
{
    struct error error = {0};

    workload_close(&run->workload);
    monitor_close(&run->monitor);
    lock_keeper_stop(&run->lock_keeper);
    if (sessions_unlock(&run->sessions, &error) < 0)
        log_warning("%s", error.what);
    sessions_close(&run->sessions);
}

static int note_experiment(const struct stored_experiment *experiment, void *context,
                           struct error *error)
{
    (void)experiment;
    (void)error;
    *(bool *)context = true;
    return 0;
}

/* A new run that failed before its first experiment recorded nothing: without its database the same
 * command can be tried again. */
static bool is_worth_nothing(struct run *run, int result)
{
    struct error ignored = {0};
    bool has_experiments = false;

    return result < 0 && !run->setting->resume && run->store != NULL &&
           store_each_experiment(run->store, note_experiment, &has_experiments, &ignored) == 0 &&
           !has_experiments;
}

static int run_locked(struct run *run, struct run_outcome *outcome, struct error *error)
{
    struct error closing = {0};
    int result = run_record_check(run, error);
    bool worth_nothing;

    if (result == 0) {
        result = open_run(run, error);
        outcome->begun = result == 0;
        if (result == 0)
            result = run_cells(run, outcome, error);
        release(run);
        if (close_run(run, result, &closing) < 0 && result == 0) {
            *error = closing;
            result = -1;
        }
    }
    worth_nothing = is_worth_nothing(run, result);
    error_clear(&closing);
    if (store_close(run->store, &closing) < 0 && result == 0) {
        *error = closing;
        result = -1;
    }
    if (worth_nothing)
        store_remove(run->setting->folder);
    return result;
}

int run_campaign(const struct run_setting *setting, struct run_outcome *outcome,
                 struct error *error)
{
    struct run run = {.setting = setting};
    int lock;
    int result;

    memset(outcome, 0, sizeof *outcome);
    if (folder_make(setting->folder, error) < 0)
        return -1;
    run.owner = owner_text(setting);
    lock = folder_lock(setting->folder, run.owner, error);
    result = lock < 0 ? -1 : run_locked(&run, outcome, error);
    if (lock >= 0)
        close(lock);
    free(run.owner);
    return result;
}
