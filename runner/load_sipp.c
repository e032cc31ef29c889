#include "runner/load_sipp.h"

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
    error_where(error, "%s:%d", file, line);
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

static int open_load(const struct load_setting *setting, void **state, struct error *error)
{
    const struct load_plan *plan = setting->plan;
    struct sipp_load *load = memory_new(1, sizeof *load);
    char token[TOKEN_SIZE];

    load->plan = plan;
    load->log_folder = memory_string(setting->folder);
    if (make_token(token, error) == 0 &&
        sipp_host_open(&load->caller, "caller", setting->caller, token, plan->service, 0,
                       plan->subscribers, error) == 0 &&
        sipp_host_open(&load->callee, "callee", setting->callee, token, plan->service, 1,
                       plan->subscribers, error) == 0 &&
        check_scenarios(plan->scenario, &load->caller, error) == 0 &&
        check_scenarios(plan->scenario, &load->callee, error) == 0) {
        *state = load;
        return 0;
    }
    close_load(load);
    return -1;
}

static const char *version(void *state)
{
    const struct sipp_load *load = state;

    return load->caller.version;
}

/* --- start --- */

int sipp_load_start_callee(struct sipp_load *load, struct error *error)
{
    struct sipp_command command;
    struct text unused = {0};
    int outcome;

    sipp_command_build(&command, SIPP_CALLEE, load->plan, &load->callee, 0, 0);
    outcome = sipp_host_start(&load->callee, "callee", command.arguments, &unused, error);
    text_free(&unused);
    return outcome;
}

static int start_load(void *state, struct error *error)
{
    struct sipp_load *load = state;
    struct sipp_command command;

    sipp_statistics_free(load->statistics);
    load->statistics = sipp_statistics_new();
    load->window_end = 0;
    text_clear(&load->unread);
    if (sipp_load_measure_clock(load, error) < 0 || sipp_load_start_callee(load, error) < 0)
        return -1;
    sipp_command_build(&command, SIPP_CALLER, load->plan, &load->caller, load->plan->rate, 0);
    if (sipp_host_start(&load->caller, "caller", command.arguments, &load->unread, error) < 0)
        return -1;
    load->last_row = clock_now();
    return 0;
}

/* --- another rate --- */

static int check_control(struct access *access, struct error *error)
{
    return sipp_host_can_control(access, error);
}

static int set_rate(void *state, double rate, struct error *error)
{
    struct sipp_load *load = state;

    return sipp_host_set_rate(&load->caller, rate, sipp_call_limit(rate), error);
}

/* --- stop --- */

/* A path in the log folder that is not taken yet, since a run starts the load many times. */
static char *log_path(const struct sipp_load *load, const char *name, const char *kind)
{
    char *path = NULL;

    for (int i = 1; path == NULL || file_exists(path); i++) {
        free(path);
        path = memory_format("%s/sipp-%s-%d.%s", load->log_folder, name, i, kind);
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
        char *path = log_path(load, host->side, kinds[i]);

        if (sipp_host_fetch(host, file, path, &error) < 0)
            log_warning("load host %s: %s was not fetched: %s", access_host(host->access)->name,
                        file, error.what);
        free(path);
        free(file);
    }
}

/* Every step is tried; the first error is kept. */
static int stop_host(struct sipp_load *load, struct sipp_host *host, int grace, struct error *error)
{
    struct error later;
    int outcome;

    if (!host->present)
        return 0;
    outcome = sipp_host_end(host, grace, error);
    if (outcome == 0 && load->statistics != NULL)
        fetch_logs(load, host);
    if (sipp_host_remove(host, outcome == 0 ? error : &later) < 0)
        outcome = -1;
    return outcome;
}

static int stop_load(void *state, struct error *error)
{
    struct sipp_load *load = state;
    struct error later;
    int outcome = stop_host(load, &load->caller, CALLER_GRACE, error);

    /* The callee waits for retransmissions of calls that are over: of no use to anyone. */
    if (stop_host(load, &load->callee, 0, outcome == 0 ? error : &later) < 0)
        outcome = -1;
    sipp_statistics_free(load->statistics);
    load->statistics = NULL;
    return outcome;
}

static void close_load(void *state)
{
    struct sipp_load *load = state;
    struct error error;

    if (stop_load(load, &error) < 0)
        log_warning("load: %s", error.what);
    sipp_host_close(&load->caller);
    sipp_host_close(&load->callee);
    text_free(&load->unread);
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
