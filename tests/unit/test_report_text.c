/* What keeps the text of a run harmless in a page, a script, a data file and a file name, and how
 * numbers and axes look. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/figure_axis.h"
#include "analysis/figure_svg.h"
#include "analysis/report_campaign.h"
#include "analysis/report_text.h"

typedef void append_function(struct text *text, const char *string);

static void gives(append_function *append, const char *string, const char *expected)
{
    struct text text = {0};

    append(&text, string);
    assert_string_equal(text_string(&text), expected);
    text_free(&text);
}

static void html_is_escaped(void **state)
{
    (void)state;
    gives(append_html, "<b a=\"1\" c='2'>&", "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
    gives(append_html, "a\nb\x01\x7f", "a b  ");
    gives(append_html, NULL, "");
    gives(append_html_lines, "a\n<", "a\n&lt;");
}

static void broken_utf8_is_made_whole(void **state)
{
    (void)state;
    gives(append_html, "caf\xc3\xa9", "caf\xc3\xa9");
    gives(append_html, "\xff\xc3", "??");
    gives(append_html, "\xc0\xbc", "??");      /* overlong '<' */
    gives(append_html, "\xed\xa0\x80", "???"); /* surrogate */
    gives(append_html, "\xef\xbf\xbf", "???"); /* not a character of XML */
    gives(append_html, "\xe2\x80\xae", "???"); /* turns what follows around */
    gives(append_html, "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80");
    gives(append_html, "\xf8\x88\x80\x80\x80", "?????");
}

static void gnuplot_strings_hold_no_quote(void **state)
{
    (void)state;
    gives(append_gnuplot, "cpu", "'cpu'");
    gives(append_gnuplot, "a]]>b>]>", "'a]] >b>]>'");
    gives(append_gnuplot, "''; system('x')\n`y`",
          "'\xe2\x80\x99\xe2\x80\x99; system(\xe2\x80\x99x\xe2\x80\x99) "
          "\xe2\x80\x98y\xe2\x80\x98'");
}

static void csv_fields_are_one_line(void **state)
{
    (void)state;
    gives(append_csv, "a,\"b\"\r\nc", "\"a,\"\"b\"\"  c\"");
}

static void slugs_are_plain_and_differ(void **state)
{
    struct text left = {0};
    struct text right = {0};

    (void)state;
    gives(append_slug, "packet-loss-high-sprout-1", "packet-loss-high-sprout-1");
    append_slug(&left, "../a/b");
    append_slug(&right, "../a b");
    assert_true(string_starts_with(text_string(&left), "a-b-"));
    assert_string_not_equal(text_string(&left), text_string(&right));
    text_clear(&left);
    append_slug(&left, "");
    assert_true(string_starts_with(text_string(&left), "unnamed-"));
    text_clear(&left);
    text_clear(&right);
    append_slug(&left, "a-very-long-name-that-goes-on-and-on-and-on-and-ends-in-1");
    append_slug(&right, "a-very-long-name-that-goes-on-and-on-and-on-and-ends-in-2");
    assert_string_not_equal(text_string(&left), text_string(&right));
    assert_true(left.length < 60);
    text_free(&left);
    text_free(&right);
}

static void lines_are_cut(void **state)
{
    struct text text = {0};

    (void)state;
    append_line(&text,
                "abc\xc3\xa9"
                "def",
                4);
    assert_string_equal(text_string(&text), "abc\xc3\xa9\xe2\x80\xa6");
    text_free(&text);
}

static void number_looks(double value, const char *expected)
{
    struct text text = {0};

    append_number(&text, value);
    assert_string_equal(text_string(&text), expected);
    text_free(&text);
}

static void numbers_have_digits_that_say_something(void **state)
{
    (void)state;
    number_looks(0, "0");
    number_looks(97, "97");
    number_looks(99.97, "100");
    number_looks(9.996, "10.0");
    number_looks(96.03, "96.0");
    number_looks(9.904, "9.90");
    number_looks(0.0123, "0.0123");
    number_looks(-3.5, "-3.50");
    number_looks(1234.5, "1234");
    number_looks(12007, "12\xe2\x80\xaf"
                        "007");
    number_looks(1e-9, "1.00e-09");
    number_looks(NAN, "\xe2\x80\x93");
    number_looks(INFINITY, "\xe2\x80\x93");
}

static void axis_is(double low, double high, const char *expected)
{
    struct text text = {0};

    append_vertical_axis(&text, low, high);
    assert_string_equal(text_string(&text), expected);
    text_free(&text);
}

static void axes_are_round(void **state)
{
    (void)state;
    axis_is(0, 97, "set yrange [0:100]\nset ytics 0, 50\n");
    axis_is(0, 29, "set yrange [0:30]\nset ytics 0, 10\n");
    axis_is(481, 499, "set yrange [480:500]\nset ytics 480, 5\n");
    axis_is(-3, 3, "set yrange [-4:4]\nset ytics -4, 2\n");
}

/* Whatever the data, gnuplot gets a range that is not empty. */
static void axes_are_never_empty(void **state)
{
    const double extremes[][2] = {{0, 0},           {5, 5},      {-5, -5},   {1e300, 1e300},
                                  {1e18, 1e18},     {1e-300, 0}, {NAN, NAN}, {INFINITY, -INFINITY},
                                  {1e9, 1e9 + 1e-3}};

    (void)state;
    for (size_t i = 0; i < sizeof extremes / sizeof extremes[0]; i++) {
        struct text text = {0};
        double low = 0;
        double high = 0;

        append_vertical_axis(&text, extremes[i][0], extremes[i][1]);
        assert_int_equal(sscanf(text_string(&text), "set yrange [%lf:%lf]", &low, &high), 2);
        assert_true(isfinite(low) && isfinite(high) && low < high);
        text_free(&text);
    }
}

static void inline_svg_has_ids_of_its_own(void **state)
{
    static const char svg[] =
        "<?xml version=\"1.0\"?>\n<svg width=\"5\" height=\"6\"\n viewBox=\"0 0 5 6\" "
        "xmlns=\"http://www.w3.org/2000/svg\"\n>\n<title>t</title>\n<desc>d</desc>\n"
        "<circle id='p'/><use xlink:href='#p'/><g fill=\"url(#p)\"><title>gnuplot_plot_1a</title>"
        "</g></svg>\n";
    struct text page = {0};

    (void)state;
    svg_append_inline(&page, svg, "roc", "curves of \"x\"");
    assert_non_null(strstr(page.bytes, "id=\"roc\""));
    assert_non_null(strstr(page.bytes, "aria-label=\"curves of &quot;x&quot;\""));
    assert_non_null(strstr(page.bytes, "<circle id='roc-p'/><use xlink:href='#roc-p'/>"));
    assert_non_null(strstr(page.bytes, "url(#roc-p)"));
    assert_null(strstr(page.bytes, "<title>"));
    assert_null(strstr(page.bytes, "<?xml"));
    text_free(&page);
}

static void a_file_that_is_no_svg_gives_nothing(void **state)
{
    struct text page = {0};

    (void)state;
    svg_append_inline(&page, "", "a", "b");
    svg_append_inline(&page, "<svg viewBox=", "a", "b");
    assert_int_equal(page.length, 0);
    text_free(&page);
}

static void campaign_states_its_service_level(void **state)
{
    struct report_campaign campaign;

    (void)state;
    report_campaign_read("<campaign xmlns='urn:vnfault:campaign:1'><description> two\n  lines "
                         "</description><service-level maximum-failures='0.5%' "
                         "maximum-response-time='50ms'/></campaign>",
                         &campaign);
    assert_string_equal(campaign.description, "two lines");
    assert_float_equal(campaign.maximum_failure_share, 0.005, 1e-12);
    assert_float_equal(campaign.maximum_response_time, 0.05, 1e-12);
    report_campaign_free(&campaign);
    report_campaign_read("not xml <", &campaign);
    assert_string_equal(campaign.description, "");
    assert_true(campaign.maximum_failure_share < 0 && campaign.maximum_response_time < 0);
    report_campaign_free(&campaign);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_is_escaped),
        cmocka_unit_test(broken_utf8_is_made_whole),
        cmocka_unit_test(gnuplot_strings_hold_no_quote),
        cmocka_unit_test(csv_fields_are_one_line),
        cmocka_unit_test(slugs_are_plain_and_differ),
        cmocka_unit_test(lines_are_cut),
        cmocka_unit_test(numbers_have_digits_that_say_something),
        cmocka_unit_test(axes_are_round),
        cmocka_unit_test(axes_are_never_empty),
        cmocka_unit_test(inline_svg_has_ids_of_its_own),
        cmocka_unit_test(a_file_that_is_no_svg_gives_nothing),
        cmocka_unit_test(campaign_states_its_service_level),
    };

    return cmocka_run_group_tests_name("report_text", tests, NULL, NULL);
}
