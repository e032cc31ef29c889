/* The Prometheus server collector beside its network: what it asks, and what it makes of answers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_prometheus_server.h"

#define SECOND CLOCK_SECOND

/* --- queries --- */

static struct label_selection *selection_of(const char *labels)
{
    struct label_selection *selection;
    struct error error;

    assert_int_equal(label_selection_read(labels, &selection, &error), 0);
    return selection;
}

static void one_query_asks_for_sources_that_differ_in_one_label(void **state)
{
    static const struct {
        const char *labels[3];
        const char *selector; /* NULL: they can't be asked for together */
    } rows[] = {
        {{"job=node, instance=a:1", "job=node, instance=b.c:1", NULL},
         "{job=\"node\",instance=~\"a:1|b\\\\.c:1\"}"},
        {{"instance=a, pod!~x.*", "instance=b, pod!~x.*", "instance=c, pod!~x.*"},
         "{instance=~\"a|b|c\",pod!~\"x.*\"}"},
        {{"instance=a", NULL, NULL}, "{instance=\"a\"}"},
        {{"a=~'x,\"y', b!=", NULL, NULL}, "{a=~\"x,\\\"y\",b!=\"\"}"},
        {{"job=node, instance=a", "job=other, instance=b", NULL}, NULL},
        {{"instance=a, pod=~x", "instance=a, pod=~y", NULL}, NULL},
        {{"instance=a, pod=x", "instance=b, pod=x", "instance=a, pod=y"}, NULL},
        {{"instance=a", "instance=a, pod=x", NULL}, NULL},
        {{"instance=a", "instance=a", NULL}, NULL},
        {{"instance=a", "pod=a", NULL}, NULL},
        {{"instance=a", "instance=", NULL}, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct label_selection *selections[3] = {selection_of(rows[i].labels[0]), NULL, NULL};
        struct server_query query;
        struct text text = {0};
        bool together = true;

        server_query_start(&query, selections[0], 0);
        for (size_t j = 1; j < 3 && rows[i].labels[j] != NULL; j++) {
            selections[j] = selection_of(rows[i].labels[j]);
            together = server_query_join(&query, selections[j], j) && together;
        }
        assert_int_equal(together, rows[i].selector != NULL);
        server_query_selector(&query, &text);
        if (together)
            assert_string_equal(text.bytes, rows[i].selector);
        text_free(&text);
        server_query_close(&query);
        for (size_t j = 0; j < 3; j++)
            label_selection_free(selections[j]);
    }
}

static void fields_are_encoded(void **state)
{
    struct text body = {0};

    (void)state;
    server_append_field(&body, "query", "{a=~\"x|y\"}[5ms]");
    server_append_field(&body, "time", "7.5");
    assert_string_equal(body.bytes, "query=%7Ba%3D%7E%22x%7Cy%22%7D%5B5ms%5D&time=7.5");
    text_free(&body);
}

/* --- answers --- */

static json_t *data_of(const char *answer, struct error *error)
{
    struct http_response response = {.status = 200,
                                     .content_type = "application/json; charset=utf-8"};
    json_t *data;

    text_append(&response.body, answer);
    error_clear(error);
    server_answer_read("http://server:9090/api/v1/query?x", &response, &data, NULL, error);
    text_free(&response.body);
    return data;
}

static void kinds_are_as_the_server_was_told(void **state)
{
    static const char metadata[] =
        "{\"status\":\"success\",\"data\":{"
        "\"node_cpu_seconds_total\":[{\"type\":\"counter\",\"help\":\"\",\"unit\":\"\"}],"
        "\"requests\":[{\"type\":\"counter\",\"help\":\"\",\"unit\":\"\"}],"
        "\"delay\":[{\"type\":\"histogram\",\"unit\":\"seconds\"},{\"type\":\"gauge\"}],"
        "\"odd\":[{\"type\":7}],\"odder\":[],\"oddest\":7,\"a b\":[{\"type\":\"counter\"}],"
        "\"node_load1\":[{\"type\":\"gauge\"}]}}";
    static const struct {
        const char *name;
        bool counter;
        const char *unit;
        const char *resource_group;
    } rows[] = {
        {"node_cpu_seconds_total", true, "s", "cpu"},
        {"node_load1", false, "", "cpu"},
        {"requests_total", true, "", "other"},
        {"delay_bucket", true, "events", "other"},
        {"delay_sum", true, "s", "other"},
        {"odd", false, "", "other"},
        {"odder", false, "", "other"},
        {"nobody_said_total", false, "", "other"},
        {"node_netstat_Tcp_InSegs", true, "", "network"},
    };
    struct error error;
    json_t *data = data_of(metadata, &error);
    struct server_types *types = server_types_read(data);

    (void)state;
    json_decref(data);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct exposition_series series = {.name = rows[i].name, .unit = ""};
        struct store_metric metric = {0};

        server_types_sort(types, &series, &metric);
        if (metric.counter != rows[i].counter || strcmp(metric.unit, rows[i].unit) != 0 ||
            strcmp(metric.resource_group, rows[i].resource_group) != 0)
            fail_msg("%s: %d '%s' %s", rows[i].name, metric.counter, metric.unit,
                     metric.resource_group);
    }
    server_types_free(types);
}

/* --- samples --- */

struct scene {
    struct server_source source;
    struct server_types *types;
    struct server_taking taking;
    struct server_clock clock; /* the server's is 100 s ahead, give or take a tenth */
    struct collector_sink sink;
    struct text given;
};

static void take_sample(void *context, const struct collected_sample *sample)
{
    struct scene *scene = context;

    text_appendf(&scene->given, "%.1f..%.1f@%.1f", (double)sample->from / 1e9,
                 (double)sample->until / 1e9, (double)sample->source_time / 1e9);
    for (size_t i = 0; i < scene->source.metrics.count; i++)
        text_appendf(&scene->given, " %s=%g", scene->source.metrics.items[i].name,
                     sample->values[i]);
    text_append(&scene->given, ";");
}

static void take_missed(void *context, size_t source, const struct error *error)
{
    struct scene *scene = context;

    (void)source;
    text_appendf(&scene->given, "missed: %s;", error->what);
}

static void take_changed(void *context, size_t source)
{
    struct scene *scene = context;

    (void)source;
    text_append(&scene->given, "changed;");
}

static int set_up(void **state)
{
    struct scene *scene = memory_new(1, sizeof *scene);

    scene->source = (struct server_source){.selection = selection_of("instance=t, pod=~.*"),
                                           .newest = SERVER_NO_TIME};
    scene->types = server_types_read(NULL);
    scene->clock = (struct server_clock){100 * SECOND - SECOND / 10, 100 * SECOND + SECOND / 10, 1};
    scene->sink = (struct collector_sink){scene, take_sample, take_missed, take_changed};
    scene->taking = (struct server_taking){.types = scene->types,
                                           .clock = &scene->clock,
                                           .answered = INT64_MAX,
                                           .until = INT64_MAX,
                                           .sink = &scene->sink};
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    server_source_close(&scene->source);
    server_types_free(scene->types);
    text_free(&scene->given);
    free(scene);
    return 0;
}

/* What the source gives of these series when the server's clock is at `now`. */
static const char *answer(struct scene *scene, double now, const char *series)
{
    char *text = memory_format(
        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[%s]}}", series);
    struct server_series_list list;
    struct error error;
    json_t *data = data_of(text, &error);

    text_clear(&scene->given);
    scene->taking.now = (int64_t)(now * 1e9);
    scene->source.told = false;
    assert_string_equal(error.what, "");
    assert_int_equal(server_series_read(data, &list, &error), 0);
    if (server_source_take(&scene->source, 0, &list, &scene->taking, &error) < 0)
        server_source_miss(&scene->source, 0, &error, &scene->sink);
    else if (!scene->source.told)
        server_source_wait(&scene->source, 0, scene->taking.now, &scene->sink);
    server_series_free(&list);
    json_decref(data);
    free(text);
    return text_string(&scene->given);
}

#define SERIES(name, more, values)                                                                 \
    "{\"metric\":{\"__name__\":\"" name "\",\"instance\":\"t\"" more "},\"values\":[" values "]}"

static void samples_are_given_once_at_the_servers_times(void **state)
{
    assert_string_equal(answer(*state, 1010, SERIES("a", "", "[1005,\"1\"],[1010,\"2\"]")),
                        "changed;909.9..910.1@1010.0 a=2;");
    /* The same again is a duplicate; then it is too old. */
    assert_string_equal(answer(*state, 1012, SERIES("a", "", "[1010,\"2\"]")),
                        "909.9..910.1@1010.0 a=2;");
    assert_string_equal(answer(*state, 1016, SERIES("a", "", "[1010,\"2\"],[1015,\"3\"]")),
                        "914.9..915.1@1015.0 a=3;");
    assert_string_equal(answer(*state, 1031, ""),
                        "missed: the server's newest sample of it is 16.0 s old;");
    /* What came meanwhile is given as for the readings that were missed. */
    assert_string_equal(
        answer(*state, 1036,
               SERIES("a", "", "[1020,\"4\"],[1025,\"5\"],[1030,\"6\"],[1035,\"7\"]")),
        "924.9..925.1@1025.0 a=5;934.9..935.1@1035.0 a=7;");
}

static void values_of_one_scrape_belong_together(void **state)
{
    /* b shows a time of its own; c has not come yet, and is waited for. */
    assert_string_equal(
        answer(*state, 1010,
               SERIES("a", "", "[1000,\"1\"],[1005,\"2\"]") "," SERIES(
                   "b", "", "[999.5,\"5\"],[1004.5,\"6\"]") "," SERIES("c", "", "[1001,\"9\"]")),
        "changed;904.4..905.1@1005.0 a=2 b=6 c=nan;");
    assert_string_equal(
        answer(*state, 1011, SERIES("a", "", "[1010,\"3\"]") "," SERIES("b", "", "[1009.5,\"7\"]")),
        "909.4..910.1@1010.0 a=3 b=7 c=nan;");
    assert_string_equal(answer(*state, 1015.2, SERIES("a", "", "[1015,\"4\"]")),
                        "909.4..910.1@1010.0 a=3 b=7 c=nan;");
    assert_string_equal(
        answer(*state, 1015.4, SERIES("a", "", "[1015,\"4\"]") "," SERIES("b", "", "[1015,\"8\"]")),
        "914.9..915.1@1015.0 a=4 b=8 c=nan;");
}

static void of_many_samples_a_period_the_nearest_are_given(void **state)
{
    struct scene *scene = *state;

    scene->taking.period = 3 * SECOND;
    scene->taking.whole = true;
    server_source_restart(&scene->source, 1000 * SECOND - 1);
    assert_string_equal(answer(scene, 1010,
                               SERIES("a", "",
                                      "[999,\"9\"],[1000,\"0\"],[1001,\"1\"],[1002,\"2\"],[1003,"
                                      "\"3\"],[1004,\"4\"],[1005,\"5\"],[1006,\"6\"]")),
                        "changed;899.9..900.1@1000.0 a=0;902.9..903.1@1003.0 a=3;"
                        "905.9..906.1@1006.0 a=6;");
    scene->taking.until = 1008 * SECOND;
    assert_string_equal(answer(scene, 1008.5, SERIES("a", "", "[1009,\"9\"],[1010,\"1\"]")),
                        "905.9..906.1@1006.0 a=6;");
}

static void series_of_one_name_follow_one_another(void **state)
{
    assert_string_equal(
        answer(*state, 1010,
               SERIES("a", ",\"pod\":\"x\"", "[1001,\"1\"],[1002,\"2\"]") "," SERIES(
                   "a", ",\"pod\":\"y\"", "[1003,\"3\"]")),
        "changed;902.9..903.1@1003.0 a=3;");
    assert_string_equal(
        answer(*state, 1010,
               SERIES("a", ",\"pod\":\"x\"", "[1004,\"1\"],[1006,\"2\"]") "," SERIES(
                   "a", ",\"pod\":\"y\"", "[1005,\"3\"]")),
        "missed: 'labels' selects several series of one name: a;");
}

static void metrics_that_are_gone_for_long_are_dropped(void **state)
{
    assert_string_equal(
        answer(*state, 1001, SERIES("a", "", "[1001,\"1\"]") "," SERIES("b", "", "[1001,\"2\"]")),
        "changed;900.9..901.1@1001.0 a=1 b=2;");
    assert_string_equal(
        answer(*state, 1002, SERIES("b", "", "[1002,\"1\"]") "," SERIES("c", "", "[1002,\"2\"]")),
        "changed;901.9..902.1@1002.0 a=nan b=1 c=2;");
    assert_string_equal(
        answer(*state, 1302, SERIES("c", "", "[1302,\"1\"]") "," SERIES("d", "", "[1302,\"2\"]")),
        "changed;1201.9..1202.1@1302.0 b=nan c=1 d=2;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_query_asks_for_sources_that_differ_in_one_label),
        cmocka_unit_test(fields_are_encoded),
        cmocka_unit_test(kinds_are_as_the_server_was_told),
        cmocka_unit_test_setup_teardown(samples_are_given_once_at_the_servers_times, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(values_of_one_scrape_belong_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_many_samples_a_period_the_nearest_are_given, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(series_of_one_name_follow_one_another, set_up, tear_down),
        cmocka_unit_test_setup_teardown(metrics_that_are_gone_for_long_are_dropped, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
