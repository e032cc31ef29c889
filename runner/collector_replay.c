/*
 * The replay collector: what a run recorded of a target comes again, as if it were read now. Its
 * attributes: docs/collectors.md.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector.h"
#include "runner/plan.h"
#include "runner/recording.h"

/* Nothing for this many halves of the usual time is a gap in what was recorded. */
enum { HALVES_OF_A_GAP = 3 };

struct replayed_source {
    const struct host *target;
    struct recording recording;
    struct time_scale scale;
    int64_t began; /* the first reading, runner's clock; 0: not yet */
    size_t next;   /* row to be given */
    size_t set;    /* that was told last */
    struct collected_sample last;
};

struct replay_group {
    struct replayed_source *sources;
    size_t count;
};

static void close_group(void *state)
{
    struct replay_group *group = state;

    for (size_t i = 0; i < group->count; i++)
        recording_free(&group->sources[i].recording);
    free(group->sources);
    free(group);
}

static int read_metric_set(const struct source *source, int64_t *id, struct error *error)
{
    const char *text = source_attribute(source, "metric-set", "");
    char *end;

    *id = 0;
    if (text[0] == '\0')
        return 0;
    errno = 0;
    *id = strtoll(text, &end, 10);
    if (errno == 0 && *end == '\0' && *id > 0)
        return 0;
    error_set(error, ERROR_INPUT, "source replay: '%s' is no metric set", text);
    return error_hint(error, "it is the id of a row of the table metric_set");
}

static int open_source(const struct collected_source *one, struct replayed_source *source,
                       struct error *error)
{
    struct recording_choice choice = {
        .run = source_attribute(one->source, "run", ""),
        .target = source_attribute(one->source, "target", one->target->name),
        .experiment = source_attribute(one->source, "experiment", ""),
    };

    source->target = one->target;
    if (choice.run[0] == '\0') {
        error_set(error, ERROR_INPUT, "source replay: the attribute run is missing");
        return error_hint(error, "it is the folder of a run: run=\"../results/first\"");
    }
    if (read_metric_set(one->source, &choice.metric_set, error) < 0 ||
        time_scale_parse(source_attribute(one->source, "time-scale", "1"), &source->scale, error) <
            0 ||
        recording_read(&choice, &source->recording, error) < 0)
        return -1;
    source->set = source->recording.rows[0].set;
    return 0;
}

static int open_group(const struct collected_source *sources, size_t count, void **state,
                      struct error *error)
{
    struct replay_group *group = memory_new(1, sizeof *group);

    group->sources = memory_new(count, sizeof *group->sources);
    for (size_t i = 0; i < count; i++) {
        group->count++;
        if (open_source(&sources[i], &group->sources[i], error) < 0) {
            close_group(group);
            return error_target(error, sources[i].target->name);
        }
    }
    *state = group;
    return 0;
}

static size_t list_metrics(void *state, size_t source, const struct store_metric **metrics)
{
    const struct replayed_source *one = &((struct replay_group *)state)->sources[source];
    const struct recorded_set *set = &one->recording.sets[one->set];

    *metrics = set->metrics;
    return set->count;
}

/* Gives a row whose instants are moved by `shift`. */
static void give(struct replayed_source *source, size_t index, const struct recorded_row *row,
                 int64_t shift, const struct collector_sink *sink)
{
    if (row->set != source->set) {
        source->set = row->set;
        sink->changed(sink->context, index);
    }
    source->last = (struct collected_sample){
        .source = index,
        .from = row->from + shift,
        .until = row->until + shift,
        .source_time = row->until,
        .values = source->recording.values + row->first_value,
    };
    sink->sample(sink->context, &source->last);
}

/* What is due by now, the recording's clock. One that was read at every instant of a period comes
 * half a period late, so that each reading has one. */
static int64_t recorded_now(const struct replayed_source *source)
{
    /* The other way round: what took long comes soon. */
    const struct time_scale faster = {source->scale.denominator, source->scale.numerator};
    const struct recording *recording = &source->recording;

    return recording->rows[0].until + recording->spacing / 2 +
           time_scale_apply(faster, clock_now() - source->began);
}

/* Nothing is due: the recording is between two rows, in a gap, or over. */
static void give_none(struct replayed_source *source, size_t index, int64_t now,
                      const struct collector_sink *sink)
{
    const struct recording *recording = &source->recording;
    int64_t since = now - recording->rows[source->next - 1].until;
    struct error error = {0};

    if (since <= recording->spacing / 2 * HALVES_OF_A_GAP) {
        sink->sample(sink->context, &source->last);
        return;
    }
    if (source->next == recording->row_count)
        error_set(&error, ERROR_UNREACHABLE, "the replay is over: all %zu observations were given",
                  recording->row_count);
    else
        error_set(&error, ERROR_UNREACHABLE, "the recorded run has a gap here, of %.1f s",
                  (double)(recording->rows[source->next].until -
                           recording->rows[source->next - 1].until) /
                      (double)CLOCK_SECOND);
    sink->missed(sink->context, index, &error);
}

static void read_source(struct replayed_source *source, size_t index,
                        const struct collector_sink *sink)
{
    const struct recording *recording = &source->recording;
    size_t before = source->next;
    int64_t now;

    if (source->began == 0)
        source->began = clock_now();
    now = recorded_now(source);
    while (source->next < recording->row_count && recording->rows[source->next].until <= now) {
        int64_t shift = source->began - recording->rows[0].until - recording->spacing / 2;

        give(source, index, &recording->rows[source->next++], shift, sink);
    }
    if (source->next == before)
        give_none(source, index, now, sink);
}

static void read_group(void *state, const struct collector_reading *reading)
{
    struct replay_group *group = state;

    for (size_t i = 0; i < group->count; i++)
        read_source(&group->sources[i], i, reading->sink);
}

/* With the instants at which it was recorded. */
static void read_past_source(struct replayed_source *source, size_t index, int64_t from,
                             int64_t until, int64_t period, const struct collector_sink *sink)
{
    const struct recording *recording = &source->recording;
    struct error error = {0};
    int64_t given = 0;

    for (size_t i = 0; i < recording->row_count; i++) {
        const struct recorded_row *row = &recording->rows[i];

        if (row->until < from || row->until > until ||
            (given != 0 && row->until - given < period - recording->spacing / 2))
            continue;
        give(source, index, row, 0, sink);
        given = row->until;
    }
    if (given != 0)
        return;
    error_set(&error, ERROR_UNREACHABLE, "the recorded run has no observation of that time");
    sink->missed(sink->context, index, &error);
}

static void read_past(void *state, int64_t from, int64_t until, int64_t period,
                      const struct collector_reading *reading)
{
    struct replay_group *group = state;

    for (size_t i = 0; i < group->count; i++)
        read_past_source(&group->sources[i], i, from, until, period, reading->sink);
}

/* No reset of a target makes what was recorded begin anew. */
static int reopen_source(void *state, size_t source, struct error *error)
{
    (void)state;
    (void)source;
    (void)error;
    return 0;
}

static const char *const attributes[] = {"run",        "target",     "experiment",
                                         "metric-set", "time-scale", NULL};

static const char *const files[] = {"run", NULL};

const struct collector collector_replay = {
    .name = "replay",
    .summary = "what a run recorded of a target, again",
    .attributes = attributes,
    .files = files,
    .open = open_group,
    .metrics = list_metrics,
    .read = read_group,
    .read_past = read_past,
    .reopen = reopen_source,
    .close = close_group,
};
