#include "base/clock.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static int64_t anchor;
static pthread_once_t anchored = PTHREAD_ONCE_INIT;

static int64_t read_clock(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * CLOCK_SECOND + time.tv_nsec;
}

static void set_anchor(void)
{
    anchor = read_clock(CLOCK_REALTIME) - read_clock(CLOCK_MONOTONIC);
}

int64_t clock_now(void)
{
    pthread_once(&anchored, set_anchor);
    return anchor + read_clock(CLOCK_MONOTONIC);
}

void clock_sleep(int64_t duration)
{
    const struct timespec time = {.tv_sec = duration / CLOCK_SECOND,
                                  .tv_nsec = duration % CLOCK_SECOND};

    nanosleep(&time, NULL);
}

void clock_format(int64_t instant, char *buffer, size_t size)
{
    time_t seconds = (time_t)(instant / CLOCK_SECOND);
    struct tm parts;
    char date[32];

    gmtime_r(&seconds, &parts);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(buffer, size, "%s.%03" PRId64 "Z", date, instant % CLOCK_SECOND / CLOCK_MILLISECOND);
}

void clock_format_duration(int64_t duration, char *buffer, size_t size)
{
    int64_t seconds = (duration + CLOCK_SECOND / 2) / CLOCK_SECOND;

    if (duration < CLOCK_SECOND)
        snprintf(buffer, size, "%" PRId64 "ms", duration / CLOCK_MILLISECOND);
    else if (seconds < 60)
        snprintf(buffer, size, "%" PRId64 "s", seconds);
    else if (seconds < 3600)
        snprintf(buffer, size, "%" PRId64 "min %02" PRId64 "s", seconds / 60, seconds % 60);
    else
        snprintf(buffer, size, "%" PRId64 "h %02" PRId64 "min", seconds / 3600,
                 seconds % 3600 / 60);
}
