#include "runner/calibration_share.h"

#include <math.h>

#define NORMAL_QUANTILE 1.959963984540054 /* of 95 % on both sides */

/* E. B. Wilson (1927): bounds that stay within 0 and 1, also where no call failed, or all did. */
struct failed_share failed_share_of_sums(int64_t calls, int64_t failed, double spread)
{
    struct failed_share share = {.calls = calls, .failed = failed, .spread = spread};
    double worth = (double)calls / spread;
    double square = NORMAL_QUANTILE * NORMAL_QUANTILE;
    double middle;
    double half;

    if (calls == 0) {
        share.share = share.least = share.most = NAN;
        return share;
    }
    share.share = (double)failed / (double)calls;
    middle = (share.share + square / (2 * worth)) / (1 + square / worth);
    half = NORMAL_QUANTILE / (1 + square / worth) *
           sqrt(share.share * (1 - share.share) / worth + square / (4 * worth * worth));
    share.least = failed == 0 ? 0 : fmax(middle - half, 0);
    share.most = failed == calls ? 1 : fmin(middle + half, 1);
    return share;
}

/* Pearson's statistic by its degrees of freedom. */
static double spread_of(const struct counted_window *windows, size_t count, double share)
{
    double sum = 0;
    int64_t used = 0;

    for (size_t i = 0; i < count; i++) {
        double expected = (double)windows[i].calls * share;
        double off = (double)windows[i].failed - expected;

        if (windows[i].calls == 0)
            continue;
        sum += off * off / (expected * (1 - share));
        used++;
    }
    return used > 1 ? fmax(1, sum / (double)(used - 1)) : 1;
}

struct failed_share failed_share_of(const struct counted_window *windows, size_t count)
{
    int64_t calls = 0;
    int64_t failed = 0;

    for (size_t i = 0; i < count; i++) {
        calls += windows[i].calls;
        failed += windows[i].failed;
    }
    if (failed == 0 || failed == calls)
        return failed_share_of_sums(calls, failed, 1);
    return failed_share_of_sums(calls, failed,
                                spread_of(windows, count, (double)failed / (double)calls));
}
