/*
 * A fault that ends the connection (a reboot), within an injection: the target goes away with its
 * undo record and its lock, comes back as it is after any start, and is made one of the run again.
 * For runner/injection_run.c.
 */
#ifndef RUNNER_INJECTION_ABSENCE_H
#define RUNNER_INJECTION_ABSENCE_H

#include "base/error.h"
#include "runner/injection_run.h"

/* The lease of such a fault: a target has that of others, or the injection's length, to go away. */
int64_t injection_absence_lease(int64_t lease, int64_t length);

/*
 * Applies it and waits until the target is back: sets `run->left`, and the report's instant to when
 * it had gone. A target that has not gone is no error; verify finds that.
 */
int injection_absence_begin(struct injection_run *run, struct injection_report *report,
                            struct error *error);

/* Takes the lock anew, measures the clock and waits until the service's processes run. */
int injection_absence_end(struct injection_run *run, struct error *error);

#endif
