/* A run as the report needs it: read once, in memory, with the service figures of every
 * experiment and injection. Observations are not held; analysis/report_series.h reads them. */
#ifndef ANALYSIS_REPORT_RUN_H
#define ANALYSIS_REPORT_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/report_campaign.h"
#include "analysis/service_impact.h"
#include "base/error.h"
#include "store/reader.h"

/* Strings of the structs below belong to the run that holds them. */
/* One level of an injection whose intensity is a profile, from its command to the next one's. */
struct report_level {
    struct store_level stored;
    int64_t until_ns;               /* 0 if its end was never commanded */
    struct service_figures figures; /* from applied on */
};

struct report_injection {
    struct stored_injection stored;
    struct service_impact impact;
    struct report_level *levels; /* none for a level that is held */
    size_t level_count;
    size_t level_capacity;
};

struct report_experiment {
    struct stored_experiment stored;
    struct report_injection *injections;
    size_t injection_count;
    size_t injection_capacity;
    struct service_figures figures; /* of the measured time */
    struct service_figures faulty;  /* while an injection was there; of several at once one time */
    struct service_figures *bins;   /* equal parts of the time from origin_ns, for the timeline */
    size_t bin_count;
    int64_t bin_ns;
    int64_t origin_ns; /* start of the measured time: what times are relative to */
};

struct report_fact {
    const char *subject;
    const char *name;
    const char *value;
};

struct report_run {
    struct stored_run run;
    struct report_campaign campaign;
    struct stored_target *targets;
    size_t target_count;
    size_t target_capacity;
    struct report_fact *facts;
    size_t fact_count;
    size_t fact_capacity;
    struct report_experiment *experiments;
    size_t experiment_count;
    size_t experiment_capacity;
    size_t recent;  /* index of the experiment last looked up while reading */
    char **strings; /* what the structs above point to */
    size_t string_count;
    size_t string_capacity;
};

enum report_verdict { REPORT_VALID, REPORT_INVALID, REPORT_TORN, REPORT_RUNNING, REPORT_VERDICTS };

extern const char *const report_verdict_names[REPORT_VERDICTS];

/* Reads the run; free with report_run_free, also after an error. */
int report_run_read(struct store *store, struct report_run *run, struct error *error);
void report_run_free(struct report_run *run);

enum report_verdict report_verdict_of(const struct report_experiment *experiment);

/* Number of experiments with the verdict. */
size_t report_count(const struct report_run *run, enum report_verdict verdict);

/* The service over all valid nominal experiments; NaN where nothing is known. */
struct report_nominal {
    size_t experiments;
    double failure_share;
    double response_time; /* mean of the transaction, seconds */
};

void report_nominal_figures(const struct report_run *run, const char *transaction,
                            struct report_nominal *nominal);

/* The transaction that stands for the service in this run; NULL if none is reported. */
const char *report_main_transaction(const struct report_run *run);

#endif
