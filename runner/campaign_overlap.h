/* Which injections can't be on one target at once. */
#ifndef RUNNER_CAMPAIGN_OVERLAP_H
#define RUNNER_CAMPAIGN_OVERLAP_H

#include <stdbool.h>
#include <stdint.h>

#include "runner/campaign.h"

/* An injection in an experiment's time. */
struct injection_span {
    const struct fault *fault;
    int64_t start; /* ns */
    int64_t length;
};

/* Whether two injections on the same target clash: they overlap, and are of one fault type, or of
 * types that own the same of it. They would undo each other, or one would not be there. */
bool injection_spans_clash(struct injection_span one, struct injection_span other);

#endif
