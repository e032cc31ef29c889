/* Steps of an injection that may take longer than its lease. */
#ifndef RUNNER_INJECTION_RENEWED_H
#define RUNNER_INJECTION_RENEWED_H

#include <stdint.h>

#include "base/error.h"
#include "runner/access.h"

/*
 * Runs a step of the injection whose script is on the target, argv being "sh SCRIPT STEP ...", as
 * access_run does, without input. Beside it the lease (ns) is renewed by the step 'renew' every
 * third of it, over the same connection: a step may take its time, and if this program dies the
 * lease ends all the same.
 */
int injection_run_renewed(struct access *access, const char *const argv[], int64_t lease,
                          int64_t timeout, struct command_result *result, struct error *error);

#endif
