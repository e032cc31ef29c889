#include "cli/watch_live.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "cli/findings.h"
#include "runner/campaign.h"
#include "runner/live_sources.h"

/* The sources of all targets, each named once, and per model the number of each source in its
 * stream, or SIZE_MAX if it is another target's. */
struct live {
    struct watch *watch;
    struct live_sources sources;
    size_t *numbers; /* (models x sources) */
    int64_t *newest; /* sample of each source: its time by its own clock, if it says one */
};

static int open_sources(struct live *live, const struct testbed *testbed, struct error *error)
{
    struct watch *watch = live->watch;
    const char **names = memory_new(watch->count, sizeof *names);
    size_t count = 0;
    int result;

    for (size_t i = 0; i < watch->count; i++) {
        size_t j = 0;

        while (j < count && strcmp(names[j], watch->items[i].target) != 0)
            j++;
        if (j == count)
            names[count++] = watch->items[i].target;
    }
    result = live_sources_open(testbed, names, count, &live->sources, error);
    free(names);
    return result;
}

static size_t add_source(struct watched *watched, const struct live_source *source)
{
    struct stream_metric *metrics;
    size_t number;

    if (strcmp(source->target->name, watched->target) != 0)
        return SIZE_MAX;
    metrics = memory_new(source->metric_count, sizeof *metrics);
    for (size_t i = 0; i < source->metric_count; i++)
        metrics[i] = (struct stream_metric){source->metrics[i].name, source->metrics[i].counter};
    number = stream_add_source(watched->stream, metrics, source->metric_count);
    free(metrics);
    return number;
}

static int connect_streams(struct live *live, struct error *error)
{
    struct watch *watch = live->watch;

    live->numbers = memory_new(watch->count * live->sources.count, sizeof *live->numbers);
    live->newest = memory_new(live->sources.count, sizeof *live->newest);
    for (size_t i = 0; i < watch->count; i++) {
        for (size_t j = 0; j < live->sources.count; j++)
            live->numbers[i * live->sources.count + j] =
                add_source(&watch->items[i], &live->sources.items[j]);
        if (stream_check(watch->items[i].stream, error) < 0)
            return -1;
    }
    return 0;
}

/* A source that has nothing new says again what it said: that is no observation. */
static bool is_new(struct live *live, size_t index, const struct collected_sample *sample)
{
    int64_t time = sample->source_time != 0 ? sample->source_time : sample->until;
    bool newer = time > live->newest[index];

    live->newest[index] = newer ? time : live->newest[index];
    return newer;
}

static void take_sample(void *context, size_t index, const struct collected_sample *sample)
{
    struct live *live = context;
    const struct live_source *source = &live->sources.items[index];

    if (source->lost)
        log_warning("%s can be read again", source->target->name);
    if (!is_new(live, index, sample))
        return;
    for (size_t i = 0; i < live->watch->count; i++) {
        struct watched *watched = &live->watch->items[i];
        size_t number = live->numbers[i * live->sources.count + index];

        if (number == SIZE_MAX)
            continue;
        /* Stamped as the monitor stamps an observation; of samples of the past each is a row. */
        if (!stream_belongs(watched->stream, number, sample->until))
            watch_score(live->watch, watched, NULL, NULL);
        stream_read(watched->stream, number, sample->until, sample->values);
    }
}

static void take_missed(void *context, size_t index, const struct error *error)
{
    const struct live *live = context;
    const struct live_source *source = &live->sources.items[index];

    if (!source->lost)
        log_warning("%s can't be read: %s", source->target->name, error->what);
}

/* The streams know the source by its number: it is another one from now on. */
static void take_changed(void *context, size_t index)
{
    struct live *live = context;

    for (size_t i = 0; i < live->watch->count; i++)
        live->numbers[i * live->sources.count + index] =
            add_source(&live->watch->items[i], &live->sources.items[index]);
}

static void observe(struct live *live, int64_t period_ns, int64_t until, struct stop *stop)
{
    const struct live_receiver receiver = {live, take_sample, take_missed, take_changed};

    for (int64_t instant = clock_now(); instant <= until; instant += period_ns) {
        if (stop_wait_until(stop, instant))
            return;
        live_sources_read(&live->sources, instant + period_ns, stop, &receiver);
        for (size_t i = 0; i < live->watch->count; i++)
            watch_score(live->watch, &live->watch->items[i], NULL, NULL);
    }
}

static int watch_testbed(struct watch *watch, const struct testbed *testbed, int64_t period_ns,
                         int64_t duration_ns, struct stop *stop, struct error *error)
{
    struct live live = {.watch = watch};
    int64_t period = period_ns != 0 ? period_ns : watch->items[0].model->period_ns;
    int result = open_sources(&live, testbed, error);

    if (result == 0)
        result = connect_streams(&live, error);
    if (result == 0)
        observe(&live, period, duration_ns != 0 ? clock_now() + duration_ns : INT64_MAX, stop);
    free(live.numbers);
    free(live.newest);
    live_sources_close(&live.sources);
    return result;
}

int watch_live(struct watch *watch, const char *testbed_path, int64_t period_ns,
               int64_t duration_ns, struct stop *stop, struct error *error)
{
    struct findings findings = {0};
    struct testbed *testbed = testbed_read(testbed_path, &findings);
    int result;

    if (testbed == NULL) {
        findings_print(&findings, stderr);
        result = findings_error(&findings, testbed_path, error);
    } else {
        result = watch_testbed(watch, testbed, period_ns, duration_ns, stop, error);
        testbed_free(testbed);
    }
    findings_free(&findings);
    return result;
}
