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
    source->given = false;
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

/* The newest of the times that the page has for the source, or EXPOSITION_NO_TIME. */
static int64_t find_newest(const struct exporter_source *source, const int64_t *times)
{
    int64_t newest = EXPOSITION_NO_TIME;

    for (size_t i = 0; i < source->metrics.count; i++) {
        int64_t time = times[source->metrics.places[i]];

        newest = time > newest ? time : newest;
    }
    return newest;
}

/* Whether the value, which has no time, is another than in the last sample. */
static bool has_moved(const struct exporter_source *source, size_t i, double value)
{
    return source->given && value != source->values[i] &&
           !(isnan(value) && isnan(source->values[i]));
}

static bool has_any_moved(const struct exporter_source *source, const struct exporter_page *page)
{
    const double *values = exposition_values(page->exposition);
    const int64_t *times = exposition_times(page->exposition);

    for (size_t i = 0; i < source->metrics.count; i++) {
        size_t place = source->metrics.places[i];

        if (times[place] == EXPOSITION_NO_TIME && has_moved(source, i, values[place]))
            return true;
    }
    return false;
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

/* A value that the page shows with its time; one that it showed before is unknown by now. */
static void take_timed(struct exporter_source *source, size_t i, const struct exporter_page *page,
                       bool renewed)
{
    size_t place = source->metrics.places[i];
    int64_t time = exposition_times(page->exposition)[place];
    bool stale = source->given && (!renewed || time == source->times[i]);

    source->values[i] = stale ? (double)NAN : exposition_values(page->exposition)[place];
    if (!stale)
        take_time(&source->last, page, time);
    if (renewed)
        source->times[i] = time;
}

/* One without: beside others with theirs (limits beside usage, say) it is as old as they are until
 * it moves. */
static void take_untimed(struct exporter_source *source, size_t i, const struct exporter_page *page,
                         bool alone)
{
    double value = exposition_values(page->exposition)[source->metrics.places[i]];

    if (alone || has_moved(source, i, value))
        take_time(&source->last, page, EXPOSITION_NO_TIME);
    source->values[i] = value;
}

/* Makes the last sample that of the page, unless all on it was there before. */
static void take_page(struct exporter_source *source, const struct exporter_page *page)
{
    const int64_t *times = exposition_times(page->exposition);
    int64_t newest = find_newest(source, times);
    bool alone = newest == EXPOSITION_NO_TIME;
    bool renewed = !source->given || newest > source->newest;

    if (!alone && !renewed && !has_any_moved(source, page))
        return;
    source->last = (struct collected_sample){.from = INT64_MAX, .until = INT64_MIN};
    source->last.source_time = alone || !renewed ? 0 : newest;
    for (size_t i = 0; i < source->metrics.count; i++) {
        if (times[source->metrics.places[i]] == EXPOSITION_NO_TIME)
            take_untimed(source, i, page, alone);
        else
            take_timed(source, i, page, renewed);
    }
    source->newest = newest > source->newest ? newest : source->newest;
    source->given = true;
}

void exporter_source_give(struct exporter_source *source, size_t index,
                          const struct exporter_page *page, const struct collector_sink *sink)
{
    const struct error *problem = exporter_source_problem(source, page);

    if (problem != NULL) {
        sink->missed(sink->context, index, problem);
        return;
    }
    if (source->next.count > 0)
        change(source, index, sink);
    take_page(source, page);
    source->last.source = index;
    source->last.values = source->values;
    sink->sample(sink->context, &source->last);
}
