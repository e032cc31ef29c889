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
    struct summary_calls fault;          /* while injections of valid experiments were there */
    struct summary_calls whole; /* of valid experiments with injections, all that is measured */
    int64_t duration_ns;        /* from its start to its end; 0 if it has not ended */
};

void run_summary_make(const struct report_run *run, struct run_summary *summary);

/* Failed calls as a share of those that ended; NaN if none ended. */
double summary_failed_share(const struct summary_calls *calls);

/* The share of calls that succeeded of those that ended, from the start of the measured time to its
 * end, over valid experiments with injections; NaN if none ended. */
double summary_availability(const struct run_summary *summary);

#endif
