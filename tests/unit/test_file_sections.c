/* runner/file_sections: files as `head` prints them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runner/file_sections.h"

struct expectation {
    const char *answer;
    const char *name;
    const char *text; /* NULL: there is no such file */
};

static void expect(const struct expectation *row)
{
    struct file_sections sections = {0};
    struct text answer = {0};
    struct text copy = {0};
    char *text;

    text_append(&answer, row->answer);
    file_sections_read(&sections, &answer);
    text = file_sections_copy(&sections, row->name, &copy);
    if (row->text == NULL)
        assert_null(text);
    else
        assert_string_equal(text != NULL ? text : "nothing", row->text);
    file_sections_free(&sections);
    text_free(&copy);
    text_free(&answer);
}

static void files_are_found(void **state)
{
    static const struct expectation rows[] = {
        {"==> /a <==\n1\n\n==> /b <==\n2\n3\n", "/a", "1\n"},
        {"==> /a <==\n1\n\n==> /b <==\n2\n3\n", "/b", "2\n3"},
        {"==> /a <==\n1\n==> /b <==\n", "/a", "1"},
        {"==> /a <==\n\n==> /b <==", "/a", ""},
        {"==> /a <==\n\n==> /b <==", "/b", ""},
        {"before\n==> a b <==\n==> not one\n", "a b", "==> not one"},
        {"==> /a <==\n1\n\n==> /a <==\n2\n", "/a", "1\n"},
        {"==> /a <==\n1\n", "/", NULL},
        {"==> /a <==\n1\n", "/aa", NULL},
        {"==>  <==\n==> <==\n", "", NULL},
        {"", "/a", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(&rows[i]);
}

static void the_next_of_a_name_is_found_after_the_last(void **state)
{
    struct file_sections sections = {0};
    struct text answer = {0};
    const char *const names[] = {"/a", "/b", "/a", "/b", "/a"};

    (void)state;
    text_append(&answer, "==> /a <==\n1\n==> /b <==\n2\n==> /a <==\n3\n");
    file_sections_read(&sections, &answer);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct file_section *found = file_sections_find(&sections, names[i]);

        assert_non_null(found);
        assert_int_equal(found->text[0], "12323"[i]);
    }
    file_sections_free(&sections);
    text_free(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_found),
        cmocka_unit_test(the_next_of_a_name_is_found_after_the_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
