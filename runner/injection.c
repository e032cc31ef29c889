#include "runner/injection.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/injection_arguments.h"
#include "runner/injection_put.h"
#include "runner/injection_script.h"
#include "runner/injection_shell.h"

#define MOST_HELPERS 4

struct injection {
    struct access *access;
    struct injection_request request;
    char token[24];
    char *folder;                /* of the undo record; NULL until arm */
    char *script;                /* its path on the target */
    char *helpers[MOST_HELPERS]; /* that probe found to be needed */
    size_t helper_count;
    char remembered[128];          /* by probe, for a target that forgets */
    struct injection_shell *shell; /* that waits for steps; NULL if there is none */
};

struct injection *injection_new(struct access *access, const struct injection_request *request)
{
    struct injection *injection = memory_new(1, sizeof *injection);

    injection->access = access;
    injection->request = *request;
    snprintf(injection->token, sizeof injection->token, "%s", request->token);
    injection->request.token = injection->token;
    return injection;
}

/* Where its undo record is; a container that was replaced by another has another folder. */
static int locate(struct injection *injection, struct error *error)
{
    char *folder = access_folder(injection->access, error);

    if (folder == NULL)
        return -1;
    free(injection->folder);
    free(injection->script);
    injection->folder = memory_format("%s/%s", folder, injection->token);
    injection->script = memory_format("%s/injector.sh", injection->folder);
    free(folder);
    return 0;
}

void injection_free(struct injection *injection)
{
    if (injection == NULL)
        return;
    injection_shell_end(injection->shell);
    for (size_t i = 0; i < injection->helper_count; i++)
        free(injection->helpers[i]);
    free(injection->folder);
    free(injection->script);
    free(injection);
}

/* A line of a step: the report's, or, of probe, a helper that will be needed or what is to be
 * remembered. */
struct reading {
    struct injection *injection;
    struct injection_report *report;
};

static void read_line(const char *key, const char *text, void *context)
{
    struct reading *reading = context;
    struct injection *injection = reading->injection;
    char *const *known = injection->request.injector->helpers;

    injection_report_line(key, text, reading->report);
    if (strcmp(key, "remember") == 0)
        snprintf(injection->remembered, sizeof injection->remembered, "%s", text);
    if (strcmp(key, "helper") != 0 || injection->helper_count == MOST_HELPERS)
        return;
    for (size_t i = 0; known[i] != NULL; i++) {
        if (strcmp(known[i], text) == 0)
            injection->helpers[injection->helper_count++] = memory_string(text);
    }
}

static void report_clear(struct injection_report *report)
{
    memset(report, 0, sizeof *report);
    report->achieved = NAN;
}

static int64_t step_timeout(const struct injection *injection, int64_t least)
{
    int64_t timeout = access_host(injection->access)->access.timeout;

    return timeout > least ? timeout : least;
}

/* Reads what the step of that name printed, and frees it. */
static int read_step(struct injection *injection, const char *step, struct command_result *command,
                     struct injection_report *report, struct error *error)
{
    struct reading reading = {.injection = injection, .report = report};
    int result = injection_output_read(step, command, read_line, &reading, error);

    command_result_free(command);
    return result < 0 ? error_target(error, access_host(injection->access)->name) : 0;
}

/* A step of a target that has no undo record: from standard input, so that nothing stays there. */
static int run_without_record(struct injection *injection, const char *step,
                              struct injection_report *report, struct error *error)
{
    struct injection_arguments arguments = {0};
    struct command_result command;
    struct text script = {0};
    int result = -1;

    report_clear(report);
    injection_arguments_add(&arguments, "sh");
    injection_arguments_add(&arguments, "-s");
    injection_arguments_add(&arguments, step);
    if (injection_request_check(&injection->request, error) == 0 &&
        injection_arguments_add_request(&arguments, &injection->request, injection->access,
                                        error) == 0 &&
        injection_script_join(injection->request.injector, &script, error) == 0) {
        char *remembered = memory_format("remembered=%s", injection->remembered);

        injection_arguments_add(&arguments, remembered);
        free(remembered);
        result = access_run(injection->access, (const char *const *)arguments.items,
                            text_string(&script), script.length,
                            step_timeout(injection, 30 * CLOCK_SECOND), &command, error);
        if (result == 0)
            result = read_step(injection, step, &command, report, error);
    }
    injection_arguments_free(&arguments);
    text_free(&script);
    return result;
}

int injection_probe(struct injection *injection, struct injection_report *report,
                    struct error *error)
{
    while (injection->helper_count > 0)
        free(injection->helpers[--injection->helper_count]);
    injection->remembered[0] = '\0';
    return run_without_record(injection, "probe", report, error);
}

int injection_returned(struct injection *injection, struct injection_report *report,
                       struct error *error)
{
    return run_without_record(injection, "returned", report, error);
}

/* Filling the memory of a large target takes its time, and so does measuring a long delay; one that
 * hangs is given up after that. */
#define LONGEST_STEP (180 * CLOCK_SECOND)

/* Takes a step of the script on the target; the lease is 0 if it isn't to be renewed beside it. */
static int take_step(struct injection *injection, const char *const argv[], int64_t lease,
                     int64_t timeout, struct injection_report *report, struct error *error)
{
    struct command_result command;

    if (injection_shell_take(&injection->shell, injection->access, argv, lease, timeout, &command,
                             error) < 0)
        return -1;
    return read_step(injection, argv[2], &command, report, error);
}

int injection_arm(struct injection *injection, struct injection_report *report, struct error *error)
{
    struct injection_arguments arguments = {0};
    int result = locate(injection, error);

    report_clear(report);
    if (result == 0)
        result = injection_put(injection->access, injection->folder, injection->request.injector,
                               injection->helpers, injection->helper_count, error);
    injection_arguments_add(&arguments, "sh");
    injection_arguments_add(&arguments, injection->script);
    injection_arguments_add(&arguments, "arm");
    if (result == 0)
        result = injection_arguments_add_request(&arguments, &injection->request, injection->access,
                                                 error);
    if (result == 0)
        result = take_step(injection, (const char *const *)arguments.items,
                           injection->request.lease, LONGEST_STEP, report, error);
    injection_arguments_free(&arguments);
    return result;
}

static int run_step(struct injection *injection, const char *step, int64_t timeout,
                    struct injection_report *report, struct error *error)
{
    const char *argv[] = {"sh", NULL, step, NULL};

    report_clear(report);
    if (locate(injection, error) < 0)
        return -1;
    argv[1] = injection->script;
    return take_step(injection, argv, 0, step_timeout(injection, timeout), report, error);
}

/* `amount` may be NULL. */
static int run_long_step(struct injection *injection, const char *step, const char *amount,
                         struct injection_report *report, struct error *error)
{
    const char *argv[] = {"sh", NULL, step, amount, NULL};

    report_clear(report);
    if (locate(injection, error) < 0)
        return -1;
    argv[1] = injection->script;
    return take_step(injection, argv, injection->request.lease, LONGEST_STEP, report, error);
}

int injection_ready(struct injection *injection, int64_t timeout, struct error *error)
{
    if (injection->shell != NULL)
        return 0;
    if (locate(injection, error) < 0)
        return -1;
    injection->shell = injection_shell_start(injection->access, injection->script, timeout, error);
    return injection->shell != NULL ? 0 : -1;
}

void injection_rest(struct injection *injection)
{
    injection_shell_end(injection->shell);
    injection->shell = NULL;
}

int injection_apply(struct injection *injection, struct injection_report *report,
                    struct error *error)
{
    return run_long_step(injection, "apply", NULL, report, error);
}

void injection_set_level(struct injection *injection, double value)
{
    injection->request.value = value;
}

int injection_change(struct injection *injection, struct injection_report *report,
                     struct error *error)
{
    char *amount = memory_format("%lld", llround(injection->request.value * 1000));
    int result = run_long_step(injection, "change", amount, report, error);

    free(amount);
    return result;
}

int injection_verify(struct injection *injection, struct injection_report *report,
                     struct error *error)
{
    return run_long_step(injection, "verify", NULL, report, error);
}

int injection_hold(struct injection *injection, struct injection_report *report,
                   struct error *error)
{
    return run_step(injection, "hold", 20 * CLOCK_SECOND, report, error);
}

static void pass_over(const char *key, const char *text, void *context)
{
    (void)key;
    (void)text;
    (void)context;
}

/* Where the campaign let a folder of the fault's own be made; NULL if the target chose. */
static const char *own_folder(const struct injection *injection)
{
    const struct injector *injector = injection->request.injector;

    for (size_t i = 0; i < injector->parameter_count; i++) {
        const char *value =
            injection_request_parameter(&injection->request, &injector->parameters[i]);

        if (strcmp(injector->parameters[i].name, "folder") == 0 && value[0] == '/')
            return value;
    }
    return NULL;
}

int injection_has_record(struct injection *injection, int64_t timeout, bool *there,
                         struct error *error)
{
    const char *const look[] = {"test", "-f", injection->script, NULL};
    struct command_result command = {0};

    if (access_run(injection->access, look, NULL, 0, timeout, &command, error) < 0)
        return -1;
    *there = command.exit_status != 1;
    command_result_free(&command);
    return 0;
}

/*
 * Is the undo record gone? It goes with the proof, whose answer may have been lost, and with a
 * reboot, which takes the fault too; but for a folder that outlives it, which is removed here.
 */
static int without_record(struct injection *injection, struct injection_report *report,
                          struct error *error)
{
    const char *const sweep[] = {"sweep", injection->token, own_folder(injection), NULL};
    bool there;

    if (injection_has_record(injection, 0, &there, error) < 0)
        return -1;
    if (there)
        return 0;
    report_clear(report);
    snprintf(report->detail, sizeof report->detail,
             "the undo record is gone: it was proven before, or the target was rebooted");
    if (injection_service(injection->access, sweep, 60 * CLOCK_SECOND, pass_over, NULL, error) < 0)
        return -1;
    return 1;
}

/* A step that succeeds too where there is nothing left to do. */
static int run_last_step(struct injection *injection, const char *step,
                         struct injection_report *report, struct error *error)
{
    int gone;
    struct error other = {0};

    if (run_step(injection, step, 60 * CLOCK_SECOND, report, error) == 0)
        return 0;
    gone = without_record(injection, report, &other);
    if (gone < 0)
        *error = other;
    return gone == 1 ? 0 : -1;
}

int injection_revert(struct injection *injection, struct injection_report *report,
                     struct error *error)
{
    return run_last_step(injection, "revert", report, error);
}

int injection_prove(struct injection *injection, struct injection_report *report,
                    struct error *error)
{
    injection_rest(injection);
    return run_last_step(injection, "prove", report, error);
}
