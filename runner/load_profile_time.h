/* How the times of a load profile are written. For runner/load_profile.c. */
#ifndef RUNNER_LOAD_PROFILE_TIME_H
#define RUNNER_LOAD_PROFILE_TIME_H

#include "runner/load_profile.h"

/* The way that `text` looks to be written; what is wrong with it is told by load_profile_time. */
enum profile_time profile_time_form(const char *text);

/* The period of such times, ns; `period` for offsets. */
int64_t profile_time_period(enum profile_time form, int64_t period);

#endif
