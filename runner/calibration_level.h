/* What was measured at one load rate or intensity, over all steps at it. */
#ifndef RUNNER_CALIBRATION_LEVEL_H
#define RUNNER_CALIBRATION_LEVEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner/calibration_search.h"
#include "runner/calibration_share.h"

/* One step: one experiment of the run. */
struct calibration_measurement {
    struct counted_window *windows; /* of the time that counts */
    size_t window_count;
    int64_t created;
    int64_t succeeded;
    int64_t covered;  /* length of the windows, ns */
    double offered;   /* calls per second that the generator was asked for; 0 if not known */
    double achieved;  /* of the injection; NaN without one, or if not measured */
    bool refused;     /* it did not come to be measured, or not for as long as was asked */
    char reason[640]; /* why it was refused */
};

struct calibration_level {
    double value; /* rate or intensity */
    size_t steps;
    size_t refused;
    char reason[640]; /* of the last one refused */
    struct counted_window *windows;
    size_t window_count;
    int64_t created;
    int64_t succeeded;
    int64_t covered;
    double offered;
    double achieved; /* of the last step that was measured */
};

struct calibration_levels {
    struct calibration_level *items;
    size_t count;
    size_t capacity;
};

/* Adds a step at the value, whose windows it takes over. Returns the level, valid until the next
 * one is added. */
const struct calibration_level *calibration_levels_add(struct calibration_levels *levels,
                                                       double value,
                                                       struct calibration_measurement *measurement);
const struct calibration_level *calibration_levels_find(const struct calibration_levels *levels,
                                                        double value);
void calibration_levels_free(struct calibration_levels *levels);

/* Share of the calls that ended in failure. */
struct failed_share calibration_level_failures(const struct calibration_level *level);

/* Share of the calls made that did not succeed meanwhile: they failed, or pile up. */
struct failed_share calibration_level_lost(const struct calibration_level *level);

/* Calls made per second. */
double calibration_level_rate(const struct calibration_level *level);

/* Whether at most `limit` of the calls fail; what was refused is beyond any limit, and so is a load
 * that made less than `least_rate` of the calls it was asked for. */
enum calibration_answer calibration_level_answer(const struct calibration_level *level,
                                                 const struct failed_share *share, double limit,
                                                 double least_rate);

/* Whether the generator made fewer calls than `least_rate` of what it was asked for although the
 * service answered those it got. */
bool calibration_level_lacks_generator(const struct calibration_level *level, double lost_limit,
                                       double least_rate);

#endif
