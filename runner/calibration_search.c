#include "runner/calibration_search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

double search_round(const struct search_range *range, double value)
{
    char text[32];

    if (range->whole) {
        value = round(value);
    } else {
        snprintf(text, sizeof text, "%.3g", value);
        value = strtod(text, NULL);
    }
    return fmin(fmax(value, range->least), range->most);
}

static bool is_beyond(const struct search_point *point)
{
    return point->answer == ANSWER_BEYOND ||
           (point->answer == ANSWER_UNCLEAR && point->steps >= SEARCH_MOST_STEPS);
}

/* The lowest value beyond the limit, or NULL. */
static const struct search_point *lowest_beyond(const struct search_point *points, size_t count)
{
    const struct search_point *lowest = NULL;

    for (size_t i = 0; i < count; i++) {
        if (is_beyond(&points[i]) && (lowest == NULL || points[i].value < lowest->value))
            lowest = &points[i];
    }
    return lowest;
}

/* The highest value of the range within the limit that is under `bound` (NULL: none), or NULL. What
 * is within above a value that is beyond was luck. */
static const struct search_point *highest_within(const struct search_range *range,
                                                 const struct search_point *points, size_t count,
                                                 const struct search_point *bound)
{
    const struct search_point *highest = NULL;

    for (size_t i = 0; i < count; i++) {
        if (points[i].answer == ANSWER_WITHIN && points[i].value <= range->most &&
            (bound == NULL || points[i].value < bound->value) &&
            (highest == NULL || points[i].value > highest->value))
            highest = &points[i];
    }
    return highest;
}

static struct search_result measure(const struct search_range *range, double value,
                                    const struct search_point *beyond)
{
    return (struct search_result){SEARCH_MEASURE, search_round(range, value),
                                  beyond != NULL ? beyond->value : NAN};
}

/* Between two values, or NaN if they are near enough. */
static double between(const struct search_range *range, double within, double beyond)
{
    double middle = search_round(range, sqrt(within * beyond));

    if (beyond - within <= range->precision * within || middle <= within || middle >= beyond)
        return NAN;
    return middle;
}

static bool is_confirmed(const struct search_point *point)
{
    return point == NULL || point->steps >= SEARCH_CONFIRMED;
}

/* The limit is where it is: what it stands on is measured again first. */
static struct search_result conclude(const struct search_range *range,
                                     const struct search_point *within,
                                     const struct search_point *beyond)
{
    if (!is_confirmed(within))
        return measure(range, within->value, beyond);
    if (!is_confirmed(beyond))
        return measure(range, beyond->value, beyond);
    return (struct search_result){
        .state = within != NULL ? SEARCH_FOUND : SEARCH_NONE,
        .value = within != NULL ? within->value : NAN,
        .beyond = beyond != NULL ? beyond->value : NAN,
    };
}

struct search_result search_next(const struct search_range *range,
                                 const struct search_point *points, size_t count)
{
    const struct search_point *beyond = lowest_beyond(points, count);
    const struct search_point *within = highest_within(range, points, count, beyond);
    double next;

    for (size_t i = 0; i < count; i++) {
        if (points[i].answer == ANSWER_UNCLEAR && points[i].steps < SEARCH_MOST_STEPS &&
            points[i].value <= range->most && (beyond == NULL || points[i].value < beyond->value) &&
            (within == NULL || points[i].value > within->value))
            return measure(range, points[i].value, beyond);
    }
    /* Above the range, nothing is looked for. */
    if (beyond != NULL && beyond->value > range->most)
        beyond = NULL;
    if (within == NULL && beyond == NULL)
        return measure(range, range->start, beyond);
    if (within == NULL && beyond->value <= range->least)
        return conclude(range, within, beyond);
    if (within == NULL)
        return measure(range, beyond->value / 2, beyond);
    if (beyond == NULL && within->value >= range->most)
        return conclude(range, within, beyond);
    next = beyond == NULL ? within->value * 2 : between(range, within->value, beyond->value);
    if (isnan(next))
        return conclude(range, within, beyond);
    return measure(range, next, beyond);
}
