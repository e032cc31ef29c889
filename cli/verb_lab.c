/* vnfault lab ...: the embedded testbed. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/interrupt.h"
#include "cli/json_values.h"
#include "cli/verb.h"
#include "lab/lab.h"
#include "runner/lock_owner.h"

static const char *lab_name = "lab";
static bool as_json;
static bool force;

static const struct option_row options[] = {
    {"--name", "NAME", "which lab; default 'lab'", OPTION_TEXT, &lab_name, 0, 0},
    {"--force", NULL, "down although a run is using it", OPTION_FLAG, &force, 0, 0},
    {"--json", NULL, "status and check as JSON", OPTION_FLAG, &as_json, 0, 0},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

static const char *const state_names[] = {"down", "starting", "ready"};

/* What follows the action: a host for some, then a command for ssh. */
struct request {
    struct lab lab;
    const struct lab_host *host;
    const char *const *words;
    size_t word_count;
};

static double seconds_since(int64_t start)
{
    return (double)(clock_now() - start) / (double)CLOCK_SECOND;
}

static int up(const struct request *request, struct error *error)
{
    int64_t start = clock_now();

    if (lab_up(&request->lab, interrupt_stop(), error) < 0)
        return -1;
    printf("lab '%s' is up (%.1f s); testbed file: %s/testbed.xml\n", request->lab.name,
           seconds_since(start), request->lab.state);
    return 0;
}

/* A run that is under way; what a dead one locked is nobody's. */
static int check_unused(const struct lab *lab, struct error *error)
{
    int result = 0;

    for (size_t i = 0; i < LAB_HOST_COUNT && result == 0; i++) {
        struct text holder = {0};

        lab_host_lock_holder(lab, &lab_hosts[i], &holder);
        if (holder.length > 0 && !lock_owner_is_dead(holder.bytes)) {
            result = error_set(error, ERROR_UNREACHABLE, "%s is in use by %s", lab_hosts[i].name,
                               holder.bytes);
            error_hint(error, "end that run first, or take the lab down all the same by --force");
        }
        text_free(&holder);
    }
    return result;
}

static int down(const struct request *request, struct error *error)
{
    int64_t start = clock_now();

    if (!force && check_unused(&request->lab, error) < 0)
        return -1;
    if (lab_down(&request->lab, interrupt_stop(), error) < 0)
        return -1;
    printf("lab '%s' is down (%.1f s)\n", request->lab.name, seconds_since(start));
    return 0;
}

static int reboot_host(const struct request *request, struct error *error)
{
    int64_t start = clock_now();

    if (lab_reboot(&request->lab, request->host, interrupt_stop(), error) < 0)
        return -1;
    printf("%s is ready again (%.1f s)\n", request->host->name, seconds_since(start));
    return 0;
}

static int print_status_json(const struct request *request, const struct lab_host_status *status)
{
    json_t *hosts = json_array();
    json_t *root = json_pack("{s:s, s:o}", "name", request->lab.name, "hosts", hosts);

    for (size_t i = 0; i < LAB_HOST_COUNT; i++) {
        const struct lab_host *host = &lab_hosts[i];

        json_array_append_new(
            hosts, json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:f, s:I}", "host",
                             host->name, "role", host->role, "address", host->address, "state",
                             state_names[status[i].state], "pid", (json_int_t)status[i].process,
                             "processes", (json_int_t)status[i].processes, "memory_bytes",
                             (json_int_t)status[i].memory, "memory_limit_bytes",
                             (json_int_t)host->limits.memory, "cpu_limit_cores", host->limits.cores,
                             "disk_limit_bytes_per_second", (json_int_t)host->limits.disk_rate));
    }
    json_dumpf(root, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(root);
    return 0;
}

static void print_status_table(const struct lab_host_status *status)
{
    printf("%-10s %-7s %-12s %-9s %8s %9s %9s %9s\n", "HOST", "ROLE", "ADDRESS", "STATE", "PID",
           "PROCESSES", "MEMORY", "CPU LIMIT");
    for (size_t i = 0; i < LAB_HOST_COUNT; i++) {
        const struct lab_host *host = &lab_hosts[i];
        char memory[16];
        char cpu[16];

        snprintf(memory, sizeof memory, "%.0f MB", (double)status[i].memory / (1 << 20));
        snprintf(cpu, sizeof cpu, "%.2f core", host->limits.cores);
        printf("%-10s %-7s %-12s %-9s %8ld %9zu %9s %9s\n", host->name, host->role, host->address,
               state_names[status[i].state], (long)status[i].process, status[i].processes, memory,
               cpu);
    }
}

static int print_status(const struct request *request, struct error *error)
{
    struct lab_host_status status[LAB_HOST_COUNT];

    if (lab_read_status(&request->lab, status, error) < 0)
        return -1;
    if (as_json)
        return print_status_json(request, status);
    print_status_table(status);
    return 0;
}

static int ssh(const struct request *request, struct error *error)
{
    return lab_become_ssh(&request->lab, request->host, request->words, request->word_count, error);
}

static int check(const struct request *request, struct error *error)
{
    struct text report = {0};
    size_t missing = lab_check(&report) + lab_check_faults(&report);

    (void)request;
    if (as_json) {
        json_t *root = json_pack("{s:o}", "missing", json_lines(text_string(&report)));

        json_dumpf(root, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(root);
    } else {
        printf("%s%s", text_string(&report),
               missing == 0 ? "nothing is missing for the lab\n" : "");
    }
    text_free(&report);
    if (missing == 0)
        return 0;
    return error_set(error, ERROR_UNREACHABLE, "%zu thing%s missing for the lab", missing,
                     missing == 1 ? " is" : "s are");
}

static const struct action {
    const char *name;
    bool takes_host;
    bool takes_words;
    bool prints_json;
    int (*run)(const struct request *request, struct error *error);
} actions[] = {
    {"up", false, false, false, up},
    {"down", false, false, false, down},
    {"reboot", true, false, false, reboot_host},
    {"status", false, false, true, print_status},
    {"ssh", true, true, false, ssh},
    {"check", false, false, true, check},
};

static const struct action *find_action(const char *name, struct error *error)
{
    const char *names[sizeof actions / sizeof *actions];
    const size_t count = sizeof actions / sizeof *actions;
    const char *nearest;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(actions[i].name, name) == 0)
            return &actions[i];
        names[i] = actions[i].name;
    }
    nearest = string_nearest(name, names, count);
    error_set(error, ERROR_INPUT, "unknown action '%s'", name);
    if (nearest != NULL)
        error_hint(error, "did you mean '%s'?", nearest);
    else
        error_hint(error, "up, down, reboot, status, ssh or check");
    return NULL;
}

static const struct lab_host *find_host(const char *name, struct error *error)
{
    const char *names[LAB_HOST_COUNT];
    const struct lab_host *host = lab_host_find(name);
    const char *nearest;

    if (host != NULL)
        return host;
    for (size_t i = 0; i < LAB_HOST_COUNT; i++)
        names[i] = lab_hosts[i].name;
    nearest = string_nearest(name, names, LAB_HOST_COUNT);
    error_set(error, ERROR_INPUT, "the lab has no host '%s'", name);
    if (nearest != NULL)
        error_hint(error, "did you mean '%s'?", nearest);
    else
        error_hint(error, "bono, sprout, homestead or load");
    return NULL;
}

static int run(const char *const operands[], size_t count, struct error *error)
{
    struct request request = {0};
    const struct action *action = find_action(operands[0], error);
    size_t used = 1;

    if (action == NULL || lab_open(&request.lab, lab_name, error) < 0)
        return -1;
    if (as_json && !action->prints_json)
        return error_set(error, ERROR_INPUT, "lab %s has no --json", action->name);
    if (force && action->run != down)
        return error_set(error, ERROR_INPUT, "lab %s has no --force", action->name);
    if (action->takes_host) {
        if (count < 2)
            return error_set(error, ERROR_INPUT, "lab %s needs a host", action->name);
        request.host = find_host(operands[1], error);
        if (request.host == NULL)
            return -1;
        used = 2;
    }
    if (count > used && !action->takes_words)
        return error_set(error, ERROR_INPUT, "lab %s takes no '%s'", action->name, operands[used]);
    request.words = operands + used;
    request.word_count = count - used;
    return action->run(&request, error);
}

static const char *word(const char *of, size_t at)
{
    if (strcmp(of, "ACTION") == 0)
        return at < sizeof actions / sizeof *actions ? actions[at].name : NULL;
    if (strcmp(of, "HOST") == 0)
        return at < LAB_HOST_COUNT ? lab_hosts[at].name : NULL;
    return NULL;
}

const struct verb verb_lab = {
    .name = "lab",
    .summary = "an IMS on this machine, to try campaigns on",
    .operands = "ACTION [HOST [COMMAND ...]]",
    .description =
        "Brings up an IMS of Debian packages: bono (P-CSCF), sprout (S-CSCF), homestead\n"
        "(HSS) and a load host, each with namespaces, limits and an SSH server of its\n"
        "own, on a network without a way out. Labs of different names run side by side.\n"
        "\n"
        "  up       bring it up and wait until every host answers\n"
        "  down     take it down, unless a run is using it; nothing is left\n"
        "  reboot   switch HOST off and on and wait until it answers\n"
        "  status   one line a host\n"
        "  ssh      a shell or a command on HOST; put -- before a command with options\n"
        "  check    name what this machine lacks\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 4096,
    .word = word,
    .run = run,
};
