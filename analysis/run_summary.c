#include "analysis/run_summary.h"

#include <math.h>
#include <string.h>

#include "analysis/service_level.h"

const char *const run_verdict_names[RUN_VERDICTS] = {"valid", "violated", "invalid", "interrupted",
                                                     "running"};

static void add_calls(struct summary_calls *calls, const struct service_figures *figures)
{
    calls->ended += figures->succeeded + figures->failed;
    calls->failed += figures->failed;
}

static void add_experiment(struct run_summary *summary, const struct report_experiment *experiment)
{
    enum report_verdict verdict = report_verdict_of(experiment);

    summary->experiments[verdict]++;
    if (verdict != REPORT_VALID)
        return;
    add_calls(experiment->stored.fault_type == NULL ? &summary->nominal : &summary->whole,
              &experiment->figures);
    for (size_t i = 0; i < experiment->injection_count; i++)
        add_calls(&summary->fault, &experiment->injections[i].impact.figures[IMPACT_DURING]);
}

static enum run_verdict verdict_of(const struct report_run *run, const struct run_summary *summary)
{
    struct error level = {0};

    if (strcmp(run->run.state, "running") == 0)
        return RUN_RUNNING;
    if (strcmp(run->run.state, "complete") != 0)
        return RUN_INTERRUPTED;
    if (run->experiment_count == 0 || summary->experiments[REPORT_VALID] < run->experiment_count)
        return RUN_INVALID;
    if (service_level_compare(run, &level) == 0)
        return RUN_VALID;
    return level.kind == ERROR_THRESHOLD ? RUN_VIOLATED : RUN_INVALID;
}

void run_summary_make(const struct report_run *run, struct run_summary *summary)
{
    memset(summary, 0, sizeof *summary);
    for (size_t i = 0; i < run->experiment_count; i++)
        add_experiment(summary, &run->experiments[i]);
    summary->verdict = verdict_of(run, summary);
    if (run->run.ended_ns > run->run.started_ns)
        summary->duration_ns = run->run.ended_ns - run->run.started_ns;
}

double summary_failed_share(const struct summary_calls *calls)
{
    return calls->ended > 0 ? (double)calls->failed / (double)calls->ended : NAN;
}

double summary_availability(const struct run_summary *summary)
{
    return 1 - summary_failed_share(&summary->whole);
}
