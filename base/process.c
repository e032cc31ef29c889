#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clock.h"

/* Writes what the pipe takes of `input` and moves it on; closes the pipe at the end. */
static void feed(int *descriptor, const char **input)
{
    size_t left = *input == NULL ? 0 : strlen(*input);
    ssize_t count = left == 0 ? 0 : write(*descriptor, *input, left);

    if (count > 0)
        *input += count;
    if ((count < 0 && errno != EAGAIN && errno != EINTR) || (size_t)(count > 0 ? count : 0) == left)
        child_close(descriptor);
}

static void drain(int *descriptor, struct text *text)
{
    char buffer[8192];
    ssize_t count = read(*descriptor, buffer, sizeof buffer);

    if (count > 0)
        text_append_bytes(text, buffer, (size_t)count);
    else if (count == 0 || errno != EINTR)
        child_close(descriptor);
}

/* Feeds and drains until the child has closed its outputs. Returns -1 past the deadline. */
static int converse(struct child *child, const char *input, int64_t deadline,
                    struct process_result *result)
{
    fcntl(child->input, F_SETFL, O_NONBLOCK);
    while (child->output >= 0 || child->errors >= 0) {
        struct pollfd watch[] = {{.fd = child->input, .events = POLLOUT},
                                 {.fd = child->output, .events = POLLIN},
                                 {.fd = child->errors, .events = POLLIN}};
        int64_t left = deadline - clock_now();

        if (left <= 0)
            return -1;
        if (poll(watch, 3, (int)(left / CLOCK_MILLISECOND) + 1) < 0 && errno != EINTR)
            return -1;
        if (watch[0].revents != 0)
            feed(&child->input, &input);
        if (watch[1].revents != 0)
            drain(&child->output, &result->output);
        if (watch[2].revents != 0)
            drain(&child->errors, &result->errors);
    }
    return 0;
}

int process_run(const char *const argv[], const char *input, int64_t timeout,
                struct process_result *result, struct error *error)
{
    struct child child;
    int outcome;

    memset(result, 0, sizeof *result);
    if (child_start(argv, &child, error) < 0)
        return -1;
    outcome = converse(&child, input, clock_now() + timeout, result);
    if (outcome < 0)
        kill(-child.process, SIGKILL);
    result->exit_status = child_end(&child);
    if (outcome < 0) {
        process_result_free(result);
        return error_set(error, ERROR_INTERNAL, "%s did not end in time and was killed", argv[0]);
    }
    return 0;
}

int process_check(const char *const argv[], int64_t timeout, struct error *error)
{
    struct process_result result;
    struct text command = {0};
    int outcome = 0;

    if (process_run(argv, NULL, timeout, &result, error) < 0)
        return -1;
    if (result.exit_status != 0) {
        for (size_t i = 0; argv[i] != NULL; i++)
            text_appendf(&command, i > 0 ? " %s" : "%s", argv[i]);
        text_trim(&result.errors);
        outcome = error_set(error, ERROR_INTERNAL, "'%s' ended with status %d: %s",
                            text_string(&command), result.exit_status, text_string(&result.errors));
        text_free(&command);
    }
    process_result_free(&result);
    return outcome;
}

void process_result_free(struct process_result *result)
{
    text_free(&result->output);
    text_free(&result->errors);
}
