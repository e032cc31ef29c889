/*
 * The load rate of one experiment at each instant: the campaign's rate, or what its load profile
 * says, with the time scale. SIPp knows only whole rates, so a line between two points of a
 * profile is followed in steps, each of the line's mean in it.
 */
#ifndef RUNNER_LOAD_COURSE_H
#define RUNNER_LOAD_COURSE_H

#include <stdint.h>

#include "runner/plan.h"

struct load_course {
    const struct load_plan *load;
    struct time_scale scale;
    int64_t origin; /* an instant at or before the load's start, runner's clock */
    int64_t place;  /* in the profile at that instant, ns, unscaled */
};

/* One step: from an instant on until the next, at one rate. */
struct load_step {
    double rate;   /* calls per second */
    int64_t until; /* INT64_MAX if it stays so */
};

/* The course of an experiment whose measured duration begins at `measured_from`. */
struct load_course load_course_of(const struct plan *plan,
                                  const struct planned_experiment *experiment,
                                  int64_t measured_from);

/* The step at an instant. Before the origin it is that at the origin. */
struct load_step load_course_at(const struct load_course *course, int64_t instant);

/* The calls that are due between two instants. */
double load_course_calls(const struct load_course *course, int64_t from, int64_t until);

#endif
