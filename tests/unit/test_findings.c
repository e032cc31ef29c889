/* runner/findings: one of each, in order, fit to be printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "runner/findings.h"

static void the_same_is_said_once(void **state)
{
    struct findings findings = {0};

    (void)state;
    findings_add(&findings, "a.xml", 1, "load", "wrong", "hint");
    findings_add(&findings, "a.xml", 1, "load", "wrong", "another hint");
    findings_add(&findings, "a.xml", 2, "load", "wrong", "hint");
    findings_add(&findings, "b.xml", 1, "load", "wrong", "hint");
    assert_int_equal(findings.count, 3);
    findings_free(&findings);
}

static void order_is_that_of_files_and_lines(void **state)
{
    static const char *const expected[] = {"main 2", "main 5", "main 5 later", "part 1", "other 3"};
    struct findings findings = {0};

    (void)state;
    findings_add(&findings, "part.xml", 1, "", "part 1", "");
    findings_add(&findings, "main.xml", 5, "", "main 5", "");
    findings_add(&findings, "other.xml", 3, "", "other 3", "");
    findings_add(&findings, "main.xml", 2, "", "main 2", "");
    findings_add(&findings, "main.xml", 5, "", "main 5 later", "");
    findings_sort(&findings, "main.xml");
    for (size_t i = 0; i < findings.count; i++)
        assert_string_equal(findings.items[i].what, expected[i]);
    findings_free(&findings);
}

static void the_list_has_an_end(void **state)
{
    struct findings findings = {0};

    (void)state;
    for (int i = 1; i < 1000; i++)
        findings_add(&findings, "a.xml", i, "", "wrong", "");
    assert_int_equal(findings.count, MOST_FINDINGS + 1);
    assert_string_equal(findings.items[MOST_FINDINGS].what,
                        "there is more wrong; the rest is not listed");
    findings_free(&findings);
}

static void texts_are_fit_to_be_printed(void **state)
{
    static const struct {
        const char *given;
        const char *kept;
    } rows[] = {
        {"plain", "plain"},
        {"", ""},
        {"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"a\x1b[31mb", "a?[31mb"},
        {"a\nb\tc\x7f", "a?b?c?"},
        {"\xc2\x9b", "??"},         /* a C1 control */
        {"cut \xe2\x82", "cut ??"}, /* half a character */
        {"\xc0\xaf", "??"},         /* too long a form */
        {"\xed\xa0\x80", "???"},    /* a surrogate */
        {"\xff\xfe", "??"},
        {"\xf4\x90\x80\x80", "????"}, /* beyond Unicode */
    };
    char large[2000];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct findings findings = {0};

        findings_add(&findings, "a.xml", 1, "", rows[i].given, "");
        assert_string_equal(findings.items[0].what, rows[i].kept);
        findings_free(&findings);
    }
    {
        struct findings findings = {0};

        memset(large, 'x', sizeof large);
        large[sizeof large - 1] = '\0';
        findings_add(&findings, "a.xml", 1, "", large, "");
        assert_int_equal(strlen(findings.items[0].what), 603);
        findings_free(&findings);
    }
}

static void hints_list_names(void **state)
{
    static const char *const names[] = {"udp", "tcp"};
    struct text hint = {0};

    (void)state;
    hint_append_names(&hint, "allowed", "udpp", names, 2);
    assert_string_equal(text_string(&hint), "did you mean \"udp\"? allowed: udp, tcp");
    text_clear(&hint);
    hint_append_names(&hint, "allowed", "quic-over-http", names, 2);
    assert_string_equal(text_string(&hint), "allowed: udp, tcp");
    text_clear(&hint);
    hint_append_names(&hint, "known", "x", names, 0);
    assert_string_equal(text_string(&hint), "known: none");
    text_free(&hint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_said_once), cmocka_unit_test(order_is_that_of_files_and_lines),
        cmocka_unit_test(the_list_has_an_end),   cmocka_unit_test(texts_are_fit_to_be_printed),
        cmocka_unit_test(hints_list_names),
    };

    return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
