#include "runner/load_sipp_host.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/installation.h"
#include "base/log.h"
#include "base/memory.h"

enum {
    LARGEST_FILE = 1 << 20,
    LARGEST_FETCH = 64 << 20,
    OLDEST_VERSION = 306, /* 3.6 */
};

#define SUBSCRIBERS_FILE "/srv/subscribers.csv"
#define SCRIPT "sipp-scenarios/load-host.sh"

/* Exit statuses of load-host.sh. */
static const struct {
    int status;
    enum error_kind kind;
    const char *hint;
} script_failures[] = {
    {3, ERROR_UNREACHABLE, "on Debian: apt-get install sip-tester mawk iproute2"},
    {4, ERROR_UNREACHABLE, "the load host must be able to reach the campaign's service"},
    {5, ERROR_INPUT, "docs/load.md describes the file of subscribers"},
    {7, ERROR_NOT_CLEAN, "end them by hand on the load host"},
};

/* Takes over the result: an error if the script failed. */
static int judge(const struct sipp_host *host, struct command_result *result, struct error *error)
{
    if (result->exit_status == 0)
        return 0;
    text_trim(&result->errors);
    error_set(error, ERROR_UNREACHABLE, "load-host.sh ended with status %d: %.400s",
              result->exit_status, text_string(&result->errors));
    for (size_t i = 0; i < sizeof script_failures / sizeof script_failures[0]; i++) {
        if (result->exit_status != script_failures[i].status)
            continue;
        error_set(error, script_failures[i].kind, "%.400s", text_string(&result->errors));
        error_hint(error, "%s", script_failures[i].hint);
    }
    return error_target(error, access_host(host->access)->name);
}

/* Runs a step of the script, which goes over standard input: nothing is left on the host. */
static int run_step(const struct sipp_host *host, const char *step, const char *const words[],
                    int64_t timeout, struct text *output, struct error *error)
{
    const char *argv[12] = {"sh", "-s", "--", step};
    struct command_result result;
    size_t count = 4;
    int outcome;

    while (*words != NULL && count < sizeof argv / sizeof argv[0] - 1)
        argv[count++] = *words++;
    if (access_run(host->access, argv, host->script.bytes, host->script.length, timeout, &result,
                   error) < 0)
        return -1;
    outcome = judge(host, &result, error);
    if (outcome == 0 && output != NULL)
        text_append_bytes(output, text_string(&result.output), result.output.length);
    command_result_free(&result);
    return outcome;
}

/* --- probe --- */

static int check_version(const struct sipp_host *host, struct error *error)
{
    int major = 0;
    int minor = 0;

    if (host->version != NULL && sscanf(host->version, "SIPp v%3d.%2d", &major, &minor) == 2 &&
        major * 100 + minor >= OLDEST_VERSION)
        return 0;
    error_set(error, ERROR_UNREACHABLE, "%s is installed, SIPp 3.6 or later is needed",
              host->version == NULL ? "a SIPp that does not say its version" : host->version);
    return error_target(error, access_host(host->access)->name);
}

/* Reads the lines that probe prints: 'version ...', 'address ...', 'port ...', 'control ...'. */
static void read_probe(struct sipp_host *host, char *lines, int choice)
{
    int control_choice = choice;
    char *rest = NULL;
    char *line = strtok_r(lines, "\n", &rest);

    for (; line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char *value = strchr(line, ' ');

        if (value == NULL)
            continue;
        *value++ = '\0';
        if (strcmp(line, "version") == 0 && host->version == NULL)
            host->version = memory_format("SIPp %s", value);
        else if (strcmp(line, "address") == 0 && host->address == NULL)
            host->address = memory_string(value);
        else if (strcmp(line, "port") == 0 && choice-- == 0)
            host->port = memory_string(value);
        else if (strcmp(line, "control") == 0 && control_choice-- == 0)
            host->control = memory_string(value);
    }
}

/* 'address' of 'address:port' or '[address]:port'; the caller frees. */
static char *service_address(const char *service)
{
    const char *colon = strrchr(service, ':');
    int length = (int)(colon == NULL ? strlen(service) : (size_t)(colon - service));

    if (length > 2 && service[0] == '[' && service[length - 1] == ']')
        return memory_format("%.*s", length - 2, service + 1);
    return memory_format("%.*s", length, service);
}

static int probe(struct sipp_host *host, const char *service, int choice, struct error *error)
{
    char *address = service_address(service);
    const char *words[] = {address, NULL};
    struct text output = {0};
    int outcome = run_step(host, "probe", words, 0, &output, error);

    if (outcome == 0) {
        if (output.bytes != NULL)
            read_probe(host, output.bytes, choice);
        outcome = check_version(host, error);
    }
    if (outcome == 0 && (host->address == NULL || host->port == NULL || host->control == NULL)) {
        error_set(error, ERROR_UNREACHABLE, "no free port from 5060 to 5260, or from 8888 to 9088");
        outcome = error_target(error, access_host(host->access)->name);
    }
    text_free(&output);
    free(address);
    return outcome;
}

static int read_script(struct sipp_host *host, struct error *error)
{
    char *path = path_of_data(SCRIPT);
    int outcome = file_read(path, LARGEST_FILE, &host->script, error);

    free(path);
    return outcome;
}

static int make_injection_files(const struct sipp_host *host, const char *folder,
                                int64_t subscribers, struct error *error)
{
    char count[24];
    char part[24];
    char parts[24];
    const char *words[] = {folder, SUBSCRIBERS_FILE, count, part, parts, NULL};

    snprintf(count, sizeof count, "%" PRId64, subscribers);
    snprintf(part, sizeof part, "%zu", host->part);
    snprintf(parts, sizeof parts, "%zu", host->parts);
    return run_step(host, "subscribers", words, 0, NULL, error);
}

int64_t sipp_host_subscribers(const struct sipp_host *host, int64_t subscribers)
{
    int64_t half = subscribers / 2;
    int64_t parts = (int64_t)host->parts;
    int64_t part = (int64_t)host->part;

    return (part + 1) * half / parts - part * half / parts;
}

int sipp_host_open(struct sipp_host *host, const struct sipp_side *side, struct access *access,
                   const char *token, const char *service, int64_t subscribers, struct error *error)
{
    memset(host, 0, sizeof *host);
    host->side = side->name;
    host->part = side->part;
    host->parts = side->parts;
    host->access = access;
    host->mark = memory_format("%s-%s", token, side->name);
    host->folder = memory_format("/run/vnfault/load-%s", host->mark);
    if (read_script(host, error) < 0 || probe(host, service, side->choice, error) < 0)
        return -1;
    return make_injection_files(host, "", subscribers, error);
}

void sipp_host_close(struct sipp_host *host)
{
    if (host->stream != NULL)
        access_stream_end(host->stream);
    text_free(&host->script);
    text_free(&host->errors);
    sipp_media_clear(&host->media);
    free(host->folder);
    free(host->mark);
    free(host->version);
    free(host->address);
    free(host->port);
    free(host->control);
    memset(host, 0, sizeof *host);
}

/* --- control --- */

int sipp_host_can_control(struct access *access, struct error *error)
{
    const char *const words[] = {NULL};
    struct sipp_host host = {.access = access};
    int outcome = read_script(&host, error);

    if (outcome == 0)
        outcome = run_step(&host, "can_control", words, 0, NULL, error);
    text_free(&host.script);
    return outcome;
}

int sipp_host_set_rate(struct sipp_host *host, double rate, double limit, struct error *error)
{
    char rate_word[32];
    char limit_word[32];
    const char *const words[] = {host->control, rate_word, limit_word, NULL};

    snprintf(rate_word, sizeof rate_word, "%.10g", rate);
    snprintf(limit_word, sizeof limit_word, "%.0f", limit);
    return run_step(host, "rate", words, 0, NULL, error);
}

/* --- files --- */

static int put(struct sipp_host *host, const char *file, const struct text *text,
               struct error *error)
{
    char *path = memory_format("%s/%s", host->folder, file);
    int outcome = access_put_file(host->access, path, text_string(text), text->length, 0600, error);

    free(path);
    return outcome;
}

/* For faults in the load, which tell its packets by it. */
static int put_port(struct sipp_host *host, struct error *error)
{
    struct text port = {0};
    int outcome;

    text_appendf(&port, "%s\n", host->port);
    outcome = put(host, "port", &port, error);
    text_free(&port);
    return outcome;
}

static int put_scenario(struct sipp_host *host, const char *folder, const char *file,
                        struct error *error)
{
    char *path = memory_format("%s/%s", folder, file);
    struct text text = {0};
    int outcome = file_read(path, LARGEST_FILE, &text, error);

    if (outcome == 0)
        outcome = put(host, file, &text, error);
    text_free(&text);
    free(path);
    return outcome;
}

int sipp_host_send(struct sipp_host *host, const char *scenario_folder, const char *const *files,
                   int64_t subscribers, struct error *error)
{
    const char *const words[] = {host->folder, NULL};

    host->present = true;
    if (run_step(host, "make", words, 0, NULL, error) < 0 ||
        put(host, "load-host.sh", &host->script, error) < 0 || put_port(host, error) < 0)
        return -1;
    for (size_t i = 0; files[i] != NULL; i++) {
        if (put_scenario(host, scenario_folder, files[i], error) < 0)
            return -1;
    }
    return make_injection_files(host, host->folder, subscribers, error);
}

int sipp_host_fetch(struct sipp_host *host, const char *file, const char *path, struct error *error)
{
    char limit[24];
    const char *const words[] = {host->folder, file, limit, NULL};
    struct text bytes = {0};
    int outcome;

    snprintf(limit, sizeof limit, "%d", LARGEST_FETCH);
    outcome = run_step(host, "fetch", words, 0, &bytes, error);
    if (outcome == 0 && bytes.length > 0)
        outcome = file_write(path, bytes.bytes, bytes.length, error);
    text_free(&bytes);
    return outcome;
}

int sipp_host_remove(struct sipp_host *host, struct error *error)
{
    const char *const words[] = {host->folder, NULL};

    if (run_step(host, "remove", words, 0, NULL, error) < 0)
        return -1;
    host->present = false;
    return 0;
}

/* --- the end --- */

int sipp_host_end(struct sipp_host *host, int grace, struct error *error)
{
    char seconds[12];
    const char *const words[] = {host->mark, seconds, NULL};
    int64_t timeout = (grace + 20) * CLOCK_SECOND;
    struct error again;
    struct text how = {0};
    int outcome;

    snprintf(seconds, sizeof seconds, "%d", grace);
    outcome = run_step(host, "stop", words, timeout, &how, error);
    if (outcome < 0 && error->kind == ERROR_UNREACHABLE) {
        log_info("load host %s: %s: connecting anew", access_host(host->access)->name, error->what);
        if (access_reopen(host->access, &again) == 0) {
            error_clear(error);
            outcome = run_step(host, "stop", words, timeout, &how, error);
        }
    }
    if (host->stream != NULL)
        access_stream_end(host->stream);
    host->stream = NULL;
    if (outcome < 0 && error->kind == ERROR_UNREACHABLE) {
        error->kind = ERROR_NOT_CLEAN;
        error_hint(error, "SIPp ends by itself %d s after the connection was lost", SIPP_LEASE);
    }
    text_trim(&how);
    log_debug("SIPp (%s) on %s: %s", host->side, access_host(host->access)->name,
              text_string(&how));
    text_free(&how);
    return outcome;
}
