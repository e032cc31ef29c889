/*
 * The time between a fault that ends the connection and the target's return: a target that has
 * gone away and answers again without the undo record is back from a reboot.
 */
#ifndef RUNNER_INJECTION_RETURN_H
#define RUNNER_INJECTION_RETURN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/injection.h"

/* How long a target may be away. */
#define LONGEST_ABSENCE (300 * CLOCK_SECOND)

/* An absence that is over. */
struct absence {
    bool returned;
    int64_t left; /* the first look that was not answered; runner's clock */
    int64_t back; /* the first that was answered again, without the undo record */
};

/*
 * Waits until the target has gone away and is back, over a new connection of the access. One that
 * still has its undo record after `patience` ns has not gone: `returned` is false then.
 * ERROR_UNREACHABLE if it does not come back within LONGEST_ABSENCE.
 */
int injection_await_return(struct injection *injection, struct access *access, int64_t patience,
                           struct absence *absence, struct error *error);

#endif
