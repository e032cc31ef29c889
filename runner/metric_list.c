#include "runner/metric_list.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { LONGEST_KEY = 120 };

const struct metric_kind kind_bytes[] = {{"*", false, "bytes"}, {NULL, false, NULL}};
const struct metric_kind kind_bytes_counted[] = {{"*", true, "bytes"}, {NULL, false, NULL}};
const struct metric_kind kind_events[] = {{"*", true, "events"}, {NULL, false, NULL}};
const struct metric_kind kind_tasks[] = {{"*", false, "tasks"}, {NULL, false, NULL}};
const struct metric_kind kind_pressure[] = {
    {"*.total", true, "us"}, {"*", false, "%"}, {NULL, false, NULL}};
const struct metric_kind kind_processor_time[] = {
    {"*_usec", true, "us"}, {"*_time", true, "ns"}, {"*", true, "events"}, {NULL, false, NULL}};

static const struct metric_kind *find_kind(const struct metric_kind *kinds, const char *key)
{
    static const struct metric_kind unknown = {"*", false, ""};

    for (; kinds->key != NULL; kinds++) {
        if (fnmatch(kinds->key, key, 0) == 0)
            return kinds;
    }
    return &unknown;
}

bool metric_key_is_plain(const char *key)
{
    size_t length = 0;

    for (; key[length] != '\0'; length++) {
        if (key[length] <= ' ' || key[length] > '~')
            return false;
    }
    return length < LONGEST_KEY;
}

void metric_list_add(struct metric_list *list, const char *prefix, const char *key,
                     const char *resource_group, const struct metric_kind *kinds)
{
    const struct metric_kind *kind = find_kind(kinds, key);

    list->items = memory_grow(list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = (struct store_metric){
        .name = key[0] == '\0' ? memory_string(prefix) : memory_format("%s.%s", prefix, key),
        .counter = kind->counter,
        .resource_group = resource_group,
        .layer = "virtual",
        .unit = kind->unit,
    };
}

void metric_list_free(struct metric_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free((char *)list->items[i].name);
    free(list->items);
    memset(list, 0, sizeof *list);
}

static bool is_named(const struct store_metric *metric, const char *prefix, size_t length,
                     const char *key)
{
    const char *name = metric->name;

    if (strncmp(name, prefix, length) != 0)
        return false;
    return key[0] == '\0' ? name[length] == '\0'
                          : name[length] == '.' && strcmp(name + length + 1, key) == 0;
}

size_t metric_range_find(struct metric_range *range, const char *prefix, const char *key)
{
    size_t length = strlen(prefix);

    for (size_t i = 0; i < range->count; i++) {
        size_t place = range->first + (range->next - range->first + i) % range->count;

        if (is_named(&range->metrics[place], prefix, length, key)) {
            range->next = place + 1;
            return place;
        }
    }
    return SIZE_MAX;
}
