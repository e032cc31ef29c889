/*
 * The plan: the campaign's matrix, expanded and ordered, with every duration scaled. The same
 * campaign and scale always make the same plan, cell by cell, so that a run can be resumed.
 */
#ifndef RUNNER_PLAN_H
#define RUNNER_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/campaign.h"

struct planned_step {
    double value;  /* in the unit of the fault type */
    int64_t start; /* after the start of the injection, ns, scaled */
};

/* One injection of an experiment. Pointers are into the campaign, but for the steps. */
struct planned_injection {
    const struct fault *fault;
    const struct intensity *intensity;
    const struct host *target;  /* of a fault in the load, the load host it is carried out on */
    size_t group;               /* injections of one group start together, all or none */
    int64_t start;              /* after the start of the measured duration, ns, scaled */
    int64_t length;             /* ns, scaled */
    struct planned_step *steps; /* the levels one after the other; at least one */
    size_t step_count;
};

/* The name of its target; 'load' of a fault in the load. */
const char *planned_target(const struct planned_injection *injection);

struct planned_experiment {
    size_t cell; /* index in the plan */
    char *name;  /* 'cpu-high-sprout-1', 'nominal-1' */
    int64_t repetition;
    struct planned_injection *injections; /* by start */
    size_t injection_count;               /* 0 for a nominal experiment */
    size_t group_count;
    int64_t profile_start; /* where in the load profile the duration begins, ns, unscaled */
};

/* A time scale 1/15 has numerator 1 and denominator 15. */
struct time_scale {
    int64_t numerator;
    int64_t denominator;
};

/* A shard 2/3 has number 2 and count 3; of a whole campaign both are 0. */
struct shard {
    int64_t number; /* from 1 */
    int64_t count;
};

struct plan {
    const struct campaign *campaign;
    struct shard shard;
    struct time_scale scale;
    struct timeline timeline;  /* scaled */
    int64_t monitoring_period; /* scaled */
    struct planned_experiment *experiments;
    size_t experiment_count;
    size_t whole_count; /* experiments of the campaign: more, if this is a shard */
    int64_t length;     /* of all experiments here, without resets */
    int64_t estimate;   /* the same with what is done before and after each, about */
};

/* '1/15', '1' or '2'; anything else is ERROR_INPUT. */
int time_scale_parse(const char *text, struct time_scale *scale, struct error *error);
int64_t time_scale_apply(struct time_scale scale, int64_t duration);

/* The plan, to be freed with plan_free before the campaign is. ERROR_INPUT if a scaled duration
 * is too short to be measured. */
int plan_make(const struct campaign *campaign, struct time_scale scale, struct plan **plan,
              struct error *error);
void plan_free(struct plan *plan);

/* Frees what it holds; it is empty then. */
void plan_clear(struct plan *plan);

#endif
