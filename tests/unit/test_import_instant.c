/* cli/import_instant: numbers of each unit to the nanosecond, ISO 8601, and what is neither. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/import.h"

static void instants_are_exact(void **state)
{
    static const struct {
        const char *text;
        const char *unit;
        int64_t instant;
    } cases[] = {
        {"0", "s", 0},
        {"1700000000.123456789", "s", INT64_C(1700000000123456789)},
        {"1700000000.1234567899", "s", INT64_C(1700000000123456789)},
        {"-1.5", "s", -1500000000},
        {"1700000000123456789", "ns", INT64_C(1700000000123456789)},
        {"12.25", "ms", 12250000},
        {"7", "us", 7000},
        {"1.5e3", "s", INT64_C(1500000000000)},
        {"1970-01-02T00:00:01Z", "s", INT64_C(86401000000000)},
        {"1970-01-02 00:00:01.25", "ns", INT64_C(86401250000000)},
        {"2026-11-26T14:38:02.000000001+00:00", "s", INT64_C(1795703882000000001)},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t instant = -1;

        assert_true(import_instant(cases[i].text, cases[i].unit, &instant));
        if (instant != cases[i].instant)
            fail_msg("%s %s: %lld", cases[i].text, cases[i].unit, (long long)instant);
    }
}

static void what_is_no_instant_is_refused(void **state)
{
    static const char *const texts[] = {"",
                                        "-",
                                        "soon",
                                        "12x",
                                        "1.2.3",
                                        "nan",
                                        "inf",
                                        "1e300",
                                        "99999999999999999999",
                                        "2026-13-40T00:00:00Z",
                                        "2026-11-26T14:38:02+01:00",
                                        "2026-11-26"};
    int64_t instant;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (import_instant(texts[i], "s", &instant))
            fail_msg("'%s' passes for an instant", texts[i]);
    }
    assert_false(import_instant("1", "h", &instant));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_are_exact),
        cmocka_unit_test(what_is_no_instant_is_refused),
    };

    return cmocka_run_group_tests_name("import_instant", tests, NULL, NULL);
}
