#include "runner/validity.h"

#include <inttypes.h>
#include <stdbool.h>

#include "base/clock.h"
#include "runner/plan_windows.h"
#include "runner/validity_monitoring.h"

static void add_reason(struct text *reasons)
{
    if (reasons->length > 0)
        text_append(reasons, "; ");
}

/* The end of what is nominal in the experiment: the first injection's command, or its end. */
static int64_t nominal_until(const struct evidence *evidence)
{
    int64_t until = evidence->until;

    for (size_t i = 0; i < evidence->injection_count; i++) {
        int64_t start = evidence->injections[i].start_commanded;

        if (start != 0 && start < until)
            until = start;
    }
    return until;
}

/* Whether more of these calls failed than may without a fault. */
static bool too_many_failed(const struct evidence *evidence, const struct call_counts *counts)
{
    double allowed = evidence->plan->campaign->load.maximum_failure_share;

    return (double)counts->failed > allowed * (double)(counts->succeeded + counts->failed);
}

static void add_failures(const struct evidence *evidence, const struct call_counts *counts,
                         const char *finding, const char *which, struct text *reasons)
{
    add_reason(reasons);
    text_appendf(reasons, "%s%.2f%% of %s failed, allowed are %.2f%%", finding,
                 100.0 * (double)counts->failed / (double)(counts->succeeded + counts->failed),
                 which, 100.0 * evidence->plan->campaign->load.maximum_failure_share);
}

/* What the calls of a time without a fault tell: too many failed, or there were none to tell. */
static void judge_calls(const struct evidence *evidence, const struct call_counts *counts,
                        int64_t duration, const char *finding, const char *which,
                        struct text *reasons)
{
    bool is_told = duration > 2 * evidence->plan->monitoring_period;

    if (too_many_failed(evidence, counts)) {
        add_failures(evidence, counts, finding, which, reasons);
    } else if (counts->covered == 0 && is_told && duration < LEAST_JUDGED) {
        add_reason(reasons);
        text_appendf(reasons, "%.1f s of %s are too short to judge the service by",
                     (double)duration / (double)CLOCK_SECOND, which);
    } else if (counts->succeeded + counts->failed == 0 && (counts->covered > 0 || is_told)) {
        add_reason(reasons);
        text_appendf(reasons, "%sno %s ended", finding, which);
    }
}

static void judge_nominal(const struct evidence *evidence, struct text *reasons)
{
    int64_t until = nominal_until(evidence);
    struct call_counts nominal = workload_counts(evidence->workload, evidence->from, until);

    judge_calls(evidence, &nominal, until - evidence->from, "", "nominal calls", reasons);
}

/* What follows the cool-down is labelled normal, so the service must be well again. Its second half
 * counts: calls that the fault had stalled still fail in the first. */
static void judge_recovery(const struct evidence *evidence, struct text *reasons)
{
    int64_t settled = evidence->from;
    int64_t left;
    struct call_counts counts;

    for (size_t i = 0; i < evidence->injection_count; i++) {
        int64_t gone = evidence->injections[i].gone + evidence->plan->timeline.cool_down;

        if (evidence->injections[i].gone != 0 && gone > settled)
            settled = gone;
    }
    if (settled == evidence->from || settled >= evidence->until)
        return;
    left = evidence->until - settled;
    counts = workload_counts(evidence->workload, settled + left / 2, evidence->until);
    if (counts.covered == 0)
        counts = workload_counts(evidence->workload, settled, evidence->until);
    judge_calls(evidence, &counts, left,
                "the service did not recover: ", "calls after the cool-down", reasons);
}

/* A fault in the load has a rate of its own: calls that were made meanwhile say nothing of the
 * campaign's. */
static struct call_counts without_load_faults(const struct evidence *evidence,
                                              struct call_counts counts)
{
    for (size_t i = 0; i < evidence->injection_count; i++) {
        const struct injection_run *injection = &evidence->injections[i];
        struct call_counts within;

        if (!injection->planned->fault->in_load || injection->start_commanded == 0)
            continue;
        within = workload_counts(evidence->workload, injection->start_commanded,
                                 injection->gone != 0 ? injection->gone : evidence->until);
        counts.created -= within.created;
        counts.covered -= within.covered;
        counts.due -= within.due;
    }
    return counts;
}

/* Of several callers the one that is the matter; all were to make `due` calls per second. */
static void add_slowest(const struct evidence *evidence, double due, struct text *reasons)
{
    const struct load_plan *plan = &evidence->plan->campaign->load;
    double rate = 0;
    const char *host = workload_slowest(evidence->workload, evidence->from, evidence->until, &rate);

    if (host != NULL)
        text_appendf(reasons, "; the slowest caller, %s, made %.1f of %.1f", host, rate,
                     due / (double)plan->caller_count);
}

static void judge_load(const struct evidence *evidence, struct text *reasons)
{
    const struct load_plan *plan = &evidence->plan->campaign->load;
    struct call_counts all = workload_counts(evidence->workload, evidence->from, evidence->until);
    struct call_counts own = without_load_faults(evidence, all);
    double seconds = (double)own.covered / (double)CLOCK_SECOND;
    double rate = own.covered > 0 ? (double)own.created / seconds : 0;
    double due = own.covered > 0 ? own.due / seconds : plan->rate;

    if ((own.covered > 0 || all.covered == 0) && rate < due * plan->minimum_rate_share) {
        add_reason(reasons);
        text_appendf(reasons, "load reached %.1f of %.1f calls/s", rate, due);
        add_slowest(evidence, due, reasons);
    }
    if (all.covered == 0)
        return;
    judge_nominal(evidence, reasons);
    judge_recovery(evidence, reasons);
}

/* Whether a process that was started at that time on the runner's clock ended in a fault: then what
 * follows until the end of the cool-down is not labelled normal. */
static bool is_within_fault(const struct evidence *evidence, int64_t time)
{
    for (size_t i = 0; i < evidence->injection_count; i++) {
        const struct injection_run *injection = &evidence->injections[i];

        if (injection->start_commanded != 0 && time >= injection->start_commanded &&
            (injection->gone == 0 || time <= injection->gone + evidence->plan->timeline.cool_down))
            return true;
    }
    return false;
}

static bool is_same(const struct watched_process *process)
{
    return process->after.number == process->before.number &&
           process->after.started == process->before.started;
}

/* When the process that is there now was started, runner's clock. */
static int64_t started(const struct watched_process *process)
{
    return process->after.started_ns - process->session->clock.offset;
}

bool validity_service_ended(const struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->services->count; i++) {
        const struct watched_process *process = &evidence->services->items[i];

        if (!is_same(process) &&
            (process->after.number == 0 || is_within_fault(evidence, started(process))))
            return true;
    }
    return false;
}

static void judge_service(const struct evidence *evidence, const struct watched_process *process,
                          struct text *reasons, struct text *notes)
{
    const char *target = process->session->host->name;
    int64_t time = started(process);
    bool within_fault = is_within_fault(evidence, time);
    struct text *text = process->after.number != 0 && within_fault ? notes : reasons;

    if (is_same(process))
        return;
    add_reason(text);
    if (process->after.number == 0)
        text_appendf(text, "%s on %s ended and does not run", process->name, target);
    else
        text_appendf(text, "%s on %s ended %s a fault and was started again at %.1f s",
                     process->name, target, within_fault ? "within" : "outside of",
                     (double)(time - evidence->from) / (double)CLOCK_SECOND);
}

static void judge_injection(const struct injection_run *injection, struct text *reasons)
{
    const char *target = injection->session->host->name;

    if (injection->failure.kind != ERROR_NONE) {
        add_reason(reasons);
        text_appendf(reasons, "%s on %s: %s", injection->planned->fault->type, target,
                     injection->failure.what);
    } else if (!injection->proven) {
        add_reason(reasons);
        text_appendf(reasons, "%s on %s: not proven gone", injection->planned->fault->type, target);
    }
}

void validity_judge(const struct evidence *evidence, struct text *reasons, struct text *notes)
{
    /* A load that broke off ended the monitoring too: that gap is no reason of its own. */
    if (evidence->workload->failure.kind != ERROR_NONE) {
        text_appendf(reasons, "load: %s", evidence->workload->failure.what);
    } else {
        judge_load(evidence, reasons);
        validity_judge_monitoring(evidence, reasons, notes);
    }
    for (size_t i = 0; i < evidence->services->count; i++)
        judge_service(evidence, &evidence->services->items[i], reasons, notes);
    for (size_t i = 0; i < evidence->injection_count; i++)
        judge_injection(&evidence->injections[i], reasons);
}
