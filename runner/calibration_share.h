/*
 * Which share of calls fails, and between what bounds. Calls don't fail one by one by chance: they
 * fail in bursts, so how much the share differs from window to window widens the bounds.
 */
#ifndef RUNNER_CALIBRATION_SHARE_H
#define RUNNER_CALIBRATION_SHARE_H

#include <stddef.h>
#include <stdint.h>

/* Calls that ended in a window of the load's statistics. */
struct counted_window {
    int64_t calls;
    int64_t failed;
};

struct failed_share {
    int64_t calls;
    int64_t failed;
    double share; /* NaN without calls; so are the bounds */
    double least; /* bounds at 95 % */
    double most;
    double spread; /* variance from window to window over that of chance, at least 1 */
};

/* Share and bounds (Wilson's, of as many calls as are worth those counted: calls / spread). */
struct failed_share failed_share_of(const struct counted_window *windows, size_t count);

/* The same of sums, where the spread is known. */
struct failed_share failed_share_of_sums(int64_t calls, int64_t failed, double spread);

#endif
