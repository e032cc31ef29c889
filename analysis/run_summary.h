/* A run in a few figures: what became of it, and what its load saw. */
#ifndef ANALYSIS_RUN_SUMMARY_H
#define ANALYSIS_RUN_SUMMARY_H

#include "analysis/report_run.h"

/* What became of a run as a whole. */
enum run_verdict {
    RUN_VALID,       /* complete, every experiment is valid, the service level was kept */
    RUN_VIOLATED,    /* complete and valid, but the campaign's service level was not kept */
    RUN_INVALID,     /* complete, but not all of it is valid, or the service level can't be told */
    RUN_INTERRUPTED, /* ended before its last experiment */
    RUN_RUNNING,     /* not ended: it goes on, or its runner died */
    RUN_VERDICTS
};

extern const char *const run_verdict_names[RUN_VERDICTS];

/* Calls of the load's windows. */
struct summary_calls {
    int64_t ended; /* succeeded or failed */
    int64_t failed;
};

struct run_summary {
    enum run_verdict verdict;
    size_t experiments[REPORT_VERDICTS]; /* how many have each verdict */
    struct summary_calls nominal;        /* of the valid nominal experiments */
    struct summary_calls fault;          /* while an injection of a valid experiment was there */
    double availability; /* mean over valid experiments with injections of the share of the measured
                            time in which the service was up; NaN if nothing is known */
    int64_t duration_ns; /* from its start to its end; 0 if it has not ended */
};

/* `run` was read from the store. */
int run_summary_make(struct store *store, const struct report_run *run, struct run_summary *summary,
                     struct error *error);

/* The share of failed calls above which a second counts as down (analysis/service_course.h): the
 * campaign's service level, or 5 %. */
double run_failure_bound(const struct report_run *run);

/* Failed calls as a share of those that ended; NaN if none ended. */
double summary_failed_share(const struct summary_calls *calls);

#endif
