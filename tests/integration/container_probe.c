/*
 * Drives what is there for containers besides injections, for tests/integration/test_containers.sh:
 *
 *   container_probe TESTBED TARGET ACTION [ARGUMENT ...]
 *
 * Actions: 'run COMMAND ...' prints its output and status; 'describe'; 'twice COMMAND ...' runs it,
 * waits for a line on standard input, and runs it again over the same connection; 'restart'. An
 * error goes to stderr and its exit status is vnfault's.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "runner/access.h"
#include "runner/campaign.h"
#include "runner/testbed.h"

static int run_once(struct access *access, char **words, struct error *error)
{
    struct command_result result;

    if (access_run(access, (const char *const *)words, NULL, 0, 0, &result, error) < 0)
        return -1;
    printf("%s%sstatus %d\n", text_string(&result.output), text_string(&result.errors),
           result.exit_status);
    fflush(stdout);
    command_result_free(&result);
    return 0;
}

static int describe(struct access *access, char **words, struct error *error)
{
    struct text text = {0};
    int result = access_describe(access, &text, error);

    (void)words;
    puts(text_string(&text));
    text_free(&text);
    return result;
}

static int run_twice(struct access *access, char **words, struct error *error)
{
    char line[16];

    if (run_once(access, words, error) < 0)
        return -1;
    if (fgets(line, sizeof line, stdin) == NULL)
        return error_set(error, ERROR_INPUT, "no line on standard input");
    return run_once(access, words, error);
}

static int restart(struct access *access, char **words, struct error *error)
{
    return access_restart(access, clock_now() + 60 * CLOCK_SECOND, error) < 0
               ? -1
               : describe(access, words, error);
}

static const struct {
    const char *name;
    int (*act)(struct access *access, char **words, struct error *error);
} actions[] = {
    {"run", run_once},
    {"describe", describe},
    {"twice", run_twice},
    {"restart", restart},
};

static int act(const struct host *host, char **words, struct error *error)
{
    struct access *access;
    int result = error_set(error, ERROR_INPUT, "there is no action '%s'", words[0]);

    if (access_open(host, &access, error) < 0)
        return -1;
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, words[0]) == 0) {
            error_clear(error);
            result = actions[i].act(access, words + 1, error);
        }
    }
    access_close(access);
    return result;
}

int main(int count, char **arguments)
{
    struct findings findings = {0};
    struct error error = {0};
    struct testbed *testbed;
    const struct host *host;

    if (count < 4) {
        fputs("usage: see the head of the source\n", stderr);
        return 64;
    }
    log_set_level(LOG_ERROR);
    testbed = testbed_read(arguments[1], &findings);
    host = testbed != NULL ? testbed_host(testbed, arguments[2]) : NULL;
    if (host == NULL)
        error_set(&error, ERROR_INPUT, "%s: %s", arguments[1],
                  findings.count > 0 ? findings.items[0].what : "no such target");
    else
        act(host, arguments + 3, &error);
    findings_free(&findings);
    testbed_free(testbed);
    if (error.kind != ERROR_NONE)
        error_print(&error, stderr);
    return error_exit_status(&error);
}
