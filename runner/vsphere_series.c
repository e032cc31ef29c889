/* Which series a VM has. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/vsphere_element.h"
#include "runner/vsphere_performance.h"
#include "runner/vsphere_series.h"

void vsphere_series_free(struct vsphere_series_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].instance);
    free(list->items);
    *list = (struct vsphere_series_list){0};
}

int vsphere_series_order(const void *one, const void *other)
{
    const struct vsphere_series *a = one;
    const struct vsphere_series *b = other;

    if (a->counter != b->counter)
        return a->counter < b->counter ? -1 : 1;
    return strcmp(a->instance, b->instance);
}

/* Instances end up in names of metrics, which people and tables read. */
static bool is_instance(const char *string)
{
    size_t length = string != NULL ? strlen(string) : VSPHERE_INSTANCE_SIZE;

    if (length >= VSPHERE_INSTANCE_SIZE)
        return false;
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)string[i] < 0x20 || string[i] == 0x7f)
            return false;
    }
    return true;
}

bool vsphere_series_read_id(const xmlNode *id, int32_t *counter, const char **instance)
{
    int64_t number;

    if (!vsphere_number(vsphere_child(id, "counterId"), 0, INT32_MAX, &number))
        return false;
    *counter = (int32_t)number;
    *instance = vsphere_child_string(id, "instance");
    return is_instance(*instance);
}

static void keep_once(struct vsphere_series_list *list)
{
    size_t kept = 0;

    if (list->count > 0)
        qsort(list->items, list->count, sizeof *list->items, vsphere_series_order);
    for (size_t i = 0; i < list->count; i++) {
        if (kept > 0 && vsphere_series_order(&list->items[kept - 1], &list->items[i]) == 0)
            free(list->items[i].instance);
        else
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
}

int vsphere_series_read(const xmlNode *response, struct vsphere_series_list *list,
                        struct error *error)
{
    const xmlNode *id = vsphere_child(response, "returnval");

    for (; id != NULL; id = vsphere_next(id, "returnval")) {
        const char *instance;
        int32_t counter;

        if (!vsphere_series_read_id(id, &counter, &instance))
            continue;
        if (list->count == VSPHERE_MOST_SERIES)
            return error_set(error, ERROR_UNREACHABLE, "a VM has more than %d series",
                             VSPHERE_MOST_SERIES);
        list->items = memory_grow(list->items, list->count, &list->capacity, sizeof *list->items);
        list->items[list->count++] = (struct vsphere_series){counter, memory_string(instance)};
    }
    keep_once(list);
    return 0;
}

int vsphere_available_series(struct vsphere_session *session,
                             const struct vsphere_reference *machine, int64_t interval,
                             struct vsphere_series_list *list, struct error *error)
{
    static const char operation[] = "QueryAvailablePerfMetric";
    struct text request = {0};
    struct soap_answer answer;
    int result;

    soap_begin(&request, operation, &vsphere_session_content(session)->performance_manager);
    soap_reference_element(&request, "entity", machine);
    soap_number_element(&request, "intervalId", interval);
    soap_end(&request, operation);
    result = vsphere_call(session, operation, &request, &answer, error);
    if (result == 0)
        result = vsphere_series_read(answer.response, list, error);
    soap_answer_free(&answer);
    text_free(&request);
    return result;
}

int vsphere_refresh_rate(struct vsphere_session *session, const struct vsphere_reference *machine,
                         int64_t *seconds, struct error *error)
{
    static const char operation[] = "QueryPerfProviderSummary";
    struct text request = {0};
    struct soap_answer answer;
    int result;

    soap_begin(&request, operation, &vsphere_session_content(session)->performance_manager);
    soap_reference_element(&request, "entity", machine);
    soap_end(&request, operation);
    result = vsphere_call(session, operation, &request, &answer, error);
    if (result == 0) {
        const xmlNode *summary = vsphere_child(answer.response, "returnval");
        const char *supported = vsphere_child_string(summary, "currentSupported");

        if (supported == NULL || (strcmp(supported, "true") != 0 && strcmp(supported, "1") != 0) ||
            !vsphere_number(vsphere_child(summary, "refreshRate"), 1, 3600, seconds))
            result = error_set(error, ERROR_UNREACHABLE,
                               "the server has no real-time performance figures of its VMs");
    }
    soap_answer_free(&answer);
    text_free(&request);
    return result;
}
