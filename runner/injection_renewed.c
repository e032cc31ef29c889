#include "runner/injection_renewed.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/access_methods.h"

/* If that fails the step is told by the target: it ends with the lease. */
static void renew(struct access *access, const char *script, int64_t timeout)
{
    const char *const argv[] = {"sh", script, "renew", NULL};
    struct command_result result;
    struct error ignored = {0};

    if (access_run(access, argv, NULL, 0, timeout, &result, &ignored) == 0)
        command_result_free(&result);
}

/* Cuts the output at the line that begins with the mark, once it is whole, and reads the number
 * after it. */
static bool take_mark(struct text *output, const char *mark, int *exit_status)
{
    char *at = output->length > 0 ? strstr(output->bytes, mark) : NULL;

    while (at != NULL && at != output->bytes && at[-1] != '\n')
        at = strstr(at + 1, mark);
    if (at == NULL || strchr(at, '\n') == NULL)
        return false;
    *exit_status = (int)strtol(at + strlen(mark), NULL, 10);
    *at = '\0';
    output->length = (size_t)(at - output->bytes);
    return true;
}

static int ended_error(const struct injection_following *following,
                       const struct command_result *result, struct error *error)
{
    struct text quoted = {0};

    access_quote(&quoted, &result->errors);
    error_set(error, ERROR_UNREACHABLE, "the shell of the step '%s' ended with status %d%s%s",
              following->step, result->exit_status, quoted.length > 0 ? ": " : "",
              text_string(&quoted));
    text_free(&quoted);
    return error_target(error, access_host(following->access)->name);
}

int injection_follow(const struct injection_following *following, struct command_result *result,
                     struct error *error)
{
    const int64_t third = following->lease / 3;
    int64_t next = following->script != NULL ? clock_now() + third : INT64_MAX;
    bool ended = false;

    for (;;) {
        int64_t until = next < following->deadline ? next : following->deadline;

        if (access_stream_read(following->stream, until - clock_now(), NULL, &result->output,
                               &result->errors, &ended, &result->exit_status, error) < 0)
            return -1;
        if (following->mark != NULL &&
            take_mark(&result->output, following->mark, &result->exit_status))
            return 0;
        if (ended)
            return following->mark == NULL ? 0 : ended_error(following, result, error);
        if (clock_now() >= following->deadline) {
            error_set(error, ERROR_UNREACHABLE, "the step '%s' did not end in time",
                      following->step);
            return error_target(error, access_host(following->access)->name);
        }
        if (clock_now() < next)
            continue;
        renew(following->access, following->script, following->lease);
        next = clock_now() + third;
    }
}

/* With nothing on its standard input. */
static int start(struct access *access, const char *const argv[], struct access_stream **stream,
                 struct error *error)
{
    static const char *const without_input[] = {"sh", "-c", "exec \"$@\" </dev/null", "sh"};
    size_t first = sizeof without_input / sizeof without_input[0];
    const char **words;
    size_t count = 0;
    int result;

    while (argv[count] != NULL)
        count++;
    words = memory_new(first + count + 1, sizeof *words);
    memcpy(words, without_input, sizeof without_input);
    memcpy(words + first, argv, count * sizeof *words);
    result = access_start(access, words, stream, error);
    free(words);
    return result;
}

int injection_run_renewed(struct access *access, const char *const argv[], int64_t lease,
                          int64_t timeout, struct command_result *result, struct error *error)
{
    struct injection_following following = {
        .access = access,
        .script = argv[1],
        .step = argv[2],
        .lease = lease,
        .deadline = clock_now() + timeout,
    };
    int outcome;

    memset(result, 0, sizeof *result);
    if (start(access, argv, &following.stream, error) < 0)
        return -1;
    outcome = injection_follow(&following, result, error);
    access_stream_end(following.stream);
    if (outcome < 0)
        command_result_free(result);
    return outcome;
}
