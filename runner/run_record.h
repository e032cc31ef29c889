/* Inside runner/run.c: the run's own row in its database. */
#ifndef RUNNER_RUN_RECORD_H
#define RUNNER_RUN_RECORD_H

#include "base/error.h"
#include "runner/run.h"

/* Makes the database of a new run, or opens that of one to go on with: ERROR_INPUT if that one
 * began otherwise. run->store is NULL if it could not be opened. */
int run_record_open(struct run *run, struct error *error);

/* How many experiments the run has, for whoever asks how far it is. A steered run's plan begins
 * behind what it has done. */
int run_record_length(struct run *run, struct error *error);

#endif
