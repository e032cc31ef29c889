/* What the steps of an injection print may be hostile: nothing but well-formed lines counts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runner/injection_script.h"

static int read_output(const char *output, struct injection_report *report, struct error *error)
{
    struct command_result result = {0};
    int status;

    memset(report, 0, sizeof *report);
    report->achieved = NAN;
    text_append(&result.output, output);
    status = injection_output_read("verify", &result, injection_report_line, report, error);
    command_result_free(&result);
    return status;
}

static void test_a_full_report(void **state)
{
    struct injection_report report;
    struct error error = {0};

    (void)state;
    assert_int_equal(read_output("mechanism stress-ng 0.15.06\nmeasure loss-in 4.5 %\n"
                                 "achieved 69.5\ntook_hold true\ndetail one\ndetail two\n"
                                 "instant 1795561772346723690\ndone verify\n",
                                 &report, &error),
                     0);
    assert_string_equal(report.mechanism, "stress-ng 0.15.06");
    assert_int_equal(report.measurement_count, 1);
    assert_string_equal(report.measurements[0].name, "loss-in");
    assert_string_equal(report.measurements[0].unit, "%");
    assert_true(fabs(report.measurements[0].value - 4.5) < 1e-12);
    assert_true(fabs(report.achieved - 69.5) < 1e-12);
    assert_true(report.took_hold);
    assert_string_equal(report.detail, "one; two");
    assert_true(report.instant == INT64_C(1795561772346723690));
}

static void test_output_cut_short_is_an_error(void **state)
{
    struct injection_report report;
    struct error error = {0};

    (void)state;
    assert_int_equal(read_output("took_hold true\n", &report, &error), -1);
    assert_int_equal(error.kind, ERROR_UNREACHABLE);
    assert_int_equal(read_output("took_hold true\ndone apply\n", &report, &error), -1);
    assert_int_equal(read_output("done verify\ntook_hold true\n", &report, &error), -1);
    assert_int_equal(read_output("", &report, &error), -1);
}

static void test_errors_have_kind_text_and_hint(void **state)
{
    struct injection_report report;
    struct error error = {0};

    (void)state;
    assert_int_equal(read_output("hint do this\nerror not-clean still there: x\n", &report, &error),
                     -1);
    assert_int_equal(error.kind, ERROR_NOT_CLEAN);
    assert_string_equal(error.what, "still there: x");
    assert_string_equal(error.hint, "do this");
    assert_int_equal(read_output("error not-as-before x is gone\n", &report, &error), -1);
    assert_int_equal(error.kind, ERROR_NOT_AS_BEFORE);
    assert_int_equal(error_exit_status(&error), 3);
    assert_int_equal(read_output("error never-heard-of it\ndone verify\n", &report, &error), -1);
    assert_int_equal(error.kind, ERROR_UNREACHABLE);
}

static void test_hostile_lines(void **state)
{
    struct injection_report report;
    struct error error = {0};
    struct text flood = {0};

    (void)state;
    assert_int_equal(read_output("achieved nan\nachieved 1e999\nachieved 5x\ninstant -3\n"
                                 "instant 99999999999999999999\nmeasure a\nmeasure a b c\n"
                                 "took_hold TRUE\ndetail \033[2J\xff\nmechanism\nunknown x\n"
                                 "done verify\n",
                                 &report, &error),
                     0);
    assert_true(isnan(report.achieved));
    assert_int_equal(report.instant, 0);
    assert_int_equal(report.measurement_count, 0);
    assert_false(report.took_hold);
    assert_string_equal(report.detail, "?[2J?");
    for (int i = 0; i < 1000; i++)
        text_append(&flood, "measure name 1 unit\ndetail again and again and again\n");
    text_append(&flood, "done verify\n");
    assert_int_equal(read_output(text_string(&flood), &report, &error), 0);
    assert_int_equal(report.measurement_count,
                     sizeof report.measurements / sizeof report.measurements[0]);
    assert_true(strlen(report.detail) < sizeof report.detail);
    text_free(&flood);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_full_report),
        cmocka_unit_test(test_output_cut_short_is_an_error),
        cmocka_unit_test(test_errors_have_kind_text_and_hint),
        cmocka_unit_test(test_hostile_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
