/* SIPp running on a load host: its start, its statistics, how it ended. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/load_sipp_host.h"

enum {
    MOST_ARGUMENTS = 64,
    LARGEST_ERRORS = 8192,
    LONGEST_QUOTE = 240,
    START_SECONDS = 20,
};

#define RENEWAL_PERIOD (5 * CLOCK_SECOND)

static const char *host_name(const struct sipp_host *host)
{
    return access_host(host->access)->name;
}

static int launch(struct sipp_host *host, const char *name, const char *const *arguments,
                  struct error *error)
{
    char *mark = memory_format("VNFAULT_LOAD=%s", host->mark);
    char *script = memory_format("%s/load-host.sh", host->folder);
    char *lease = memory_format("%d", SIPP_LEASE);
    const char *argv[MOST_ARGUMENTS] = {"env", mark,         "sh", script,
                                        "run", host->folder, name, lease};
    size_t count = 8;
    int outcome;

    while (*arguments != NULL && count < MOST_ARGUMENTS - 1)
        argv[count++] = *arguments++;
    text_clear(&host->errors);
    sipp_media_clear(&host->media);
    outcome = access_start(host->access, argv, &host->stream, error);
    host->renewed = clock_now();
    free(mark);
    free(script);
    free(lease);
    return outcome;
}

int sipp_host_read(struct sipp_host *host, int64_t timeout, struct stop *stop,
                   struct text *statistics, bool *ended, int *exit_status, struct error *error)
{
    size_t before = statistics->length;

    if (clock_now() - host->renewed >= RENEWAL_PERIOD) {
        host->renewed = clock_now();
        if (access_stream_write(host->stream, "\n", 1, error) < 0)
            return -1;
    }
    if (access_stream_read(host->stream, timeout, stop, statistics, &host->errors, ended,
                           exit_status, error) < 0)
        return -1;
    sipp_media_feed(&host->media, text_string(statistics) + before, statistics->length - before);
    if (host->errors.length > LARGEST_ERRORS)
        text_clear(&host->errors);
    return 0;
}

/* The answer that SIPp did not expect, or what it says after its time stamp
 * ('2026-11-24 <tab> 22:55:00.089221 <tab> 1795560900.089221: what'); a part of `errors`. */
static const char *find_last_words(const char *errors, size_t *length)
{
    static const char answer[] = "received '";
    const char *found = strstr(errors, answer);
    const char *stamp = strrchr(errors, '\t');

    if (found != NULL) {
        found += strlen(answer);
    } else {
        found = stamp == NULL ? NULL : strstr(stamp, ": ");
        found = found == NULL ? errors : found + 2;
    }
    *length = strcspn(found, "\r\n");
    return found;
}

void sipp_host_last_words(const struct sipp_host *host, struct text *text)
{
    size_t length;
    const char *words = find_last_words(text_string(&host->errors), &length);

    for (size_t i = 0; i < length && i < LONGEST_QUOTE; i++)
        text_appendf(text, "%c", (unsigned char)words[i] < ' ' || words[i] == 127 ? '?' : words[i]);
}

void sipp_host_describe_end(const struct sipp_host *host, int exit_status, struct text *text)
{
    if (exit_status > 128 && exit_status - 128 < NSIG && exit_status != 255) {
        text_appendf(text, "was ended by signal %d (%s)", exit_status - 128,
                     strsignal(exit_status - 128));
        return;
    }
    text_appendf(text, "ended with status %d", exit_status);
    if (host->errors.length > 0) {
        text_append(text, ": ");
        sipp_host_last_words(host, text);
    }
}

static int fail_to_start(const struct sipp_host *host, int exit_status, struct error *error)
{
    /* What SIPp has against a scenario file is the user's to mend. */
    bool scenario = strstr(text_string(&host->errors), "xml scenario file") != NULL;
    struct text how = {0};

    sipp_host_describe_end(host, exit_status, &how);
    error_set(error, scenario ? ERROR_INPUT : ERROR_UNREACHABLE, "SIPp (%s) %s", host->side,
              text_string(&how));
    error_where(error, "starting the load");
    text_free(&how);
    return error_target(error, host_name(host));
}

int sipp_host_start(struct sipp_host *host, const char *name, const char *const *arguments,
                    struct text *statistics, struct error *error)
{
    int64_t deadline = clock_now() + START_SECONDS * CLOCK_SECOND;
    bool ended = false;
    int exit_status = 0;

    if (launch(host, name, arguments, error) < 0)
        return -1;
    for (;;) {
        const char *head = memchr(text_string(statistics), '\n', statistics->length);

        if (head != NULL && strchr(head + 1, '\n') != NULL)
            return 0;
        if (ended)
            return fail_to_start(host, exit_status, error);
        if (clock_now() >= deadline)
            break;
        if (sipp_host_read(host, CLOCK_SECOND, NULL, statistics, &ended, &exit_status, error) < 0)
            return -1;
    }
    error_set(error, ERROR_UNREACHABLE, "SIPp (%s) wrote no statistics within %d s of its start",
              host->side, START_SECONDS);
    return error_target(error, host_name(host));
}
