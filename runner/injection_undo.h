/* The end of an injection: revert and proof. For runner/injection_run.c. */
#ifndef RUNNER_INJECTION_UNDO_H
#define RUNNER_INJECTION_UNDO_H

#include "runner/injection_run.h"

/* Reverts and proves, whatever there is of the fault; `proven` says whether nothing is left, the
 * `failure` why not. Tries until 10 s after the lease, and once more after an attempt that took
 * longer. */
void injection_undo(struct injection_run *run);

#endif
