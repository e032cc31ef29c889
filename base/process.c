#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum { INPUT, OUTPUT, ERRORS, PIPES };

/* A pipe at each standard descriptor of the child; [i][0] is read from, [i][1] written to. */
struct pipes {
    int ends[PIPES][2];
};

static void close_end(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

static void close_pipes(struct pipes *pipes)
{
    for (int i = 0; i < PIPES; i++) {
        close_end(&pipes->ends[i][0]);
        close_end(&pipes->ends[i][1]);
    }
}

static int open_pipes(struct pipes *pipes)
{
    memset(pipes, -1, sizeof *pipes);
    for (int i = 0; i < PIPES; i++) {
        if (pipe2(pipes->ends[i], O_CLOEXEC) < 0)
            return -1;
    }
    return 0;
}

static int start(const char *const argv[], struct pipes *pipes, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t defaults;
    int number;

    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);
    for (int i = 0; i < PIPES; i++)
        posix_spawn_file_actions_adddup2(&actions, pipes->ends[i][i == INPUT ? 0 : 1], i);
    number = posix_spawnp(child, argv[0], &actions, &attributes, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    errno = number;
    return number == 0 ? 0 : -1;
}

/* Writes what the pipe takes of `input` and moves it on; closes the pipe at the end. */
static void feed(int *descriptor, const char **input)
{
    size_t left = *input == NULL ? 0 : strlen(*input);
    ssize_t count = left == 0 ? 0 : write(*descriptor, *input, left);

    if (count > 0)
        *input += count;
    if ((count < 0 && errno != EAGAIN && errno != EINTR) || (size_t)(count > 0 ? count : 0) == left)
        close_end(descriptor);
}

static void drain(int *descriptor, struct text *text)
{
    char buffer[8192];
    ssize_t count = read(*descriptor, buffer, sizeof buffer);

    if (count > 0)
        text_append_bytes(text, buffer, (size_t)count);
    else if (count == 0 || errno != EINTR)
        close_end(descriptor);
}

/* Feeds and drains until the child has closed its outputs. Returns -1 past the deadline. */
static int converse(struct pipes *pipes, const char *input, int64_t deadline,
                    struct process_result *result)
{
    int *feeding = &pipes->ends[INPUT][1];
    int *output = &pipes->ends[OUTPUT][0];
    int *errors = &pipes->ends[ERRORS][0];

    fcntl(*feeding, F_SETFL, O_NONBLOCK);
    while (*output >= 0 || *errors >= 0) {
        struct pollfd watch[PIPES] = {{.fd = *feeding, .events = POLLOUT},
                                      {.fd = *output, .events = POLLIN},
                                      {.fd = *errors, .events = POLLIN}};
        int64_t left = deadline - clock_now();

        if (left <= 0)
            return -1;
        if (poll(watch, PIPES, (int)(left / CLOCK_MILLISECOND) + 1) < 0 && errno != EINTR)
            return -1;
        if (watch[INPUT].revents != 0)
            feed(feeding, &input);
        if (watch[OUTPUT].revents != 0)
            drain(output, &result->output);
        if (watch[ERRORS].revents != 0)
            drain(errors, &result->errors);
    }
    return 0;
}

static int wait_for(pid_t child)
{
    int status = 0;

    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int process_run(const char *const argv[], const char *input, int64_t timeout,
                struct process_result *result, struct error *error)
{
    struct pipes pipes;
    pid_t child = -1;
    int outcome;

    memset(result, 0, sizeof *result);
    if (open_pipes(&pipes) < 0) {
        error_system(error, ERROR_INTERNAL, "can't make a pipe for %s", argv[0]);
        close_pipes(&pipes);
        return -1;
    }
    if (start(argv, &pipes, &child) < 0) {
        error_system(error, ERROR_UNREACHABLE, "can't start %s", argv[0]);
        close_pipes(&pipes);
        return -1;
    }
    close_end(&pipes.ends[INPUT][0]);
    close_end(&pipes.ends[OUTPUT][1]);
    close_end(&pipes.ends[ERRORS][1]);
    outcome = converse(&pipes, input, clock_now() + timeout, result);
    if (outcome < 0)
        kill(-child, SIGKILL);
    close_pipes(&pipes);
    result->exit_status = wait_for(child);
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
