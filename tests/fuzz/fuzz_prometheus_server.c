/*
 * libFuzzer target: any bytes as a Prometheus server's answer, to whatever was asked, read twice as
 * a monitor does and once as of the past. What is given is in order, and has a value for each
 * metric.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_prometheus_server.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define NOW (INT64_C(1700000000) * CLOCK_SECOND)

/* The source, and what it gave last. */
struct given {
    struct server_source source;
    int64_t time;
    size_t count; /* of the metrics that were told */
};

static void take_sample(void *context, const struct collected_sample *sample)
{
    struct given *given = context;
    if (sample->source_time < given->time || sample->from > sample->until ||
        given->source.metrics.count != given->count)
        abort();
    /* Each is read: the address sanitizer tells of one that isn't there. */
    for (size_t i = 0; i < given->count; i++) {
        if (fpclassify(sample->values[i]) < 0)
            abort();
    }
    given->time = sample->source_time;
}

static void take_missed(void *context, size_t source, const struct error *error)
{
    (void)context;
    if (source != 0 || error->kind != ERROR_UNREACHABLE)
        abort();
}

static void take_changed(void *context, size_t source)
{
    struct given *given = context;
    const struct server_metrics *metrics = &given->source.metrics;

    (void)source;
    given->count = metrics->count;
    for (size_t i = 1; i < metrics->count; i++) {
        if (strcmp(metrics->items[i - 1].name, metrics->items[i].name) >= 0)
            abort();
    }
}

static void read_series(const json_t *data, struct server_types *types)
{
    struct given given = {.source = {.newest = SERVER_NO_TIME}};
    const struct collector_sink sink = {&given, take_sample, take_missed, take_changed};
    const struct server_clock clock = {0};
    struct server_taking taking = {
        .types = types, .clock = &clock, .answered = NOW, .now = NOW, .until = NOW, .sink = &sink};
    struct server_series_list list;
    struct error error = {0};

    if (label_selection_read("job=~.*", &given.source.selection, &error) < 0)
        abort();
    if (server_series_read(data, &list, &error) == 0) {
        server_source_take(&given.source, 0, &list, &taking, &error);
        server_source_take(&given.source, 0, &list, &taking, &error);
        server_source_wait(&given.source, 0, NOW, &sink);
        if (server_source_find(&given.source, &list, types, NOW))
            take_changed(&given, 0);
        given.time = 0;
        given.count = given.source.metrics.count;
        server_source_restart(&given.source, 0);
        taking.period = CLOCK_SECOND;
        taking.whole = true;
        server_source_take(&given.source, 0, &list, &taking, &error);
    }
    server_series_free(&list);
    server_source_close(&given.source);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct http_response response = {.status = 200, .content_type = "application/json"};
    struct error error = {0};
    int64_t time;
    json_t *data;

    text_append_bytes(&response.body, (const char *)bytes, length);
    if (server_answer_read("http://server/", &response, &data, NULL, &error) == 0) {
        struct server_types *types = server_types_read(data);

        read_series(data, types);
        server_time_read(data, &time, &error);
        server_types_free(types);
        json_decref(data);
    } else if (error.kind != ERROR_UNREACHABLE && error.kind != ERROR_INPUT) {
        abort();
    }
    text_free(&response.body);
    return 0;
}
