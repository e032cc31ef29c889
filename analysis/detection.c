#include "analysis/detection.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/detection_series.h"
#include "analysis/quantile.h"
#include "base/memory.h"

#define SECONDS_PER_DAY 86400.0

/* Instants are not negative, so that their difference is an int64_t. */
static double seconds_between(int64_t from_ns, int64_t until_ns)
{
    return (double)(until_ns - from_ns) / 1e9;
}

/* The applied edge of the next fault of the experiment, after this one is gone. */
static int64_t next_fault(const struct detection_input *input, const struct detection_fault *fault)
{
    int64_t next = INT64_MAX;

    for (size_t i = 0; i < input->fault_count; i++) {
        const struct detection_fault *other = &input->faults[i];

        if (other->experiment == fault->experiment && other->applied_ns > fault->gone_ns &&
            other->applied_ns < next)
            next = other->applied_ns;
    }
    return next;
}

/* How long the alarm stays after a fault that was found. */
static void follow_alarm(const struct detection_input *input, const struct detection_fault *fault,
                         const struct detection_span *span, struct detection_outcome *outcome)
{
    int64_t next = next_fault(input, fault);
    int64_t last = fault->gone_ns;
    bool on = false; /* an alarm that began before the end of the cool-down */

    for (size_t i = span->from; i < span->until; i++) {
        const struct detection_observation *observation = &input->observations[i];

        if (isnan(observation->score) || observation->time_ns < fault->applied_ns)
            continue;
        if (observation->time_ns >= next || (!on && observation->time_ns > fault->cool_down_end_ns))
            break;
        on = detection_alarmed(input, i);
        if (on && observation->time_ns > last)
            last = observation->time_ns;
    }
    outcome->stays_s = seconds_between(fault->gone_ns, last);
    outcome->still_alarmed = on;
}

static struct detection_outcome judge(const struct detection_series *series,
                                      const struct detection_fault *fault)
{
    const struct detection_input *input = series->input;
    struct detection_span span = detection_span_of(series, fault);
    struct detection_outcome outcome = {
        .verdict = DETECTION_UNKNOWN, .delay_s = NAN, .stays_s = NAN};

    for (size_t i = span.from; i < span.until; i++) {
        const struct detection_observation *observation = &input->observations[i];

        if (isnan(observation->score))
            continue;
        if (observation->time_ns < fault->applied_ns) {
            outcome.alarmed_before = detection_alarmed(input, i);
        } else if (detection_within(fault, observation)) {
            outcome.verdict = DETECTION_MISSED;
            if (!detection_alarmed(input, i))
                continue;
            outcome.verdict = DETECTION_FOUND;
            outcome.delay_s = seconds_between(fault->applied_ns, observation->time_ns);
            follow_alarm(input, fault, &span, &outcome);
            break;
        }
    }
    return outcome;
}

/* Alarms of one experiment, and how long it ran nominally. */
static void count_alarms(const struct detection_input *input, const struct detection_span *span,
                         struct detection *detection)
{
    bool on = false;
    bool nominal = false; /* all of the alarm that is on */

    for (size_t i = span->from; i < span->until; i++) {
        const struct detection_observation *observation = &input->observations[i];
        bool is_nominal = observation->kind == DETECTION_NOMINAL;

        if (isnan(observation->score))
            continue;
        if (is_nominal)
            detection->nominal_s += (double)observation->period_ns / 1e9;
        if (detection_alarmed(input, i)) {
            detection->alarms += !on;
            nominal = is_nominal && (!on || nominal);
            on = true;
        } else {
            detection->false_alarms += on && nominal;
            on = false;
        }
    }
    detection->false_alarms += on && nominal;
}

static double ratio(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : NAN;
}

/* `found` says which observations count as alarms. */
static struct detection_quality measure_quality(const struct detection_input *input,
                                                const bool *found)
{
    struct detection_quality quality = {0};

    for (size_t i = 0; i < input->observation_count; i++) {
        if (isnan(input->observations[i].score))
            continue;
        if (input->observations[i].kind == DETECTION_FAULT) {
            quality.true_positives += found[i];
            quality.false_negatives += !found[i];
        } else if (input->observations[i].kind == DETECTION_NOMINAL) {
            quality.false_positives += found[i];
            quality.true_negatives += !found[i];
        }
    }
    quality.precision =
        ratio(quality.true_positives, quality.true_positives + quality.false_positives);
    quality.recall =
        ratio(quality.true_positives, quality.true_positives + quality.false_negatives);
    quality.f1 =
        ratio(2 * quality.true_positives,
              2 * quality.true_positives + quality.false_positives + quality.false_negatives);
    return quality;
}

/* Whether the fault has an alarm at an observation that is wholly inside it. */
static bool has_alarm(const struct detection_input *input, const struct detection_fault *fault,
                      const struct detection_span *span)
{
    for (size_t i = span->from; i < span->until; i++) {
        if (input->observations[i].kind == DETECTION_FAULT &&
            detection_within(fault, &input->observations[i]) && detection_alarmed(input, i))
            return true;
    }
    return false;
}

static void adjust_points(const struct detection_series *series, bool *found)
{
    const struct detection_input *input = series->input;

    for (size_t i = 0; i < input->fault_count; i++) {
        const struct detection_fault *fault = &input->faults[i];
        struct detection_span span = detection_span_of(series, fault);

        if (!has_alarm(input, fault, &span))
            continue;
        for (size_t j = span.from; j < span.until; j++)
            found[j] |= detection_within(fault, &input->observations[j]);
    }
}

int detection_make(const struct detection_input *input, struct detection *detection,
                   struct error *error)
{
    struct detection_series series;
    bool *found;

    if (detection_series_open(input, &series, error) < 0)
        return -1;
    *detection =
        (struct detection){.outcomes = memory_new(input->fault_count, sizeof *detection->outcomes)};
    for (size_t i = 0; i < input->fault_count; i++) {
        detection->outcomes[i] = judge(&series, &input->faults[i]);
        detection->found += detection->outcomes[i].verdict == DETECTION_FOUND;
        detection->missed += detection->outcomes[i].verdict == DETECTION_MISSED;
        detection->unknown += detection->outcomes[i].verdict == DETECTION_UNKNOWN;
    }
    for (size_t i = 0; i < series.span_count; i++)
        count_alarms(input, &series.spans[i], detection);
    detection->false_alarms_per_day =
        detection->nominal_s > 0
            ? (double)detection->false_alarms * SECONDS_PER_DAY / detection->nominal_s
            : NAN;
    found = memory_new(input->observation_count, sizeof *found);
    for (size_t i = 0; i < input->observation_count; i++)
        found[i] = detection_alarmed(input, i);
    detection->plain = measure_quality(input, found);
    adjust_points(&series, found);
    detection->point_adjusted = measure_quality(input, found);
    free(found);
    detection_series_free(&series);
    return 0;
}

void detection_free(struct detection *detection)
{
    free(detection->outcomes);
}

int detection_threshold(const double *scores, size_t count, double share, double *threshold,
                        struct error *error)
{
    double *sorted = memory_new(count, sizeof *sorted);
    size_t known = 0;
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++) {
        if (isinf(scores[i]))
            result = error_set(error, ERROR_INPUT, "a nominal score is infinite");
        else if (!isnan(scores[i]))
            sorted[known++] = scores[i];
    }
    if (result == 0 && !(share >= 0 && share <= 1))
        result = error_set(error, ERROR_INPUT, "a quantile is from 0 to 1, not %g", share);
    else if (result == 0 && known == 0)
        result = error_set(error, ERROR_INCONCLUSIVE, "a threshold needs nominal scores");
    if (result == 0) {
        quantile_sort(sorted, known);
        *threshold = quantile_of_sorted(sorted, known, share);
    }
    free(sorted);
    return result;
}
