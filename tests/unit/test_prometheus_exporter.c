/* The Prometheus exporter collector beside its network: metrics of a page, and when they were so.
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
#include "base/file.h"
#include "base/memory.h"
#include "runner/collector_prometheus_exporter.h"

#define SECOND CLOCK_SECOND
#define LONG_AGO (INT64_C(1000) * SECOND)

/* A source of a page that is given by the test, and all that it gives. */
struct scene {
    struct exporter_page page;
    struct exporter_source source;
    char *names[1];
    char *values[1];
    struct source attributes;
    struct host target;
    struct text given;
};

static void take_sample(void *context, const struct collected_sample *sample)
{
    struct scene *scene = context;

    text_appendf(&scene->given, "%.3f..%.3f", (double)(sample->from - LONG_AGO) / 1e9,
                 (double)(sample->until - LONG_AGO) / 1e9);
    if (sample->source_time != 0)
        text_appendf(&scene->given, "@%" PRId64, sample->source_time / SECOND);
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

static void open_scene(struct scene *scene, const char *labels)
{
    struct collected_source one = {.target = &scene->target, .source = &scene->attributes};
    struct error error;

    memset(scene, 0, sizeof *scene);
    scene->names[0] = memory_string("labels");
    scene->values[0] = memory_string(labels);
    scene->attributes.names = scene->names;
    scene->attributes.values = scene->values;
    scene->attributes.attribute_count = 1;
    scene->page.exposition = exposition_new();
    scene->page.url = memory_string("http://node/metrics?secret");
    assert_int_equal(exporter_source_open(&one, &scene->source, &error), 0);
}

static void close_scene(struct scene *scene)
{
    exporter_source_close(&scene->source);
    exporter_page_close(&scene->page);
    free(scene->names[0]);
    free(scene->values[0]);
    text_free(&scene->given);
}

/* What the source gives of an answer between `at` and 0.1 s later. */
static const char *answer(struct scene *scene, double at, long status, const char *page)
{
    const struct collector_sink sink = {scene, take_sample, take_missed, take_changed};
    struct http_response response = {.status = status,
                                     .began = LONG_AGO + (int64_t)(at * 1e9),
                                     .ended = LONG_AGO + (int64_t)(at * 1e9) + SECOND / 10};

    text_append(&response.body, page);
    text_clear(&scene->given);
    exporter_page_take(&scene->page, &response, NULL);
    if (scene->page.changed)
        exporter_source_find(&scene->source, &scene->page);
    exporter_source_give(&scene->source, 0, &scene->page, &sink);
    text_free(&response.body);
    return text_string(&scene->given);
}

static void values_are_of_the_answers_instant(void **state)
{
    struct scene scene;

    (void)state;
    open_scene(&scene, "");
    assert_string_equal(answer(&scene, 1, 200, "b 2\na 1\n"), "changed;1.000..1.100 a=1 b=2;");
    assert_string_equal(answer(&scene, 2, 200, "b 3\na 1\n"), "2.000..2.100 a=1 b=3;");
    close_scene(&scene);
}

static void changes_are_told_before_their_values(void **state)
{
    struct scene scene;

    (void)state;
    open_scene(&scene, "pod=x");
    answer(&scene, 1, 200, "a{pod=\"x\"} 1\na{pod=\"y\"} 5\n");
    assert_string_equal(answer(&scene, 2, 200, "a{pod=\"x\"} 1\na{pod=\"z\"} 5\n"),
                        "2.000..2.100 a=1;");
    assert_string_equal(answer(&scene, 3, 200, "a{pod=\"w\"} 5\nb 1\na{pod=\"x\"} 2\n"),
                        "3.000..3.100 a=2;");
    assert_string_equal(answer(&scene, 4, 200, "a{pod=\"x\"} 1\nb{pod=\"x\"} 7\n"),
                        "changed;4.000..4.100 a=1 b=7;");
    assert_string_equal(
        answer(&scene, 5, 200, "# TYPE b counter\na{pod=\"x\"} 1\nb{pod=\"x\"} 7\n"),
        "changed;5.000..5.100 a=1 b=7;");
    close_scene(&scene);
}

static void what_can_not_be_used_is_missed(void **state)
{
    static const char page[] = "a{pod=\"x\"} 1\n";
    struct scene scene;

    (void)state;
    open_scene(&scene, "pod=x");
    answer(&scene, 1, 200, page);
    assert_string_equal(answer(&scene, 2, 503, "no"),
                        "missed: http://node/metrics answers with status 503;");
    assert_string_equal(answer(&scene, 3, 200, "<html>\n"),
                        "missed: line 1 of its metrics is malformed: no name of a metric;");
    assert_string_equal(scene.page.problem.where, "http://node/metrics");
    assert_string_equal(answer(&scene, 4, 200, page), "4.000..4.100 a=1;");
    assert_string_equal(answer(&scene, 5, 200, "a{pod=\"y\"} 1\n"),
                        "missed: its metrics hold no series that 'labels' selects;");
    assert_string_equal(answer(&scene, 6, 200, "a{pod=\"y\"} 1\n"),
                        "missed: its metrics hold no series that 'labels' selects;");
    assert_string_equal(answer(&scene, 7, 200, "a{pod=\"x\"} 1 -5\n"),
                        "missed: the time of a sample of 'a' is before 1970 or after 2116;");
    assert_string_equal(answer(&scene, 8, 200, page), "8.000..8.100 a=1;");
    close_scene(&scene);
}

static void two_of_one_name_are_missed(void **state)
{
    static const char page[] = "a{pod=\"x-1\",le=\"1\"} 1\na{pod=\"x-2\",le=\"1\"} 1\n";
    struct scene scene;

    (void)state;
    open_scene(&scene, "pod=~x-.");
    assert_string_equal(answer(&scene, 1, 200, page),
                        "missed: 'labels' selects several series of one name: a{le=\"1\"};");
    close_scene(&scene);
}

/* The page's times are by a clock that is as the runner's, since there is no Date. */
static void times_of_the_page_are_kept(void **state)
{
    struct scene scene;

    (void)state;
    open_scene(&scene, "");
    assert_string_equal(answer(&scene, 12, 200, "a 1 1010000\nb 2 1011500\n"),
                        "changed;10.000..11.500@1011 a=1 b=2;");
    /* Only b is new; then none is; then both are. */
    assert_string_equal(answer(&scene, 13, 200, "a 1 1010000\nb 3 1012500\n"),
                        "12.500..12.500@1012 a=nan b=3;");
    assert_string_equal(answer(&scene, 14, 200, "a 1 1010000\nb 3 1012500\n"),
                        "12.500..12.500@1012 a=nan b=3;");
    assert_string_equal(answer(&scene, 15, 200, "a 4 1014000\nb 5 1014500\n"),
                        "14.000..14.500@1014 a=4 b=5;");
    /* None is of later than the answer. */
    assert_string_equal(answer(&scene, 16, 200, "a 4 1017000\nb 5 1016000\n"),
                        "16.000..16.100@1017 a=4 b=5;");
    close_scene(&scene);
}

/* As a container's limits beside its usage. */
static void values_without_times_stay_until_they_move(void **state)
{
    struct scene scene;

    (void)state;
    open_scene(&scene, "");
    assert_string_equal(answer(&scene, 12, 200, "limit 7\nused 1 1011000\n"),
                        "changed;11.000..11.000@1011 limit=7 used=1;");
    assert_string_equal(answer(&scene, 13, 200, "limit 7\nused 2 1012000\n"),
                        "12.000..12.000@1012 limit=7 used=2;");
    assert_string_equal(answer(&scene, 14, 200, "limit 7\nused 2 1012000\n"),
                        "12.000..12.000@1012 limit=7 used=2;");
    assert_string_equal(answer(&scene, 15, 200, "limit 8\nused 2 1012000\n"),
                        "15.000..15.100 limit=8 used=nan;");
    assert_string_equal(answer(&scene, 16, 200, "limit 8\nused 2 1012000\n"),
                        "15.000..15.100 limit=8 used=nan;");
    assert_string_equal(answer(&scene, 20, 200, "limit 9\nused 3 1019000\n"),
                        "19.000..20.100@1019 limit=9 used=3;");
    assert_string_equal(answer(&scene, 21, 200, "limit NaN\nused 4 1020500\n"),
                        "20.500..21.100@1020 limit=nan used=4;");
    assert_string_equal(answer(&scene, 22, 200, "limit NaN\nused 5 1021500\n"),
                        "21.500..21.500@1021 limit=nan used=5;");
    close_scene(&scene);
}

static void names_are_as_the_page_writes_them(void **state)
{
    struct scene scene;

    (void)state;
    open_scene(&scene, "pod=x, id=~.*");
    assert_string_equal(
        answer(&scene, 1, 200, "a{z=\"\",pod=\"x\",b=\"\\\\ \\\" \\n\",id=\"9\"} 1\n"),
        "changed;1.000..1.100 a{b=\"\\\\ \\\" \\n\",z=\"\"}=1;");
    close_scene(&scene);
}

/* A metric by its name, or NULL. */
static const struct store_metric *find_metric(const struct exporter_metrics *metrics,
                                              const char *name)
{
    for (size_t i = 0; i < metrics->count; i++) {
        if (strcmp(metrics->items[i].name, name) == 0)
            return &metrics->items[i];
    }
    return NULL;
}

static void metrics_are_sorted_by_their_names(void **state)
{
    static const struct {
        const char *page;
        const char *labels;
        size_t count;
        const char *name;
        bool counter;
        const char *resource_group;
        const char *layer;
        const char *unit;
    } rows[] = {
        {"node-exporter.txt", "", 406, "node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"}", true,
         "cpu", "physical", "s"},
        {"node-exporter.txt", "", 406, "node_load1", false, "cpu", "physical", ""},
        {"node-exporter.txt", "", 406, "node_memory_MemFree_bytes", false, "memory", "physical",
         "bytes"},
        {"node-exporter.txt", "", 406, "node_network_mtu_bytes{device=\"lo\"}", false, "network",
         "physical", "bytes"},
        {"node-exporter.txt", "", 406, "node_disk_read_bytes_total{device=\"vda\"}", true,
         "filesystem", "physical", "bytes"},
        {"node-exporter.txt", "", 406, "node_procs_running", false, "process", "physical", ""},
        {"node-exporter.txt", "", 406, "node_pressure_io_waiting_seconds_total", true, "filesystem",
         "physical", "s"},
        {"node-exporter.txt", "", 406, "node_netstat_Tcp_InSegs", true, "network", "physical", ""},
        {"node-exporter.txt", "", 406, "node_netstat_Tcp_CurrEstab", false, "network", "physical",
         ""},
        {"node-exporter.txt", "", 406, "node_vmstat_pgfault", true, "memory", "physical", ""},
        {"node-exporter.txt", "", 406, "node_boot_time_seconds", false, "other", "physical", "s"},
        {"node-exporter.txt", "", 406, "go_gc_duration_seconds_count", true, "other", "virtual",
         "events"},
        {"node-exporter.txt", "", 406, "go_gc_duration_seconds_sum", true, "other", "virtual", "s"},
        {"cadvisor.txt", "pod=sprout-0, namespace=default, container=sprout, id=~.*, name=~.*", 41,
         "container_cpu_usage_seconds_total{cpu=\"total\",image=\"localhost/vnf-box:1\"}", true,
         "cpu", "virtual", "s"},
        {"cadvisor.txt", "container=sprout", 41, NULL, false, NULL, NULL, NULL},
        {"cadvisor.txt", "pod=sprout-0, image!=, container=, id=~.*, name=~.*", 41,
         "container_network_receive_packets_total{interface=\"eth0\",namespace=\"default\"}", true,
         "network", "virtual", "packets"},
        {"cadvisor.txt", "pod=sprout-0, image!=, container=, id=~.*, name=~.*", 41,
         "container_memory_usage_bytes{namespace=\"default\"}", false, "memory", "virtual",
         "bytes"},
        {"cadvisor-pods.txt", "pod=bono-0, container=web, id=~.*, name=~.*, image=~.*", 37,
         "container_spec_memory_limit_bytes{namespace=\"ims\"}", false, "memory", "virtual",
         "bytes"},
        {"cadvisor-pods.txt", "pod=bono-0, container=web, id=~.*, name=~.*, image=~.*", 37,
         "container_memory_rss{namespace=\"ims\"}", false, "memory", "virtual", "bytes"},
        {"cadvisor-pods.txt", "pod=bono-0, container=web, id=~.*, name=~.*, image=~.*", 37,
         "container_cpu_cfs_throttled_periods_total{namespace=\"ims\"}", true, "cpu", "virtual",
         "events"},
        {"cadvisor-pods.txt", "pod=bono-0, container=web, id=~.*, name=~.*, image=~.*", 37,
         "container_tasks_state{namespace=\"ims\",state=\"running\"}", false, "process", "virtual",
         "tasks"},
        {"cadvisor-pods.txt", "pod=bono-0, container=, image=, id=~.*, name=~.*", 36,
         "container_spec_cpu_quota{namespace=\"ims\"}", false, "cpu", "virtual", "us"},
        {"cadvisor-pods.txt", "pod=bono-0, container=, image!=, id=~.*, name=~.*", 41,
         "container_network_transmit_packets_dropped_total{interface=\"eth0\",namespace=\"ims\"}",
         true, "network", "virtual", "packets"},
        {"kubelet.txt", "", 896, "process_cpu_seconds_total", true, "cpu", "virtual", "s"},
        {"kubelet.txt", "", 896, "kubelet_pleg_relist_duration_seconds_bucket{le=\"+Inf\"}", true,
         "other", "virtual", "events"},
        {"kubelet.txt", "", 896, "kubelet_running_pods", false, "other", "virtual", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *path = memory_format("tests/unit/data/exposition/%s", rows[i].page);
        const struct store_metric *metric;
        struct text page = {0};
        struct scene scene;
        struct error error;

        open_scene(&scene, rows[i].labels);
        assert_int_equal(file_read(path, 1000000, &page, &error), 0);
        answer(&scene, 1, 200, page.bytes);
        assert_string_equal(scene.page.problem.what, "");
        assert_string_equal(scene.source.problem.what, "");
        if (scene.source.metrics.count != rows[i].count)
            fail_msg("%zu: %zu metrics", i, scene.source.metrics.count);
        metric = rows[i].name == NULL ? NULL : find_metric(&scene.source.metrics, rows[i].name);
        if (rows[i].name != NULL &&
            (metric == NULL || metric->counter != rows[i].counter ||
             strcmp(metric->resource_group, rows[i].resource_group) != 0 ||
             strcmp(metric->layer, rows[i].layer) != 0 || strcmp(metric->unit, rows[i].unit) != 0))
            fail_msg("%s: %s", rows[i].name,
                     metric == NULL ? "isn't there" : metric->resource_group);
        close_scene(&scene);
        text_free(&page);
        free(path);
    }
}

/* What the source gives of a page that was recorded, without that it changed. */
static char *answer_recorded(struct scene *scene, double at, const char *file)
{
    char *path = memory_format("tests/unit/data/exposition/%s", file);
    struct text page = {0};
    const char *given;
    struct error error;

    assert_int_equal(file_read(path, 1000000, &page, &error), 0);
    given = answer(scene, at, 200, page.bytes);
    if (string_starts_with(given, "changed;"))
        given += strlen("changed;");
    text_free(&page);
    free(path);
    return memory_string(given);
}

/* cAdvisor looks at each container in its own time, and not at all while it is asleep. */
static void what_cadvisor_has_not_looked_at_again_is_the_same_sample(void **state)
{
    static const struct {
        const char *labels;
        bool renewed;
    } rows[] = {
        {"pod=bono-0, container=kamailio, id=~.*, name=~.*, image=~.*", true},
        {"pod=bono-0, container=, image=, id=~.*, name=~.*", true},
        {"pod=bono-0, container=web, id=~.*, name=~.*, image=~.*", false},
        {"pod=bono-0, container=, image!=, id=~.*, name=~.*", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        char *first;
        char *second;
        char *third;

        open_scene(&scene, rows[i].labels);
        first = answer_recorded(&scene, 1, "cadvisor-pods.txt");
        second = answer_recorded(&scene, 2.2, "cadvisor-pods-later.txt");
        third = answer_recorded(&scene, 2.3, "cadvisor-pods-later.txt");
        if ((strcmp(first, second) != 0) != rows[i].renewed || strcmp(second, third) != 0 ||
            strstr(second, "nan") != NULL)
            fail_msg("%s: %s\n%s\n%s", rows[i].labels, first, second, third);
        free(first);
        free(second);
        free(third);
        close_scene(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_of_the_answers_instant),
        cmocka_unit_test(changes_are_told_before_their_values),
        cmocka_unit_test(what_can_not_be_used_is_missed),
        cmocka_unit_test(two_of_one_name_are_missed),
        cmocka_unit_test(times_of_the_page_are_kept),
        cmocka_unit_test(values_without_times_stay_until_they_move),
        cmocka_unit_test(names_are_as_the_page_writes_them),
        cmocka_unit_test(metrics_are_sorted_by_their_names),
        cmocka_unit_test(what_cadvisor_has_not_looked_at_again_is_the_same_sample),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
