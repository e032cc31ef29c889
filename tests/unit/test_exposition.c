/* Pages of metrics: what is in them, what is malformed, and that reading one again is the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "runner/exposition.h"

static void describe_series(struct text *text, const struct exposition_series *series)
{
    text_append(text, series->name);
    for (size_t i = 0; i < series->label_count; i++)
        text_appendf(text, "%s%s=<%s>", i == 0 ? "{" : ",", series->labels[i].name,
                     series->labels[i].value);
    text_appendf(text, "%s%s%s", series->label_count > 0 ? "}" : "", series->counter ? "+" : "",
                 series->unit);
}

/* 'name{label=<value>}+unit value@time;' of each series, or the error. */
static char *describe(struct exposition *page, enum exposition_format format, const char *bytes,
                      bool *changed)
{
    const struct exposition_series *series;
    struct text text = {0};
    struct error error;
    size_t count;

    if (exposition_read(page, format, bytes, strlen(bytes), changed, &error) < 0)
        return memory_string(error.what);
    count = exposition_series(page, &series);
    text_append(&text, "");
    for (size_t i = 0; i < count; i++) {
        describe_series(&text, &series[i]);
        text_appendf(&text, " %.17g", exposition_values(page)[i]);
        if (exposition_times(page)[i] != EXPOSITION_NO_TIME)
            text_appendf(&text, "@%" PRId64, exposition_times(page)[i]);
        text_append(&text, ";");
    }
    return text.bytes;
}

static void expect(enum exposition_format format, const char *bytes, const char *expected)
{
    struct exposition *page = exposition_new();

    for (int i = 0; i < 2; i++) { /* by the long way and by the short one */
        bool changed;
        char *found = describe(page, format, bytes, &changed);

        if (strstr(found, expected) == NULL || (expected[0] == '\0' && found[0] != '\0'))
            fail_msg("%s gives %s, not %s", bytes, found, expected);
        free(found);
    }
    exposition_free(page);
}

static void text_is_parsed(void **state)
{
    static const struct {
        const char *page;
        const char *expected;
    } rows[] = {
        {"", ""},
        {"\n \n# only a comment\n#\n", ""},
        {"a 1\n", "a 1;"},
        {"a 1\r\nb 2\r\n", "a 1;b 2;"},
        {" \ta\t 1 \t5 \n", "a 1@5000000;"},
        {"a:b_9 -1.5e3 1795558385738\n", "a:b_9 -1500@1795558385738000000;"},
        {"a{} 1\n", "a 1;"},
        {"a{b=\"c\"}1\n", "a{b=<c>} 1;"},
        {"a { b = \"c\" , d = \"\" , } 1\n", "a{b=<c>,d=<>} 1;"},
        {"a{z=\"1\",b=\"2\",m=\"3\"} 1\n", "a{b=<2>,m=<3>,z=<1>} 1;"},
        {"a{b=\"\\\\ \\\" \\n , } # =\"} 1\n", "a{b=<\\ \" \n , } # =>} 1;"},
        {"a{b=\"\xc3\xa9\"} 1\n", "a{b=<\xc3\xa9>} 1;"},
        {"a NaN\nb +Inf\nc -Inf\n", "a nan;b inf;c -inf;"},
        {"# TYPE a counter\na 1\n# TYPE b gauge\nb 2\nc 3\n", "a+ 1;b 2;c 3;"},
        {"# HELP a has TYPE a\n#\tTYPE  a\tcounter \r\na 1\n", "a+ 1;"},
        {"# TYPE a_total counter\na_total 1\na_total{b=\"c\"} 2\n",
         "a_total+ 1;a_total{b=<c>}+ 2;"},
        {"# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n",
         "h_bucket{le=<1>}+ 1;h_bucket{le=<+Inf>}+ 2;h_sum+ 3;h_count+ 2;"},
        {"# TYPE s summary\ns{quantile=\"0.5\"} 1\ns_sum 3\ns_count 2\n",
         "s{quantile=<0.5>} 1;s_sum+ 3;s_count+ 2;"},
        {"# TYPE g gauge\n# TYPE g_count gauge\ng_count 1\ng_bucket 2\n", "g_count 1;g_bucket 2;"},
        {"# TYPE u untyped\nu 1\nu_total 1\n", "u 1;u_total 1;"},
        {"# UNIT a seconds\na 1\n", "a 1;"},
        {"# TYPE a counter\nb 1\na 2\n", "b 1;a+ 2;"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(EXPOSITION_TEXT, rows[i].page, rows[i].expected);
}

static void open_metrics_is_parsed(void **state)
{
    static const struct {
        const char *page;
        const char *expected;
    } rows[] = {
        {"# EOF", ""},
        {"# EOF\n", ""},
        {"# EOF\r\n", ""},
        {"# TYPE a counter\n# UNIT a seconds\n# HELP a text\na_total 1 2.5\na_created 7\n# EOF\n",
         "a_total+seconds 1@2500000000;a_createdseconds 7;"},
        {"a_total 5 # {trace_id=\"x}\\\" y\"} 0.67 1520879607.789\n# EOF\n", "a_total 5;"},
        {"a_total 5 17 # {} 1\nb 1 # {} 2 \n# EOF\n", "a_total 5@17000000000;b 1;"},
        {"# TYPE i info\ni_info{v=\"1\"} 1\n# TYPE g gaugehistogram\ng_gcount 4\ng_gsum 5\n"
         "g_bucket{le=\"+Inf\"} 4\n# TYPE e stateset\ne{e=\"on\"} 1\n# EOF\n",
         "i_info{v=<1>} 1;g_gcount 4;g_gsum 5;g_bucket{le=<+Inf>} 4;e{e=<on>} 1;"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(EXPOSITION_OPENMETRICS, rows[i].page, rows[i].expected);
}

static void malformed_text_is_an_error(void **state)
{
    static const struct {
        const char *page;
        const char *expected;
    } rows[] = {
        {"a 1\nb", "line 2 of its metrics is malformed: no value behind a metric's name"},
        {"a 1\nb 2", "what follows a sample's value is neither its time nor the end of the line"},
        {"a 1\n# the end", "the page ends within a line"},
        {"<html>\n", "line 1 of its metrics is malformed: no name of a metric"},
        {"1a 1\n", "no name of a metric"},
        {"a-b 1\n", "no value behind a metric's name"},
        {"a\n", "no value behind a metric's name"},
        {"a x\n", "no number"},
        {"a 1 x\n", "what follows a sample's value"},
        {"a 1 2 3\n", "what follows a sample's value"},
        {"a 1 1.5\n", "what follows a sample's value"},
        {"a 0x10\n", "what follows a sample's value"},
        {"a 1\rb 2\n", "what follows a sample's value"},
        {"a 1 # {} 1\n", "what follows a sample's value"},
        {"a{b=\"c\" 1\n", "no , or } behind a label"},
        {"a{b=\"c\",,} 1\n", "no name of a label"},
        {"a{,} 1\n", "no name of a label"},
        {"a{b} 1\n", "no = behind a label's name"},
        {"a{b=c} 1\n", "a label's value is not in quotes"},
        {"a{b=\"c\n", "a label's value does not end"},
        {"a{b=\"c", "a label's value does not end"},
        {"a{b=\"\\", "a label's value has a backslash before a letter"},
        {"a{b=\"\\x\"} 1\n", "a label's value has a backslash before a letter"},
        {"a{b:c=\"d\"} 1\n", "no = behind a label's name"},
        {"a{b=\"c\",b=\"d\"} 1\n", "a label twice"},
        {"a{b=\"\xff\"} 1\n", "a label's value is not UTF-8"},
        {"{\"a.b\"} 1\n", "no name of a metric"},
        {"a{\"b.c\"=\"d\"} 1\n", "a name in quotes, which are not known here"},
        {"a 1\na 2\n", "its metrics hold a series of 'a' twice"},
        {"a{b=\"c\",d=\"e\"} 1\nb 1\na{d=\"e\",b=\"c\"} 1\n", "a series of 'a' twice"},
        {"# TYPE a counter\n# TYPE a counter\n", "a second TYPE of a metric"},
        {"a 1\n# TYPE a counter\n", "a metric's TYPE comes after its samples"},
        {"# TYPE a number\n", "an unknown TYPE"},
        {"# TYPE a counter gauge\n", "words behind a TYPE"},
        {"# TYPE a\n", "an unknown TYPE"},
        {"# TYPE 9 counter\n", "a HELP, TYPE or UNIT without the name of a metric"},
        {"# HELP\n", "a HELP, TYPE or UNIT without the name of a metric"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(EXPOSITION_TEXT, rows[i].page, rows[i].expected);
}

static void malformed_open_metrics_is_an_error(void **state)
{
    static const struct {
        const char *page;
        const char *expected;
    } rows[] = {
        {"", "the page ends without # EOF: it was cut off"},
        {"a 1\n", "the page ends without # EOF: it was cut off"},
        {"a 1\n# EOF\nb 1\n", "something behind # EOF"},
        {"# something\n# EOF\n", "a comment that is not HELP, TYPE, UNIT or EOF"},
        {"a 1 # {} x\n# EOF\n", "what follows a sample's value"},
        {"a 1 # {b=\"c} 1\n# EOF\n", "what follows a sample's value"},
        {"a 1 # 1\n# EOF\n", "what follows a sample's value"},
        {"a 1 # {} 1 2 3\n# EOF\n", "what follows a sample's value"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(EXPOSITION_OPENMETRICS, rows[i].page, rows[i].expected);
}

static void a_nul_byte_is_an_error(void **state)
{
    static const char bytes[] = "a 1\n\0b 2\n";
    static const char comment[] = "# a\0b\n";
    struct exposition *page = exposition_new();
    struct error error;
    bool changed;

    (void)state;
    assert_int_equal(
        exposition_read(page, EXPOSITION_TEXT, bytes, sizeof bytes - 1, &changed, &error), -1);
    assert_non_null(strstr(error.what, "a NUL byte"));
    assert_int_equal(
        exposition_read(page, EXPOSITION_TEXT, comment, sizeof comment - 1, &changed, &error), -1);
    assert_non_null(strstr(error.what, "a NUL byte"));
    exposition_free(page);
}

/* Pages that follow each other; whether each has other series than the one before it. */
static void changes_are_told(void **state)
{
    static const struct {
        const char *page;
        bool changed;
        const char *expected;
    } rows[] = {
        {"a 1\nb{c=\"d\"} 2 5\n", true, "a 1;b{c=<d>} 2@5000000;"},
        {"a 1.25\nb{c=\"d\"} NaN\n", false, "a 1.25;b{c=<d>} nan;"},
        {"# HELP a new\na 3\nb { c = \"d\" } 4\n", false, "a 3;b{c=<d>} 4;"},
        {"# HELP a new\na 5\nb { c = \"d\" } 6\n", false, "a 5;b{c=<d>} 6;"},
        {"# HELP a new\na x\nb { c = \"d\" } 6\n", false, "line 2 of its metrics"},
        {"# HELP a new\na 7\n", true, "a 7;"},
        {"# HELP a new\na 7\nb 8\n", true, "a 7;b 8;"},
        {"# TYPE a counter\na 7\nb 8\n", true, "a+ 7;b 8;"},
        {"b 8\na 7\n", true, "b 8;a 7;"},
        {"b 9\nc 7\n", true, "b 9;c 7;"},
        {"", true, ""},
        {"", false, ""},
    };
    struct exposition *page = exposition_new();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool changed;
        char *found = describe(page, EXPOSITION_TEXT, rows[i].page, &changed);

        if (changed != rows[i].changed ||
            strncmp(found, rows[i].expected, strlen(rows[i].expected)) != 0)
            fail_msg("%zu: %s gives %s, %d", i, rows[i].page, found, changed);
        free(found);
    }
    exposition_free(page);
}

static void bounds_hold(void **state)
{
    struct text page = {0};

    (void)state;
    text_append(&page, "a{");
    for (int i = 0; i < 65; i++)
        text_appendf(&page, "l%d=\"\",", i);
    text_append(&page, "} 1\n");
    expect(EXPOSITION_TEXT, page.bytes, "a sample with more than 64 labels");
    text_clear(&page);
    for (int i = 0; i < 200001; i++)
        text_appendf(&page, "a%x 1\n", i);
    expect(EXPOSITION_TEXT, page.bytes,
           "line 200001 of its metrics is malformed: more than 200000");
    text_free(&page);
}

/* Pages as they came from the exporters named. */
static void true_pages_are_read(void **state)
{
    static const struct {
        const char *file;
        size_t samples;
        size_t counters;
        const char *contained;
    } rows[] = {
        {"node-exporter.txt", 406, 85, "node_cpu_seconds_total{cpu=<0>,mode=<idle>}+ "},
        {"cadvisor.txt", 394, 154, "container_last_seen{container=<sprout>,"},
        {"cadvisor-pods.txt", 642, 276, "container_last_seen{container=<kamailio>,"},
        {"kubelet.txt", 896, 839, "kubelet_running_pods "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *path = memory_format("tests/unit/data/exposition/%s", rows[i].file);
        struct exposition *page = exposition_new();
        const struct exposition_series *series;
        struct text bytes = {0};
        size_t counters = 0;
        struct error error;
        bool changed;
        char *found;

        assert_int_equal(file_read(path, 1000000, &bytes, &error), 0);
        found = describe(page, EXPOSITION_TEXT, bytes.bytes, &changed);
        for (size_t j = exposition_series(page, &series); j > 0; j--)
            counters += series[j - 1].counter;
        if (exposition_series(page, &series) != rows[i].samples || counters != rows[i].counters ||
            strstr(found, rows[i].contained) == NULL)
            fail_msg("%s: %zu samples, %zu counters: %s", rows[i].file,
                     exposition_series(page, &series), counters, found);
        expect(EXPOSITION_TEXT, bytes.bytes, found);
        free(found);
        free(path);
        text_free(&bytes);
        exposition_free(page);
    }
}

static void formats_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(exposition_format("application/openmetrics-text; version=1.0.0"),
                     EXPOSITION_OPENMETRICS);
    assert_int_equal(exposition_format("text/plain; version=0.0.4; charset=utf-8"),
                     EXPOSITION_TEXT);
    assert_int_equal(exposition_format(""), EXPOSITION_TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_parsed),
        cmocka_unit_test(open_metrics_is_parsed),
        cmocka_unit_test(malformed_text_is_an_error),
        cmocka_unit_test(malformed_open_metrics_is_an_error),
        cmocka_unit_test(a_nul_byte_is_an_error),
        cmocka_unit_test(changes_are_told),
        cmocka_unit_test(bounds_hold),
        cmocka_unit_test(true_pages_are_read),
        cmocka_unit_test(formats_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
