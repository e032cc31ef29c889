/* base/process: real children, their outputs, their ends. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/process.h"

#define LONG (600 * CLOCK_SECOND)

static void output_and_status_come_back(void **state)
{
    const char *const argv[] = {"sh", "-c", "cat; echo oops >&2; exit 7", NULL};
    struct process_result result;
    struct error error = {0};

    (void)state;
    assert_int_equal(process_run(argv, "in", LONG, &result, &error), 0);
    assert_int_equal(result.exit_status, 7);
    assert_string_equal(text_string(&result.output), "in");
    assert_string_equal(text_string(&result.errors), "oops\n");
    process_result_free(&result);
}

static void large_input_and_output_do_not_block(void **state)
{
    const char *const argv[] = {"cat", NULL};
    enum { LENGTH = 1 << 20 };
    struct process_result result;
    struct error error = {0};
    char *input = memory_new(LENGTH + 1, 1);

    (void)state;
    memset(input, 'x', LENGTH);
    assert_int_equal(process_run(argv, input, LONG, &result, &error), 0);
    assert_int_equal(result.output.length, LENGTH);
    process_result_free(&result);
    free(input);
}

static void a_child_that_reads_nothing_ends_all_the_same(void **state)
{
    const char *const argv[] = {"true", NULL};
    enum { LENGTH = 1 << 20 };
    struct process_result result;
    struct error error = {0};
    char *input = memory_new(LENGTH + 1, 1);

    (void)state;
    memset(input, 'x', LENGTH);
    assert_int_equal(process_run(argv, input, LONG, &result, &error), 0);
    assert_int_equal(result.exit_status, 0);
    process_result_free(&result);
    free(input);
}

static void a_missing_program_is_named(void **state)
{
    const char *const argv[] = {"no-such-program-here", NULL};
    struct process_result result;
    struct error error = {0};

    (void)state;
    assert_int_equal(process_run(argv, NULL, LONG, &result, &error), -1);
    assert_int_equal(error.kind, ERROR_UNREACHABLE);
    assert_non_null(strstr(error.what, "no-such-program-here"));
}

static void a_child_past_its_time_is_killed_with_its_group(void **state)
{
    const char *const argv[] = {"sh", "-c", "sleep 1000 & sleep 1000", NULL};
    struct process_result result;
    struct error error = {0};

    (void)state;
    assert_int_equal(process_run(argv, NULL, CLOCK_SECOND / 10, &result, &error), -1);
    assert_string_equal(error.what, "sh did not end in time and was killed");
}

static void check_quotes_what_failed(void **state)
{
    const char *const argv[] = {"sh", "-c", "echo broken >&2; exit 3", NULL};
    struct error error = {0};

    (void)state;
    assert_int_equal(process_check(argv, LONG, &error), -1);
    assert_non_null(strstr(error.what, "status 3: broken"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_and_status_come_back),
        cmocka_unit_test(large_input_and_output_do_not_block),
        cmocka_unit_test(a_child_that_reads_nothing_ends_all_the_same),
        cmocka_unit_test(a_missing_program_is_named),
        cmocka_unit_test(a_child_past_its_time_is_killed_with_its_group),
        cmocka_unit_test(check_quotes_what_failed),
    };

    signal(SIGPIPE, SIG_IGN); /* as main does */
    return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
