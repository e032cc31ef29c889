/* Selecting series by their labels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "runner/label_selection.h"

static const struct exposition_label labels[] = {
    {"app", "bono"}, {"id", ""}, {"path", "/a,b 'c"}, {"pod", "sprout-0"}};
static const struct exposition_series series = {
    .name = "a", .labels = labels, .label_count = 4, .unit = ""};

static void series_are_selected(void **state)
{
    static const struct {
        const char *text;
        bool matches;
    } rows[] = {
        {"", true},
        {" \n ", true},
        {"app=bono", true},
        {" app = bono ", true},
        {"app=Bono", false},
        {"app=bon", false},
        {"app=bono,pod=sprout-0", true},
        {"app=bono,pod=sprout-1", false},
        {"app!=bono", false},
        {"app!=x", true},
        {"pod=~sprout-[0-9]+", true},
        {"pod=~sprout", false},
        {"pod=~prout-0", false},
        {"pod=~x|sprout-0", true},
        {"pod!~sprout-.*", false},
        {"pod!~x", true},
        {"nothing=", true},
        {"nothing=x", false},
        {"nothing!=", false},
        {"id=", true},
        {"id!=", false},
        {"id=~.*", true},
        {"id!~.*", false},
        {"pod=~sprout-., app=x", false},
        {"pod=~x.*, app=bono", false},
        {"app='bono'", true},
        {"app=''", false},
        {"pod=~'sprout-[0-9]{1,2}', app=bono", true},
        {"app!=a=b", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct label_selection *selection;
        struct error error;

        if (label_selection_read(rows[i].text, &selection, &error) < 0)
            fail_msg("%s: %s", rows[i].text, error.what);
        if (label_selection_matches(selection, &series) != rows[i].matches)
            fail_msg("%s", rows[i].text);
        label_selection_free(selection);
    }
}

static void others_are_no_conditions(void **state)
{
    static const struct {
        const char *text;
        const char *expected;
    } rows[] = {
        {"app", "'app' is not a condition on a label"},
        {"app=x,", "'' is not a condition"},
        {",", "'' is not a condition"},
        {"=x", "'=x' is not a condition"},
        {"9a=x", "'9a=x' is not a condition"},
        {"a-b=x", "'a-b=x' is not a condition"},
        {"app~x", "'app~x' is not a condition"},
        {"app='x", "'app='x' is not a condition"},
        {"app='x'y", "'app='x'y' is not a condition"},
        {"app=x'y'", "is not a condition"},
        {"app=~(", "'(' is not a regular expression: "},
        {"app=~[", "'[' is not a regular expression: "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct label_selection *selection;
        struct error error = {0};

        assert_int_equal(label_selection_read(rows[i].text, &selection, &error), -1);
        assert_int_equal(error.kind, ERROR_INPUT);
        if (strstr(error.what, rows[i].expected) == NULL || error.hint[0] == '\0')
            fail_msg("%s gives %s", rows[i].text, error.what);
    }
}

static void labels_are_named(void **state)
{
    struct label_selection *selection;
    struct error error;

    (void)state;
    assert_int_equal(label_selection_read("app=bono,id=~.*", &selection, &error), 0);
    assert_true(label_selection_names(selection, "app"));
    assert_true(label_selection_names(selection, "id"));
    assert_false(label_selection_names(selection, "pod"));
    label_selection_free(selection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(series_are_selected),
        cmocka_unit_test(others_are_no_conditions),
        cmocka_unit_test(labels_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
