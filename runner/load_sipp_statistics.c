#include "runner/load_sipp_statistics.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "runner/load_sipp_columns.h"
#include "runner/load_sipp_media.h"

enum {
    LONGEST_LINE = 65536,
    MOST_FIELDS = 2048,
    LONGEST_RESPONSE_HOURS = 24,
};

/* No sum of calls or retransmissions gets there in a run; a larger number is not one. */
#define LARGEST_SUM INT64_C(1000000000000)

struct sipp_statistics {
    struct text line;
    bool overlong; /* the line under way is too long and will be dropped */
    bool head_read;
    struct sipp_columns columns;
    char *fields[MOST_FIELDS];
    size_t rows;
    size_t dropped;
    int64_t time; /* of the last row accepted */
    struct sipp_totals totals;
    int64_t *cause_sums;
    int64_t *row_cause_sums; /* of the row under way */
    struct store_service_count *failures;
    struct store_service_response *responses;
};

/* The numbers of one row. */
struct row {
    int64_t time;
    double rate;
    int64_t current;
    struct sipp_totals totals;
};

struct sipp_statistics *sipp_statistics_new(void)
{
    return memory_new(1, sizeof(struct sipp_statistics));
}

void sipp_statistics_free(struct sipp_statistics *statistics)
{
    if (statistics == NULL)
        return;
    text_free(&statistics->line);
    sipp_columns_free(&statistics->columns);
    free(statistics->cause_sums);
    free(statistics->row_cause_sums);
    free(statistics->failures);
    free(statistics->responses);
    free(statistics);
}

/* Reads digits only, at least one, up to LARGEST_SUM; moves *cursor behind them. */
static bool read_digits(const char **cursor, int64_t *value)
{
    const char *start = *cursor;

    *value = 0;
    for (; **cursor >= '0' && **cursor <= '9'; (*cursor)++) {
        *value = *value * 10 + (**cursor - '0');
        if (*value > LARGEST_SUM)
            return false;
    }
    return *cursor > start;
}

static bool read_count(const char *field, int64_t *value)
{
    return read_digits(&field, value) && *field == '\0';
}

/* Six digits of microseconds, as ns, and the end of the field. */
static bool read_microseconds(const char *field, int64_t *nanoseconds)
{
    const char *cursor = field;

    if (!read_digits(&cursor, nanoseconds) || cursor - field != 6 || *cursor != '\0')
        return false;
    *nanoseconds *= 1000;
    return true;
}

/* 'YYYY-MM-DD <tab> HH:MM:SS.uuuuuu <tab> SECONDS.uuuuuu': the last part is seconds since 1970. */
static bool read_instant(const char *field, int64_t *instant)
{
    const char *cursor = strrchr(field, '\t');
    int64_t fraction;

    if (cursor == NULL)
        return false;
    cursor++;
    if (!read_digits(&cursor, instant) || *cursor != '.' || *instant > INT32_MAX * INT64_C(4) ||
        !read_microseconds(cursor + 1, &fraction))
        return false;
    *instant = *instant * CLOCK_SECOND + fraction;
    return true;
}

/* 'HH:MM:SS:uuuuuu'. SIPp prints absurd hours where a deviation can't be computed. */
static bool read_length(const char *field, int64_t *length)
{
    int64_t parts[3];
    int64_t fraction;

    for (int i = 0; i < 3; i++) {
        if (!read_digits(&field, &parts[i]) || *field != ':')
            return false;
        field++;
    }
    if (!read_microseconds(field, &fraction) || parts[0] >= LONGEST_RESPONSE_HOURS ||
        parts[1] >= 60 || parts[2] >= 60)
        return false;
    *length = ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * CLOCK_SECOND + fraction;
    return true;
}

static bool read_rate(const char *field, double *rate)
{
    char *end;

    if (*field < '0' || *field > '9')
        return false;
    errno = 0;
    *rate = strtod(field, &end);
    return *end == '\0' && errno == 0 && *rate <= 1e9;
}

/* The numbers of the row in statistics->fields; NULL, or what is wrong with it. */
static const char *read_row(struct sipp_statistics *statistics, size_t count, struct row *row)
{
    const struct sipp_columns *columns = &statistics->columns;
    char *const *fields = statistics->fields;
    const size_t *at = columns->single;

    if (count != columns->count)
        return "torn: it has not as many fields as the head";
    if (!read_instant(fields[at[SIPP_TIME]], &row->time))
        return "its time can't be read";
    if (!read_rate(fields[at[SIPP_RATE]], &row->rate) ||
        !read_count(fields[at[SIPP_CREATED]], &row->totals.created) ||
        !read_count(fields[at[SIPP_CURRENT]], &row->current) ||
        !read_count(fields[at[SIPP_SUCCEEDED]], &row->totals.succeeded) ||
        !read_count(fields[at[SIPP_FAILED]], &row->totals.failed) ||
        !read_count(fields[at[SIPP_RETRANSMISSIONS]], &row->totals.retransmissions))
        return "a count can't be read";
    for (size_t i = 0; i < columns->cause_count; i++) {
        if (!read_count(fields[columns->causes[i].column], &statistics->row_cause_sums[i]))
            return "the count of a cause of failure can't be read";
        if (statistics->row_cause_sums[i] < statistics->cause_sums[i])
            return "its counts are less than those before";
    }
    if (row->totals.created < statistics->totals.created ||
        row->totals.succeeded < statistics->totals.succeeded ||
        row->totals.failed < statistics->totals.failed ||
        row->totals.retransmissions < statistics->totals.retransmissions)
        return "its counts are less than those before";
    return NULL;
}

static void fill_failures(struct sipp_statistics *statistics, struct store_service_sample *window)
{
    window->failures = statistics->failures;
    for (size_t i = 0; i < statistics->columns.cause_count; i++) {
        int64_t calls = statistics->row_cause_sums[i] - statistics->cause_sums[i];

        if (calls > 0)
            statistics->failures[window->failure_count++] = (struct store_service_count){
                .name = statistics->columns.causes[i].name, .count = calls};
    }
}

/*
 * SIPp prints 0 both for 'none in this period' and for a mean under a millisecond. A zero counts as
 * measured only where calls succeeded in the window, which needs an answer to each transaction.
 */
static void fill_responses(struct sipp_statistics *statistics, struct store_service_sample *window)
{
    const struct sipp_columns *columns = &statistics->columns;

    window->responses = statistics->responses;
    for (size_t i = 0; i < columns->response_count; i++) {
        const struct sipp_response *response = &columns->responses[i];
        struct store_service_response *filled = &statistics->responses[window->response_count];

        if (!read_length(statistics->fields[response->mean_column], &filled->mean_ns) ||
            (filled->mean_ns == 0 && window->calls_succeeded == 0))
            continue;
        if (!read_length(statistics->fields[response->deviation_column], &filled->deviation_ns))
            filled->deviation_ns = -1;
        filled->transaction = response->name;
        window->response_count++;
    }
}

static void accept_row(struct sipp_statistics *statistics, const struct row *row)
{
    statistics->time = row->time;
    statistics->totals = row->totals;
    for (size_t i = 0; i < statistics->columns.cause_count; i++)
        statistics->cause_sums[i] = statistics->row_cause_sums[i];
    statistics->rows++;
}

static void fill_window(struct sipp_statistics *statistics, const struct row *row,
                        struct store_service_sample *window)
{
    const struct sipp_totals *before = &statistics->totals;

    window->window_start_ns = statistics->time;
    window->time_ns = row->time;
    window->offered_rate = row->rate;
    window->calls_created = row->totals.created - before->created;
    window->calls_succeeded = row->totals.succeeded - before->succeeded;
    window->calls_failed = row->totals.failed - before->failed;
    window->calls_current = row->current;
    window->retransmissions = row->totals.retransmissions - before->retransmissions;
    fill_failures(statistics, window);
    fill_responses(statistics, window);
}

static void drop_row(struct sipp_statistics *statistics, const char *why)
{
    statistics->dropped++;
    log_warning("a row of SIPp's statistics was dropped: %s", why);
}

static int take_row(struct sipp_statistics *statistics, size_t count,
                    sipp_window_callback *callback, void *context, struct error *error)
{
    struct store_service_sample window = {0};
    struct row row;
    const char *wrong = read_row(statistics, count, &row);
    bool first = statistics->rows == 0;

    if (wrong != NULL) {
        drop_row(statistics, wrong);
        return 0;
    }
    /* SIPp repeats its last row when it ends. */
    if (!first && row.time == statistics->time)
        return 0;
    fill_window(statistics, &row, &window);
    accept_row(statistics, &row);
    if (first ? row.totals.created > 0 : window.time_ns < window.window_start_ns) {
        drop_row(statistics, first ? "its window has no start" : "the host's clock was set back");
        return 0;
    }
    return first ? 0 : callback(&window, context, error);
}

static int take_head(struct sipp_statistics *statistics, size_t count, struct error *error)
{
    struct sipp_columns *columns = &statistics->columns;

    if (sipp_columns_read(statistics->fields, count, columns, error) < 0) {
        sipp_columns_free(columns);
        return -1;
    }
    statistics->head_read = true;
    statistics->cause_sums = memory_new(columns->cause_count + 1, sizeof(int64_t));
    statistics->row_cause_sums = memory_new(columns->cause_count + 1, sizeof(int64_t));
    statistics->failures = memory_new(columns->cause_count + 1, sizeof *statistics->failures);
    statistics->responses = memory_new(columns->response_count + 1, sizeof *statistics->responses);
    return 0;
}

static int take_line(struct sipp_statistics *statistics, sipp_window_callback *callback,
                     void *context, struct error *error)
{
    struct text *line = &statistics->line;
    bool overlong = statistics->overlong;
    int result = 0;
    size_t count;

    statistics->overlong = false;
    if (overlong || memchr(text_string(line), '\0', line->length) != NULL) {
        drop_row(statistics, "it is not text");
    } else if (line->length > 0 && !sipp_media_is_line(text_string(line))) {
        count = sipp_cut_fields(line->bytes, statistics->fields, MOST_FIELDS);
        result = statistics->head_read ? take_row(statistics, count, callback, context, error)
                                       : take_head(statistics, count, error);
    }
    text_clear(line);
    return result;
}

int sipp_statistics_feed(struct sipp_statistics *statistics, const char *bytes, size_t length,
                         sipp_window_callback *callback, void *context, struct error *error)
{
    const char *end = bytes + length;

    while (bytes < end) {
        const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
        size_t part = (size_t)((newline == NULL ? end : newline) - bytes);

        if (statistics->line.length + part > LONGEST_LINE)
            statistics->overlong = true;
        if (!statistics->overlong)
            text_append_bytes(&statistics->line, bytes, part);
        if (newline == NULL)
            break;
        if (take_line(statistics, callback, context, error) < 0)
            return -1;
        bytes = newline + 1;
    }
    return 0;
}

size_t sipp_statistics_dropped(const struct sipp_statistics *statistics)
{
    return statistics->dropped;
}

const struct sipp_totals *sipp_statistics_totals(const struct sipp_statistics *statistics)
{
    return &statistics->totals;
}
