/*
 * What a source has said so far, by which its next sample is judged: whether it comes in order and
 * in time, after a gap, or with counters that began anew. It is recorded as what it is; nothing is
 * repaired.
 */
#ifndef RUNNER_SAMPLE_HISTORY_H
#define RUNNER_SAMPLE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner/collector.h"

/* As in the table monitoring_event. */
enum sample_event_kind {
    SAMPLE_MISSED,        /* a reading brought nothing */
    SAMPLE_LATE,          /* read later than a tenth of the period after it was due */
    SAMPLE_GAP,           /* others are missing before it: what it says is of the whole gap */
    SAMPLE_DUPLICATE,     /* of the same instant as the one before */
    SAMPLE_OUT_OF_ORDER,  /* of an instant before that */
    SAMPLE_COUNTER_RESET, /* a counter is less than it was */
    SAMPLE_CHANGED        /* the source has other metrics from here on */
};

const char *sample_event_name(enum sample_event_kind kind);

enum { SAMPLE_MOST_EVENTS = 3 };

struct sample_event {
    enum sample_event_kind kind;
    char detail[160];
};

struct sample_verdict {
    bool is_new; /* else a duplicate or out of order: no observation */
    /* Every value changed between this and the sample's `until`. */
    int64_t window_start;
    /* Samples that the gap before it lacks; 0 without a gap. */
    size_t lost;
    int64_t gap_from; /* the sample before it */
    struct sample_event events[SAMPLE_MOST_EVENTS];
    size_t event_count;
};

struct sample_history {
    int64_t begin;  /* of the experiment */
    int64_t period; /* monitoring period */
    int64_t first;  /* when the first sample was; 0 if there is none */
    int64_t from;   /* of the newest sample; 0 if there is none */
    int64_t until;
    int64_t source_time;
    int64_t spacing; /* from the one before to the newest, if there was no gap; 0 before there were
                        two */
    bool missed;     /* a reading was missed since */
    char *names;     /* of the counters, by which they are known again where the metrics change */
    double *values;  /* of the newest sample; NaN where one is unknown */
    size_t count;
};

/* At the start of an experiment; what the source said in the one before is forgotten. */
void sample_history_begin(struct sample_history *history, int64_t begin, int64_t period);

/* A reading that was due at `begin` or later brought nothing. */
void sample_history_miss(struct sample_history *history);

/* The source has these metrics from the next sample on; counters that it had before, too, are held
 * against what they were. */
void sample_history_change(struct sample_history *history, const struct store_metric *metrics,
                           size_t count);

/* Judges a sample that was due at `instant`, with the source's metrics, and keeps it if it is new.
 */
void sample_history_take(struct sample_history *history, const struct collected_sample *sample,
                         const struct store_metric *metrics, size_t count, int64_t instant,
                         struct sample_verdict *verdict);

/* Samples that are lacking before the first, of a source that is read afterwards. */
size_t sample_history_lost_at_start(const struct sample_history *history);

/* Samples that are lacking at the end of an experiment, at `end`; 0 if no reading was missed. */
size_t sample_history_lost_at_end(const struct sample_history *history, int64_t end);

void sample_history_free(struct sample_history *history);

#endif
