#include "runner/load_sipp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/xml.h"

enum { TOKEN_SIZE = 17, CALLER_GRACE = 2 };

/* --- open --- */

/* Keeps the first thing wrong with a scenario file. */
static void keep_finding(void *context, const char *file, int line, const char *element,
                         const char *what, const char *hint)
{
    struct error *error = context;

    (void)element;
    if (error->kind != ERROR_NONE)
        return;
    error_set(error, ERROR_INPUT, "%s", what);
    if (line > 0)
        error_where(error, "%s:%d", file, line);
    else
        error_where(error, "%s", file);
    error_hint(error, "%s", hint);
}

static int check_scenario(const char *folder, const char *file, struct error *error)
{
    char *path = memory_format("%s/%s", folder, file);
    struct xml_document *document;

    error_clear(error);
    document = xml_read(path, XML_FOREIGN, keep_finding, error);
    if (document == NULL && error->kind == ERROR_NONE)
        error_set(error, ERROR_INPUT, "can't read %s", path);
    if (document != NULL && strcmp(xml_name(xml_root(document)), "scenario") != 0) {
        error_set(error, ERROR_INPUT, "the root element is <%s>, not <scenario>",
                  xml_name(xml_root(document)));
        error_where(error, "%s", path);
    }
    if (document == NULL)
        error_hint(error, "a scenario folder holds caller.xml, callee.xml and register.xml");
    xml_free(document);
    free(path);
    return error->kind == ERROR_NONE ? 0 : -1;
}

static int check_scenarios(const char *folder, const struct sipp_host *host, struct error *error)
{
    const char *const *files = sipp_scenario_files(host);

    for (size_t i = 0; files[i] != NULL; i++) {
        if (check_scenario(folder, files[i], error) < 0)
            return -1;
    }
    return 0;
}

static int make_token(char token[TOKEN_SIZE], struct error *error)
{
    uint64_t number;

    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
        return error_system(error, ERROR_INTERNAL, "can't get random bytes");
    snprintf(token, TOKEN_SIZE, "%016llx", (unsigned long long)number);
    return 0;
}

static void close_load(void *state);

static int open_callers(struct sipp_load *load, const struct load_setting *setting,
                        const char *token, struct error *error)
{
    const struct load_plan *plan = load->plan;

    load->callers = memory_new(plan->caller_count, sizeof *load->callers);
    for (size_t i = 0; i < plan->caller_count; i++) {
        const struct sipp_side side = {"caller", 0, i, plan->caller_count};
        struct sipp_host *host = &load->callers[load->caller_count++].host;

        if (sipp_host_open(host, &side, setting->callers[i], token, plan->service,
                           plan->subscribers, error) < 0)
            return -1;
    }
    return check_scenarios(plan->scenario, &load->callers[0].host, error);
}

static int open_callees(struct sipp_load *load, const struct load_setting *setting,
                        const char *token, struct error *error)
{
    const struct load_plan *plan = load->plan;

    load->callees = memory_new(plan->callee_count, sizeof *load->callees);
    for (size_t i = 0; i < plan->callee_count; i++) {
        const struct sipp_side side = {"callee", 1, i, plan->callee_count};
        struct sipp_host *host = &load->callees[load->callee_count++];

        if (sipp_host_open(host, &side, setting->callees[i], token, plan->service,
                           plan->subscribers, error) < 0)
            return -1;
    }
    return check_scenarios(plan->scenario, &load->callees[0], error);
}

static int open_load(const struct load_setting *setting, void **state, struct error *error)
{
    struct sipp_load *load = memory_new(1, sizeof *load);
    char token[TOKEN_SIZE];

    load->plan = setting->plan;
    load->call_duration = setting->call_duration;
    load->log_folder = memory_string(setting->folder);
    if (make_token(token, error) == 0 && open_callers(load, setting, token, error) == 0 &&
        open_callees(load, setting, token, error) == 0) {
        *state = load;
        return 0;
    }
    close_load(load);
    return -1;
}

static const char *version(void *state, size_t caller)
{
    const struct sipp_load *load = state;

    return load->callers[caller].host.version;
}

/* --- start --- */

int sipp_load_start_callees(struct sipp_load *load, struct error *error)
{
    int outcome = 0;

    for (size_t i = 0; outcome == 0 && i < load->callee_count; i++) {
        struct sipp_command command;
        struct text unused = {0};

        sipp_command_build(&command, SIPP_CALLEE, load->plan, &load->callees[i], 0, 0);
        outcome = sipp_host_start(&load->callees[i], "callee", command.arguments, &unused, error);
        text_free(&unused);
    }
    return outcome;
}

/* Its part of so many calls per second that all callers make. */
static double share_of(const struct sipp_load *load, double rate)
{
    return rate / (double)load->caller_count;
}

static int start_caller(struct sipp_load *load, struct sipp_caller *caller, double rate,
                        struct error *error)
{
    struct sipp_command command;

    sipp_statistics_free(caller->statistics);
    caller->statistics = sipp_statistics_new();
    caller->window_end = 0;
    text_clear(&caller->unread);
    sipp_command_build(&command, SIPP_CALLER, load->plan, &caller->host, rate, 0);
    sipp_command_hold(&command, load->call_duration, load->call_limit);
    if (sipp_host_start(&caller->host, "caller", command.arguments, &caller->unread, error) < 0)
        return -1;
    caller->last_row = clock_now();
    return 0;
}

static int start_load(void *state, double rate, struct error *error)
{
    struct sipp_load *load = state;

    for (size_t i = 0; i < load->caller_count; i++) {
        if (sipp_caller_measure_clock(&load->callers[i], error) < 0)
            return -1;
    }
    if (sipp_load_start_callees(load, error) < 0)
        return -1;
    load->call_limit =
        sipp_call_limit(share_of(load, fmax(rate, load->plan->rate)), load->call_duration);
    for (size_t i = 0; i < load->caller_count; i++) {
        if (start_caller(load, &load->callers[i], share_of(load, rate), error) < 0)
            return -1;
    }
    return 0;
}

/* --- another rate --- */

static int check_control(struct access *access, struct error *error)
{
    return sipp_host_can_control(access, error);
}

/* All are told, also where one can't be: they are to go by one rate. */
static int set_rate(void *state, double rate, struct error *error)
{
    struct sipp_load *load = state;
    double share = share_of(load, rate);
    struct error later;
    int outcome = 0;

    /* It never falls: calls of the time before are still open. */
    load->call_limit = fmax(load->call_limit, sipp_call_limit(share, load->call_duration));
    for (size_t i = 0; i < load->caller_count; i++) {
        if (sipp_host_set_rate(&load->callers[i].host, share, load->call_limit,
                               outcome == 0 ? error : &later) < 0)
            outcome = -1;
    }
    return outcome;
}

/* --- stop --- */

/* A path in the log folder that is not taken yet, since a run starts the load many times. Several
 * hosts of one side are told apart by their names. */
static char *log_path(const struct sipp_load *load, const struct sipp_host *host, const char *kind)
{
    const char *name = host->parts > 1 ? access_host(host->access)->name : "";
    const char *hyphen = host->parts > 1 ? "-" : "";
    char *path = NULL;

    for (int i = 1; path == NULL || file_exists(path); i++) {
        free(path);
        path = memory_format("%s/sipp-%s%s%s-%d.%s", load->log_folder, host->side, hyphen, name, i,
                             kind);
    }
    return path;
}

/* What can't be fetched is missed, but is no reason to fail an experiment. */
static void fetch_logs(struct sipp_load *load, struct sipp_host *host)
{
    static const char *const kinds[] = {"csv", "errors"};
    struct error error;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char *file = memory_format("%s.%s", host->side, kinds[i]);
        char *path = log_path(load, host, kinds[i]);

        if (sipp_host_fetch(host, file, path, &error) < 0)
            log_warning("load host %s: %s was not fetched: %s", access_host(host->access)->name,
                        file, error.what);
        free(path);
        free(file);
    }
}

static bool is_running(const struct sipp_load *load)
{
    return load->caller_count > 0 && load->callers[0].statistics != NULL;
}

/* Every step is tried; the first error is kept. */
static int stop_host(struct sipp_load *load, struct sipp_host *host, int grace, struct error *error)
{
    struct error later;
    int outcome;

    if (!host->present)
        return 0;
    outcome = sipp_host_end(host, grace, error);
    if (outcome == 0 && is_running(load))
        fetch_logs(load, host);
    if (sipp_host_remove(host, outcome == 0 ? error : &later) < 0)
        outcome = -1;
    return outcome;
}

static int stop_load(void *state, struct error *error)
{
    struct sipp_load *load = state;
    struct error later;
    int outcome = 0;

    for (size_t i = 0; i < load->caller_count; i++) {
        if (stop_host(load, &load->callers[i].host, CALLER_GRACE, outcome == 0 ? error : &later) <
            0)
            outcome = -1;
    }
    /* A callee waits for retransmissions of calls that are over: of no use to anyone. */
    for (size_t i = 0; i < load->callee_count; i++) {
        if (stop_host(load, &load->callees[i], 0, outcome == 0 ? error : &later) < 0)
            outcome = -1;
    }
    for (size_t i = 0; i < load->caller_count; i++) {
        sipp_statistics_free(load->callers[i].statistics);
        load->callers[i].statistics = NULL;
    }
    return outcome;
}

static void close_load(void *state)
{
    struct sipp_load *load = state;
    struct error error;

    if (stop_load(load, &error) < 0)
        log_warning("load: %s", error.what);
    for (size_t i = 0; i < load->caller_count; i++) {
        sipp_host_close(&load->callers[i].host);
        text_free(&load->callers[i].unread);
    }
    for (size_t i = 0; i < load->callee_count; i++)
        sipp_host_close(&load->callees[i]);
    free(load->callers);
    free(load->callees);
    free(load->log_folder);
    free(load);
}

const struct load_driver load_sipp = {
    .name = "sipp",
    .summary = "SIPp 3.6 on the load hosts: a scenario of caller and callee at a given call rate",
    .open = open_load,
    .version = version,
    .prepare = sipp_load_prepare,
    .preparation = sipp_load_preparation,
    .start = start_load,
    .run = sipp_load_run,
    .control = "SIPp's control port",
    .check_control = check_control,
    .set_rate = set_rate,
    .stop = stop_load,
    .close = close_load,
};
