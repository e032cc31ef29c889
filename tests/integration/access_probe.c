/*
 * Drives runner/access.h for the tests with tests/hosts.sh.
 * usage: access_probe [NAME=VALUE ...] [jump [NAME=VALUE ...]] ACTION [ARG ...]
 * Names: address port user key certificate known_hosts network_namespace sudo timeout (ms) method
 * pod_namespace label container context accept passphrases and sudo_password (descriptors); 'jump'
 * begins those of a jump host, which has what was set before unless it is set anew. Prints what the
 * action found; an error goes to stderr and its exit status is vnfault's. ACCESS_LOG in the
 * environment is the log level, 'error' unless set.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "tests/integration/access_probe.h"

static const struct {
    const char *name;
    action_function *run;
} actions[] = {
    {"feed", run_feed},           {"pipe", run_pipe},       {"run", run_command},
    {"check", run_check},         {"echo", run_echo},       {"threads", run_threads},
    {"beside", run_beside},       {"pending", run_pending}, {"reopen", run_reopen},
    {"stream", run_stream},       {"stop", run_stop},       {"put", run_put},
    {"endpoints", run_endpoints}, {"clock", run_clock},     {"descriptors", run_descriptors},
    {"describe", run_describe},   {"crowd", run_crowd},
};

int fail(const char *what)
{
    fprintf(stderr, "access_probe: %s\n", what);
    return 1;
}

int fail_with(const struct error *error)
{
    error_print(error, stderr);
    return error_exit_status(error);
}

/* Identity of the network namespace of the process as a whole. */
static ino_t network_namespace(void)
{
    struct stat status = {0};

    return stat("/proc/self/ns/net", &status) == 0 ? status.st_ino : 0;
}

int main(int argc, char **argv)
{
    ino_t home = network_namespace();
    const char *level = getenv("ACCESS_LOG");
    enum log_level lines;
    struct error error = {0};
    struct access *access = NULL;
    int at = 1;
    int outcome = 64;

    signal(SIGPIPE, SIG_IGN);
    if (!log_level_from_name(level == NULL ? "error" : level, &lines))
        return fail("no such log level");
    log_set_level(lines);
    while (at < argc && take_setting(argv[at]))
        at++;
    if (at >= argc)
        return fail("no action");
    if (access_open(&probed_host, &access, &error) < 0)
        return fail_with(&error);
    if (network_namespace() != home)
        return fail("the process has moved to another network namespace");
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, argv[at]) == 0)
            outcome = actions[i].run(access, argv + at + 1, &error);
    }
    access_close(access);
    return outcome;
}
