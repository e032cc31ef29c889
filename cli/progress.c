#include "cli/progress.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli/progress_line.h"

static const char *const verdicts[] = {
    [EXPERIMENT_VALID] = "valid",
    [EXPERIMENT_INVALID] = "invalid",
    [EXPERIMENT_TORN] = "torn",
};
static void show_line(void *context, const struct run_progress *progress)
{
    char elapsed[24];
    char duration[24];
    char left[24];

    (void)context;
    clock_format_duration(progress->elapsed > 0 ? progress->elapsed : 0, elapsed, sizeof elapsed);
    clock_format_duration(progress->duration, duration, sizeof duration);
    clock_format_duration(progress->left - (progress->elapsed > 0 ? progress->elapsed : 0), left,
                          sizeof left);
    progress_line_show("[%zu/%zu] %s  %s  %s of %s  %s left", progress->position, progress->total,
                       progress->experiment, progress->activity, elapsed, duration, left);
}

/* Where no line is drawn: the experiment, as it begins. */
static void announce(void *context, const struct run_progress *progress)
{
    static size_t announced;
    char left[24];

    (void)context;
    if (progress->position == announced)
        return;
    announced = progress->position;
    clock_format_duration(progress->left, left, sizeof left);
    fprintf(stderr, "[%zu/%zu] %s ...  %s left\n", progress->position, progress->total,
            progress->experiment, left);
}

static void print_outcome(void *context, const struct run_progress *progress,
                          const struct planned_experiment *experiment,
                          const struct experiment_outcome *outcome)
{
    (void)context;
    progress_line_end();
    printf("[%zu/%zu] %-26s %-7s", progress->position, progress->total, experiment->name,
           outcome->verdict == EXPERIMENT_INVALID ? "INVALID" : verdicts[outcome->verdict]);
    if (experiment->injection_count > 1)
        printf("  %zu injections", experiment->injection_count);
    else if (experiment->injection_count > 0) {
        const struct intensity *intensity = experiment->injections[0].intensity;

        printf("  %s asked, ", intensity->text);
        if (isnan(outcome->achieved))
            printf("none measured");
        else
            printf("%.3g%s achieved", outcome->achieved, intensity->unit);
        if (!isnan(outcome->achieved) && experiment->injections[0].step_count > 1)
            printf(" of %g%s", outcome->achieved_of, intensity->unit);
    }
    if (!isnan(outcome->failed_share))
        printf("  %.2f%% of calls failed", 100 * outcome->failed_share);
    putchar('\n');
    if (outcome->reason[0] != '\0')
        printf("        %s\n", outcome->reason);
    if (outcome->note[0] != '\0')
        printf("        %s\n", outcome->note);
    fflush(stdout);
}

static void print_outcome_as_json(void *context, const struct run_progress *progress,
                                  const struct planned_experiment *experiment,
                                  const struct experiment_outcome *outcome)
{
    json_t *object = json_pack("{s:s, s:I, s:I, s:s, s:s}", "event", "experiment", "position",
                               (json_int_t)progress->position, "total", (json_int_t)progress->total,
                               "name", experiment->name, "verdict", verdicts[outcome->verdict]);

    (void)context;
    if (outcome->reason[0] != '\0')
        json_object_set_new(object, "reason", json_string(outcome->reason));
    if (outcome->note[0] != '\0')
        json_object_set_new(object, "note", json_string(outcome->note));
    if (!isnan(outcome->failed_share))
        json_object_set_new(object, "failed_share", json_real(outcome->failed_share));
    if (!isnan(outcome->achieved))
        json_object_set_new(object, "achieved", json_real(outcome->achieved));
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(object);
}

const struct run_listener *progress_listener(bool json)
{
    static struct run_listener listener;

    listener.progress = progress_line_is_seen() ? show_line : announce;
    listener.ended = json ? print_outcome_as_json : print_outcome;
    return &listener;
}
