#include "cli/calibrate_output.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli/json_values.h"
#include "cli/progress_line.h"

static const char *const goals[] = {
    [CALIBRATE_SATURATION] = "saturation",
    [CALIBRATE_RATE] = "rate",
    [CALIBRATE_INTENSITY] = "intensity",
};

static const char *const answers[] = {
    [ANSWER_UNCLEAR] = "unclear",
    [ANSWER_WITHIN] = "within",
    [ANSWER_BEYOND] = "beyond",
};

static const char *const limits[] = {
    [LIMIT_RANGE] = "range",
    [LIMIT_FAILURES] = "failures",
    [LIMIT_REFUSED] = "refused",
    [LIMIT_GENERATOR] = "load-hosts",
};

static void show_line(void *context, const struct run_progress *progress)
{
    char elapsed[24];
    char duration[24];

    (void)context;
    clock_format_duration(progress->elapsed > 0 ? progress->elapsed : 0, elapsed, sizeof elapsed);
    clock_format_duration(progress->duration, duration, sizeof duration);
    progress_line_show("[%zu] %s  %s  %s of %s", progress->position, progress->experiment,
                       progress->activity, elapsed, duration);
}

/* 'failed' or, in the search for saturation, 'lost'. */
static const char *word(enum calibration_goal goal)
{
    return goal == CALIBRATE_SATURATION ? "lost" : "failed";
}

static void print_share(const struct failed_share *share, enum calibration_goal goal)
{
    printf("%.2f%% of %" PRId64 " calls %s (%.2f%% to %.2f%%)", 100 * share->share, share->calls,
           word(goal), 100 * share->least, 100 * share->most);
}

static void print_step(void *context, const struct calibration_step *step)
{
    (void)context;
    progress_line_end();
    printf("[%zu] %-26s ", step->number, step->name);
    if (step->measurement->refused) {
        printf("refused: %s\n", step->measurement->reason);
    } else {
        print_share(&step->decisive, step->goal);
        printf(", %.1f calls/s: %s", calibration_level_rate(step->level), answers[step->answer]);
        if (!isnan(step->measurement->achieved))
            printf(", %.3g%s achieved", step->measurement->achieved, step->unit);
        putchar('\n');
    }
    fflush(stdout);
}

static void print_limit(const struct calibration_finding *finding)
{
    static const char *const reasons[] = {
        [LIMIT_RANGE] = "the highest there is",
        [LIMIT_FAILURES] = "too many calls fail at",
        [LIMIT_REFUSED] = "not borne at",
        [LIMIT_GENERATOR] = "the load hosts can't make",
    };

    printf("; %s", reasons[finding->limit]);
    if (finding->limit != LIMIT_RANGE)
        printf(" %g%s", finding->beyond, finding->unit);
    if (finding->limit == LIMIT_REFUSED)
        printf(" (%s)", finding->reason);
    putchar('\n');
}

static void print_finding(void *context, const struct calibration_finding *finding)
{
    (void)context;
    progress_line_end();
    if (finding->goal == CALIBRATE_INTENSITY)
        printf("%s on %s: ", finding->fault_type, finding->target);
    else
        printf("%s: ", goals[finding->goal]);
    if (!finding->found)
        printf("none; %g%s is too high already: ", finding->value, finding->unit);
    else
        printf("%g%s: ", finding->value, finding->unit);
    if (finding->failures.calls > 0)
        print_share(&finding->failures, finding->goal);
    else
        printf("nothing was counted");
    printf(", %.1f calls/s, %zu steps", finding->rate, finding->steps);
    print_limit(finding);
    fflush(stdout);
}

static json_t *share_json(const struct failed_share *share)
{
    return json_pack("{s:I, s:I, s:o, s:o, s:o, s:f}", "calls", (json_int_t)share->calls, "failed",
                     (json_int_t)share->failed, "share", json_number(share->share), "least",
                     json_number(share->least), "most", json_number(share->most), "spread",
                     share->spread);
}

static void print_json(json_t *object)
{
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(object);
}

static void print_step_as_json(void *context, const struct calibration_step *step)
{
    json_t *object =
        json_pack("{s:s, s:I, s:s, s:s, s:f, s:s, s:o, s:o, s:f, s:f, s:o, s:s}", "event", "step",
                  "number", (json_int_t)step->number, "name", step->name, "goal", goals[step->goal],
                  "value", step->value, "unit", step->unit, "failures", share_json(&step->failures),
                  "decisive", share_json(&step->decisive), "limit", step->limit, "rate",
                  calibration_level_rate(step->level), "achieved",
                  json_number(step->measurement->achieved), "answer", answers[step->answer]);

    (void)context;
    if (step->measurement->refused)
        json_object_set_new(object, "refused", json_string(step->measurement->reason));
    print_json(object);
}

static void print_finding_as_json(void *context, const struct calibration_finding *finding)
{
    (void)context;
    print_json(json_pack(
        "{s:s, s:s, s:s?, s:s?, s:b, s:f, s:s, s:o, s:s, s:s, s:o, s:f, s:o, s:I}", "event",
        "found", "goal", goals[finding->goal], "fault_type", finding->fault_type, "target",
        finding->target, "found", finding->found, "value", finding->value, "unit", finding->unit,
        "beyond", json_number(finding->beyond), "limit", limits[finding->limit], "reason",
        finding->reason, "failures", share_json(&finding->failures), "rate", finding->rate,
        "achieved", json_number(finding->achieved), "steps", (json_int_t)finding->steps));
}

const struct calibration_listener *calibrate_listener(bool json)
{
    static const struct calibration_listener text = {
        .progress = show_line, .measured = print_step, .found = print_finding};
    static const struct calibration_listener lines = {
        .progress = show_line, .measured = print_step_as_json, .found = print_finding_as_json};

    return json ? &lines : &text;
}
