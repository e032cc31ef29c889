/* One source of the Prometheus exporter collector: some series of a page, and their times. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "runner/collector_prometheus_exporter.h"

int exporter_source_open(const struct collected_source *one, struct exporter_source *source,
                         struct error *error)
{
    *source = (struct exporter_source){.target = one->target, .newest = EXPOSITION_NO_TIME};
    return label_selection_read(source_attribute(one->source, "labels", ""), &source->selection,
                                error);
}

void exporter_source_close(struct exporter_source *source)
{
    label_selection_free(source->selection);
    exporter_metrics_free(&source->metrics);
    exporter_metrics_free(&source->next);
    free(source->values);
    free(source->times);
}

const struct error *exporter_source_problem(const struct exporter_source *source,
                                            const struct exporter_page *page)
{
    if (page->problem.kind != ERROR_NONE)
        return &page->problem;
    return source->problem.kind != ERROR_NONE ? &source->problem : NULL;
}

/* Those that were told stay until others are: who reads still has them. */
void exporter_source_find(struct exporter_source *source, const struct exporter_page *page)
{
    struct exporter_metrics found = {0};

    exporter_metrics_free(&source->next);
    error_clear(&source->problem);
    if (exporter_metrics_find(page->exposition, source->selection, &found, &source->problem) < 0)
        return;
    if (exporter_metrics_are_same(&source->metrics, &found)) {
        size_t *places = source->metrics.places;

        /* The page may have them in another order. */
        source->metrics.places = found.places;
        found.places = places;
        exporter_metrics_free(&found);
    } else {
        source->next = found;
    }
}

/* What was found becomes the source's own. */
static void take_next(struct exporter_source *source)
{
    size_t count = source->next.count;

    source->metrics = source->next;
    source->next = (struct exporter_metrics){0};
    source->values = memory_resize(source->values, count, sizeof *source->values);
    source->times = memory_resize(source->times, count, sizeof *source->times);
    for (size_t i = 0; i < count; i++)
        source->times[i] = EXPOSITION_NO_TIME;
}

void exporter_source_start(struct exporter_source *source)
{
    take_next(source);
}

/* Tells of other metrics, and makes them those of the source. */
static void change(struct exporter_source *source, size_t index, const struct collector_sink *sink)
{
    struct exporter_metrics before = source->metrics;

    take_next(source);
    sink->changed(sink->context, index);
    exporter_metrics_free(&before);
}

/* The newest of the times that the page has for the source, or EXPOSITION_NO_TIME if it lacks one:
 * such a value is of the instant of the answer. */
static int64_t find_newest(const struct exporter_source *source, const int64_t *times)
{
    int64_t newest = EXPOSITION_NO_TIME;

    for (size_t i = 0; i < source->metrics.count; i++) {
        int64_t time = times[source->metrics.places[i]];

        if (time == EXPOSITION_NO_TIME)
            return EXPOSITION_NO_TIME;
        newest = time > newest ? time : newest;
    }
    return newest;
}

static void widen(struct collected_sample *sample, int64_t from, int64_t until)
{
    sample->from = from < sample->from ? from : sample->from;
    sample->until = until > sample->until ? until : sample->until;
}

/* When the value was so; at the latest when the answer was there. */
static void take_time(struct collected_sample *sample, const struct exporter_page *page,
                      int64_t time)
{
    int64_t from = page->began;
    int64_t until = page->ended;

    if (time != EXPOSITION_NO_TIME) {
        server_clock_range(&page->clock, time, &from, &until);
        until = until < page->ended ? until : page->ended;
        from = from < until ? from : until;
    }
    widen(sample, from, until);
}

/*
 * Values and their times. A page may show a value that it showed before, of the same time, beside
 * others that are new: what it is now is unknown. Where all are as before, so is the sample.
 */
static void take_values(struct exporter_source *source, const struct exporter_page *page,
                        bool renewed, struct collected_sample *sample)
{
    const double *values = exposition_values(page->exposition);
    const int64_t *times = exposition_times(page->exposition);

    for (size_t i = 0; i < source->metrics.count; i++) {
        size_t place = source->metrics.places[i];
        bool stale =
            renewed && times[place] != EXPOSITION_NO_TIME && times[place] == source->times[i];

        source->values[i] = stale ? (double)NAN : values[place];
        if (!stale)
            take_time(sample, page, times[place]);
        if (renewed)
            source->times[i] = times[place];
    }
}

void exporter_source_give(struct exporter_source *source, size_t index,
                          const struct exporter_page *page, const struct collector_sink *sink)
{
    const struct error *problem = exporter_source_problem(source, page);
    struct collected_sample sample = {.source = index, .from = INT64_MAX, .until = INT64_MIN};
    int64_t newest;

    if (problem != NULL) {
        sink->missed(sink->context, index, problem);
        return;
    }
    if (source->next.count > 0)
        change(source, index, sink);
    newest = find_newest(source, exposition_times(page->exposition));
    take_values(source, page, newest == EXPOSITION_NO_TIME || newest > source->newest, &sample);
    source->newest = newest > source->newest ? newest : source->newest;
    sample.source_time = newest != EXPOSITION_NO_TIME ? newest : 0;
    sample.values = source->values;
    sink->sample(sink->context, &sample);
}
