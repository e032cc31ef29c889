#include "runner/injection_shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "runner/injection_renewed.h"

struct injection_shell {
    struct access *access;
    struct access_stream *stream;
    unsigned long number; /* of the last step */
};

/* It says so once it has all loaded. */
static int await_ready(struct injection_shell *shell, int64_t timeout, struct error *error)
{
    const struct injection_following following = {
        .access = shell->access,
        .stream = shell->stream,
        .step = "wait",
        .mark = "done wait",
        .deadline = clock_now() + timeout,
    };
    struct command_result result = {0};
    int outcome = injection_follow(&following, &result, error);

    command_result_free(&result);
    return outcome;
}

struct injection_shell *injection_shell_start(struct access *access, const char *script,
                                              int64_t timeout, struct error *error)
{
    const char *const argv[] = {"sh", script, "wait", NULL};
    struct injection_shell *shell = memory_new(1, sizeof *shell);

    shell->access = access;
    if (access_start(access, argv, &shell->stream, error) == 0 &&
        await_ready(shell, timeout, error) == 0)
        return shell;
    injection_shell_end(shell);
    return NULL;
}

/* An error if it ended, was cut off, or owes its answer past the time: it is of no use any more
 * then. */
static int take(struct injection_shell *shell, const char *const argv[], int64_t lease,
                int64_t timeout, struct command_result *result, struct error *error)
{
    char mark[32];
    struct text line = {0};
    struct injection_following following = {
        .access = shell->access,
        .stream = shell->stream,
        .script = lease > 0 ? argv[1] : NULL,
        .step = argv[2],
        .mark = mark,
        .lease = lease,
        .deadline = clock_now() + timeout,
    };
    int outcome;

    shell->number++;
    snprintf(mark, sizeof mark, "over %lu ", shell->number);
    text_appendf(&line, "%lu", shell->number);
    for (size_t i = 2; argv[i] != NULL; i++)
        text_appendf(&line, " %s", argv[i]);
    text_append(&line, "\n");
    memset(result, 0, sizeof *result);
    outcome = access_stream_write(shell->stream, line.bytes, line.length, error);
    if (outcome == 0)
        outcome = injection_follow(&following, result, error);
    if (outcome < 0)
        command_result_free(result);
    text_free(&line);
    return outcome;
}

static int take_by_command(struct access *access, const char *const argv[], int64_t lease,
                           int64_t timeout, struct command_result *result, struct error *error)
{
    if (lease > 0)
        return injection_run_renewed(access, argv, lease, timeout, result, error);
    return access_run(access, argv, NULL, 0, timeout, result, error);
}

int injection_shell_take(struct injection_shell **shell, struct access *access,
                         const char *const argv[], int64_t lease, int64_t timeout,
                         struct command_result *result, struct error *error)
{
    int64_t deadline = clock_now() + timeout;

    if (*shell == NULL)
        return take_by_command(access, argv, lease, timeout, result, error);
    if (take(*shell, argv, lease, timeout, result, error) == 0)
        return 0;
    injection_shell_end(*shell);
    *shell = NULL;
    if (access_is_lost(access) || clock_now() >= deadline)
        return -1;
    log_info("%s: %s", access_host(access)->name, error->what);
    error_clear(error);
    return take_by_command(access, argv, lease, timeout, result, error);
}

void injection_shell_end(struct injection_shell *shell)
{
    if (shell == NULL)
        return;
    access_stream_end(shell->stream);
    free(shell);
}
