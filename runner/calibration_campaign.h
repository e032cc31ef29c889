/*
 * The campaign of a calibration, made of one that was read: the same testbed, load, monitoring and
 * reset, and one experiment at a time, which is the next step. The runner carries it out like any
 * other.
 */
#ifndef RUNNER_CALIBRATION_CAMPAIGN_H
#define RUNNER_CALIBRATION_CAMPAIGN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/campaign.h"
#include "runner/injector.h"
#include "runner/plan.h"

/* How long one step measures. */
struct calibration_times {
    int64_t settling; /* before anything counts: calls fail up to so long after their cause, ns */
    int64_t length;   /* that counts at least, ns */
    int64_t calls;    /* to be counted at least */
};

/*
 * Keeps of the campaign's faults those of the types, with the parameters that it has for them, and
 * of its targets those named; a type that it hasn't is added, and no types leave no faults. NULL
 * `targets` keeps the campaign's. Each fault then has one intensity: where its search is to begin.
 * A load profile is taken out of the campaign, whose rate then is that of the profile's peak, and
 * becomes the caller's in `*profile`; else that is NULL. ERROR_INPUT for an unknown type or target,
 * for a fault in the load and for one that has one intensity only, and for a profile of rates where
 * a rate is to be found.
 */
int calibration_campaign_choose(struct campaign *campaign, const struct injector_table *injectors,
                                char *const *types, char *const *targets,
                                struct load_profile **profile, struct error *error);

/* Plans a step without a fault at that rate, as the cell. */
int calibration_plan_load(struct campaign *campaign, const struct calibration_times *times,
                          double rate, int64_t repetition, size_t cell, struct plan *plan,
                          struct error *error);

/* Plans a step with the fault on the target at that intensity, at the campaign's rate. */
int calibration_plan_fault(struct campaign *campaign, const struct calibration_times *times,
                           size_t fault, const char *target, double value, int64_t repetition,
                           size_t cell, struct plan *plan, struct error *error);

#endif
