/* Dividing a campaign over testbeds: shard K of N. */
#ifndef RUNNER_PLAN_SHARD_H
#define RUNNER_PLAN_SHARD_H

#include "base/error.h"
#include "runner/plan.h"

/* 'K/N', K from 1 to N; anything else is ERROR_INPUT. */
int shard_parse(const char *text, struct shard *shard, struct error *error);

/*
 * Leaves in the plan the experiments of the shard, in their order and with their cells: the same
 * ones wherever it is computed. All experiments of a campaign take the same time, so shards differ
 * by one experiment at most. Repetitions of an experiment go to as many shards as there are; which
 * of them gets what is drawn, so that no shard, and with it no testbed, has one intensity or
 * target alone. ERROR_INPUT if there are more shards than experiments.
 */
int plan_take_shard(struct plan *plan, struct shard shard, struct error *error);

#endif
