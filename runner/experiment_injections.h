/*
 * The injections of one experiment: armed side by side before anything begins, each then in a
 * thread of its own at its time. Those of one group start together, all or none: when one of them
 * fails, the others are reverted at once, each with its own record.
 */
#ifndef RUNNER_EXPERIMENT_INJECTIONS_H
#define RUNNER_EXPERIMENT_INJECTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "runner/injection_run.h"
#include "runner/run.h"

struct experiment_injections {
    struct injection_run *items; /* by start */
    size_t count;
    struct stop *groups; /* one for each group of the plan */
    size_t group_count;
};

/* Records, probes and arms all of them; those that could be armed stay so when one fails. Whatever
 * it returns, finish and free are to follow. */
int experiment_injections_arm(struct experiment_injections *injections, struct run *run,
                              int64_t experiment_id, const struct planned_experiment *experiment,
                              struct error *error);

/* Starts the threads; `measured_from` is the start of the measured duration (runner's clock). */
int experiment_injections_start(struct experiment_injections *injections, int64_t measured_from,
                                struct error *error);

/* What is injected just now, for the progress line: 'injecting cpu 97% on sprout'; empty if none
 * is under way. */
void experiment_injections_describe(const struct experiment_injections *injections, char *text,
                                    size_t size);

/* Ends all of them now, for that reason. */
void experiment_injections_stop(struct experiment_injections *injections, int reason);

/* Waits until each is over and gone, or known not to be. */
void experiment_injections_finish(struct experiment_injections *injections);
void experiment_injections_free(struct experiment_injections *injections);

#endif
