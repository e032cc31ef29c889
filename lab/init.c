#include "lab/init.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* Back-off before a restart, as a systemd unit with Restart=on-failure, RestartSec=1. */
#define RESTART_DELAY CLOCK_SECOND

struct service {
    const char *const *argv;
    bool whole_group; /* at its end, the rest of its process group is killed */
    pid_t process;    /* 0 while not running */
    int64_t due;      /* when to start it; runner's clock */
};

static const char *const sshd_argv[] = {"/usr/sbin/sshd",   "-D", "-e", "-f",
                                        "/run/sshd/config", NULL};

/* 256 MB of shared memory: with less, bono runs out from 150 calls/s and answers 500, which
 * looks like overload and is not. */
static const char *const kamailio_argv[] = {"kamailio",
                                            "-DD",
                                            "-E",
                                            "-f",
                                            "/run/kamailio/kamailio.cfg",
                                            "-m",
                                            "256",
                                            "-M",
                                            "16",
                                            "-Y",
                                            "/run/kamailio",
                                            "-P",
                                            "/run/kamailio/kamailio.pid",
                                            NULL};

static void start(struct service *service)
{
    pid_t process = fork();

    if (process == 0) {
        sigset_t none;

        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        signal(SIGPIPE, SIG_DFL);
        setpgid(0, 0);
        execvp(service->argv[0], (char *const *)service->argv);
        fprintf(stderr, "can't start %s\n", service->argv[0]);
        _exit(127);
    }
    service->process = process > 0 ? process : 0;
    service->due = clock_now() + RESTART_DELAY;
}

static void ended(struct service *service)
{
    fprintf(stderr, "%s ended\n", service->argv[0]);
    /* Workers that outlive their parent would keep the port. The sessions of sshd are let be. */
    if (service->whole_group)
        kill(-service->process, SIGKILL);
    service->process = 0;
    service->due = clock_now() + RESTART_DELAY;
}

/* Reaps services and whatever was orphaned in the host. */
static void reap(struct service *services, size_t count)
{
    pid_t process;

    while ((process = waitpid(-1, NULL, WNOHANG)) > 0) {
        for (size_t i = 0; i < count; i++) {
            if (services[i].process == process)
                ended(&services[i]);
        }
    }
}

/* Starts what is due. Returns how long to wait for the next, ns. */
static int64_t start_due(struct service *services, size_t count)
{
    int64_t next = 60 * CLOCK_SECOND;

    for (size_t i = 0; i < count; i++) {
        int64_t left = services[i].due - clock_now();

        if (services[i].process == 0 && left <= 0)
            start(&services[i]);
        else if (services[i].process == 0 && left < next)
            next = left;
    }
    return next;
}

int init_run(const struct lab_host *host)
{
    struct service services[] = {
        {.argv = sshd_argv},
        {.argv = kamailio_argv, .whole_group = true},
    };
    size_t count = host->configuration != NULL ? 2 : 1;
    sigset_t watched;
    int number = 0;

    setenv("PATH", "/run/sbin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    setenv("HOME", "/root", 1);
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGTERM);
    sigprocmask(SIG_BLOCK, &watched, NULL);
    while (number != SIGTERM) {
        int64_t wait = start_due(services, count);
        struct timespec patience = {.tv_sec = wait / CLOCK_SECOND, .tv_nsec = wait % CLOCK_SECOND};

        number = sigtimedwait(&watched, NULL, &patience);
        reap(services, count);
    }
    return EXIT_SUCCESS;
}
