#include "analysis/counter_rate.h"

#include <math.h>

#include "base/clock.h"

double counter_rate(struct counter_state *state, double value, int64_t time_ns, bool *reset)
{
    double seconds = (double)(time_ns - state->time_ns) / (double)CLOCK_SECOND;
    double previous = state->value;

    *reset = false;
    *state = (struct counter_state){value, time_ns};
    if (isnan(value) || isnan(previous) || seconds <= 0)
        return NAN;
    *reset = value < previous;
    return (*reset ? value : value - previous) / seconds;
}
