/*
 * The campaign: which experiments to run. Read from a campaign file and its testbed file, both
 * checked against their XML Schema and against each other. All durations are unscaled.
 */
#ifndef RUNNER_CAMPAIGN_H
#define RUNNER_CAMPAIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/testbed.h"

struct load_profile; /* runner/load_profile.h */

struct load_plan {
    char *driver;        /* 'sipp'; see the table of load drivers */
    char *scenario;      /* folder of the scenario's files, absolute */
    char **callers;      /* names of the hosts that call; each makes its part of the calls */
    size_t caller_count; /* 1 or more */
    char **callees;      /* names of the hosts that are called */
    size_t callee_count; /* 1 or more */
    char *service;       /* 'address:port' of the VNF's entry point, as said */
    char *domain;        /* SIP domain, 'ims.test' */
    char *transport;     /* 'udp', 'tcp' */
    double rate;         /* calls per second; with a profile at its peak */
    struct load_profile *profile; /* the rate's course; NULL if it is constant */
    int64_t profile_start;        /* where in it the measured duration begins, ns */
    int64_t profile_advance;      /* by how much later each nominal experiment begins, ns */
    int64_t call_duration;        /* time that a call is held for, ns; 0: the scenario's own */
    int64_t subscribers;          /* number of provisioned subscribers; half of them call */
    double maximum_failure_share; /* nominal failures allowed, 0.01 for 1% */
    double minimum_rate_share;    /* of the offered rate that must be reached, 0.95 for 95% */
};

struct timeline {
    int64_t warm_up;         /* load runs, nothing is measured */
    int64_t duration;        /* measured, the injection included */
    int64_t injection_start; /* after the start of the duration */
    int64_t injection_length;
    int64_t cool_down; /* after the fault is gone, observations count as cool-down */
};

struct parameter {
    char *name;
    char *value;
};

struct intensity_step {
    double value;   /* in the unit of the fault type */
    int64_t length; /* ns */
};

/* A level that is held, or a profile: steps one after the other. */
struct intensity {
    char *name;                   /* 'high', 'staircase' */
    double value;                 /* in the unit of its fault type; of a profile the highest */
    char *unit;                   /* '%', 'ms', 'workers' */
    char *text;                   /* for people: '97%', '10%..80%' */
    struct intensity_step *steps; /* of a profile */
    size_t step_count;            /* 0 unless it is a profile */
};

struct fault {
    char *type; /* 'cpu': a file under injectors/, or a fault in the load */
    struct intensity *intensities;
    size_t intensity_count;
    struct parameter *parameters; /* 'direction', 'interface', ... for the injector */
    size_t parameter_count;
    char *owns;           /* what one injection at a time has of a target; NULL: nothing */
    bool ends_connection; /* its target goes away by it, with all in its memory */
    int64_t level_time;   /* that a level of a profile takes to be made and measured, about, ns; 0:
                             not known */
    bool in_load;         /* it has no target: it is in the load, which reaches all of them */
    int line;
};

/* Injections of one fault that start together on several targets: all of them, or none. A fault in
 * the load has no target and is one injection. */
struct campaign_injection {
    size_t fault;     /* index in the campaign's faults */
    size_t intensity; /* index in the fault's intensities */
    char **targets;   /* names */
    size_t target_count;
    int64_t start;  /* after the start of the measured duration, ns */
    int64_t length; /* ns; that of the profile if the intensity is one */
};

/* An experiment that is written out, beside those of the matrix. */
struct campaign_experiment {
    char *name;
    int64_t repetitions;
    struct campaign_injection *injections;
    size_t injection_count;
};

/* Experiments whose injections are drawn at random from the campaign's faults and targets. */
struct random_experiments {
    char *name;
    int64_t count;
    int64_t injections; /* of each */
    uint64_t seed;
    int64_t least_length; /* of an injection, ns */
    int64_t most_length;
    char **targets; /* names; those of the matrix unless said */
    size_t target_count;
};

enum experiment_order { ORDER_LISTED, ORDER_SHUFFLED };
enum reset_method { RESET_NONE, RESET_REBOOT, RESET_COMMAND };

struct reset {
    enum reset_method method;
    char *command; /* of RESET_COMMAND: run on each target */
};

/* Thresholds on the service; a figure over its threshold makes the run exit with 1. Negative
 * where the campaign states none. */
struct service_level {
    double maximum_failure_share;  /* of calls, over the nominal experiments */
    int64_t maximum_response_time; /* mean of a call, ns */
};

struct campaign {
    char *path;
    char *name;
    char *description;
    char *xml; /* as read, XInclude resolved */
    struct testbed *testbed;
    struct load_plan load;
    int64_t monitoring_period;
    struct timeline timeline;
    struct fault *faults;
    size_t fault_count;
    char **targets; /* names of the targets of the matrix */
    size_t target_count;
    int64_t repetitions;
    int64_t nominal_repetitions; /* experiments without injection */
    struct campaign_experiment *experiments;
    size_t experiment_count;
    struct random_experiments *random;
    size_t random_count;
    enum experiment_order order;
    uint64_t seed; /* of the shuffle */
    struct reset reset;
    struct service_level service_level;
};

/* One thing wrong with a file: what `vnfault check` prints as a line. */
struct finding {
    char *file;
    int line;
    char *element; /* 'intensity'; "" if none */
    char *what;
    char *hint; /* what is allowed, 'did you mean'; "" if none */
};

struct findings {
    struct finding *items;
    size_t count;
    size_t capacity;
};

/*
 * Reads and checks a campaign file, and the testbed file that it names, or `testbed_path` in its
 * place if that is not NULL. All that is wrong is added to `findings`. Returns the campaign, or
 * NULL if there was anything wrong. The caller frees both.
 */
struct campaign *campaign_read(const char *path, const char *testbed_path,
                               struct findings *findings);
struct testbed *testbed_read(const char *path, struct findings *findings);

void campaign_free(struct campaign *campaign);
void findings_free(struct findings *findings);

#endif
