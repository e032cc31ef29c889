/* cli/options: what the option rows of a verb accept and refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/verb.h"

static bool flag;
static const char *text;
static int64_t count;
static struct option_list list;

static const struct option_row rows[] = {
    {"--verbose", NULL, "", OPTION_FLAG, &flag, 0, 0},
    {"--testbed", "FILE", "", OPTION_TEXT, &text, 0, 0},
    {"--keep", "RUN", "", OPTION_LIST, &list, 0, 0},
    {"--trees", "N", "", OPTION_COUNT, &count, 1, 1000},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

static const struct verb verb = {
    .name = "try", .operands = "FILE", .options = rows, .least_operands = 1, .most_operands = 1};

/* One line of words, and the error expected ("" for none). */
struct parse_case {
    const char *words[6];
    const char *what;
    const char *hint;
};

static const struct parse_case cases[] = {
    {{"a.xml"}, "", ""},
    {{"--trees", "10", "a.xml", "--verbose"}, "", ""},
    {{"--trees=10", "a.xml"}, "", ""},
    {{"--", "--odd-name.xml"}, "", ""},
    {{"a.xml", "--tree", "10"}, "unknown option --tree", "did you mean --trees?"},
    {{"a.xml", "--xyzzyx"}, "unknown option --xyzzyx", "see 'vnfault try --help'"},
    {{"a.xml", "--trees"}, "--trees needs an argument: N", ""},
    {{"a.xml", "--trees", "0"}, "--trees takes a whole number from 1 to 1000, not '0'", ""},
    {{"a.xml", "--trees", "ten"}, "--trees takes a whole number from 1 to 1000, not 'ten'", ""},
    {{"a.xml", "--trees", "1.5"}, "--trees takes a whole number from 1 to 1000, not '1.5'", ""},
    {{"a.xml", "--verbose=1"}, "--verbose takes no argument", ""},
    {{NULL}, "too few operands: vnfault try FILE", "see 'vnfault try --help'"},
    {{"a.xml", "b.xml"}, "too many operands: vnfault try FILE", "see 'vnfault try --help'"},
};

static void each_case_parses_as_stated(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *operands[6];
        struct error error = {0};
        size_t words = 0;
        size_t found;
        int result;

        while (words < 6 && cases[i].words[words] != NULL)
            words++;
        result = verb_parse(&verb, cases[i].words, words, operands, &found, &error);
        assert_string_equal(error.what, cases[i].what);
        assert_string_equal(error.hint, cases[i].hint);
        assert_int_equal(result, cases[i].what[0] == '\0' ? 0 : -1);
    }
}

static void values_reach_their_variables(void **state)
{
    const char *const words[] = {"--testbed", "t.xml", "--trees", "77", "--verbose", "c.xml"};
    const char *operands[6];
    struct error error = {0};
    size_t found;

    (void)state;
    flag = false;
    assert_int_equal(verb_parse(&verb, words, 6, operands, &found, &error), 0);
    assert_true(flag);
    assert_string_equal(text, "t.xml");
    assert_int_equal(count, 77);
    assert_int_equal(found, 1);
    assert_string_equal(operands[0], "c.xml");
}

static void a_list_takes_all_in_order(void **state)
{
    const char *const words[] = {"--keep", "a", "c.xml", "--keep=b", "--keep", "--verbose"};
    const char *operands[6];
    struct error error = {0};
    size_t found;

    (void)state;
    assert_int_equal(verb_parse(&verb, words, 6, operands, &found, &error), 0);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0], "a");
    assert_string_equal(list.items[1], "b");
    assert_string_equal(list.items[2], "--verbose");
    free(list.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_parses_as_stated),
        cmocka_unit_test(values_reach_their_variables),
        cmocka_unit_test(a_list_takes_all_in_order),
    };

    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
