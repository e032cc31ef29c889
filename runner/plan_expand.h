/* The experiments of a plan: the product of the matrix, those written out, those drawn at random.
 * For runner/plan.c. */
#ifndef RUNNER_PLAN_EXPAND_H
#define RUNNER_PLAN_EXPAND_H

#include "base/error.h"
#include "runner/plan.h"

/* Fills in the experiments in the order of the file, from the campaign, scale and timeline of the
 * plan. ERROR_INPUT if random injections find no room. */
int plan_expand(struct plan *plan, struct error *error);

void planned_experiment_free(struct planned_experiment *experiment);

#endif
