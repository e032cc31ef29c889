/* Samples of VMs: the question, and what is made of the answer. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/vsphere_element.h"
#include "runner/vsphere_performance.h"
#include "runner/vsphere_series.h"
#include "runner/vsphere_time.h"

static void append_query(struct text *request, const struct vsphere_query *query, int64_t interval)
{
    text_append(request, "<querySpec>");
    soap_reference_element(request, "entity", query->machine);
    if (query->after != 0) {
        text_append(request, "<startTime>");
        vsphere_time_write(request, query->after);
        text_append(request, "</startTime>");
    }
    soap_number_element(request, "maxSample", query->after != 0 ? VSPHERE_KEPT_SAMPLES : 1);
    for (size_t i = 0; i < query->series->count; i++) {
        text_append(request, "<metricId>");
        soap_number_element(request, "counterId", query->series->items[i].counter);
        soap_element(request, "instance", query->series->items[i].instance);
        text_append(request, "</metricId>");
    }
    soap_number_element(request, "intervalId", interval);
    soap_element(request, "format", "normal");
    text_append(request, "</querySpec>");
}

void vsphere_each_samples(const xmlNode *response, vsphere_samples_reader *reader, void *context)
{
    const xmlNode *element = vsphere_child(response, "returnval");

    for (; element != NULL; element = vsphere_next(element, "returnval")) {
        struct vsphere_reference machine;

        if (vsphere_type_is(element, "PerfEntityMetric") &&
            vsphere_reference_read(vsphere_child(element, "entity"), &machine))
            reader(context, &machine, element);
    }
}

int vsphere_query_samples(struct vsphere_session *session, const struct vsphere_query *queries,
                          size_t count, int64_t interval, vsphere_samples_reader *reader,
                          void *context, struct error *error)
{
    static const char operation[] = "QueryPerf";
    struct text request = {0};
    struct soap_answer answer;
    int result;

    soap_begin(&request, operation, &vsphere_session_content(session)->performance_manager);
    for (size_t i = 0; i < count; i++)
        append_query(&request, &queries[i], interval);
    soap_end(&request, operation);
    result = vsphere_call(session, operation, &request, &answer, error);
    if (result == 0)
        vsphere_each_samples(answer.response, reader, context);
    soap_answer_free(&answer);
    text_free(&request);
    return result;
}

/* An instant, and where in the answer's lists it is. */
struct instant {
    int64_t time;
    size_t place;
};

struct instants {
    struct instant items[VSPHERE_MOST_SAMPLES];
    size_t count; /* those that are taken */
    size_t told;  /* all in the answer */
};

static int by_time(const void *one, const void *other)
{
    const struct instant *a = one;
    const struct instant *b = other;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static int read_instants(const xmlNode *element, int64_t after, struct instants *instants,
                         struct error *error)
{
    const xmlNode *info = vsphere_child(element, "sampleInfo");
    size_t kept = 0;

    for (; info != NULL; info = vsphere_next(info, "sampleInfo")) {
        struct instant instant = {.place = instants->told};

        if (instants->told++ == VSPHERE_MOST_SAMPLES)
            return error_set(error, ERROR_UNREACHABLE, "more than %d samples of one VM at once",
                             VSPHERE_MOST_SAMPLES);
        if (vsphere_time_read(vsphere_child_string(info, "timestamp"), &instant.time, NULL) &&
            instant.time > after)
            instants->items[instants->count++] = instant;
    }
    /* Servers give the oldest first, the simulator the newest. */
    if (instants->count > 0)
        qsort(instants->items, instants->count, sizeof instants->items[0], by_time);
    for (size_t i = 0; i < instants->count; i++) {
        if (kept == 0 || instants->items[kept - 1].time != instants->items[i].time)
            instants->items[kept++] = instants->items[i];
    }
    instants->count = kept;
    return 0;
}

/* The values of one series by their place in the answer. False if they are not just as many as the
 * instants. */
static bool read_series(const xmlNode *element, size_t told, double *values)
{
    const xmlNode *value = vsphere_child(element, "value");
    size_t count = 0;

    for (; value != NULL; value = vsphere_next(value, "value")) {
        int64_t number;

        if (count == told)
            return false;
        values[count++] =
            vsphere_number(value, 0, INT64_MAX, &number) ? (double)number : (double)NAN;
    }
    return count == told;
}

/* Where the series stands in the list; its length if it isn't in it. */
static size_t place_of(const struct vsphere_series_list *list, const xmlNode *id)
{
    struct vsphere_series wanted;
    const char *instance;
    const struct vsphere_series *found;

    if (list->count == 0 || !vsphere_series_read_id(id, &wanted.counter, &instance))
        return list->count;
    wanted.instance = (char *)instance;
    found = bsearch(&wanted, list->items, list->count, sizeof wanted, vsphere_series_order);
    return found == NULL ? list->count : (size_t)(found - list->items);
}

static void take_series(const xmlNode *element, const struct vsphere_series_list *list,
                        const struct instants *instants, bool *is_taken,
                        struct vsphere_samples *samples)
{
    double values[VSPHERE_MOST_SAMPLES];
    size_t place = place_of(list, vsphere_child(element, "id"));

    if (place == list->count || is_taken[place])
        return;
    is_taken[place] = true;
    samples->answered++;
    if (!read_series(element, instants->told, values))
        return;
    for (size_t i = 0; i < samples->count; i++)
        samples->values[i * list->count + place] = values[instants->items[i].place];
}

int vsphere_samples_read(const xmlNode *element, const struct vsphere_series_list *series,
                         int64_t after, struct vsphere_samples *samples, struct error *error)
{
    struct instants instants;
    bool *is_taken;

    *samples = (struct vsphere_samples){0};
    instants.count = 0;
    instants.told = 0;
    if (read_instants(element, after, &instants, error) < 0)
        return -1;
    samples->count = instants.count;
    samples->times = memory_new(instants.count + 1, sizeof *samples->times);
    samples->values = memory_new(instants.count * series->count + 1, sizeof *samples->values);
    is_taken = memory_new(series->count + 1, sizeof *is_taken);
    for (size_t i = 0; i < instants.count; i++)
        samples->times[i] = instants.items[i].time;
    for (size_t i = 0; i < instants.count * series->count; i++)
        samples->values[i] = (double)NAN;
    for (const xmlNode *one = vsphere_child(element, "value"); one != NULL;
         one = vsphere_next(one, "value"))
        take_series(one, series, &instants, is_taken, samples);
    free(is_taken);
    return 0;
}

void vsphere_samples_free(struct vsphere_samples *samples)
{
    free(samples->times);
    free(samples->values);
    *samples = (struct vsphere_samples){0};
}
