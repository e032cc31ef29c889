/* base/words: lists of words in one text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/words.h"

static void words_are_what_stands_between_separators(void **state)
{
    size_t count;
    char **words = words_split(" kamailio  mysqld\tsshd ", " \t", &count);

    (void)state;
    assert_int_equal(count, 3);
    assert_string_equal(words[0], "kamailio");
    assert_string_equal(words[2], "sshd");
    assert_null(words[3]);
    words_free(words);
    words = words_split("in|out", "|", NULL);
    assert_string_equal(words[1], "out");
    assert_null(words[2]);
    words_free(words);
}

static void a_text_may_have_none(void **state)
{
    static const char *const texts[] = {"", "||", NULL};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        size_t count = 9;
        char **words = words_split(texts[i], "|", &count);

        assert_int_equal(count, 0);
        assert_null(words[0]);
        words_free(words);
    }
    words_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_what_stands_between_separators),
        cmocka_unit_test(a_text_may_have_none),
    };

    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
