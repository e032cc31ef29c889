/* The host's clock against the runner's, by an exchange of the kind NTP makes (RFC 5905, section
 * 8), but over one open channel of the SSH connection. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "runner/access.h"

#define EXCHANGES 12

/* Reads one line; the stream is there for nothing else. */
static int read_line(struct access_stream *stream, int64_t timeout, struct text *line,
                     struct error *error)
{
    int64_t deadline = clock_now() + timeout;
    struct text errors = {0};
    bool ended = false;
    int status = 0;
    int result = 0;

    while (result == 0 && strchr(text_string(line), '\n') == NULL) {
        int64_t left = deadline - clock_now();

        if (ended || left <= 0 || line->length > 256) {
            result = error_set(error, ERROR_UNREACHABLE, "the host did not tell its time%s",
                               ended ? ": the shell ended" : "");
            break;
        }
        result = access_stream_read(stream, left, NULL, line, &errors, &ended, &status, error);
    }
    text_free(&errors);
    return result;
}

/* Nanoseconds since 1970 as `date +%s%N` prints them; false if that is not what it printed. */
static bool parse_instant(const char *line, int64_t *instant)
{
    size_t digits = strspn(line, "0123456789");

    /* Seconds since 1970 have 9 digits at least; 19 in all fit, up to the year 2262. */
    if (digits < 18 || digits > 19 || line[digits] != '\n')
        return false;
    *instant = strtoll(line, NULL, 10);
    return true;
}

static int exchange_once(struct access_stream *stream, int64_t timeout, int64_t *offset,
                         int64_t *bound, struct error *error)
{
    struct text line = {0};
    int64_t before = clock_now();
    int64_t after;
    int64_t instant = 0;
    int result = access_stream_write(stream, "\n", 1, error);

    if (result == 0)
        result = read_line(stream, timeout, &line, error);
    after = clock_now();
    if (result == 0 && !parse_instant(text_string(&line), &instant)) {
        error_set(error, ERROR_UNREACHABLE, "the host's 'date +%%s%%N' does not print nanoseconds");
        result = error_hint(error, "install GNU coreutils on it");
    }
    text_free(&line);
    if (result < 0)
        return -1;
    *offset = instant - (before + (after - before) / 2);
    *bound = (after - before + 1) / 2;
    return 0;
}

int access_clock_offset(struct access *access, int64_t *offset, int64_t *bound, struct error *error)
{
    static const char *const argv[] = {"sh", "-c", "while read -r line; do date +%s%N; done", NULL};
    const struct host *host = access_host(access);
    struct access_stream *stream;
    int64_t best_offset = 0;
    int64_t best_bound = INT64_MAX;
    int result = 0;

    if (access_start(access, argv, &stream, error) < 0)
        return -1;
    for (int i = 0; i < EXCHANGES && result == 0; i++) {
        int64_t this_offset;
        int64_t this_bound;

        result = exchange_once(stream, host->access.timeout, &this_offset, &this_bound, error);
        if (result == 0 && this_bound < best_bound) {
            best_offset = this_offset;
            best_bound = this_bound;
        }
    }
    access_stream_end(stream);
    if (result < 0)
        return error_target(error, host->name);
    *offset = best_offset;
    *bound = best_bound;
    return 0;
}
