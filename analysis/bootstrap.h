/*
 * How far figures of a detector would go if the campaign had had other experiments: the bootstrap
 * over experiments (Efron, 1979), whose observations are kin to one another and stay together.
 */
#ifndef ANALYSIS_BOOTSTRAP_H
#define ANALYSIS_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/evaluation.h"

enum { BOOTSTRAP_RESAMPLES = 1000 };

struct bootstrap_input {
    const double *scores;
    const uint8_t *positive;    /* 0 or 1 for each score */
    const int64_t *experiments; /* of each score, any numbers; rows of one stand together */
    size_t count;
    uint64_t seed;
};

/*
 * Draws as many experiments as there are, with replacement, over and over; `roc_auc` and
 * `average_precision` become the bounds (2.5 and 97.5 per cent, interpolated as numpy's percentile)
 * of the figure of the drawn observations. NaN where no draw has both classes. The same seed gives
 * the same bounds.
 */
void bootstrap_areas(const struct bootstrap_input *input, struct interval *roc_auc,
                     struct interval *average_precision);

#endif
