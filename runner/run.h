/*
 * A run: one execution of a campaign. Opens everything, goes through the plan cell by cell, and
 * leaves every target as it was, whatever happens on the way.
 */
#ifndef RUNNER_RUN_H
#define RUNNER_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "runner/injector.h"
#include "runner/lock_keeper.h"
#include "runner/monitor.h"
#include "runner/plan.h"
#include "runner/sessions.h"
#include "runner/workload.h"
#include "store/store.h"

/* Where a run is, for a progress line. */
struct run_progress {
    size_t position; /* of the experiment, from 1 */
    size_t total;
    const char *experiment; /* its name */
    const char *activity;   /* 'registering', 'injecting cpu 97% on sprout', 'reset' */
    int64_t elapsed;        /* of the experiment's measured duration, ns */
    int64_t duration;
    int64_t left; /* estimate for the rest of the run, ns; -1 if not known yet */
};

enum experiment_verdict { EXPERIMENT_VALID, EXPERIMENT_INVALID, EXPERIMENT_TORN };

struct experiment_outcome {
    enum experiment_verdict verdict;
    char reason[640];    /* of one that is not valid */
    char note[240];      /* what else should be known of it */
    double failed_share; /* of the calls that ended in the measured duration; NaN without calls */
    double achieved;     /* of the first injection, in its unit; NaN if there is none */
    double achieved_of;  /* what was asked for then: one level, where it is a profile */
    bool service_ended;  /* a process of a service ended within a fault */
};

/* Told what the run does. Called from the thread that called run_campaign. */
struct run_listener {
    void *context;
    void (*progress)(void *context, const struct run_progress *progress);
    void (*ended)(void *context, const struct run_progress *progress,
                  const struct planned_experiment *experiment,
                  const struct experiment_outcome *outcome);
};

/* Whoever decides from what was measured how a run goes on: it puts other experiments, with cells
 * of their own, into the plan. Such a run judges its invalid experiments by itself, and isn't
 * resumed. */
struct run_steering {
    void *context;
    /* After the plan's last experiment, which came to `outcome`, and its reset. `*more`: the plan
     * has further experiments. */
    int (*next)(void *context, struct store *store, const struct experiment_outcome *outcome,
                bool *more, struct error *error);
};

struct run_setting {
    const struct plan *plan;
    const struct run_steering *steering; /* NULL: the plan is all there is */
    const struct injector_table *injectors;
    const char *folder;  /* the run's folder */
    const char *version; /* of vnfault, for the record */
    bool resume;         /* go on with the run that is in the folder */
    bool repeat_invalid; /* with resume: try invalid experiments again too */
    bool faults;         /* false: every experiment runs, nothing is injected */
    int64_t lease;       /* of injections, ns */
    struct stop *stop;   /* Ctrl-C */
    const struct run_listener *listener;
};

/* How many experiments came to what. */
struct run_outcome {
    bool begun; /* the testbed is locked and has all that the campaign needs */
    size_t valid;
    size_t invalid;
    size_t torn;
    size_t earlier; /* done before a resume */
    size_t left;    /* still to be done, the torn one too */
};

/* The run under way: what its rooms share. */
struct run {
    const struct run_setting *setting;
    char *owner; /* in the locks */
    struct store *store;
    struct sessions sessions;
    struct lock_keeper lock_keeper;
    struct monitor monitor;
    struct workload workload;
    struct run_progress progress;
    int64_t started;
    size_t finished; /* experiments that ended in this execution */
    struct experiment_outcome last;
};

/*
 * Runs the plan. Returns 0 if every experiment ran and is valid; else the error says the worst of
 * what happened: not clean, unreachable, interrupted, inconclusive (in that order).
 */
int run_campaign(const struct run_setting *setting, struct run_outcome *outcome,
                 struct error *error);

#endif
