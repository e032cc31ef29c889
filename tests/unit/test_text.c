/* base/text: growing strings, shell quoting, nearest names. base/utf8: characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/utf8.h"

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

static void decodes(const char *string, size_t length, uint32_t code)
{
    uint32_t decoded;

    assert_int_equal(utf8_decode(string, &decoded), length);
    assert_int_equal(decoded, code);
}

static void utf8_is_decoded_strictly(void **state)
{
    (void)state;
    decodes("", 1, 0);
    decodes("a", 1, 'a');
    decodes("\xc3\xa9", 2, 0xe9);
    decodes("\xef\xbf\xbf", 3, 0xffff);
    decodes("\xf4\x8f\xbf\xbf", 4, 0x10ffff);
    decodes("\xf4\x90\x80\x80", 0, UTF8_REPLACEMENT); /* beyond Unicode */
    decodes("\xc0\xbc", 0, UTF8_REPLACEMENT);         /* overlong */
    decodes("\xed\xa0\x80", 0, UTF8_REPLACEMENT);     /* surrogate */
    decodes("\xe2\x82", 0, UTF8_REPLACEMENT);         /* cut off */
    decodes("\xbf", 0, UTF8_REPLACEMENT);
    decodes("\xff", 0, UTF8_REPLACEMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(append_grows_and_terminates),
        cmocka_unit_test(shell_words_are_quoted),
        cmocka_unit_test(nearest_name_is_found_or_refused),
        cmocka_unit_test(utf8_is_decoded_strictly),
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
