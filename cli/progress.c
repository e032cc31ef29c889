#include "cli/progress.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#define TAKE_LINE_AWAY "\r\033[K"

static const char *const verdicts[] = {
    [EXPERIMENT_VALID] = "valid",
    [EXPERIMENT_INVALID] = "invalid",
    [EXPERIMENT_TORN] = "torn",
};
static char line[256];

static int terminal_width(void)
{
    struct winsize size;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 20)
        return 80;
    return size.ws_col;
}

/* Draws the line again, or takes it away, around each line of the log. */
static void around_log_line(bool before)
{
    fputs(before ? TAKE_LINE_AWAY : line, stderr);
}

static void show_line(void *context, const struct run_progress *progress)
{
    char elapsed[24];
    char duration[24];
    char left[24];
    char text[sizeof line];
    int width = terminal_width();

    (void)context;
    clock_format_duration(progress->elapsed > 0 ? progress->elapsed : 0, elapsed, sizeof elapsed);
    clock_format_duration(progress->duration, duration, sizeof duration);
    clock_format_duration(progress->left - (progress->elapsed > 0 ? progress->elapsed : 0), left,
                          sizeof left);
    snprintf(text, sizeof text, "[%zu/%zu] %s  %s  %s of %s  %s left", progress->position,
             progress->total, progress->experiment, progress->activity, elapsed, duration, left);
    snprintf(line, sizeof line, "%.*s", width - 1, text);
    fprintf(stderr, TAKE_LINE_AWAY "%s", line);
    fflush(stderr);
}

static void show_nothing(void *context, const struct run_progress *progress)
{
    (void)context;
    (void)progress;
}

void progress_end(void)
{
    if (line[0] != '\0')
        fputs(TAKE_LINE_AWAY, stderr);
    line[0] = '\0';
}

static void print_outcome(void *context, const struct run_progress *progress,
                          const struct planned_experiment *experiment,
                          const struct experiment_outcome *outcome)
{
    (void)context;
    progress_end();
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
    bool terminal = isatty(STDERR_FILENO) == 1;

    if (terminal)
        log_set_line_hook(around_log_line);
    listener.progress = terminal ? show_line : show_nothing;
    listener.ended = json ? print_outcome_as_json : print_outcome;
    return &listener;
}
