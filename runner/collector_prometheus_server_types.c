/* Which metrics count, as a Prometheus server was told by those that it asks: the same words as in
 * the comments of their pages. */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_prometheus_exporter.h"
#include "runner/collector_prometheus_server.h"
#include "runner/exposition_parts.h"

struct server_types {
    struct exposition_families *families;
    char **lines; /* that the families have their words from */
    size_t line_count;
    size_t line_capacity;
    void *names; /* tree of names of series, which they keep too */
};

static int compare(const void *one, const void *other)
{
    return strcmp(one, other);
}

static void add_comment(struct server_types *types, const char *keyword, const char *name,
                        const char *word)
{
    types->lines =
        memory_grow(types->lines, types->line_count, &types->line_capacity, sizeof *types->lines);
    types->lines[types->line_count] = memory_format("%s %s %s", keyword, name, word);
    /* What it can't make sense of is as if it had not been said. */
    exposition_families_comment(types->families, EXPOSITION_OPENMETRICS,
                                types->lines[types->line_count++]);
}

static void add_family(struct server_types *types, const char *name, const json_t *described)
{
    const char *type = json_string_value(json_object_get(described, "type"));
    const char *unit = json_string_value(json_object_get(described, "unit"));

    if (type != NULL)
        add_comment(types, "TYPE", name, type);
    if (unit != NULL && unit[0] != '\0')
        add_comment(types, "UNIT", name, unit);
}

/* Where those that it asks do not agree, the first counts. */
struct server_types *server_types_read(const json_t *metadata)
{
    struct server_types *types = memory_new(1, sizeof *types);
    json_t *object = (json_t *)metadata;

    types->families = exposition_families_new();
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at))
        add_family(types, json_object_iter_key(at), json_array_get(json_object_iter_value(at), 0));
    return types;
}

void server_types_free(struct server_types *types)
{
    if (types == NULL)
        return;
    exposition_families_free(types->families);
    tdestroy(types->names, free);
    for (size_t i = 0; i < types->line_count; i++)
        free(types->lines[i]);
    free(types->lines);
    free(types);
}

/* A copy that lives as long as the types. */
static const char *keep(struct server_types *types, const char *name)
{
    char *const *found = tfind(name, &types->names, compare);
    char *copy;

    if (found != NULL)
        return *found;
    copy = memory_string(name);
    if (tsearch(copy, &types->names, compare) == NULL)
        abort();
    return copy;
}

void server_types_sort(struct server_types *types, const struct exposition_series *series,
                       struct store_metric *metric)
{
    struct exposition_series sorted = *series;

    sorted.name = keep(types, series->name);
    exposition_families_sort(types->families, &sorted);
    exporter_metric_sort(&sorted, metric);
}
