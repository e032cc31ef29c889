/* base/quantity: numbers with units, and what is said of others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/quantity.h"

static void quantities_are_read(void **state)
{
    static const struct {
        enum quantity_kind kind;
        const char *text;
        double value;
    } rows[] = {
        {QUANTITY_DURATION, "15s", 15e9},
        {QUANTITY_DURATION, "50ms", 50e6},
        {QUANTITY_DURATION, "80min", 4800e9},
        {QUANTITY_DURATION, "1h", 3600e9},
        {QUANTITY_DURATION, "0s", 0},
        {QUANTITY_DURATION, "2.5min", 150e9},
        {QUANTITY_DURATION, "0.1s", 1e8},
        {QUANTITY_DURATION, "0.3ms", 3e5},
        {QUANTITY_DURATION, "8784h", 8784 * 3600e9},
        {QUANTITY_SHARE, "7%", 0.07},
        {QUANTITY_SHARE, "0.5%", 0.005},
        {QUANTITY_SHARE, "100%", 1},
        {QUANTITY_RATE, "120calls/s", 120},
        {QUANTITY_RATE, "0.25calls/s", 0.25},
        {QUANTITY_SUBSCRIBERS, "1000subscribers", 1000},
        {QUANTITY_AGE, "30d", 30 * 86400e9},
        {QUANTITY_AGE, "1.5h", 5400e9},
        {QUANTITY_SIZE, "2.5GB", 2.5e9},
        {QUANTITY_SIZE, "1kB", 1000},
    };
    struct error error;
    double value;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(quantity_read(rows[i].kind, rows[i].text, &value, &error), 0);
        if (value != rows[i].value)
            fail_msg("%s is %.17g", rows[i].text, value);
    }
}

static void what_is_no_quantity_is_refused(void **state)
{
    static const struct {
        enum quantity_kind kind;
        const char *text;
        const char *what;
    } rows[] = {
        {QUANTITY_DURATION, "15", "\"15\" has no unit"},
        {QUANTITY_AGE, "15s", "\"15s\" has the unknown unit \"s\""},
        {QUANTITY_AGE, "36501d", "\"36501d\" is over 36500d"},
        {QUANTITY_SIZE, "1Gb", "\"1Gb\" has the unknown unit \"Gb\""},
        {QUANTITY_DURATION, "", "\"\" is not a number with a unit"},
        {QUANTITY_DURATION, "s", "\"s\" is not a number with a unit"},
        {QUANTITY_DURATION, "-1s", "\"-1s\" is not a number with a unit"},
        {QUANTITY_DURATION, "+1s", "\"+1s\" is not a number with a unit"},
        {QUANTITY_DURATION, " 1s", "\" 1s\" is not a number with a unit"},
        {QUANTITY_DURATION, "1s ", "\"1s \" has the unknown unit \"s \""},
        {QUANTITY_DURATION, "1 s", "\"1 s\" has the unknown unit \" s\""},
        {QUANTITY_DURATION, "1.s", "\"1.s\" has the unknown unit \".s\""},
        {QUANTITY_DURATION, ".5s", "\".5s\" is not a number with a unit"},
        {QUANTITY_DURATION, "1,5s", "\"1,5s\" has the unknown unit \",5s\""},
        {QUANTITY_DURATION, "1e3s", "\"1e3s\" has the unknown unit \"e3s\""},
        {QUANTITY_DURATION, "0x10s", "\"0x10s\" has the unknown unit \"x10s\""},
        {QUANTITY_DURATION, "infs", "\"infs\" is not a number with a unit"},
        {QUANTITY_DURATION, "1h30min", "\"1h30min\" has the unknown unit \"h30min\""},
        {QUANTITY_DURATION, "5%", "\"5%\" has the unknown unit \"%\""},
        {QUANTITY_DURATION, "8785h", "\"8785h\" is over 8784h"},
        {QUANTITY_DURATION, "9999999999999999s",
         "\"9999999999999999s\" is not a number with a unit"},
        {QUANTITY_SHARE, "100.1%", "\"100.1%\" is over 100%"},
        {QUANTITY_RATE, "100", "\"100\" has no unit"},
        {QUANTITY_RATE, "100calls", "\"100calls\" has the unknown unit \"calls\""},
        {QUANTITY_SUBSCRIBERS, "1.5subscribers", "\"1.5subscribers\" is not a whole number"},
    };
    struct error error;
    double value;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(quantity_read(rows[i].kind, rows[i].text, &value, &error), -1);
        assert_string_equal(error.what, rows[i].what);
        assert_int_equal(error.kind, ERROR_INPUT);
    }
}

static void hints_name_the_units(void **state)
{
    struct error error;
    double value;

    (void)state;
    quantity_read(QUANTITY_DURATION, "15", &value, &error);
    assert_string_equal(error.hint, "a duration is written like 15s; units: ms, s, min, h");
    quantity_read_in("workers", "40", &value, &error);
    assert_string_equal(error.hint, "it is written in workers, like 10workers");
}

static void a_unit_can_be_demanded(void **state)
{
    struct error error;
    double value;

    (void)state;
    assert_int_equal(quantity_read_in("workers", "40workers", &value, &error), 0);
    assert_true(value == 40);
    assert_int_equal(quantity_read_in("%", "0.5%", &value, &error), 0);
    assert_true(value == 0.5);
    assert_int_equal(quantity_read_in("ms", "1s", &value, &error), -1);
    assert_string_equal(error.what, "\"1s\" has the unit \"s\" in place of \"ms\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantities_are_read),
        cmocka_unit_test(what_is_no_quantity_is_refused),
        cmocka_unit_test(hints_name_the_units),
        cmocka_unit_test(a_unit_can_be_demanded),
    };

    return cmocka_run_group_tests_name("quantity", tests, NULL, NULL);
}
