/* Whether the times of each experiment are long enough: those without a fault for a verdict on its
 * calls, those of a profile's levels for the fault to get there. */
#ifndef RUNNER_PLAN_WINDOWS_H
#define RUNNER_PLAN_WINDOWS_H

#include "base/clock.h"
#include "base/error.h"
#include "runner/plan.h"

/* A time in which one whole window of the load's figures lies for certain: they are of a second. */
#define LEAST_JUDGED (2 * CLOCK_SECOND)

/* ERROR_INPUT, with the shortest duration in the hint, if an experiment with an injection would be
 * invalid however well all goes, or its levels would fall behind. */
int plan_check_windows(const struct plan *plan, struct error *error);

#endif
