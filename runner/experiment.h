/* One experiment of a run, from its registration phase to its verdict. */
#ifndef RUNNER_EXPERIMENT_H
#define RUNNER_EXPERIMENT_H

#include "base/error.h"
#include "runner/run.h"

/*
 * Carries out the experiment and records it. A fault that could not be reverted or proven gone is
 * ERROR_NOT_CLEAN; a store that can't be written or a host that is lost for good is an error too.
 * Everything else that goes wrong makes a verdict. An interrupt makes it torn.
 */
int experiment_run(struct run *run, const struct planned_experiment *experiment,
                   struct experiment_outcome *outcome, struct error *error);

#endif
