/*
 * The runner's clock: nanoseconds since 1970, taken from the real-time clock once at the first
 * call and moved on by the monotonic clock from there, so that it neither jumps nor stands still
 * when the machine's time is set. Every instant and duration in vnfault is an int64_t of this kind.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define CLOCK_MILLISECOND INT64_C(1000000)
#define CLOCK_SECOND INT64_C(1000000000)

int64_t clock_now(void);

/* Sleeps for `duration`, or until a signal handler has run. */
void clock_sleep(int64_t duration);

/* 'YYYY-MM-DDTHH:MM:SS.mmmZ' of an instant, in UTC; `size` of at least 25. */
void clock_format(int64_t instant, char *buffer, size_t size);

/* A duration for people: '250ms', '3s', '2min 05s', '1h 20min'; `size` of at least 24. */
void clock_format_duration(int64_t duration, char *buffer, size_t size);

#endif
