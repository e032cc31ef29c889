/*
 * A shell on a target that has an injection's script loaded and waits for steps, so that between
 * the command and its edge there is a line over an open channel and no more than the fault's own
 * tools. It is marked as a step of its injection: the guards end it with the lease.
 */
#ifndef RUNNER_INJECTION_SHELL_H
#define RUNNER_INJECTION_SHELL_H

#include <stdint.h>

#include "base/error.h"
#include "runner/access.h"

struct injection_shell;

/* Starts it by "sh SCRIPT wait" and waits until it is ready, `timeout` ns at most. NULL and an
 * error if it did not come to that. Ended by injection_shell_end. */
struct injection_shell *injection_shell_start(struct access *access, const char *script,
                                              int64_t timeout, struct error *error);

/*
 * Takes a step of the injection, argv being "sh SCRIPT STEP ...", as injection_run_renewed does,
 * but doesn't renew the lease beside it if that is 0. `*shell` takes it if it isn't NULL. One that
 * ended in the meantime, or was ended, is freed and set to NULL, and the step is taken by a command
 * of its own, as it is where there is no shell: every step can be taken again. Not so if the
 * connection is lost or the time is over.
 */
int injection_shell_take(struct injection_shell **shell, struct access *access,
                         const char *const argv[], int64_t lease, int64_t timeout,
                         struct command_result *result, struct error *error);

/* Closes its input, which ends it. NULL is allowed. */
void injection_shell_end(struct injection_shell *shell);

#endif
