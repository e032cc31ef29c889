/* One source of the Prometheus server collector: its metrics, and what was given of it. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_prometheus_server.h"

/* A sample may be late by this many of the times between two before it is missed. */
enum { PATIENCE = 3 };

/* A server refuses a selector that all series would match that lack its labels. */
static int check_selection(const struct label_selection *selection, struct error *error)
{
    const struct exposition_series nameless = {.name = ""};

    if (label_selection_count(selection) > 0 && !label_selection_matches(selection, &nameless))
        return 0;
    error_set(error, ERROR_INPUT,
              "source prometheus-server: 'labels' does not say which series are the target's");
    return error_hint(error, "write it so: labels=\"job=node, instance=198.18.0.11:9100\"");
}

int server_source_open(const struct collected_source *one, struct server_source *source,
                       struct error *error)
{
    *source = (struct server_source){.target = one->target, .newest = SERVER_NO_TIME};
    if (label_selection_read(source_attribute(one->source, "labels", ""), &source->selection,
                             error) < 0)
        return -1;
    return check_selection(source->selection, error);
}

void server_source_close(struct server_source *source)
{
    label_selection_free(source->selection);
    server_metrics_free(&source->metrics);
    free(source->values);
}

void server_source_restart(struct server_source *source, int64_t newest)
{
    source->newest = newest;
    source->filled = 0;
    source->missed = 0;
}

static bool are_same(const struct server_metrics *one, const struct server_metrics *other)
{
    bool same = one->count == other->count;

    for (size_t i = 0; same && i < one->count; i++)
        same = strcmp(one->items[i].name, other->items[i].name) == 0;
    return same;
}

bool server_source_find(struct server_source *source, const struct server_series_list *list,
                        struct server_types *types, int64_t seen)
{
    const struct server_metrics none = {0};
    struct server_metrics found;
    struct server_named *named;
    size_t count = server_name_series(list, source->selection, &named);

    server_metrics_join(&none, named, count, types, seen, &found);
    server_named_free(named, count);
    if (are_same(&source->metrics, &found)) {
        /* Whoever isn't told of a change goes on with the list that there is. */
        for (size_t i = 0; i < found.count; i++)
            source->metrics.seen[i] = found.seen[i];
        server_metrics_free(&found);
        return false;
    }
    server_metrics_free(&source->metrics);
    source->metrics = found;
    source->values = memory_resize(source->values, found.count, sizeof *source->values);
    source->filled = 0;
    return true;
}

void server_source_miss(struct server_source *source, size_t index, const struct error *error,
                        const struct collector_sink *sink)
{
    source->missed++;
    source->told = true;
    sink->missed(sink->context, index, error);
}

void server_source_wait(struct server_source *source, size_t index, int64_t now,
                        const struct collector_sink *sink)
{
    int64_t longest = source->spacing > 0 ? PATIENCE * source->spacing : SERVER_LOOKBACK;
    struct error error = {0};

    if (source->newest != SERVER_NO_TIME && now - source->newest <= longest &&
        source->last.values != NULL) {
        source->missed = 0;
        source->told = true;
        sink->sample(sink->context, &source->last);
        return;
    }
    if (source->newest == SERVER_NO_TIME)
        error_set(&error, ERROR_UNREACHABLE,
                  "the server has no sample of the series that 'labels' selects");
    else
        error_set(&error, ERROR_UNREACHABLE, "the server's newest sample of it is %.1f s old",
                  (double)(now - source->newest) / (double)CLOCK_SECOND);
    error_hint(&error, "does the server still read the target's exporter?");
    server_source_miss(source, index, &error, sink);
}
