/*
 * Calibration: finds by experiments the load at which the service saturates and the highest rate
 * that keeps nominal failures under the campaign's bound, or the highest intensities of faults that
 * take hold to their end and leave some calls alive. Each step is an experiment of one run, with
 * all that a run has: locks, leases, proof, reset, database.
 */
#ifndef RUNNER_CALIBRATION_H
#define RUNNER_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "runner/calibration_campaign.h"
#include "runner/calibration_level.h"
#include "runner/run.h"

enum calibration_goal {
    CALIBRATE_SATURATION, /* the highest rate that the service keeps up with */
    CALIBRATE_RATE,       /* the highest rate within the bound of nominal failures */
    CALIBRATE_INTENSITY,  /* the highest intensity of a fault on a target */
};

/* Why a search ended where it did: what was wrong with the next value above. */
enum calibration_limit {
    LIMIT_RANGE,     /* nothing: there is none above */
    LIMIT_FAILURES,  /* too many calls failed, or did not end */
    LIMIT_REFUSED,   /* the fault did not take hold or not to the end, or a service died of it */
    LIMIT_GENERATOR, /* the load hosts can't make so many calls */
};

struct calibration_finding {
    enum calibration_goal goal;
    const char *fault_type; /* of CALIBRATE_INTENSITY; else NULL, as the target */
    const char *target;
    const char *unit; /* 'calls/s', 'ms' */
    bool found;
    double value;
    double beyond; /* the lowest that is too high; NaN if there is none */
    enum calibration_limit limit;
    char reason[640];             /* of LIMIT_REFUSED */
    struct failed_share failures; /* at the value; in a search for saturation, calls that did not
                                     succeed meanwhile. At the lowest value where none was found */
    double rate;                  /* calls made per second at the value */
    double achieved;              /* of the injection at the value; NaN without one */
    size_t steps;                 /* experiments at the value */
};

/* One step, as it ended. */
struct calibration_step {
    size_t number;    /* from 1; the experiment's cell and 1 */
    const char *name; /* of the experiment */
    enum calibration_goal goal;
    double value;
    const char *unit;
    const struct calibration_measurement *measurement;
    const struct calibration_level *level; /* all steps at the value */
    struct failed_share failures;          /* of all steps at the value */
    struct failed_share decisive;          /* what the answer is of: these, or the calls lost */
    double limit;                          /* that it is held against */
    enum calibration_answer answer;
};

struct calibration_listener {
    void *context;
    void (*progress)(void *context, const struct run_progress *progress);
    void (*measured)(void *context, const struct calibration_step *step);
    void (*found)(void *context, const struct calibration_finding *finding);
};

struct calibration_setting {
    struct campaign *campaign; /* as calibration_campaign_choose left it; changed */
    const struct injector_table *injectors;
    const char *folder;
    const char *version;
    int64_t lease; /* ns */
    struct stop *stop;
    double share_of_saturation; /* the rate is to be at most this share of it; 1: all */
    bool needs_saturation;      /* it is an error not to find it */
    double most_failures;       /* share of calls that may fail in a fault */
    double precision;           /* see struct search_range */
    struct calibration_times times;
    const struct calibration_listener *listener;
};

struct calibration_findings {
    struct calibration_finding *items;
    size_t count;
};

/*
 * Calibrates the load if the campaign has no fault, else each fault on each target. The findings
 * are there for what was found, also after an error; free them before the campaign.
 * ERROR_INCONCLUSIVE if something could not be found: too many failures at the lowest value, a
 * service that can't be measured. Else as run_campaign.
 */
int calibrate(const struct calibration_setting *setting, struct calibration_findings *findings,
              struct error *error);
void calibration_findings_free(struct calibration_findings *findings);

#endif
