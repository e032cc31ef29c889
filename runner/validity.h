/* Whether an experiment may be used for training and figures, and if not, why. */
#ifndef RUNNER_VALIDITY_H
#define RUNNER_VALIDITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "runner/injection_run.h"
#include "runner/monitor.h"
#include "runner/plan.h"
#include "runner/service_watch.h"
#include "runner/workload.h"

/* What an experiment left behind to be judged. */
struct evidence {
    const struct plan *plan;
    int64_t from; /* measured duration, runner's clock */
    int64_t until;
    struct workload *workload;
    const struct monitor *monitor;
    const struct service_watch *services;
    const struct injection_run *injections;
    size_t injection_count;
};

/*
 * Appends each reason why the experiment is invalid, separated by '; '; nothing if it is valid:
 * the load ran to its end and reached its rate, nominal failures stayed under the calibrated
 * bound, so did those in the second half of what follows the cool-down, every injection was
 * verified, reverted and proven gone, monitoring lacks little and not most of a fault, no process
 * of a service ended outside of a fault. Appends to `notes` what should be known of it although it
 * is no such reason: a process of a service ended within a fault, monitoring has a gap.
 */
void validity_judge(const struct evidence *evidence, struct text *reasons, struct text *notes);

/* Whether a process of a service ended within a fault. */
bool validity_service_ended(const struct evidence *evidence);

#endif
