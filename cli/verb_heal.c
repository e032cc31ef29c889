#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cli/findings.h"
#include "cli/json_values.h"
#include "cli/secret_options.h"
#include "cli/verb.h"
#include "runner/campaign.h"
#include "runner/heal.h"

static bool force;
static bool as_json;
static struct secret_options secret_options = SECRET_OPTIONS_NONE;

static const struct option_row options[] = {
    {"--force", NULL, "heal a host even if another run holds its lock", OPTION_FLAG, &force, 0, 0},
    {"--json", NULL, "print a JSON line for each host", OPTION_FLAG, &as_json, 0, 0},
    SECRET_OPTIONS(secret_options),
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

static void print_host_json(const struct host *host, const char *actions,
                            const struct error *failure)
{
    bool failed = failure->kind != ERROR_NONE;
    const char *state = failed ? "failed" : (actions[0] != '\0' ? "healed" : "clean");
    json_t *object = json_pack("{s:s, s:s, s:o}", "host", host->name, "state", state, "actions",
                               json_lines(actions));

    if (failed)
        json_object_set_new(object, "error", json_string(failure->what));
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

static void print_actions(const char *actions)
{
    for (const char *line = actions; *line != '\0';) {
        size_t length = strcspn(line, "\n");

        printf("%-12s %.*s\n", "", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static void print_host(void *context, const struct host *host, const char *actions,
                       const struct error *failure)
{
    (void)context;
    if (as_json) {
        print_host_json(host, actions, failure);
        fflush(stdout);
        return;
    }
    if (failure->kind != ERROR_NONE)
        printf("%-12s FAILED: %s\n", host->name, failure->what);
    else
        printf("%-12s %s\n", host->name, actions[0] != '\0' ? "healed, proven clean" : "clean");
    print_actions(actions);
    fflush(stdout);
}

static int heal_file(const char *path, const struct host_secrets *secrets, struct error *error)
{
    struct findings findings = {0};
    struct testbed *testbed = testbed_read(path, &findings);
    int result;

    if (testbed == NULL) {
        findings_print(&findings, stderr);
        result = findings_error(&findings, path, error);
    } else {
        secret_options_give(secrets, testbed);
        result = heal_testbed(testbed, force, print_host, NULL, error);
        testbed_free(testbed);
    }
    findings_free(&findings);
    return result;
}

static int heal(const char *const operands[], size_t count, struct error *error)
{
    struct host_secrets secrets;
    int result = secret_options_read(&secret_options, &secrets, error);

    (void)count;
    if (result == 0)
        result = heal_file(operands[0], &secrets, error);
    secret_options_wipe(&secrets);
    return result;
}

const struct verb verb_heal = {
    .name = "heal",
    .summary = "undo what a crashed run left on the hosts of a testbed",
    .operands = "TESTBED",
    .description = "Reverts every fault that vnfault left on the testbed's hosts and proves that\n"
                   "nothing of it stays. Needs no run database. 0: proven clean; 3: not;\n"
                   "4: a host can't be reached, or another run holds its lock.\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 1,
    .run = heal,
};
