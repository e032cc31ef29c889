/*
 * One injection of an experiment, carried out in a thread of its own: the steps of the contract
 * at their instants, each journalled before and recorded after it. Whatever goes wrong on the way,
 * the thread ends with revert and proof.
 */
#ifndef RUNNER_INJECTION_RUN_H
#define RUNNER_INJECTION_RUN_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "runner/injection_means.h"
#include "runner/plan.h"
#include "runner/sessions.h"
#include "runner/workload.h"
#include "store/store.h"

/* What an injection is doing, for the progress line. */
enum injection_phase { PHASE_ARMED, PHASE_APPLYING, PHASE_HOLDING, PHASE_REVERTING, PHASE_OVER };

/* The reason of a stop that one injection of a group asked for, as it had failed. No signal. */
enum { STOP_GROUP_FAILED = 1000 };

struct injection_run {
    /* Set by the caller before injection_run_begin. */
    struct store *store;
    int64_t experiment_id;
    const struct planned_injection *planned;
    const struct injector *injector;
    struct session *session; /* of the target; of a fault in the load, of the load host */
    const struct load_plan *load;
    struct workload *workload;
    const char *owner; /* text of the target's lock, which a reboot takes away */
    int64_t lease;     /* ns */
    struct stop *stop; /* of its group: ends the hold early; asked for if this injection fails */

    /* Results; stable once joined. */
    int64_t start_commanded; /* runner's clock; 0 if it did not come to that */
    int64_t left;            /* the target went away by the fault; runner's clock; 0 if it didn't */
    int64_t end_commanded;   /* runner's clock; 0 if it did not come to that */
    int64_t gone;            /* runner's clock; 0 if not gone or not known */
    double
        achieved; /* of its highest level, or of one that did not take hold; NaN if not measured */
    double achieved_of;   /* what was asked for at that level */
    bool proven;          /* nothing of it is left on the target */
    struct error failure; /* the first thing that went wrong; kind ERROR_NONE if nothing */

    /* The room's own. */
    _Atomic enum injection_phase phase;
    atomic_size_t step; /* level that it is at, for the progress line */
    const struct injection_means *means;
    void *injection; /* what the means made; NULL before it was armed */
    char token[24];
    int64_t id; /* row of table injection */
    int64_t measured_from;
    struct clock_offset clock; /* of the target, measured near the edges */
    unsigned connections;      /* of the session, as it was started */
    pthread_t thread;
    bool running;
    bool ready; /* has a shell wait on the target */
};

/* Its row in the run database. */
int injection_run_begin(struct injection_run *run, struct error *error);

/* Probe and arm. On failure nothing of it is on the target, or `proven` is false. */
int injection_run_arm(struct injection_run *run, struct error *error);

/* Starts the thread; `measured_from` is the start of the measured duration (runner's clock). */
int injection_run_start(struct injection_run *run, int64_t measured_from, struct error *error);

/* Waits for the end of the thread; or, if it was never started, reverts what was armed. */
void injection_run_finish(struct injection_run *run);

#endif
