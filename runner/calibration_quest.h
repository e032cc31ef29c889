/* One thing that a calibration looks for. For runner/calibration.c. */
#ifndef RUNNER_CALIBRATION_QUEST_H
#define RUNNER_CALIBRATION_QUEST_H

#include "runner/calibration.h"

/* A service that fails to answer this share of the calls made is saturated. */
#define SATURATION_LOSS 0.05

struct quest {
    enum calibration_goal goal;
    size_t fault; /* index in the campaign's faults */
    const char *target;
    const char *unit;
    struct search_range range;
    double limit;                      /* share of calls */
    double least_rate;                 /* share of the offered rate that must be reached */
    struct calibration_levels *levels; /* may be another quest's too */
};

/* The share that the limit is held against. */
struct failed_share quest_share(const struct quest *quest, const struct calibration_level *level);
enum calibration_answer quest_answer(const struct quest *quest,
                                     const struct calibration_level *level);

/* What is to be measured next, or what was found. */
struct search_result quest_next(const struct quest *quest);

/* The finding of a quest whose search is over. */
struct calibration_finding quest_finding(const struct quest *quest,
                                         const struct search_result *result,
                                         const struct campaign *campaign);

#endif
