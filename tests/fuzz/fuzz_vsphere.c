/*
 * libFuzzer target: any bytes as a vSphere server's answer, to whatever was asked. Whatever they
 * are, lists are in order and hold each thing once, and instants come one after the other.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runner/collector_vsphere.h"
#include "runner/vsphere_element.h"
#include "runner/vsphere_properties.h"
#include "runner/vsphere_time.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Of tests/unit/data/vsphere/samples.xml. */
static struct vsphere_series items[] = {{2, (char *)""}, {12, (char *)""}, {12, (char *)"0"}};
static const struct vsphere_series_list some_series = {items, 3, 3};

static void check_catalogue(const xmlNode *response)
{
    const xmlNode *object = vsphere_child(vsphere_child(response, "returnval"), "objects");
    struct vsphere_catalogue catalogue = {0};
    struct error error = {0};

    if (vsphere_catalogue_read(vsphere_property(object, "perfCounter"), &catalogue, &error) < 0 &&
        error.kind != ERROR_UNREACHABLE)
        abort();
    for (size_t i = 0; i < catalogue.count; i++) {
        if (catalogue.counters[i].key < 0 || strchr(catalogue.counters[i].name, '.') == NULL)
            abort();
    }
    vsphere_catalogue_free(&catalogue);
}

static void check_series(const xmlNode *response)
{
    struct vsphere_series_list list = {0};
    struct error error = {0};

    if (vsphere_series_read(response, &list, &error) == 0) {
        for (size_t i = 1; i < list.count; i++) {
            const struct vsphere_series *one = &list.items[i - 1];
            const struct vsphere_series *next = &list.items[i];

            if (one->counter > next->counter ||
                (one->counter == next->counter && strcmp(one->instance, next->instance) >= 0))
                abort();
        }
    }
    vsphere_series_free(&list);
}

static void check_samples(void *context, const struct vsphere_reference *machine,
                          const xmlNode *element)
{
    struct vsphere_samples samples;
    struct error error = {0};

    (void)context;
    if (machine->value[0] == '\0')
        abort();
    if (vsphere_samples_read(element, &some_series, 0, &samples, &error) == 0) {
        for (size_t i = 0; i < samples.count; i++) {
            if (samples.times[i] <= (i > 0 ? samples.times[i - 1] : 0))
                abort();
        }
        for (size_t i = 0; i < samples.count * some_series.count; i++) {
            if (samples.values[i] < 0)
                abort();
        }
    }
    vsphere_samples_free(&samples);
}

static void read_all(const struct soap_answer *answer)
{
    int64_t instant;

    check_catalogue(answer->response);
    check_series(answer->response);
    vsphere_each_samples(answer->response, check_samples, NULL);
    vsphere_time_read(vsphere_child_string(answer->response, "returnval"), &instant, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const operations[] = {"RetrievePropertiesEx", "QueryAvailablePerfMetric",
                                             "QueryPerf", "CurrentTime"};

    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        struct soap_answer answer;
        struct error error = {0};

        if (soap_parse((const char *)bytes, length, operations[i], &answer, &error) == 0) {
            if ((answer.response == NULL) == (answer.fault.name[0] == '\0'))
                abort();
            if (answer.response != NULL)
                read_all(&answer);
        }
        soap_answer_free(&answer);
    }
    return 0;
}
