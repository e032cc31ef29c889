#include "runner/injection_renewed.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

/* If that fails the step is told by the target: it ends with the lease. */
static void renew(struct access *access, const char *script, int64_t timeout)
{
    const char *const argv[] = {"sh", script, "renew", NULL};
    struct command_result result;
    struct error ignored = {0};

    if (access_run(access, argv, NULL, 0, timeout, &result, &ignored) == 0)
        command_result_free(&result);
}

static int follow(struct access *access, struct access_stream *stream, const char *const argv[],
                  int64_t lease, int64_t deadline, struct command_result *result,
                  struct error *error)
{
    int64_t next = clock_now() + lease / 3;
    bool ended = false;

    for (;;) {
        int64_t until = next < deadline ? next : deadline;

        if (access_stream_read(stream, until - clock_now(), NULL, &result->output, &result->errors,
                               &ended, &result->exit_status, error) < 0)
            return -1;
        if (ended)
            return 0;
        if (clock_now() >= deadline) {
            error_set(error, ERROR_UNREACHABLE, "the step '%s' did not end in time", argv[2]);
            return error_target(error, access_host(access)->name);
        }
        if (clock_now() < next)
            continue;
        renew(access, argv[1], lease);
        next = clock_now() + lease / 3;
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
    int64_t deadline = clock_now() + timeout;
    struct access_stream *stream;
    int outcome;

    memset(result, 0, sizeof *result);
    if (start(access, argv, &stream, error) < 0)
        return -1;
    outcome = follow(access, stream, argv, lease, deadline, result, error);
    access_stream_end(stream);
    if (outcome < 0)
        command_result_free(result);
    return outcome;
}
