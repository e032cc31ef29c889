/* Which injections can't be on one target in one experiment. */
#ifndef RUNNER_CAMPAIGN_OVERLAP_H
#define RUNNER_CAMPAIGN_OVERLAP_H

#include <stdint.h>

#include "runner/campaign.h"

/* An injection in an experiment's time. */
struct injection_span {
    const struct fault *fault;
    int64_t start; /* ns */
    int64_t length;
};

enum injection_clash {
    INJECTION_CLASH_NONE,
    INJECTION_CLASH_TYPE,  /* they overlap and are of one fault type: they would undo each other */
    INJECTION_CLASH_OWNED, /* they overlap and own the same of the target */
    INJECTION_CLASH_TAKEN_AWAY /* the target goes away before one ends, and with it what was armed
                                */
};

/* How two injections on the same target clash. */
enum injection_clash injection_spans_clash(struct injection_span one, struct injection_span other);

#endif
