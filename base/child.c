#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INPUT, OUTPUT, ERRORS, PIPES };

/* A pipe at each standard descriptor of the child; [i][0] is read from, [i][1] written to. */
struct pipes {
    int ends[PIPES][2];
};

void child_close(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

static void close_pipes(struct pipes *pipes)
{
    for (int i = 0; i < PIPES; i++) {
        child_close(&pipes->ends[i][0]);
        child_close(&pipes->ends[i][1]);
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

static int spawn(const char *const argv[], const struct pipes *pipes, pid_t *child)
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

int child_start(const char *const argv[], struct child *child, struct error *error)
{
    struct pipes pipes;
    int result = 0;

    if (open_pipes(&pipes) < 0)
        result = error_system(error, ERROR_INTERNAL, "can't make a pipe for %s", argv[0]);
    else if (spawn(argv, &pipes, &child->process) < 0)
        result = error_system(error, ERROR_UNREACHABLE, "can't start %s", argv[0]);
    if (result < 0) {
        close_pipes(&pipes);
        return -1;
    }
    child->input = pipes.ends[INPUT][1];
    child->output = pipes.ends[OUTPUT][0];
    child->errors = pipes.ends[ERRORS][0];
    child_close(&pipes.ends[INPUT][0]);
    child_close(&pipes.ends[OUTPUT][1]);
    child_close(&pipes.ends[ERRORS][1]);
    return 0;
}

static int exit_status(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool child_has_ended(struct child *child, int *status)
{
    int number;

    if (waitpid(child->process, &number, WNOHANG) != child->process)
        return false;
    child->process = -1;
    *status = exit_status(number);
    return true;
}

static void close_all(struct child *child)
{
    child_close(&child->input);
    child_close(&child->output);
    child_close(&child->errors);
}

void child_kill(struct child *child)
{
    if (child->process > 0) {
        kill(-child->process, SIGKILL);
        child_end(child);
    }
    close_all(child);
}

int child_end(struct child *child)
{
    int number = 0;

    close_all(child);
    while (waitpid(child->process, &number, 0) < 0 && errno == EINTR)
        ;
    child->process = -1;
    return exit_status(number);
}
