/* The heads of injectors, and the folder of a user's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/injector.h"

#define WHOLE "# name: mine\n# summary: s\n# unit: %\n# range: 1..100\n"

static char folder[] = "/tmp/vnfault-test-injector.XXXXXX";

static void write_own(const char *name, const char *text)
{
    char *path = memory_format("%s/%s", folder, name);
    struct error error = {0};

    assert_int_equal(file_write(path, text, strlen(text), &error), 0);
    free(path);
}

/* Reads the table with one file of a user's own; the error's text must hold `expected`. */
static void expect_refused(const char *text, const char *expected, const char *where)
{
    struct injector_table table;
    struct error error = {0};

    write_own("mine.sh", text);
    assert_int_equal(injector_table_read(&table, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.what, expected));
    assert_non_null(strstr(error.where, where));
}

static void test_the_fault_types(void **state)
{
    static const char *const names[] = {"cpu", "disk", "latency", "memory", "packet-loss"};
    struct injector_table table;
    struct error error = {0};
    const struct injector *loss;

    (void)state;
    write_own("mine.sh",
              WHOLE "# parameter: where path /tmp \"a place\"\n\ninjector_apply() { :; }\n");
    assert_int_equal(injector_table_read(&table, &error), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_non_null(injector_find(&table, names[i]));
    assert_null(injector_find(&table, "contract"));
    loss = injector_find(&table, "packet-loss");
    assert_string_equal(loss->unit, "%");
    assert_true(loss->least > 0 && loss->most == 100);
    assert_string_equal(loss->parameters[0].name, "direction");
    assert_string_equal(loss->parameters[0].standard, "both");
    assert_string_equal(loss->parameters[0].allowed[1], "out");
    assert_null(loss->parameters[0].allowed[3]);
    assert_string_equal(injector_find(&table, "latency")->helpers[0], "delay-line");
    assert_string_equal(injector_find(&table, "latency")->owns, "egress");
    assert_null(injector_find(&table, "packet-loss")->owns);
    assert_true(injector_find(&table, "reboot")->ends_connection);
    assert_false(loss->ends_connection);
    assert_int_equal(loss->level_time, INT64_C(2000000000));
    assert_int_equal(injector_find(&table, "mine")->level_time, 0);
    assert_null(injector_find(&table, "mine")->parameters[0].allowed);
    assert_null(injector_find(&table, "mine")->tools[0]);
    injector_table_free(&table);
}

static void test_bad_heads(void **state)
{
    (void)state;
    expect_refused("# name: mine\n# range: 5\n", "LEAST..MOST", "mine.sh:2");
    expect_refused("# name: mine\n# range: 5..1\n", "LEAST..MOST", "mine.sh:2");
    expect_refused("# name: mine\n# range: 1..inf\n", "LEAST..MOST", "mine.sh:2");
    expect_refused("# name: ../mine\n", "small letters", "mine.sh:1");
    expect_refused("# name: mine\n# name: mine\n", "twice", "mine.sh:2");
    expect_refused("# name:\n", "says nothing", "mine.sh:1");
    expect_refused("# name: other\n# summary: s\n# unit: %\n# range: 1..2\n", "its file",
                   "mine.sh");
    expect_refused("# name: mine\n# summary: s\n# range: 1..2\n", "lacks its unit", "mine.sh");
    expect_refused(WHOLE "# parameter: a\n", "NAME VALUES DEFAULT", "mine.sh:5");
    expect_refused(WHOLE "# parameter: a b c summary\n", "NAME VALUES DEFAULT", "mine.sh:5");
    expect_refused(WHOLE "# parameter: a thing b \"summary\"\n", "can't be declared", "mine.sh:5");
    expect_refused(WHOLE "# parameter: a 5..1ms 1ms \"s\"\n", "can't be declared", "mine.sh:5");
    expect_refused(WHOLE "# parameter: a 1..5 1 \"s\"\n", "can't be declared", "mine.sh:5");
    expect_refused(WHOLE "# ends: nothing\n", "'connection', nothing else", "mine.sh:5");
    expect_refused(WHOLE "# level-time: 2\n", "has no unit", "mine.sh:5");
    expect_refused("", "lacks its name", "mine.sh");
}

static void test_values_of_parameters(void **state)
{
    static const struct {
        const char *values;
        const char *right[6];
        const char *wrong[8];
    } cases[] = {
        {"in|out", {"in", "out", "standard"}, {"", "both", "in|out", "IN"}},
        {"0.5..500ms", {"0.5ms", "500ms", "20ms"}, {"0.4ms", "501ms", "5", "5s", "-5ms", "1e1ms"}},
        {"name", {"eth0", "a.b@c+d-e"}, {"-x", "a/b", "a b", "$x", "a;b"}},
        {"path", {"/srv", "/a/b..c"}, {"srv", "/../etc", "/srv/..", "/a b", "/a'b"}},
        {"number", {"0", "123456789"}, {"1234567890", "-1", "1.5", "x"}},
        {"address", {"192.0.2.1", "2001:db8::1"}, {"192.0.2.256", "192.0.2.0/24", "host", ":"}},
        {"addresses",
         {"any", "192.0.2.0/24,2001:db8::/32", "::1"},
         {"192.0.2.1,", "192.0.2.0/33", "::/129", "any,::1", "192.0.2.1/-1", "x/24"}},
        {"messages",
         {"any", "INVITE", "INVITE,ACK,200", "4xx,200/INVITE"},
         {"invite", "700", "20", "2000", "200/", "200/invite", "INVITE,", "4xy"}},
        {"ports", {"any", "5060", "5060,16384-32767"}, {"0", "65536", "9-5", "1-", "-1", "1,,2"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct injector_parameter parameter = {.name = memory_string("what"),
                                               .summary = memory_string("a summary"),
                                               .standard = memory_string("standard")};
        struct error error = {0};

        assert_int_equal(injector_parameter_declare(&parameter, cases[i].values, &error), 0);
        for (size_t j = 0; j < 6 && cases[i].right[j] != NULL; j++)
            assert_int_equal(injector_parameter_check(&parameter, cases[i].right[j], &error), 0);
        for (size_t j = 0; j < 8 && cases[i].wrong[j] != NULL; j++) {
            error = (struct error){0};
            assert_int_equal(injector_parameter_check(&parameter, cases[i].wrong[j], &error), -1);
            assert_int_equal(error.kind, ERROR_INPUT);
            assert_true(error.hint[0] != '\0');
        }
        injector_parameter_free(&parameter);
    }
}

static void test_a_name_that_is_taken(void **state)
{
    struct injector_table table;
    struct error error = {0};

    (void)state;
    write_own("mine.sh", WHOLE);
    write_own("cpu.sh", "# name: cpu\n");
    assert_int_equal(injector_table_read(&table, &error), -1);
    assert_non_null(strstr(error.what, "there already"));
}

static int set_up(void **state)
{
    char *top = realpath(".", NULL);

    (void)state;
    if (mkdtemp(folder) == NULL || top == NULL)
        return -1;
    setenv("VNFAULT_DATA", top, 1);
    setenv("VNFAULT_INJECTORS", folder, 1);
    free(top);
    return 0;
}

static int take_down(void **state)
{
    struct error error = {0};

    (void)state;
    return folder_remove(folder, &error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_fault_types),
        cmocka_unit_test(test_bad_heads),
        cmocka_unit_test(test_values_of_parameters),
        cmocka_unit_test(test_a_name_that_is_taken),
    };

    return cmocka_run_group_tests(tests, set_up, take_down);
}
