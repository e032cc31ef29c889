/*
 * Drives one injection over SSH, step by step, for the shell tests:
 *
 *   injection_probe ADDRESS PORT KEY KNOWN_HOSTS FAULT VALUE TOKEN LEASE [NAME=VALUE ...] -- STEP
 * ...
 *
 * ADDRESS may be 'ENGINE:NAME@ADDRESS' for a container of a node, 'kubectl:NAME@' for a pod's, or
 * 'USER@ADDRESS'. JUMP_PORT in the environment is the port of a jump host on 127.0.0.1; BY_SUDO the
 * user who logs in and becomes root by sudo, whose password is on descriptor 3. LEASE is in
 * seconds. Steps: probe arm apply verify hold revert prove; ready (has a shell wait for the steps
 * that follow) rest; 'sleep:SECONDS'; 'do:COMMAND' (by this side's shell); change:VALUE;
 * 'hold:SECONDS' (renews all the while); await:PATIENCE (until the target is back from a reboot)
 * returned; lock:OWNER unlock:OWNER; leftovers; heal; clock (the target's against the runner's).
 * $TARGET_REBOOT is the target's reboot command, 'reboot' unless set. Prints 'STEP.KEY VALUE'
 * lines; ends at the first failed step with the error's exit status.
 */
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/host_secrets.h"
#include "runner/injection.h"
#include "runner/injection_return.h"
#include "runner/target_lock.h"

struct driver {
    struct access *access;
    struct injection *injection;
    int64_t lease;
};

typedef int step_function(struct injection *injection, struct injection_report *report,
                          struct error *error);

static const struct {
    const char *name;
    step_function *function;
} steps[] = {
    {"probe", injection_probe},   {"arm", injection_arm},       {"apply", injection_apply},
    {"verify", injection_verify}, {"hold", injection_hold},     {"revert", injection_revert},
    {"prove", injection_prove},   {"change", injection_change}, {"returned", injection_returned},
};

static void print_report(const char *step, const struct injection_report *report)
{
    if (report->instant != 0)
        printf("%s.instant %" PRId64 "\n", step, report->instant);
    if (report->mechanism[0] != '\0')
        printf("%s.mechanism %s\n", step, report->mechanism);
    if (!isnan(report->achieved))
        printf("%s.achieved %.3f\n", step, report->achieved);
    for (size_t i = 0; i < report->measurement_count; i++)
        printf("%s.%s %.3f %s\n", step, report->measurements[i].name, report->measurements[i].value,
               report->measurements[i].unit);
    if (report->detail[0] != '\0')
        printf("%s.detail %s\n", step, report->detail);
    printf("%s.took_hold %s\n", step, report->took_hold ? "true" : "false");
}

static int take_step(struct driver *driver, const char *name, struct error *error)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct injection_report report;
        int result;

        if (strcmp(steps[i].name, name) != 0)
            continue;
        result = steps[i].function(driver->injection, &report, error);
        print_report(name, &report);
        return result;
    }
    return error_set(error, ERROR_INPUT, "there is no step '%s'", name);
}

static int hold_for(struct driver *driver, const char *seconds, struct error *error)
{
    int64_t end = clock_now() + atoi(seconds) * CLOCK_SECOND;

    while (clock_now() < end) {
        struct injection_report report;

        if (injection_hold(driver->injection, &report, error) < 0)
            return -1;
        if (!report.took_hold) {
            print_report("hold", &report);
            return 0;
        }
        usleep(300000);
    }
    return 0;
}

static int list_leftovers(struct driver *driver, struct error *error)
{
    struct leftover leftovers[8];
    size_t count;

    if (injection_list_leftovers(driver->access, leftovers, 8, &count, error) < 0)
        return -1;
    printf("leftovers %zu\n", count);
    for (size_t i = 0; i < count && i < 8; i++)
        printf("leftover %s %s %s %s\n", leftovers[i].token, leftovers[i].fault_type,
               leftovers[i].live ? "live" : "over", leftovers[i].owner);
    return 0;
}

static int heal(struct driver *driver, struct error *error)
{
    struct text actions = {0};
    int result = injection_heal(driver->access, &actions, error);

    printf("heal %s\n", text_string(&actions));
    text_free(&actions);
    return result;
}

static int measure_clock(struct driver *driver, struct error *error)
{
    int64_t offset;
    int64_t bound;

    if (access_clock_offset(driver->access, &offset, &bound, error) < 0)
        return -1;
    printf("clock.offset %.3f ms\nclock.bound %.3f ms\n", (double)offset / CLOCK_MILLISECOND,
           (double)bound / CLOCK_MILLISECOND);
    return 0;
}

static int await_return(struct driver *driver, const char *patience, struct error *error)
{
    struct absence absence;

    if (injection_await_return(driver->injection, driver->access, (int64_t)(atof(patience) * 1e9),
                               &absence, error) < 0)
        return -1;
    printf("await.returned %s\nawait.absence %.3f s\n", absence.returned ? "true" : "false",
           (double)(absence.back - absence.left) / CLOCK_SECOND);
    return 0;
}

static int carry_out(struct driver *driver, const char *step, struct error *error)
{
    const char *value = strchr(step, ':');

    value = value != NULL ? value + 1 : "";
    if (string_starts_with(step, "sleep:"))
        return usleep((useconds_t)(atof(value) * 1e6));
    if (string_starts_with(step, "do:"))
        return system(value) == 0
                   ? 0
                   : error_set(error, ERROR_INTERNAL, "the test's '%s' failed", value);
    if (string_starts_with(step, "hold:"))
        return hold_for(driver, value, error);
    if (string_starts_with(step, "await:"))
        return await_return(driver, value, error);
    if (string_starts_with(step, "change:")) {
        injection_set_level(driver->injection, atof(value));
        return take_step(driver, "change", error);
    }
    if (string_starts_with(step, "lock:"))
        return target_lock(driver->access, value, driver->lease, error);
    if (string_starts_with(step, "unlock:"))
        return target_unlock(driver->access, value, error);
    if (strcmp(step, "ready") == 0)
        return injection_ready(driver->injection, 30 * CLOCK_SECOND, error);
    if (strcmp(step, "rest") == 0)
        return injection_rest(driver->injection), 0;
    if (strcmp(step, "leftovers") == 0)
        return list_leftovers(driver, error);
    if (strcmp(step, "heal") == 0)
        return heal(driver, error);
    if (strcmp(step, "clock") == 0)
        return measure_clock(driver, error);
    return take_step(driver, step, error);
}

/* The highest level of those that a profile would go through. */
static double highest_level(char *const *arguments, double value)
{
    for (; *arguments != NULL; arguments++) {
        if (string_starts_with(*arguments, "change:") && atof(*arguments + 7) > value)
            value = atof(*arguments + 7);
    }
    return value;
}

/* Takes the container out of 'ENGINE:NAME@ADDRESS', or the user out of 'USER@ADDRESS'. */
static void take_container(struct host_access *access)
{
    char *at = strchr(access->address, '@');
    char *name = strchr(access->address, ':');

    if (at == NULL)
        return;
    *at = '\0';
    if (name == NULL || name > at) {
        access->user = access->address;
        access->address = at + 1;
        return;
    }
    *name = '\0';
    access->method = strcmp(access->address, "kubectl") == 0 ? "kubectl" : "container";
    access->cluster = (struct cluster_choice){"", ""};
    access->container = (struct container_choice){access->address, name + 1, "", "", ""};
    access->address = at + 1;
}

/* By the jump host that the environment names, if it does. */
static void take_jump(struct host_access *access)
{
    static struct host jump = {.kind = HOST_JUMP, .name = "gate", .role = "", .reboot = ""};
    const char *port = getenv("JUMP_PORT");

    if (port == NULL)
        return;
    jump.access = *access;
    jump.access.address = "127.0.0.1";
    jump.access.port = atoi(port);
    access->jump = &jump;
}

/* By sudo, if the environment names the user. */
static int take_sudo(struct host_access *access, struct host_secrets *secrets, struct error *error)
{
    char *user = getenv("BY_SUDO");
    struct stop stop;
    int result;

    if (user == NULL)
        return 0;
    if (stop_open(&stop, error) < 0)
        return -1;
    result = secret_read(3, &stop, &secrets->sudo_password, error);
    stop_close(&stop);
    if (result < 0)
        return -1;
    secret_keep_line(&secrets->sudo_password);
    access->user = user;
    access->sudo = true;
    access->secrets = secrets;
    return 0;
}

static int run(char **arguments, struct error *error)
{
    static struct host_secrets secrets;
    struct host host = {.kind = HOST_TARGET, .name = "target", .role = ""};
    struct injector_table table;
    struct parameter parameters[8];
    struct injection_request request = {.parameters = parameters, .token = arguments[6]};
    struct driver driver = {.lease = (int64_t)(atof(arguments[7]) * 1e9)};
    int result = 0;

    host.reboot = getenv("TARGET_REBOOT") != NULL ? getenv("TARGET_REBOOT") : "reboot";
    host.access = (struct host_access){.method = "ssh",
                                       .address = arguments[0],
                                       .user = "root",
                                       .port = atoi(arguments[1]),
                                       .key = arguments[2],
                                       .certificate = "",
                                       .known_hosts = arguments[3],
                                       .network_namespace = "",
                                       .timeout = 30 * CLOCK_SECOND};
    take_container(&host.access);
    take_jump(&host.access);
    if (take_sudo(&host.access, &secrets, error) < 0 || injector_table_read(&table, error) < 0)
        return -1;
    request.injector = injector_find(&table, arguments[4]);
    request.value = atof(arguments[5]);
    request.most = highest_level(arguments + 8, request.value);
    request.lease = driver.lease;
    request.length = 60 * CLOCK_SECOND;
    for (arguments += 8; *arguments != NULL && strcmp(*arguments, "--") != 0; arguments++) {
        struct parameter *parameter = &parameters[request.parameter_count++];

        parameter->name = *arguments;
        parameter->value = strchr(*arguments, '=');
        if (parameter->value == NULL)
            return error_set(error, ERROR_INPUT, "'%s' is not NAME=VALUE", *arguments);
        *parameter->value++ = '\0';
    }
    if (request.injector == NULL) {
        result = error_set(error, ERROR_INPUT, "there is no such fault type");
    } else if ((result = access_open(&host, &driver.access, error)) == 0) {
        driver.injection = injection_new(driver.access, &request);
        while (result == 0 && *++arguments != NULL) {
            result = carry_out(&driver, *arguments, error);
            fflush(stdout);
        }
        injection_free(driver.injection);
        access_close(driver.access);
    }
    injector_table_free(&table);
    secret_wipe(&secrets.sudo_password);
    return result;
}

int main(int count, char **arguments)
{
    struct error error = {0};

    signal(SIGPIPE, SIG_IGN);
    if (count < 11) {
        fputs("usage: see the head of the source\n", stderr);
        return 64;
    }
    if (run(arguments + 1, &error) == 0)
        return 0;
    error_print(&error, stderr);
    return error_exit_status(&error);
}
