/* How much of a run is left, from its database alone. */
#ifndef CLI_RUN_ESTIMATE_H
#define CLI_RUN_ESTIMATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/reader.h"

struct run_estimate {
    size_t total;      /* experiments of the plan; 0 if the run doesn't say */
    size_t left;       /* of them, still to be done; one that is under way too */
    int64_t time_left; /* ns; -1 if it can't be told yet */
};

/* As of `now`. What an experiment takes, its reset included, is the median of the times from one
 * start to the next: a pause of the run does not count. */
int run_estimate_make(struct store *store, int64_t now, struct run_estimate *estimate,
                      struct error *error);

#endif
