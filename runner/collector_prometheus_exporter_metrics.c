/* Series that a source selects, as metrics. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_prometheus_exporter.h"

/* One series that was selected. */
struct selected {
    char *name;
    size_t place;
};

static void append_value(struct text *name, const char *value)
{
    for (; *value != '\0'; value++) {
        if (*value == '\n')
            text_append(name, "\\n");
        else if (*value == '\\' || *value == '"')
            text_appendf(name, "\\%c", *value);
        else
            text_append_bytes(name, value, 1);
    }
}

char *exporter_metric_name(const struct exposition_series *series,
                           const struct label_selection *selection)
{
    struct text name = {0};
    bool first = true;

    text_append(&name, series->name);
    for (size_t i = 0; i < series->label_count; i++) {
        if (label_selection_names(selection, series->labels[i].name))
            continue;
        text_appendf(&name, "%s%s=\"", first ? "{" : ",", series->labels[i].name);
        append_value(&name, series->labels[i].value);
        text_append(&name, "\"");
        first = false;
    }
    if (!first)
        text_append(&name, "}");
    return name.bytes;
}

static int compare(const void *one, const void *other)
{
    return strcmp(((const struct selected *)one)->name, ((const struct selected *)other)->name);
}

static struct selected *select_series(const struct exposition *exposition,
                                      const struct label_selection *selection, size_t *count)
{
    const struct exposition_series *series;
    size_t series_count = exposition_series(exposition, &series);
    struct selected *selected = NULL;
    size_t capacity = 0;

    *count = 0;
    for (size_t i = 0; i < series_count; i++) {
        if (exporter_is_clock(&series[i]) || !label_selection_matches(selection, &series[i]))
            continue;
        selected = memory_grow(selected, *count, &capacity, sizeof *selected);
        selected[(*count)++] = (struct selected){exporter_metric_name(&series[i], selection), i};
    }
    if (*count > 1)
        qsort(selected, *count, sizeof *selected, compare);
    return selected;
}

static int check_selected(const struct selected *selected, size_t count, struct error *error)
{
    if (count == 0) {
        error_set(error, ERROR_UNREACHABLE, "its metrics hold no series that 'labels' selects");
        return error_hint(error, "does it run, and are the labels right?");
    }
    for (size_t i = 1; i < count; i++) {
        if (strcmp(selected[i - 1].name, selected[i].name) != 0)
            continue;
        error_set(error, ERROR_UNREACHABLE, "'labels' selects several series of one name: %.300s",
                  selected[i].name);
        return error_hint(error,
                          "labels that are selected by are no part of a metric's name: select "
                          "so that one pod or container is left");
    }
    return 0;
}

int exporter_metrics_find(const struct exposition *exposition,
                          const struct label_selection *selection, struct exporter_metrics *metrics,
                          struct error *error)
{
    const struct exposition_series *series;
    size_t count;
    struct selected *selected = select_series(exposition, selection, &count);
    int result = check_selected(selected, count, error);

    exposition_series(exposition, &series);
    metrics->items = memory_new(count, sizeof *metrics->items);
    metrics->places = memory_new(count, sizeof *metrics->places);
    metrics->count = count;
    for (size_t i = 0; i < count; i++) {
        metrics->items[i].name = selected[i].name;
        metrics->places[i] = selected[i].place;
        exporter_metric_sort(&series[selected[i].place], &metrics->items[i]);
    }
    free(selected);
    if (result < 0)
        exporter_metrics_free(metrics);
    return result;
}

void exporter_metrics_free(struct exporter_metrics *metrics)
{
    for (size_t i = 0; i < metrics->count; i++)
        free((char *)metrics->items[i].name);
    free(metrics->items);
    free(metrics->places);
    *metrics = (struct exporter_metrics){0};
}

bool exporter_metrics_are_same(const struct exporter_metrics *one,
                               const struct exporter_metrics *other)
{
    bool same = one->count == other->count;

    /* Group and layer follow from the name. */
    for (size_t i = 0; same && i < one->count; i++)
        same = one->items[i].counter == other->items[i].counter &&
               strcmp(one->items[i].unit, other->items[i].unit) == 0 &&
               strcmp(one->items[i].name, other->items[i].name) == 0;
    return same;
}
