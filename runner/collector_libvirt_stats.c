/* What domstats says of a domain: virsh(1), and virConnectGetAllDomainStats of libvirt's reference.
 */
#include "runner/collector_libvirt.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/kernel_formats.h"

enum { LONGEST_NAME = 120 };

/* --- types --- */

static const struct metric_kind kind_state[] = {{"*", false, "code"}, {0}};
static const struct metric_kind kind_cpu[] = {
    {"time", true, "ns"},
    {"user", true, "ns"},
    {"system", true, "ns"},
    {"*.time", true, "ns"},
    {"*.bytes.*", false, "bytes"},
    {"*", false, "count"},
    {0},
};
static const struct metric_kind kind_vcpu[] = {
    {"current", false, "processors"},
    {"maximum", false, "processors"},
    {"*.time", true, "ns"},
    {"*.wait", true, "ns"},
    {"*.delay", true, "ns"},
    {"*_ns.sum", true, "ns"},
    {"*.sum", true, "events"},
    {"*.state", false, "code"},
    {"*", false, "count"},
    {0},
};
static const struct metric_kind kind_balloon[] = {
    {"swap_in", true, "kB"},
    {"swap_out", true, "kB"},
    {"*_fault", true, "events"},
    {"hugetlb_*", true, "events"},
    {"last-update", false, "s"},
    {"*", false, "kB"},
    {0},
};
static const struct metric_kind kind_net[] = {
    {"count", false, "interfaces"}, {"*.bytes", true, "bytes"}, {"*", true, "packets"}, {0}};
static const struct metric_kind kind_block[] = {
    {"count", false, "disks"},
    {"*.reqs", true, "requests"},
    {"*.bytes", true, "bytes"},
    {"*.times", true, "ns"},
    {"*.errors", true, "events"},
    {"*.allocation", false, "bytes"},
    {"*.capacity", false, "bytes"},
    {"*.physical", false, "bytes"},
    {"*.threshold", false, "bytes"},
    {"*", false, "count"},
    {0},
};
static const struct metric_kind kind_sums[] = {
    {"*.sum", true, "events"}, {"*", false, "count"}, {0}};
static const struct metric_kind kind_counts[] = {{"*", false, "count"}, {0}};

/* By the first part of a value's name; the last row is of all others. */
static const struct {
    const char *prefix;
    const char *resource_group;
    const struct metric_kind *kinds;
} parts[] = {
    {"state", "process", kind_state},
    {"cpu", "cpu", kind_cpu},
    {"vcpu", "cpu", kind_vcpu},
    {"perf", "cpu", kind_events},
    {"vm", "cpu", kind_sums},
    {"iothread", "cpu", kind_counts},
    {"balloon", "memory", kind_balloon},
    {"memory", "memory", kind_counts},
    {"dirtyrate", "memory", kind_counts},
    {"net", "network", kind_net},
    {"block", "filesystem", kind_block},
    {NULL, "other", kind_counts},
};

/* --- one domain's part of the answer --- */

/* A copy of the lines between 'Domain: 'NAME'' and the next one, or NULL. */
static char *find_domain(const struct text *answer, const char *domain)
{
    char *head = memory_format("Domain: '%s'\n", domain);
    const char *text = text_string(answer);
    const char *at = text;
    const char *end;
    char *found = NULL;

    while ((at = strstr(at, head)) != NULL && at > text && at[-1] != '\n')
        at++;
    if (at != NULL) {
        at += strlen(head);
        end = strstr(at, "Domain: '");
        found = memory_format("%.*s", (int)(end != NULL ? end - at : (ptrdiff_t)strlen(at)), at);
    }
    free(head);
    return found;
}

/* The next 'KEY=VALUE'; false at the end. */
static bool next_pair(char **text, char **key, char **value)
{
    char *line;

    while ((line = format_line(text)) != NULL) {
        line += strspn(line, " \t");
        *key = strsep(&line, "=");
        *value = line;
        if (line != NULL)
            return true;
    }
    return false;
}

/* --- names of devices --- */

/* Values of disks and interfaces are told by an index, which another device may have tomorrow. */
static const char *const indexed[] = {"net.", "block."};

enum { INDEXED_COUNT = sizeof indexed / sizeof indexed[0] };

/* By index; NULL where a device has no name of its own. */
struct device_names {
    char **items;
    size_t count;
    size_t capacity;
};

static bool is_plain(const char *name)
{
    size_t length = 0;

    for (; name[length] != '\0'; length++) {
        if (name[length] <= ' ' || name[length] > '~')
            return false;
    }
    return length > 0 && length < LONGEST_NAME;
}

/* libvirt gives its interfaces new numbers each time that a domain starts. */
static bool is_numbered(const char *name)
{
    static const char *const prefixes[] = {"vnet", "macvtap", "macvlan"};

    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        const char *digits = name + strlen(prefixes[i]);

        if (string_starts_with(name, prefixes[i]) && digits[strspn(digits, "0123456789")] == '\0')
            return true;
    }
    return false;
}

/* 'block.2.name' is of `indexed[1]`, index 2, and the rest '.name'; the index is -1 of other keys.
 */
static long device_index(const char *key, size_t *kind, const char **rest)
{
    for (*kind = 0; *kind < INDEXED_COUNT; (*kind)++) {
        const char *digits = key + strlen(indexed[*kind]);
        char *end;
        long index;

        if (!string_starts_with(key, indexed[*kind]) || *digits < '0' || *digits > '9')
            continue;
        index = strtol(digits, &end, 10);
        *rest = end;
        return *end == '.' ? index : -1;
    }
    return -1;
}

static void find_device_names(struct device_names names[INDEXED_COUNT], const char *part)
{
    char *copy = memory_string(part);
    char *at = copy;
    char *key;
    char *value;

    while (next_pair(&at, &key, &value)) {
        size_t kind;
        const char *rest;
        long index = device_index(key, &kind, &rest);
        struct device_names *list = &names[kind < INDEXED_COUNT ? kind : 0];

        if (index < 0 || (size_t)index != list->count || strcmp(rest, ".name") != 0)
            continue;
        list->items = memory_grow(list->items, list->count, &list->capacity, sizeof *list->items);
        list->items[list->count++] =
            is_plain(value) && !is_numbered(value) ? memory_string(value) : NULL;
    }
    free(copy);
}

static void free_device_names(struct device_names names[INDEXED_COUNT])
{
    for (size_t kind = 0; kind < INDEXED_COUNT; kind++) {
        for (size_t i = 0; i < names[kind].count; i++)
            free(names[kind].items[i]);
        free(names[kind].items);
    }
}

/* The key with its device's name in place of the index. The caller frees. */
static char *full_name(const struct device_names names[INDEXED_COUNT], const char *key)
{
    size_t kind;
    const char *rest;
    long index = device_index(key, &kind, &rest);

    if (index < 0 || (size_t)index >= names[kind].count || names[kind].items[index] == NULL)
        return memory_string(key);
    return memory_format("%s%s%s", indexed[kind], names[kind].items[index], rest);
}

/* --- values --- */

static double read_number(const char *value)
{
    if (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0)
        return value[0] == 'y';
    return format_number(value);
}

/* Place of the metric, which is added if it is new; SIZE_MAX if there is no room. */
static size_t find_place(struct domain_stats *stats, struct metric_range *range, char *name)
{
    char *key = strchr(name, '.');
    size_t part = 0;
    size_t place;

    if (key == NULL)
        return SIZE_MAX;
    *key++ = '\0';
    range->metrics = stats->list.items;
    range->count = stats->list.count;
    place = metric_range_find(range, name, key);
    if (place != SIZE_MAX || stats->list.count >= DOMAIN_MOST_METRICS)
        return place;
    while (parts[part].prefix != NULL && strcmp(parts[part].prefix, name) != 0)
        part++;
    metric_list_add(&stats->list, name, key, parts[part].resource_group, parts[part].kinds);
    stats->values =
        memory_grow(stats->values, stats->list.count - 1, &stats->room, sizeof *stats->values);
    return stats->list.count - 1;
}

bool domain_stats_read(struct domain_stats *stats, const struct text *answer, const char *domain,
                       bool *changed)
{
    size_t before = stats->list.count;
    struct metric_range range = {0};
    struct device_names devices[INDEXED_COUNT] = {0};
    char *part = find_domain(answer, domain);
    char *at = part;
    char *key;
    char *value;

    if (part == NULL)
        return false;
    find_device_names(devices, part);
    for (size_t i = 0; i < before; i++)
        stats->values[i] = (double)NAN;
    while (next_pair(&at, &key, &value)) {
        double number = read_number(value);
        char *name = full_name(devices, key);
        size_t place =
            isnan(number) || !is_plain(name) ? SIZE_MAX : find_place(stats, &range, name);

        if (place != SIZE_MAX)
            stats->values[place] = number;
        free(name);
    }
    free_device_names(devices);
    free(part);
    *changed = stats->list.count > before;
    return true;
}

void domain_stats_free(struct domain_stats *stats)
{
    metric_list_free(&stats->list);
    free(stats->values);
    *stats = (struct domain_stats){0};
}
