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

/* A step that goes on over a stream. */
struct injection_following {
    struct access *access;
    struct access_stream *stream;
    const char *step;
    const char *script; /* NULL if its lease isn't to be renewed */
    const char
        *mark; /* of a shell that goes on after it: how the line after its end begins; or NULL */
    int64_t lease;    /* ns */
    int64_t deadline; /* runner's clock */
};

/* Follows it to its end, renewing its lease. What a shell printed from the mark on is left out, and
 * the number after it is the step's exit status. ERROR_UNREACHABLE past the deadline, or if a shell
 * ended before the mark. Free the result in either case. */
int injection_follow(const struct injection_following *following, struct command_result *result,
                     struct error *error);

#endif
