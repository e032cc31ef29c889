#include "analysis/detection_series.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

static int compare_ids(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_experiment(const void *left, const void *right)
{
    const struct detection_span *a = left;
    const struct detection_span *b = right;

    return compare_ids(a->experiment, b->experiment);
}

static int check_observation(const struct detection_observation *observation,
                             const struct detection_observation *before, struct error *error)
{
    if (observation->time_ns < 0 || observation->period_ns < 0)
        return error_set(error, ERROR_INPUT,
                         "an observation of experiment %" PRId64 " has a negative time or period",
                         observation->experiment);
    if (observation->kind != DETECTION_NOMINAL && observation->kind != DETECTION_FAULT &&
        observation->kind != DETECTION_LEFT_OUT)
        return error_set(error, ERROR_INPUT,
                         "an observation of experiment %" PRId64 " has an unknown kind",
                         observation->experiment);
    if (before != NULL && before->experiment == observation->experiment &&
        before->time_ns >= observation->time_ns)
        return error_set(error, ERROR_INPUT,
                         "the observations of experiment %" PRId64 " are not in order of time",
                         observation->experiment);
    return 0;
}

static int find_spans(struct detection_series *series, struct error *error)
{
    const struct detection_observation *observations = series->input->observations;
    size_t count = series->input->observation_count;
    size_t capacity = 0;

    for (size_t i = 0; i < count; i++) {
        const struct detection_observation *before = i > 0 ? &observations[i - 1] : NULL;

        if (check_observation(&observations[i], before, error) < 0)
            return -1;
        if (before == NULL || before->experiment != observations[i].experiment) {
            series->spans =
                memory_grow(series->spans, series->span_count, &capacity, sizeof *series->spans);
            series->spans[series->span_count++] =
                (struct detection_span){observations[i].experiment, i, i};
        }
        series->spans[series->span_count - 1].until = i + 1;
    }
    if (series->span_count > 0)
        qsort(series->spans, series->span_count, sizeof *series->spans, by_experiment);
    for (size_t i = 1; i < series->span_count; i++) {
        if (series->spans[i].experiment == series->spans[i - 1].experiment)
            return error_set(error, ERROR_INPUT,
                             "the observations of experiment %" PRId64 " do not stand together",
                             series->spans[i].experiment);
    }
    return 0;
}

/* Marks the observations that are in the fault; none before its cool-down's end may be nominal. */
static int check_fault(const struct detection_series *series, const struct detection_fault *fault,
                       bool *held, struct error *error)
{
    struct detection_span span = detection_span_of(series, fault);

    if (fault->applied_ns < 0 || fault->gone_ns < fault->applied_ns ||
        fault->cool_down_end_ns < fault->gone_ns)
        return error_set(error, ERROR_INPUT,
                         "a fault of experiment %" PRId64 " has edges that are not in order",
                         fault->experiment);
    for (size_t i = span.from; i < span.until; i++) {
        const struct detection_observation *observation = &series->input->observations[i];

        held[i] |= detection_within(fault, observation);
        if (observation->kind == DETECTION_NOMINAL && observation->time_ns >= fault->applied_ns &&
            observation->time_ns <= fault->cool_down_end_ns)
            return error_set(error, ERROR_INPUT,
                             "an observation of experiment %" PRId64
                             " is called nominal, but a fault or its cool-down is there",
                             fault->experiment);
    }
    return 0;
}

static int check_faults(const struct detection_series *series, struct error *error)
{
    const struct detection_input *input = series->input;
    bool *held = memory_new(input->observation_count, sizeof *held);
    int result = 0;

    for (size_t i = 0; i < input->fault_count && result == 0; i++)
        result = check_fault(series, &input->faults[i], held, error);
    for (size_t i = 0; i < input->observation_count && result == 0; i++) {
        if (input->observations[i].kind == DETECTION_FAULT && !held[i])
            result = error_set(error, ERROR_INPUT,
                               "an observation of experiment %" PRId64
                               " is called inside a fault, but none is there",
                               input->observations[i].experiment);
    }
    free(held);
    return result;
}

int detection_series_open(const struct detection_input *input, struct detection_series *series,
                          struct error *error)
{
    *series = (struct detection_series){.input = input};
    if (isnan(input->threshold))
        return error_set(error, ERROR_INPUT, "the threshold of a detector is not a number");
    if (find_spans(series, error) == 0 && check_faults(series, error) == 0)
        return 0;
    detection_series_free(series);
    return -1;
}

void detection_series_free(struct detection_series *series)
{
    free(series->spans);
}

struct detection_span detection_span_of(const struct detection_series *series,
                                        const struct detection_fault *fault)
{
    struct detection_span wanted = {fault->experiment, 0, 0};
    const struct detection_span *found = NULL;

    if (series->span_count > 0)
        found = bsearch(&wanted, series->spans, series->span_count, sizeof wanted, by_experiment);
    return found != NULL ? *found : wanted;
}

bool detection_alarmed(const struct detection_input *input, size_t observation)
{
    return input->observations[observation].score >= input->threshold;
}

bool detection_within(const struct detection_fault *fault,
                      const struct detection_observation *observation)
{
    return observation->time_ns >= fault->applied_ns && observation->time_ns <= fault->gone_ns;
}
