#include "analysis/run_summary.h"

#include <math.h>
#include <string.h>

#include "analysis/service_course.h"
#include "analysis/service_level.h"

static const double usual_failure_share = 0.05;

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
    if (experiment->stored.fault_type == NULL)
        add_calls(&summary->nominal, &experiment->figures);
    add_calls(&summary->fault, &experiment->faulty);
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

double run_failure_bound(const struct report_run *run)
{
    return run->campaign.maximum_failure_share >= 0 ? run->campaign.maximum_failure_share
                                                    : usual_failure_share;
}

static int add_availability(struct store *store, const struct report_run *run,
                            struct run_summary *summary, struct error *error)
{
    struct service_course *courses = NULL;
    int result = service_courses_read(store, run, run_failure_bound(run), &courses, error);
    double sum = 0;
    size_t count = 0;

    for (size_t i = 0; result == 0 && i < run->experiment_count; i++) {
        if (run->experiments[i].stored.fault_type == NULL || isnan(courses[i].availability) ||
            report_verdict_of(&run->experiments[i]) != REPORT_VALID)
            continue;
        sum += courses[i].availability;
        count++;
    }
    summary->availability = count > 0 ? sum / (double)count : NAN;
    service_courses_free(courses, run);
    return result;
}

int run_summary_make(struct store *store, const struct report_run *run, struct run_summary *summary,
                     struct error *error)
{
    memset(summary, 0, sizeof *summary);
    for (size_t i = 0; i < run->experiment_count; i++)
        add_experiment(summary, &run->experiments[i]);
    summary->verdict = verdict_of(run, summary);
    if (run->run.ended_ns > run->run.started_ns)
        summary->duration_ns = run->run.ended_ns - run->run.started_ns;
    return add_availability(store, run, summary, error);
}

double summary_failed_share(const struct summary_calls *calls)
{
    return calls->ended > 0 ? (double)calls->failed / (double)calls->ended : NAN;
}
