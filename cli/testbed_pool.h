/* Which testbed a run takes, and waiting for it: the first of a pool that no other run has locked.
 */
#ifndef CLI_TESTBED_POOL_H
#define CLI_TESTBED_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"

/* Runs on the testbed of that file, NULL: the campaign's own. `*begun`: the testbed was taken and
 * the run began, whatever came of it. */
typedef int testbed_run(const char *testbed, bool *begun, struct error *error);

struct testbed_choice {
    const char *campaign; /* file */
    const char *testbed;  /* file; NULL: the campaign's own */
    const char *pool;     /* folder of testbed files, in place of `testbed`; NULL: none */
    int64_t most_wait;    /* for a testbed that is in use, ns; 0: none */
    testbed_run *run;
    struct stop *stop;
};

/*
 * Runs on the first testbed that can be taken and returns what came of that. While those that could
 * be are in use, it waits, as long as most_wait says: then ERROR_LOCKED. A testbed of a pool that
 * can't be used is told in the log and passed over: ERROR_INPUT if there is no fit file in the
 * pool, ERROR_UNREACHABLE if no testbed is left.
 */
int testbed_choice_run(const struct testbed_choice *choice, struct error *error);

#endif
