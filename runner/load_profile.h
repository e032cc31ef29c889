/*
 * A load profile: the course of the load rate over a day, a week or another period, after which it
 * repeats. Read from a CSV file; docs/campaign-file.md says how one is written. Nothing here knows
 * a time scale: all times are those of the file.
 */
#ifndef RUNNER_LOAD_PROFILE_H
#define RUNNER_LOAD_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/campaign.h"

/* How the file's times are written. */
enum profile_time {
    PROFILE_OFFSET, /* '90min' from the start of the period */
    PROFILE_DAY,    /* '08:30', and the period is a day */
    PROFILE_WEEK,   /* 'Mon 08:30', and the period is a week that begins on Monday */
};

struct profile_point {
    int64_t time; /* from the start of the period, ns */
    double share; /* of the peak, 1 for 100% */
};

struct load_profile {
    char *path;
    char *text; /* of the file, as read */
    enum profile_time written;
    struct profile_point *points; /* by time; at least two */
    size_t count;
    int64_t period; /* ns */
    double peak;    /* calls per second, of a file of rates; 0 of one of shares */
    bool held;      /* each value until the next one; else on a straight line to it */
};

/* Reads the file. All that is wrong with it is added to `findings`, and NULL returned. `period` is
 * that of a file of offsets. Free with load_profile_free. */
struct load_profile *load_profile_read(const char *path, int64_t period, struct findings *findings);
void load_profile_free(struct load_profile *profile);

/* Reads a time as the file's own are written, below the period. ERROR_INPUT says how that is. */
int load_profile_time(const struct load_profile *profile, const char *text, int64_t *time,
                      struct error *error);

/* The time as the file's own are written: 'Mon 08:30'. */
void load_profile_describe(const struct load_profile *profile, int64_t time, char *text,
                           size_t size);

/* From one point to the next, around the end of the period. */
struct profile_segment {
    int64_t start; /* from the start of the period; negative for the one around its end */
    int64_t end;   /* over the period, seen from the other side */
    double from;   /* shares of the peak at both ends; the same where the value is held */
    double to;
};

/* The segment that `time`, from 0 to the period, lies in. */
struct profile_segment load_profile_segment(const struct load_profile *profile, int64_t time);

/* What the values are over a period, as shares of the peak. */
struct profile_range {
    double least;
    double most;
    double mean;
};

struct profile_range load_profile_range(const struct load_profile *profile);

#endif
