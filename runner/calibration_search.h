/*
 * The search for the highest value (a load rate, an intensity) that keeps within a limit: which
 * value to measure next, from what was measured. First by factors of two until the limit lies
 * between two values, then by halving what is between them. Knows neither loads nor faults.
 */
#ifndef RUNNER_CALIBRATION_SEARCH_H
#define RUNNER_CALIBRATION_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

enum calibration_answer {
    ANSWER_UNCLEAR, /* the limit lies within the bounds of what was measured */
    ANSWER_WITHIN,
    ANSWER_BEYOND,
};

struct search_range {
    double start; /* measured first */
    double least;
    double most;
    double precision; /* the values around the limit may differ by this share of the lower */
    bool whole;       /* whole numbers only */
};

/* What is known of one value. */
struct search_point {
    double value;
    enum calibration_answer answer;
    size_t steps; /* how often it was measured */
};

/* A value that decides is measured this often; an unclear one as often as the second, then it
 * counts as beyond. */
enum { SEARCH_CONFIRMED = 2, SEARCH_MOST_STEPS = 4 };

enum search_state {
    SEARCH_MEASURE, /* measure `value`, perhaps again */
    SEARCH_FOUND,   /* `value` is the highest within */
    SEARCH_NONE,    /* even the least value is beyond */
};

struct search_result {
    enum search_state state;
    double value;
    double beyond; /* the lowest value that is beyond; NaN if there is none yet */
};

struct search_result search_next(const struct search_range *range,
                                 const struct search_point *points, size_t count);

/* The value as it would be measured: within the range, three digits at most but for whole ones. */
double search_round(const struct search_range *range, double value);

#endif
