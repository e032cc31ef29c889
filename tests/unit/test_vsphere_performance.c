/* Counters, series and samples out of the answers of a vSphere server, and the metrics they become.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_vsphere.h"
#include "runner/vsphere_element.h"
#include "runner/vsphere_properties.h"
#include "tests/unit/vsphere_answer.h"

static void read_catalogue(struct vsphere_catalogue *catalogue)
{
    struct soap_answer answer;
    struct error error = {0};
    const xmlNode *object;

    parse_file("catalogue", "RetrievePropertiesEx", &answer);
    object = vsphere_child(vsphere_child(answer.response, "returnval"), "objects");
    if (vsphere_catalogue_read(vsphere_property(object, "perfCounter"), catalogue, &error) < 0)
        fail_msg("%s", error.what);
    soap_answer_free(&answer);
}

static void counters_are_found_by_key(void **state)
{
    struct vsphere_catalogue catalogue = {0};
    const struct vsphere_counter *counter;

    (void)state;
    assert_null(vsphere_catalogue_find(&catalogue, 12));
    read_catalogue(&catalogue);
    assert_int_equal(catalogue.count, 14);
    counter = vsphere_catalogue_find(&catalogue, 12);
    assert_string_equal(counter->name, "cpu.ready.summation");
    assert_string_equal(counter->group, "cpu");
    assert_string_equal(counter->unit, "millisecond");
    assert_null(vsphere_catalogue_find(&catalogue, 4));
    vsphere_catalogue_free(&catalogue);
}

static const char counter_form[] =
    "<v:PerfCounterInfo><v:key>%s</v:key><v:nameInfo><v:key>%s</v:key></v:nameInfo><v:groupInfo>"
    "<v:key>cpu</v:key></v:groupInfo><v:unitInfo><v:key>number</v:key></v:unitInfo>"
    "<v:rollupType>latest</v:rollupType></v:PerfCounterInfo>";

static void counters_that_are_not_whole_are_left_out(void **state)
{
    static const char *const rows[][2] = {{"1", "one"},   {"2", "one"},    {"1", "two"},
                                          {"3", "a b"},   {"4", ""},       {"-5", "five"},
                                          {"six", "six"}, {"7", "<v:a/>"}, {"4294967297", "big"}};
    struct vsphere_catalogue catalogue = {0};
    struct soap_answer answer;
    struct error error = {0};
    struct text body = {0};

    (void)state;
    text_append(&body, "<v:AskResponse>");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *counter = memory_format(counter_form, rows[i][0], rows[i][1]);

        text_append(&body, counter);
        free(counter);
    }
    text_append(&body, "</v:AskResponse>");
    assert_int_equal(parse_body(text_string(&body), "Ask", &answer, &error), 0);
    assert_int_equal(vsphere_catalogue_read(answer.response, &catalogue, &error), 0);
    /* A name and a key are there once. */
    assert_int_equal(catalogue.count, 1);
    assert_int_equal(catalogue.counters[0].key, 1);
    vsphere_catalogue_free(&catalogue);
    soap_answer_free(&answer);
    text_free(&body);
}

static void read_series(const char *body, struct vsphere_series_list *list)
{
    struct soap_answer answer;
    struct error error = {0};

    if (body == NULL)
        parse_file("available", "QueryAvailablePerfMetric", &answer);
    else if (parse_body(body, "QueryAvailablePerfMetric", &answer, &error) < 0)
        fail_msg("%s", error.what);
    if (vsphere_series_read(answer.response, list, &error) < 0)
        fail_msg("%s", error.what);
    soap_answer_free(&answer);
}

static void series_are_listed_in_order_and_once(void **state)
{
    struct vsphere_series_list list = {0};

    (void)state;
    read_series(NULL, &list);
    assert_int_equal(list.count, 132);
    for (size_t i = 1; i < list.count; i++)
        assert_true(list.items[i - 1].counter < list.items[i].counter ||
                    (list.items[i - 1].counter == list.items[i].counter &&
                     strcmp(list.items[i - 1].instance, list.items[i].instance) < 0));
    vsphere_series_free(&list);
}

#define SERIES(counter, instance)                                                                  \
    "<v:returnval><v:counterId>" counter "</v:counterId><v:instance>" instance                     \
    "</v:instance></v:returnval>"

static void series_that_make_no_name_are_left_out(void **state)
{
    struct vsphere_series_list list = {0};

    (void)state;
    read_series("<v:QueryAvailablePerfMetricResponse>" SERIES("1", "a&#10;b") SERIES("x", "0")
                    SERIES("2", "scsi0:0") SERIES("2", "scsi0:0")
                        SERIES("1", "") "<v:returnval/></v:QueryAvailablePerfMetricResponse>",
                &list);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].instance, "");
    assert_string_equal(list.items[1].instance, "scsi0:0");
    vsphere_series_free(&list);
}

static void metrics_are_named_and_typed(void **state)
{
    static const struct {
        const char *name;
        const char *resource_group;
        const char *unit;
    } rows[] = {
        {"cpu.usage.average", "cpu", "0.01%"},    {"cpu.ready.summation", "cpu", "ms"},
        {"cpu.ready.summation.0", "cpu", "ms"},   {"mem.usage.average", "memory", "0.01%"},
        {"mem.consumed.average", "memory", "kB"},
    };
    struct vsphere_catalogue catalogue = {0};
    struct vsphere_series_list list = {0};
    struct store_metric *metrics;

    (void)state;
    read_catalogue(&catalogue);
    read_series("<v:QueryAvailablePerfMetricResponse>" SERIES("2", "") SERIES("12", "0")
                    SERIES("12", "") SERIES("24", "") SERIES("98", "")
                        SERIES("99999", "") "</v:QueryAvailablePerfMetricResponse>",
                &list);
    metrics = vsphere_metrics(&catalogue, &list);
    /* What the catalogue doesn't know is out. */
    assert_int_equal(list.count, sizeof rows / sizeof rows[0]);
    for (size_t i = 0; i < list.count; i++) {
        assert_string_equal(metrics[i].name, rows[i].name);
        assert_string_equal(metrics[i].resource_group, rows[i].resource_group);
        assert_string_equal(metrics[i].unit, rows[i].unit);
        assert_string_equal(metrics[i].layer, "virtual");
        assert_false(metrics[i].counter);
    }
    vsphere_metrics_free(metrics, list.count);
    vsphere_series_free(&list);
    vsphere_catalogue_free(&catalogue);
}

/* Of cpu.usage.average, cpu.ready.summation, that of processor 0, and one that the answer lacks. */
static struct vsphere_series sample_series[] = {
    {2, (char *)""}, {12, (char *)""}, {12, (char *)"0"}, {12, (char *)"1"}};
static const struct vsphere_series_list sample_list = {sample_series, 4, 4};

struct taken {
    int64_t after;
    struct vsphere_reference machine;
    struct vsphere_samples samples;
    size_t machines;
};

static void take(void *context, const struct vsphere_reference *machine, const xmlNode *element)
{
    struct taken *taken = context;
    struct error error = {0};

    taken->machines++;
    taken->machine = *machine;
    vsphere_samples_free(&taken->samples);
    if (vsphere_samples_read(element, &sample_list, taken->after, &taken->samples, &error) < 0)
        fail_msg("%s", error.what);
}

static const double *values_at(const struct taken *taken, size_t instant)
{
    return taken->samples.values + instant * sample_list.count;
}

static void values_stand_at_their_instants(void **state)
{
    static const double usage[] = {441, 386, 405};
    struct taken taken = {0};
    struct soap_answer answer;

    (void)state;
    parse_file("samples", "QueryPerf", &answer);
    vsphere_each_samples(answer.response, take, &taken);
    assert_int_equal(taken.machines, 1);
    assert_string_equal(taken.machine.value, "vm-39");
    assert_int_equal(taken.samples.count, 3);
    assert_int_equal(taken.samples.answered, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(taken.samples.times[i], (1795768540 + (int64_t)i * 20) * CLOCK_SECOND);
        assert_true(values_at(&taken, i)[0] == usage[i]);
        assert_true(isnan(values_at(&taken, i)[3]));
    }
    assert_true(values_at(&taken, 2)[2] == 108);
    /* Those that were had before are not given again. */
    taken.after = 1795768560 * CLOCK_SECOND;
    vsphere_each_samples(answer.response, take, &taken);
    assert_int_equal(taken.samples.count, 1);
    assert_true(values_at(&taken, 0)[0] == 405);
    vsphere_samples_free(&taken.samples);
    soap_answer_free(&answer);
}

#define INSTANT(second)                                                                            \
    "<v:sampleInfo><v:timestamp>2026-11-27T08:36:" second                                          \
    "Z</v:timestamp><v:interval>20</v:interval></v:sampleInfo>"
#define VALUES(counter, instance, values)                                                          \
    "<v:value i:type='v:PerfMetricIntSeries'><v:id><v:counterId>" counter                          \
    "</v:counterId><v:instance>" instance "</v:instance></v:id>" values "</v:value>"
#define VALUE(value) "<v:value>" value "</v:value>"

static void read_entity(const char *inside, struct taken *taken)
{
    char *body = memory_format("<v:QueryPerfResponse><v:returnval i:type='v:PerfEntityMetric'>"
                               "<v:entity type='VirtualMachine'>vm-1</v:entity>%s</v:returnval>"
                               "</v:QueryPerfResponse>",
                               inside);
    struct soap_answer answer;
    struct error error = {0};

    if (parse_body(body, "QueryPerf", &answer, &error) < 0)
        fail_msg("%s", error.what);
    vsphere_each_samples(answer.response, take, taken);
    soap_answer_free(&answer);
    free(body);
}

static void samples_are_put_in_order(void **state)
{
    struct taken taken = {0};

    (void)state;
    read_entity(INSTANT("40") INSTANT("00") INSTANT("20") INSTANT("20")
                    VALUES("2", "", VALUE("4") VALUE("0") VALUE("2") VALUE("3")),
                &taken);
    assert_int_equal(taken.samples.count, 3);
    assert_true(values_at(&taken, 0)[0] == 0);
    assert_true(values_at(&taken, 1)[0] == 2);
    assert_true(values_at(&taken, 2)[0] == 4);
    vsphere_samples_free(&taken.samples);
}

static void series_of_another_length_is_unknown(void **state)
{
    struct taken taken = {0};

    (void)state;
    read_entity(INSTANT("00") INSTANT("20") VALUES("2", "", VALUE("4"))
                    VALUES("12", "", VALUE("1") VALUE("2") VALUE("3"))
                        VALUES("12", "0", VALUE("5") VALUE("6")),
                &taken);
    assert_int_equal(taken.samples.count, 2);
    assert_int_equal(taken.samples.answered, 3);
    for (size_t i = 0; i < 2; i++) {
        assert_true(isnan(values_at(&taken, i)[0]));
        assert_true(isnan(values_at(&taken, i)[1]));
        assert_true(values_at(&taken, i)[2] == 5 + (double)i);
    }
    vsphere_samples_free(&taken.samples);
}

static void values_that_are_none_are_unknown(void **state)
{
    struct taken taken = {0};

    (void)state;
    read_entity(INSTANT("00") INSTANT("20") INSTANT("40")
                    VALUES("2", "", VALUE("-1") VALUE("x") VALUE("7"))
                        VALUES("2", "", VALUE("8") VALUE("8") VALUE("8"))
                            VALUES("77", "", VALUE("9") VALUE("9") VALUE("9")),
                &taken);
    assert_true(isnan(values_at(&taken, 0)[0]));
    assert_true(isnan(values_at(&taken, 1)[0]));
    assert_true(values_at(&taken, 2)[0] == 7);
    vsphere_samples_free(&taken.samples);
}

static void instant_that_is_none_is_left_out(void **state)
{
    struct taken taken = {0};

    (void)state;
    read_entity(INSTANT("xx") INSTANT("20") VALUES("2", "", VALUE("1") VALUE("2")), &taken);
    assert_int_equal(taken.samples.count, 1);
    assert_true(values_at(&taken, 0)[0] == 2);
    read_entity("", &taken);
    assert_int_equal(taken.samples.count, 0);
    vsphere_samples_free(&taken.samples);
}

static void too_many_samples_are_refused(void **state)
{
    struct vsphere_samples samples;
    struct soap_answer answer;
    struct error error = {0};
    struct text body = {0};

    (void)state;
    text_append(&body, "<v:AskResponse>");
    for (int i = 0; i <= VSPHERE_MOST_SAMPLES; i++)
        text_append(&body, INSTANT("20"));
    text_append(&body, "</v:AskResponse>");
    assert_int_equal(parse_body(text_string(&body), "Ask", &answer, &error), 0);
    assert_int_equal(vsphere_samples_read(answer.response, &sample_list, 0, &samples, &error), -1);
    vsphere_samples_free(&samples);
    soap_answer_free(&answer);
    text_free(&body);
}

static void collector_is_known(void **state)
{
    const struct collector *collector = collector_find("vsphere");
    char *names[] = {(char *)"url", (char *)"user"};
    char *values[] = {(char *)"https://vcenter.example/sdk", (char *)"me"};
    const struct source source = {(char *)"vsphere", 2, names, values, NULL};
    const struct host target = {.name = (char *)"bono"};
    const struct collected_source given = {&target, &source, NULL, false};
    struct text key = {0};
    struct error error = {0};
    void *opened = NULL;

    (void)state;
    assert_non_null(collector);
    collector->together(&target, &source, &key);
    assert_non_null(strstr(text_string(&key), values[0]));
    text_free(&key);
    assert_int_equal(collector->open(&given, 1, &opened, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_string_equal(error.target, "bono");
    assert_non_null(strstr(error.what, "password-file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_are_found_by_key),
        cmocka_unit_test(counters_that_are_not_whole_are_left_out),
        cmocka_unit_test(series_are_listed_in_order_and_once),
        cmocka_unit_test(series_that_make_no_name_are_left_out),
        cmocka_unit_test(metrics_are_named_and_typed),
        cmocka_unit_test(values_stand_at_their_instants),
        cmocka_unit_test(samples_are_put_in_order),
        cmocka_unit_test(series_of_another_length_is_unknown),
        cmocka_unit_test(values_that_are_none_are_unknown),
        cmocka_unit_test(instant_that_is_none_is_left_out),
        cmocka_unit_test(too_many_samples_are_refused),
        cmocka_unit_test(collector_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
