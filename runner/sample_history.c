#include "runner/sample_history.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

const char *sample_event_name(enum sample_event_kind kind)
{
    static const char *const names[] = {
        [SAMPLE_MISSED] = "missed",
        [SAMPLE_LATE] = "late",
        [SAMPLE_GAP] = "gap",
        [SAMPLE_DUPLICATE] = "duplicate",
        [SAMPLE_OUT_OF_ORDER] = "out-of-order",
        [SAMPLE_COUNTER_RESET] = "counter-reset",
        [SAMPLE_CHANGED] = "changed",
    };

    return names[kind];
}

static void add_event(struct sample_verdict *verdict, enum sample_event_kind kind,
                      const char *format, ...) __attribute__((format(printf, 3, 4)));

static void add_event(struct sample_verdict *verdict, enum sample_event_kind kind,
                      const char *format, ...)
{
    struct sample_event *event = &verdict->events[verdict->event_count++];
    va_list arguments;

    event->kind = kind;
    va_start(arguments, format);
    vsnprintf(event->detail, sizeof event->detail, format, arguments);
    va_end(arguments);
}

static double seconds(int64_t duration)
{
    return (double)duration / (double)CLOCK_SECOND;
}

void sample_history_begin(struct sample_history *history, int64_t begin, int64_t period)
{
    history->begin = begin;
    history->period = period;
    history->first = 0;
    history->from = 0;
    history->until = 0;
    history->source_time = 0;
    history->spacing = 0;
    history->missed = false;
}

void sample_history_miss(struct sample_history *history)
{
    history->missed = true;
}

/* One after the other; of a gauge, which is held against nothing, an empty one. */
static char *copy_counter_names(const struct store_metric *metrics, size_t count)
{
    size_t size = 1;
    char *names;
    char *at;

    for (size_t i = 0; i < count; i++)
        size += (metrics[i].counter ? strlen(metrics[i].name) : 0) + 1;
    names = memory_new(size, 1);
    at = names;
    for (size_t i = 0; i < count; i++)
        at = stpcpy(at, metrics[i].counter ? metrics[i].name : "") + 1;
    return names;
}

/* The place of that name, which is looked for from `next` on, around the end; `count` if it isn't
 * there. */
static size_t find_name(const char *const *names, size_t count, size_t next, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        size_t place = (next + i) % count;

        if (strcmp(names[place], name) == 0)
            return place;
    }
    return count;
}

void sample_history_change(struct sample_history *history, const struct store_metric *metrics,
                           size_t count)
{
    const char **before = memory_new(history->count + 1, sizeof *before);
    double *values = memory_new(count + 1, sizeof *values);
    const char *at = history->names;
    size_t next = 0;

    for (size_t i = 0; i < history->count; i++, at += strlen(at) + 1)
        before[i] = at;
    for (size_t i = 0; i < count; i++) {
        size_t place = metrics[i].counter ? find_name(before, history->count, next, metrics[i].name)
                                          : history->count;

        values[i] = place < history->count ? history->values[place] : (double)NAN;
        next = place < history->count ? place + 1 : next;
    }
    free(before);
    free(history->names);
    free(history->values);
    history->names = copy_counter_names(metrics, count);
    history->values = values;
    history->count = count;
}

/* A source that has its own interval, longer than the period, has no gap each time. */
static int64_t usual_spacing(const struct sample_history *history)
{
    return history->spacing > history->period ? history->spacing : history->period;
}

/* How many samples would fit between the two instants, none of them at either. */
static size_t lost_between(const struct sample_history *history, int64_t from, int64_t until)
{
    int64_t usual = usual_spacing(history);
    int64_t parts = (until - from + usual / 2) / usual;

    return parts > 1 ? (size_t)(parts - 1) : 0;
}

static void judge_gap(const struct sample_history *history, const struct collected_sample *sample,
                      struct sample_verdict *verdict)
{
    /* Before the first sample the beginning itself is lacking. */
    int64_t before = history->from != 0 ? history->until : history->begin - history->period;

    if (!history->missed)
        return;
    verdict->lost = lost_between(history, before, sample->until);
    verdict->gap_from = before;
    if (verdict->lost > 0)
        add_event(verdict, SAMPLE_GAP, "%zu missing, %.1f s", verdict->lost,
                  seconds(sample->until - before));
}

static void judge_counters(const struct sample_history *history, const double *values,
                           const struct store_metric *metrics, struct sample_verdict *verdict)
{
    size_t resets = 0;
    size_t first = 0;

    for (size_t i = 0; i < history->count; i++) {
        if (!metrics[i].counter || !(values[i] < history->values[i]))
            continue;
        first = resets == 0 ? i : first;
        resets++;
    }
    if (resets > 0)
        add_event(verdict, SAMPLE_COUNTER_RESET, "%zu, %s first", resets, metrics[first].name);
}

static void keep(struct sample_history *history, const struct collected_sample *sample,
                 const struct sample_verdict *verdict)
{
    if (history->from != 0 && verdict->lost == 0)
        history->spacing = sample->until - history->until;
    if (history->from == 0)
        history->first = sample->until;
    history->from = sample->from;
    history->until = sample->until;
    history->source_time = sample->source_time;
    history->missed = false;
    memcpy(history->values, sample->values, history->count * sizeof *history->values);
}

/* Where the source says when, by that: the offset of its clock is measured anew each time. */
static int64_t time_since(const struct sample_history *history,
                          const struct collected_sample *sample)
{
    return sample->source_time != 0 && history->source_time != 0
               ? sample->source_time - history->source_time
               : sample->until - history->until;
}

/* One that is not new is told, and is no observation. What a source kept from before the
 * experiment, as of the reset, is none either. */
static bool is_new(const struct sample_history *history, const struct collected_sample *sample,
                   struct sample_verdict *verdict)
{
    int64_t since = time_since(history, sample);

    if (sample->until < history->begin - history->period)
        return false;
    if (history->from == 0 || since > 0)
        return true;
    if (since == 0)
        add_event(verdict, SAMPLE_DUPLICATE, "of the same instant as the one before");
    else
        add_event(verdict, SAMPLE_OUT_OF_ORDER, "%.3f s before the one before", seconds(-since));
    return false;
}

void sample_history_take(struct sample_history *history, const struct collected_sample *sample,
                         const struct store_metric *metrics, size_t count, int64_t instant,
                         struct sample_verdict *verdict)
{
    *verdict = (struct sample_verdict){0};
    if (history->count != count)
        sample_history_change(history, metrics, count);
    verdict->is_new = is_new(history, sample, verdict);
    if (!verdict->is_new)
        return;
    if (sample->from - instant > history->period / 10)
        add_event(verdict, SAMPLE_LATE, "%.3f s", seconds(sample->from - instant));
    judge_gap(history, sample, verdict);
    if (history->from != 0)
        judge_counters(history, sample->values, metrics, verdict);
    verdict->window_start = history->from != 0 ? history->from : sample->from;
    keep(history, sample, verdict);
}

size_t sample_history_lost_at_start(const struct sample_history *history)
{
    /* The first can be as long after the beginning as one is after another. */
    return history->first != 0 ? lost_between(history, history->begin, history->first) : 0;
}

size_t sample_history_lost_at_end(const struct sample_history *history, int64_t end)
{
    int64_t before = history->from != 0 ? history->until : history->begin - history->period;

    return history->missed ? lost_between(history, before, end + history->period) : 0;
}

void sample_history_free(struct sample_history *history)
{
    free(history->names);
    free(history->values);
    *history = (struct sample_history){0};
}
