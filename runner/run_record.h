/* Inside runner/run.c: the run's own row in its database. */
#ifndef RUNNER_RUN_RECORD_H
#define RUNNER_RUN_RECORD_H

#include "base/error.h"
#include "runner/run.h"

/* Makes the database of a new run, and only looks at that of one to go on with: ERROR_INPUT if that
 * one began otherwise. */
int run_record_begin(struct run *run, struct error *error);

/* Opens the database of a run that goes on, once nothing refuses that any more: one of an earlier
 * version can't be read by the vnfault that made it after this. Nothing to do for a new run. */
int run_record_go_on(struct run *run, struct error *error);

/* How many experiments the run has, for whoever asks how far it is. A steered run's plan begins
 * behind what it has done. */
int run_record_length(struct run *run, struct error *error);

#endif
