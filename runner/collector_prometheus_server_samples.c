/* Samples of a source of the Prometheus server collector: what a server keeps series by series
 * becomes one vector for each time that the target was asked. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_prometheus_server.h"

struct point {
    int64_t time;
    size_t place; /* of its metric */
    double value;
};

/* Values that belong together: those of one time, and others that came before any of them again. */
struct scrape {
    size_t first; /* point */
    size_t count;
    int64_t from;
    int64_t until;
    bool given;
};

/* What an answer has that was not given yet. */
struct fresh {
    struct server_source *source;
    struct server_named *named;
    size_t named_count;
    struct point *points;
    size_t count;
    size_t capacity;
    struct scrape *scrapes;
    size_t scrape_count;
    size_t scrape_capacity;
};

static int take_series(struct fresh *fresh, size_t number, int64_t until, int64_t *first,
                       int64_t *last, struct error *error)
{
    const json_t *samples = fresh->named[number].series->samples;

    *first = INT64_MAX;
    *last = INT64_MIN;
    for (size_t i = 0; i < json_array_size(samples); i++) {
        struct point point = {.place = number};

        if (!server_sample_read(json_array_get(samples, i), &point.time, &point.value) ||
            point.time <= *last)
            return error_set(error, ERROR_UNREACHABLE,
                             "the server's answer is malformed: samples of '%.100s'",
                             fresh->named[number].name);
        *first = i == 0 ? point.time : *first;
        *last = point.time;
        if (point.time <= fresh->source->newest || point.time > until)
            continue;
        fresh->points =
            memory_grow(fresh->points, fresh->count, &fresh->capacity, sizeof *fresh->points);
        fresh->points[fresh->count++] = point;
    }
    return 0;
}

/* Series of one name are one metric if they were one after the other: a container and the one that
 * took its place. */
static int refuse_several(const char *name, struct error *error)
{
    error_set(error, ERROR_UNREACHABLE, "'labels' selects several series of one name: %s", name);
    return error_hint(error, "labels that are selected by are no part of a metric's name: select "
                             "so that one pod or container is left");
}

static int take_all(struct fresh *fresh, int64_t until, struct error *error)
{
    int64_t before_first = 0;
    int64_t before_last = 0;

    for (size_t i = 0; i < fresh->named_count; i++) {
        bool alike = i > 0 && strcmp(fresh->named[i - 1].name, fresh->named[i].name) == 0;
        int64_t first;
        int64_t last;

        if (take_series(fresh, i, until, &first, &last, error) < 0)
            return -1;
        if (alike && first <= before_last && last >= before_first)
            return refuse_several(fresh->named[i].name, error);
        before_first = alike && before_first < first ? before_first : first;
        before_last = alike && before_last > last ? before_last : last;
    }
    return 0;
}

static int compare_times(const void *one, const void *other)
{
    int64_t first = ((const struct point *)one)->time;
    int64_t second = ((const struct point *)other)->time;

    return (first > second) - (first < second);
}

/* Other series than before make other metrics. */
static void change_metrics(struct fresh *fresh, size_t index, const struct server_taking *taking)
{
    struct server_source *source = fresh->source;
    struct server_metrics before = source->metrics;

    server_metrics_join(&before, fresh->named, fresh->named_count, taking->types, taking->now,
                        &source->metrics);
    source->values = memory_resize(source->values, source->metrics.count, sizeof *source->values);
    source->last.values = NULL;
    source->filled = 0;
    taking->sink->changed(taking->sink->context, index);
    server_metrics_free(&before);
}

/* Points know their series by its number until here. */
static bool place_points(struct fresh *fresh)
{
    size_t *places = memory_new(fresh->named_count, sizeof *places);
    bool known = true;

    for (size_t i = 0; i < fresh->named_count; i++)
        places[i] = server_metrics_place(&fresh->source->metrics, fresh->named[i].name);
    for (size_t i = 0; known && i < fresh->count; i++)
        known = places[fresh->points[i].place] != SIZE_MAX;
    for (size_t i = 0; known && i < fresh->count; i++)
        fresh->points[i].place = places[fresh->points[i].place];
    free(places);
    return known;
}

/* Whether one of the points has a value in the scrape already, which is of that number. */
static bool comes_again(const struct fresh *fresh, const size_t *in, size_t number, size_t first,
                        size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (in[fresh->points[i].place] == number)
            return true;
    }
    return false;
}

static void group_points(struct fresh *fresh)
{
    int64_t longest = fresh->source->spacing > 0 ? fresh->source->spacing : SERVER_LOOKBACK;
    size_t *in = memory_new(fresh->source->metrics.count, sizeof *in); /* number of a scrape */
    size_t end;

    for (size_t i = 0; i < fresh->count; i = end) {
        int64_t time = fresh->points[i].time;
        struct scrape *scrape =
            fresh->scrape_count > 0 ? &fresh->scrapes[fresh->scrape_count - 1] : NULL;

        for (end = i; end < fresh->count && fresh->points[end].time == time;)
            end++;
        if (scrape == NULL || time - scrape->from >= longest ||
            comes_again(fresh, in, fresh->scrape_count, i, end)) {
            fresh->scrapes = memory_grow(fresh->scrapes, fresh->scrape_count,
                                         &fresh->scrape_capacity, sizeof *fresh->scrapes);
            scrape = &fresh->scrapes[fresh->scrape_count++];
            *scrape = (struct scrape){.first = i, .from = time};
        }
        scrape->until = time;
        scrape->count += end - i;
        for (size_t j = i; j < end; j++)
            in[fresh->points[j].place] = fresh->scrape_count;
    }
    free(in);
}

static void note_spacing(struct fresh *fresh)
{
    struct server_source *source = fresh->source;
    size_t count = fresh->scrape_count;

    if (count > 1)
        source->spacing = fresh->scrapes[count - 1].from - fresh->scrapes[count - 2].from;
    else if (count == 1 && source->filled > 0 && source->missed == 0)
        source->spacing = fresh->scrapes[0].until - source->newest;
}

/* Whether values may still come that belong to the newest. */
static bool is_open(const struct fresh *fresh, const struct server_taking *taking)
{
    const struct server_source *source = fresh->source;
    const struct scrape *newest = &fresh->scrapes[fresh->scrape_count - 1];
    size_t full = source->filled > 0 ? source->filled : source->metrics.count;

    return !taking->whole && newest->count < full && source->spacing > 0 &&
           taking->now - newest->from < source->spacing;
}

/* Which are given: from the newest back, no more than there are readings, and as near to a period
 * apart as there are samples. */
static void choose(struct fresh *fresh, const struct server_taking *taking)
{
    const struct server_source *source = fresh->source;
    int64_t newest = fresh->scrapes[fresh->scrape_count - 1].until;
    int64_t step = taking->period;
    int64_t after = INT64_MAX;

    if (step == 0 && source->newest != SERVER_NO_TIME)
        step = (newest - source->newest) / ((int64_t)source->missed + 1);
    for (size_t i = fresh->scrape_count; i > 0; i--) {
        struct scrape *scrape = &fresh->scrapes[i - 1];
        int64_t least = step - source->spacing / 2;

        scrape->given = (after == INT64_MAX || after - scrape->until >= least) &&
                        (source->filled == 0 || scrape->until - source->newest >= least) &&
                        (step > 0 || after == INT64_MAX);
        after = scrape->given ? scrape->until : after;
    }
}

static void give(struct fresh *fresh, size_t index, const struct scrape *scrape,
                 const struct server_taking *taking)
{
    struct server_source *source = fresh->source;
    struct collected_sample *sample = &source->last;
    int64_t ignored;

    for (size_t i = 0; i < source->metrics.count; i++)
        source->values[i] = (double)NAN;
    for (size_t i = scrape->first; i < scrape->first + scrape->count; i++) {
        source->values[fresh->points[i].place] = fresh->points[i].value;
        source->metrics.seen[fresh->points[i].place] = scrape->until;
    }
    *sample = (struct collected_sample){
        .source = index, .source_time = scrape->until, .values = source->values};
    server_clock_range(taking->clock, scrape->from, &sample->from, &ignored);
    server_clock_range(taking->clock, scrape->until, &ignored, &sample->until);
    sample->until = sample->until < taking->answered ? sample->until : taking->answered;
    sample->from = sample->from < sample->until ? sample->from : sample->until;
    source->newest = scrape->until;
    source->filled = scrape->count;
    source->missed = 0;
    source->told = true;
    taking->sink->sample(taking->sink->context, sample);
}

static void give_fresh(struct fresh *fresh, size_t index, const struct server_taking *taking)
{
    if (!place_points(fresh)) {
        change_metrics(fresh, index, taking);
        place_points(fresh);
    }
    group_points(fresh);
    note_spacing(fresh);
    fresh->scrape_count -= is_open(fresh, taking);
    if (fresh->scrape_count == 0)
        return;
    choose(fresh, taking);
    for (size_t i = 0; i < fresh->scrape_count; i++) {
        if (fresh->scrapes[i].given)
            give(fresh, index, &fresh->scrapes[i], taking);
    }
}

int server_source_take(struct server_source *source, size_t index,
                       const struct server_series_list *list, const struct server_taking *taking,
                       struct error *error)
{
    struct fresh fresh = {.source = source};
    int result;

    fresh.named_count = server_name_series(list, source->selection, &fresh.named);
    result = take_all(&fresh, taking->until, error);
    if (result == 0 && fresh.count > 0) {
        qsort(fresh.points, fresh.count, sizeof *fresh.points, compare_times);
        give_fresh(&fresh, index, taking);
    }
    server_named_free(fresh.named, fresh.named_count);
    free(fresh.points);
    free(fresh.scrapes);
    return result;
}
