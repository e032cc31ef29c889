#include "runner/source_check.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/clock.h"

/* Longer than a source takes that answers at all. */
#define PATIENCE (20 * CLOCK_SECOND)

/* The source while it is looked at. */
struct look {
    const struct collector *collector;
    void *state;
    const struct store_metric *metrics;
    size_t count;
    size_t known; /* values of the newest sample that are not NaN */
    struct collected_sample sample;
    bool sampled;
    struct error *error;
};

static void take_sample(void *context, const struct collected_sample *sample)
{
    struct look *look = context;

    look->sample = *sample;
    look->sampled = true;
    look->known = 0;
    for (size_t i = 0; i < look->count; i++)
        look->known += !isnan(sample->values[i]);
}

static void take_missed(void *context, size_t source, const struct error *error)
{
    struct look *look = context;

    (void)source;
    *look->error = *error;
}

static void list_metrics(void *context, size_t source)
{
    struct look *look = context;

    look->count = look->collector->metrics(look->state, source, &look->metrics);
}

static void append_groups(const struct look *look, struct text *found)
{
    size_t groups = 0;

    for (size_t i = 0; i < look->count; i++) {
        const char *name = look->metrics[i].resource_group;
        bool first = true;
        size_t members = 0;

        for (size_t j = 0; j < look->count; j++) {
            bool same = strcmp(look->metrics[j].resource_group, name) == 0;

            first = first && !(same && j < i);
            members += same;
        }
        if (first)
            text_appendf(found, "%s%s %zu", groups++ > 0 ? ", " : "", name, members);
    }
}

/* When the sample was, and by whose clock. */
static void append_time(const struct look *look, struct text *found)
{
    const struct collected_sample *sample = &look->sample;
    int64_t offset;
    int64_t bound;

    if (sample->source_time == 0) {
        text_appendf(found, ", no time of its own: as of the reading, to %.1f ms",
                     (double)(sample->until - sample->from) / (double)CLOCK_MILLISECOND);
        return;
    }
    text_appendf(found, ", %.1f s old",
                 (double)(clock_now() - sample->until) / (double)CLOCK_SECOND);
    if (look->collector->clock != NULL &&
        look->collector->clock(look->state, sample->source, &offset, &bound))
        text_appendf(found, ", its clock %+.3f ms from the runner's, wrong by %.3f ms at most",
                     (double)offset / (double)CLOCK_MILLISECOND,
                     (double)bound / (double)CLOCK_MILLISECOND);
    else
        text_appendf(found, ", its clock unknown and taken for the runner's");
}

static void append_found(const struct look *look, int64_t took, struct text *found)
{
    size_t counters = 0;

    for (size_t i = 0; i < look->count; i++)
        counters += look->metrics[i].counter;
    text_appendf(found, "%zu metrics (", look->count);
    append_groups(look, found);
    text_appendf(found, "), %zu of them counters, %zu known now, read in %.1f ms", counters,
                 look->known, (double)took / (double)CLOCK_MILLISECOND);
    append_time(look, found);
}

int source_check(const struct collector *collector, const struct collected_source *source,
                 struct stop *stop, struct text *found, struct error *error)
{
    struct look look = {.collector = collector, .error = error};
    const struct collector_sink sink = {&look, take_sample, take_missed, list_metrics};
    struct collector_reading reading = {.stop = stop, .sink = &sink};

    if (collector->open(source, 1, &look.state, error) < 0)
        return -1;
    list_metrics(&look, 0);
    reading.instant = clock_now();
    reading.deadline = reading.instant + PATIENCE;
    collector->read(look.state, &reading);
    if (look.sampled)
        append_found(&look, clock_now() - reading.instant, found);
    else if (error->kind == ERROR_NONE)
        error_set(error, ERROR_UNREACHABLE, "the source gives nothing now");
    collector->close(look.state);
    return look.sampled ? 0 : -1;
}
