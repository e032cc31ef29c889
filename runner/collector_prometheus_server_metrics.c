/* The metrics of a source of the Prometheus server collector: names of series, each once. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_prometheus_exporter.h"
#include "runner/collector_prometheus_server.h"

static int compare_named(const void *one, const void *other)
{
    return strcmp(((const struct server_named *)one)->name,
                  ((const struct server_named *)other)->name);
}

size_t server_name_series(const struct server_series_list *list,
                          const struct label_selection *selection, struct server_named **named)
{
    *named = memory_new(list->count, sizeof **named);
    for (size_t i = 0; i < list->count; i++)
        (*named)[i] = (struct server_named){exporter_metric_name(&list->items[i].series, selection),
                                            &list->items[i]};
    if (list->count > 1)
        qsort(*named, list->count, sizeof **named, compare_named);
    return list->count;
}

void server_named_free(struct server_named *named, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(named[i].name);
    free(named);
}

size_t server_metrics_place(const struct server_metrics *metrics, const char *name)
{
    size_t first = 0;
    size_t count = metrics->count;

    while (count > 0) {
        size_t middle = first + count / 2;
        int order = strcmp(name, metrics->items[middle].name);

        if (order == 0)
            return middle;
        if (order > 0) {
            first = middle + 1;
            count -= count / 2 + 1;
        } else {
            count /= 2;
        }
    }
    return SIZE_MAX;
}

static void add(struct server_metrics *metrics, const struct store_metric *metric, int64_t seen)
{
    metrics->items[metrics->count] = *metric;
    metrics->items[metrics->count].name = memory_string(metric->name);
    metrics->seen[metrics->count++] = seen;
}

/* How many that follow one another have the name of the first: series that were one after the
 * other. */
static size_t count_alike(const struct server_named *named, size_t count)
{
    size_t alike = 1;

    while (alike < count && strcmp(named[alike].name, named[0].name) == 0)
        alike++;
    return alike;
}

void server_metrics_join(const struct server_metrics *before, const struct server_named *named,
                         size_t count, struct server_types *types, int64_t seen,
                         struct server_metrics *metrics)
{
    size_t i = 0;
    size_t j = 0;

    *metrics =
        (struct server_metrics){.items = memory_new(before->count + count, sizeof *metrics->items),
                                .seen = memory_new(before->count + count, sizeof *metrics->seen)};
    while (i < before->count || j < count) {
        int order = i == before->count ? 1
                    : j == count       ? -1
                                       : strcmp(before->items[i].name, named[j].name);

        if (order >= 0) {
            struct store_metric metric = {.name = named[j].name};

            server_types_sort(types, &named[j].series->series, &metric);
            add(metrics, &metric, seen);
            j += count_alike(named + j, count - j);
        } else if (before->seen[i] >= seen - SERVER_LOOKBACK) {
            add(metrics, &before->items[i], before->seen[i]);
        }
        i += order <= 0;
    }
}

void server_metrics_free(struct server_metrics *metrics)
{
    for (size_t i = 0; i < metrics->count; i++)
        free((char *)metrics->items[i].name);
    free(metrics->items);
    free(metrics->seen);
    *metrics = (struct server_metrics){0};
}
