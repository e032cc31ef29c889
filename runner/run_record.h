/* Inside runner/run.c: the run's own row in its database. */
#ifndef RUNNER_RUN_RECORD_H
#define RUNNER_RUN_RECORD_H

#include "base/error.h"
#include "runner/run.h"

/* Whether the folder is free for a new run, or holds the one to go on with: ERROR_INPUT if it
 * isn't, or that one began otherwise. Writes nothing. */
int run_record_check(struct run *run, struct error *error);

/* Makes the database of a new run, or opens that of one that goes on, once the testbed is taken: a
 * run is bound to the testbed that its database says, and one of an earlier version can't be read
 * by the vnfault that made it after this. */
int run_record_begin(struct run *run, struct error *error);

/* How many experiments the run has, for whoever asks how far it is. A steered run's plan begins
 * behind what it has done. */
int run_record_length(struct run *run, struct error *error);

#endif
