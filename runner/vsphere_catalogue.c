#include "runner/vsphere_catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/vsphere_element.h"
#include "runner/vsphere_properties.h"

/* Names of metrics are read by people and stand in tables. */
static bool is_name(const char *string)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789._-";

    return string != NULL && string[0] != '\0' && strlen(string) < 96 &&
           strspn(string, allowed) == strlen(string);
}

static bool read_counter(const xmlNode *element, struct vsphere_counter *counter)
{
    const char *group = vsphere_child_string(vsphere_child(element, "groupInfo"), "key");
    const char *name = vsphere_child_string(vsphere_child(element, "nameInfo"), "key");
    const char *unit = vsphere_child_string(vsphere_child(element, "unitInfo"), "key");
    const char *rollup = vsphere_child_string(element, "rollupType");
    int64_t key;

    if (!vsphere_number(vsphere_child(element, "key"), 0, INT32_MAX, &key) || !is_name(group) ||
        !is_name(name) || !is_name(unit) || !is_name(rollup))
        return false;
    *counter = (struct vsphere_counter){
        .key = (int32_t)key,
        .name = memory_format("%s.%s.%s", group, name, rollup),
        .group = memory_string(group),
        .unit = memory_string(unit),
    };
    return true;
}

static void free_counter(struct vsphere_counter *counter)
{
    free(counter->name);
    free(counter->group);
    free(counter->unit);
}

static int by_name(const void *one, const void *other)
{
    const struct vsphere_counter *a = one;
    const struct vsphere_counter *b = other;
    int order = strcmp(a->name, b->name);

    return order != 0 ? order : (a->key > b->key) - (a->key < b->key);
}

static int by_key(const void *one, const void *other)
{
    const struct vsphere_counter *a = one;
    const struct vsphere_counter *b = other;

    return (a->key > b->key) - (a->key < b->key);
}

static bool is_same_name(const struct vsphere_counter *one, const struct vsphere_counter *other)
{
    return strcmp(one->name, other->name) == 0;
}

static bool is_same_key(const struct vsphere_counter *one, const struct vsphere_counter *other)
{
    return one->key == other->key;
}

static void keep_once(struct vsphere_catalogue *catalogue, int (*order)(const void *, const void *),
                      bool (*is_same)(const struct vsphere_counter *,
                                      const struct vsphere_counter *))
{
    size_t kept = 0;

    qsort(catalogue->counters, catalogue->count, sizeof *catalogue->counters, order);
    for (size_t i = 0; i < catalogue->count; i++) {
        struct vsphere_counter *counter = &catalogue->counters[i];

        if (kept > 0 && is_same(&catalogue->counters[kept - 1], counter))
            free_counter(counter);
        else
            catalogue->counters[kept++] = *counter;
    }
    catalogue->count = kept;
}

int vsphere_catalogue_read(const xmlNode *value, struct vsphere_catalogue *catalogue,
                           struct error *error)
{
    const xmlNode *element = vsphere_child(value, "PerfCounterInfo");

    for (; element != NULL; element = vsphere_next(element, "PerfCounterInfo")) {
        struct vsphere_counter counter;

        if (catalogue->count == CATALOGUE_MOST_COUNTERS)
            return error_set(error, ERROR_UNREACHABLE,
                             "the server has more than %d performance counters",
                             CATALOGUE_MOST_COUNTERS);
        if (!read_counter(element, &counter))
            continue;
        catalogue->counters = memory_grow(catalogue->counters, catalogue->count,
                                          &catalogue->capacity, sizeof counter);
        catalogue->counters[catalogue->count++] = counter;
    }
    if (catalogue->count == 0)
        return error_set(error, ERROR_UNREACHABLE, "the server tells of no performance counters");
    keep_once(catalogue, by_name, is_same_name);
    keep_once(catalogue, by_key, is_same_key);
    return 0;
}

static int read_object(void *context, const struct vsphere_reference *reference,
                       const xmlNode *object, struct error *error)
{
    (void)reference;
    return vsphere_catalogue_read(vsphere_property(object, "perfCounter"), context, error);
}

int vsphere_catalogue_retrieve(struct vsphere_session *session, struct vsphere_catalogue *catalogue,
                               struct error *error)
{
    static const char *const names[] = {"perfCounter", NULL};
    struct text specification = {0};
    int result;

    vsphere_property_set(&specification, "PerformanceManager", names);
    vsphere_object_set(&specification, &vsphere_session_content(session)->performance_manager);
    result = vsphere_retrieve(session, &specification, read_object, catalogue, error);
    text_free(&specification);
    if (result == 0 && catalogue->count == 0)
        return error_set(error, ERROR_UNREACHABLE, "the server tells of no performance counters");
    return result;
}

void vsphere_catalogue_free(struct vsphere_catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++)
        free_counter(&catalogue->counters[i]);
    free(catalogue->counters);
    *catalogue = (struct vsphere_catalogue){0};
}

const struct vsphere_counter *vsphere_catalogue_find(const struct vsphere_catalogue *catalogue,
                                                     int32_t key)
{
    const struct vsphere_counter wanted = {.key = key};

    if (catalogue->count == 0)
        return NULL;
    return bsearch(&wanted, catalogue->counters, catalogue->count, sizeof wanted, by_key);
}
