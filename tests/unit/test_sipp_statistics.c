/* runner/load_sipp_statistics: files recorded from SIPp 3.6.1, and hostile ones made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "runner/load_sipp_statistics.h"

/* Sums over the windows handed on. */
struct sums {
    size_t windows;
    int64_t created;
    int64_t succeeded;
    int64_t failed;
    int64_t timeouts;
    int64_t retransmissions;
    int64_t start; /* of the first window */
    int64_t end;   /* of the last one */
    int64_t longest_invite;
    size_t responses; /* of transactions; a call that timed out has a length too */
    int refuse_after; /* the callback fails after so many windows; 0 for never */
};

static int add_window(const struct store_service_sample *window, void *context, struct error *error)
{
    struct sums *sums = context;

    if (sums->windows == 0)
        sums->start = window->window_start_ns;
    else
        assert_int_equal(window->window_start_ns, sums->end);
    assert_true(window->time_ns > window->window_start_ns);
    sums->end = window->time_ns;
    sums->windows++;
    sums->created += window->calls_created;
    sums->succeeded += window->calls_succeeded;
    sums->failed += window->calls_failed;
    sums->retransmissions += window->retransmissions;
    for (size_t i = 0; i < window->failure_count; i++) {
        if (strcmp(window->failures[i].name, "timeout-on-receive") == 0)
            sums->timeouts += window->failures[i].count;
    }
    for (size_t i = 0; i < window->response_count; i++) {
        if (strcmp(window->responses[i].transaction, "invite") == 0 &&
            window->responses[i].mean_ns > sums->longest_invite)
            sums->longest_invite = window->responses[i].mean_ns;
        sums->responses += strcmp(window->responses[i].transaction, "call") != 0;
    }
    if (sums->refuse_after > 0 && sums->windows == (size_t)sums->refuse_after)
        return error_set(error, ERROR_INTERNAL, "disk full");
    return 0;
}

static char *recorded(const char *name)
{
    char *path = memory_format("tests/unit/data/sipp/%s", name);
    struct text text = {0};
    struct error error;

    assert_int_equal(file_read(path, 1 << 20, &text, &error), 0);
    free(path);
    return text.bytes;
}

/* Feeds the file in pieces of `piece` bytes. */
static struct sums read_in_pieces(const char *bytes, size_t piece, size_t *dropped)
{
    struct sipp_statistics *statistics = sipp_statistics_new();
    struct sums sums = {0};
    struct error error;
    size_t length = strlen(bytes);

    for (size_t at = 0; at < length; at += piece)
        assert_int_equal(sipp_statistics_feed(statistics, bytes + at,
                                              length - at < piece ? length - at : piece, add_window,
                                              &sums, &error),
                         0);
    if (dropped != NULL)
        *dropped = sipp_statistics_dropped(statistics);
    sipp_statistics_free(statistics);
    return sums;
}

/* The line of that index replaced by `text`; the caller frees. */
static char *with_line(const char *bytes, int index, const char *text)
{
    const char *start = bytes;

    while (index-- > 0)
        start = strchr(start, '\n') + 1;
    return memory_format("%.*s%s%s", (int)(start - bytes), bytes, text, strchr(start, '\n'));
}

static char *line_of(const char *bytes, int index)
{
    while (index-- > 0)
        bytes = strchr(bytes, '\n') + 1;
    return memory_format("%.*s", (int)strcspn(bytes, "\n"), bytes);
}

static void a_good_load_is_read(void **state)
{
    char *bytes = recorded("good.csv");
    size_t dropped;
    struct sums sums = read_in_pieces(bytes, 4096, &dropped);

    (void)state;
    assert_int_equal(dropped, 0);
    assert_int_equal(sums.created, 150);
    assert_int_equal(sums.succeeded, 150);
    assert_int_equal(sums.failed, 0);
    assert_true(sums.responses >= 12);
    free(bytes);
}

static void failures_are_read_by_cause(void **state)
{
    char *bytes = recorded("failing.csv");
    struct sums sums = read_in_pieces(bytes, 4096, NULL);

    (void)state;
    assert_int_equal(sums.created, 100);
    assert_int_equal(sums.succeeded, 52);
    assert_int_equal(sums.failed, 48);
    assert_int_equal(sums.timeouts, 48);
    assert_int_equal(sums.retransmissions, 188);
    assert_true(sums.longest_invite > CLOCK_SECOND / 4);
    free(bytes);
}

static void pieces_make_no_difference(void **state)
{
    char *bytes = recorded("failing.csv");
    struct sums whole = read_in_pieces(bytes, 1 << 20, NULL);

    (void)state;
    for (size_t piece = 1; piece < 700; piece += 97) {
        struct sums sums = read_in_pieces(bytes, piece, NULL);

        assert_memory_equal(&sums, &whole, sizeof sums);
    }
    free(bytes);
}

/* Whatever becomes of one row, no call is lost: the next window makes up for it. */
static void a_bad_row_loses_no_call(void **state)
{
    static const char *const bad[] = {
        "", ";;;;;;", "2026-11-24\t22:51:08.0\t1795560668", "\x01\xff\xfe", "99;98;", "StartTime;"};
    char *bytes = recorded("failing.csv");

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *torn = with_line(bytes, 5, bad[i]);
        struct sums sums = read_in_pieces(torn, 512, NULL);

        assert_int_equal(sums.created, 100);
        assert_int_equal(sums.failed, 48);
        free(torn);
    }
    free(bytes);
}

static void a_torn_number_is_refused(void **state)
{
    static const char *const numbers[] = {"", "-1", " 5", "5x", "1e3", "99999999999999999999"};
    char *bytes = recorded("failing.csv");
    char *row = line_of(bytes, 5);

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        /* The 13th field is TotalCallCreated. */
        const char *field = row;
        char *changed;
        char *file;
        size_t dropped;

        for (int skip = 0; skip < 12; skip++)
            field = strchr(field, ';') + 1;
        changed =
            memory_format("%.*s%s%s", (int)(field - row), row, numbers[i], strchr(field, ';'));
        file = with_line(bytes, 5, changed);
        assert_int_equal(read_in_pieces(file, 4096, &dropped).created, 100);
        assert_int_equal(dropped, 1);
        free(changed);
        free(file);
    }
    free(row);
    free(bytes);
}

static void a_repeated_row_counts_once(void **state)
{
    char *bytes = recorded("good.csv");
    char *row = line_of(bytes, 3);
    char *twice = memory_format("%s\n%s", row, row);
    char *file = with_line(bytes, 3, twice);
    struct sums sums = read_in_pieces(file, 4096, NULL);

    (void)state;
    assert_int_equal(sums.created, 150);
    free(file);
    free(twice);
    free(row);
    free(bytes);
}

static void an_overlong_line_is_dropped(void **state)
{
    char *bytes = recorded("good.csv");
    char *long_line = memory_new(1 << 18, 1);
    char *file;
    size_t dropped;

    (void)state;
    memset(long_line, 'x', (1 << 18) - 1);
    file = with_line(bytes, 3, long_line);
    assert_int_equal(read_in_pieces(file, 1000, &dropped).created, 150);
    assert_int_equal(dropped, 1);
    free(file);
    free(long_line);
    free(bytes);
}

static void a_foreign_head_is_an_error(void **state)
{
    static const char head[] = "time;value;\n";
    struct sipp_statistics *statistics = sipp_statistics_new();
    struct sums sums = {0};
    struct error error;

    (void)state;
    assert_int_equal(
        sipp_statistics_feed(statistics, head, strlen(head), add_window, &sums, &error), -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    assert_non_null(strstr(error.what, "CurrentTime"));
    sipp_statistics_free(statistics);
}

static void an_error_of_the_callback_is_handed_back(void **state)
{
    char *bytes = recorded("good.csv");
    struct sipp_statistics *statistics = sipp_statistics_new();
    struct sums sums = {.refuse_after = 2};
    struct error error;

    (void)state;
    assert_int_equal(
        sipp_statistics_feed(statistics, bytes, strlen(bytes), add_window, &sums, &error), -1);
    assert_string_equal(error.what, "disk full");
    assert_int_equal(sums.windows, 2);
    sipp_statistics_free(statistics);
    free(bytes);
}

/* The response that SIPp prints as 0 is none where no call succeeded. */
static void no_answer_is_no_response_time(void **state)
{
    char *bytes = recorded("failing.csv");
    struct sipp_statistics *statistics = sipp_statistics_new();
    struct sums sums = {0};
    struct error error;
    size_t before;
    const char *end = bytes + strlen(bytes);
    const char *tail = end;

    (void)state;
    /* The last five rows: the service is dead. */
    for (int newlines = 0; newlines < 6; tail--)
        newlines += tail[-1] == '\n';
    tail += 2;
    sipp_statistics_feed(statistics, bytes, (size_t)(tail - bytes), add_window, &sums, &error);
    before = sums.responses;
    sipp_statistics_feed(statistics, tail, (size_t)(end - tail), add_window, &sums, &error);
    assert_int_equal(sums.responses, before);
    sipp_statistics_free(statistics);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_load_is_read),
        cmocka_unit_test(failures_are_read_by_cause),
        cmocka_unit_test(pieces_make_no_difference),
        cmocka_unit_test(a_bad_row_loses_no_call),
        cmocka_unit_test(a_torn_number_is_refused),
        cmocka_unit_test(a_repeated_row_counts_once),
        cmocka_unit_test(an_overlong_line_is_dropped),
        cmocka_unit_test(a_foreign_head_is_an_error),
        cmocka_unit_test(an_error_of_the_callback_is_handed_back),
        cmocka_unit_test(no_answer_is_no_response_time),
    };

    return cmocka_run_group_tests_name("sipp-statistics", tests, NULL, NULL);
}
