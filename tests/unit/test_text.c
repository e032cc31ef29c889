/* base/text: growing strings, shell quoting, nearest names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

static void append_grows_and_terminates(void **state)
{
    struct text text = {0};

    (void)state;
    assert_string_equal(text_string(&text), "");
    for (int i = 0; i < 1000; i++)
        text_appendf(&text, "%d,", i % 10);
    assert_int_equal(text.length, 2000);
    assert_int_equal(text.bytes[text.length], '\0');
    text_clear(&text);
    assert_string_equal(text_string(&text), "");
    text_free(&text);
}

static void shell_words_are_quoted(void **state)
{
    struct text text = {0};

    (void)state;
    text_append_shell_word(&text, "it's $HOME; `id`");
    assert_string_equal(text_string(&text), "'it'\\''s $HOME; `id`'");
    text_free(&text);
}

static void nearest_name_is_found_or_refused(void **state)
{
    const char *const names[] = {"cpu", "memory", "packet-loss"};

    (void)state;
    assert_string_equal(string_nearest("packetloss", names, 3), "packet-loss");
    assert_string_equal(string_nearest("memroy", names, 3), "memory");
    assert_null(string_nearest("bandwidth-limit", names, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(append_grows_and_terminates),
        cmocka_unit_test(shell_words_are_quoted),
        cmocka_unit_test(nearest_name_is_found_or_refused),
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
