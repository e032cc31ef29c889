/* Counters as rates per second: what every reader of observations makes of them. */
#ifndef ANALYSIS_COUNTER_RATE_H
#define ANALYSIS_COUNTER_RATE_H

#include <stdbool.h>
#include <stdint.h>

/* The last value of a counter; NaN if it is unknown, or there is none. */
struct counter_state {
    double value;
    int64_t time_ns;
};

/*
 * Difference from the value before, by the seconds between. A counter that fell was reset in
 * between, which `*reset` tells: its rate is its new value by those seconds. NaN if either value is
 * unknown: a difference from one further back would be of a longer time than the observation's
 * label. Keeps the new value.
 */
double counter_rate(struct counter_state *state, double value, int64_t time_ns, bool *reset);

#endif
