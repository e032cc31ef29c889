/* Numbers of a page: the same to the last bit as the C library reads them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "runner/exposition_parts.h"

static void check_number(const char *text)
{
    double expected = strtod(text, NULL);
    uint64_t bits[2];
    double value;
    const char *end = exposition_number(text, &value);

    if (end == NULL || *end != '\0')
        fail_msg("%s is not read whole", text);
    memcpy(&bits[0], &value, sizeof value);
    memcpy(&bits[1], &expected, sizeof expected);
    if (bits[0] != bits[1])
        fail_msg("%s gives %a, not %a", text, value, expected);
}

static void numbers_are_exact(void **state)
{
    static const char *const rows[] = {
        "0", "-0", "+0", "1", "-1.5", "007", ".5", "5.", "4095.089802001", "1.795558385738e+09",
        "1.6262241e+07", "9007199254740992", "9007199254740993", "9007199254740993.0",
        /* Just in the middle between two doubles, and next to it. */
        "9007199254740995", "9007199254740994.9999999", "1.00000000000000011102230246251565",
        "1.00000000000000011102230246251566", "1.0000000000000002", "0.1", "0.30000000000000004",
        "18446744073709551615", "18446744073709551616", "1.8446744073709552e+19",
        "123456789012345678901234567890", "0.000000000000000000000000000001234567", "1e22", "1e23",
        "1e-22", "1e-23", "1e27", "12345678901234567e27", "12345678901234567e-27",
        "2.2250738585072014e-308", "2.2250738585072011e-308", "4.9e-324", "2.4e-324", "1e-400",
        "1.7976931348623157e308", "1.7976931348623159e308", "1e400", "-1e999999999999",
        "1e-999999999999", "0e999999", "8.9255e-05"};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_number(rows[i]);
}

/* As exporters write doubles: the shortest that says the same, or a fixed number of digits. */
static void any_double_is_exact(void **state)
{
    struct random random;
    char text[64];

    (void)state;
    random_seed(&random, 1);
    for (int i = 0; i < 300000; i++) {
        uint64_t bits = random_next(&random);
        double value;

        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        snprintf(text, sizeof text, "%.*g", 1 + i % 20, value);
        check_number(text);
        snprintf(text, sizeof text, "%.*g", 1 + i % 20, (double)(bits >> 20) * 1e-9);
        check_number(text);
        snprintf(text, sizeof text, "%.*e", i % 25, (double)(bits >> 3));
        check_number(text);
    }
}

static void words_are_numbers(void **state)
{
    double value;

    (void)state;
    assert_non_null(exposition_number("NaN", &value));
    assert_true(isnan(value));
    assert_non_null(exposition_number("+Inf", &value));
    assert_true(isinf(value) && value > 0);
    assert_non_null(exposition_number("-inf", &value));
    assert_true(isinf(value) && value < 0);
    assert_string_equal(exposition_number("Infinity and more", &value), " and more");
}

static void others_are_none(void **state)
{
    static const char *const rows[] = {"",    "-", "+",  ".",   "e5",   "1e", "1e+",
                                       "--1", "x", "in", "- 1", "-nan", ",1"};
    double value;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (exposition_number(rows[i], &value) != NULL)
            fail_msg("'%s' is taken for a number", rows[i]);
    }
    assert_string_equal(exposition_number("0x10", &value), "x10");
}

static void times_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t time;
        enum exposition_format format;
        bool good;
    } rows[] = {
        {"1795558385738", INT64_C(1795558385738000000), EXPOSITION_TEXT, true},
        {"-1", -1000000, EXPOSITION_TEXT, true},
        {"0", 0, EXPOSITION_TEXT, true},
        {"9223372036854", INT64_C(9223372036854000000), EXPOSITION_TEXT, true},
        {"9223372036855", 0, EXPOSITION_TEXT, false},
        {"1.5", 0, EXPOSITION_TEXT, false},
        {"1e3", 0, EXPOSITION_TEXT, false},
        {"99999999999999999999", 0, EXPOSITION_TEXT, false},
        {"now", 0, EXPOSITION_TEXT, false},
        {"1520879607.75", INT64_C(1520879607750000000), EXPOSITION_OPENMETRICS, true},
        {"-1520879607.123456789", INT64_C(-1520879607123456789), EXPOSITION_OPENMETRICS, true},
        {"17", INT64_C(17000000000), EXPOSITION_OPENMETRICS, true},
        {"0.12345678912", 123456789, EXPOSITION_OPENMETRICS, true},
        {"9999999999", 0, EXPOSITION_OPENMETRICS, false},
        {"1.5e9", INT64_C(1500000000000000000), EXPOSITION_OPENMETRICS, true},
        {"1e10", 0, EXPOSITION_OPENMETRICS, false},
        {"NaN", 0, EXPOSITION_OPENMETRICS, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t time = 0;

        if ((exposition_time(rows[i].text, rows[i].format, &time) != NULL) != rows[i].good ||
            (rows[i].good && time != rows[i].time))
            fail_msg("%s gives %lld", rows[i].text, (long long)time);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_exact), cmocka_unit_test(any_double_is_exact),
        cmocka_unit_test(words_are_numbers), cmocka_unit_test(others_are_none),
        cmocka_unit_test(times_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
