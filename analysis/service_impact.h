/*
 * What the load saw around an injection: calls, failures by cause and response time before,
 * during and after it. Counts belong to the window in which the load generator noticed them: a
 * call that a fault broke may be counted as failed only when its timer ends.
 */
#ifndef ANALYSIS_SERVICE_IMPACT_H
#define ANALYSIS_SERVICE_IMPACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/reader.h"

/* Half-open span of the runner's clock; empty if `until_ns` is not after `from_ns`. */
struct time_span {
    int64_t from_ns;
    int64_t until_ns;
};

/* Failed calls of one cause. */
struct failure_cause {
    char *name;
    int64_t calls;
};

/* Response time of one transaction: sums over the windows that report it. */
struct transaction_time {
    char *name;
    double weighted_ns; /* mean of the window x calls that ended in it */
    double weight;
};

/* Sums over service samples. Zero it to start; free with service_figures_free. */
struct service_figures {
    size_t samples;
    int64_t first_ns; /* start of the first window */
    int64_t last_ns;  /* end of the last window */
    int64_t created;
    int64_t succeeded;
    int64_t failed;
    int64_t retransmissions;
    double offered; /* calls that were to be created: offered rate x window */
    struct failure_cause *causes;
    size_t cause_count;
    size_t cause_capacity;
    struct transaction_time *transactions;
    size_t transaction_count;
    size_t transaction_capacity;
};

void service_figures_add(struct service_figures *figures,
                         const struct store_service_sample *sample);
void service_figures_free(struct service_figures *figures);

/* Failed calls over calls that ended (failed + succeeded), 0 to 1; NaN if none ended. */
double service_failure_share(const struct service_figures *figures);

/* Calls per second asked for and created, over the time the samples cover; NaN without samples. */
double service_offered_rate(const struct service_figures *figures);
double service_achieved_rate(const struct service_figures *figures);

/* Mean response time in seconds of a transaction, windows weighted by the calls that ended in
 * them; NaN if no window reports it. */
double service_response_time(const struct service_figures *figures, const char *transaction);

/* Failed calls of a cause; 0 if there were none. */
int64_t service_failures_of(const struct service_figures *figures, const char *cause);

/*
 * The transaction whose response time stands for the service: 'call' where the load reports it,
 * else 'invite', else the first by name. NULL if none is reported; owned by the figures.
 */
const char *service_main_transaction(const struct service_figures *figures);

enum impact_phase { IMPACT_BEFORE, IMPACT_DURING, IMPACT_AFTER, IMPACT_PHASES };

extern const char *const impact_phase_names[IMPACT_PHASES]; /* 'before', 'during', 'after' */

struct service_impact {
    struct time_span spans[IMPACT_PHASES];
    struct service_figures figures[IMPACT_PHASES];
};

/*
 * Sets the spans of an injection: before it is from `measured.from_ns` to the command to start,
 * during it from applied to the command to end, after it from gone to `measured.until_ns`. The
 * ramps between belong to none. A span whose edge was never measured is empty.
 */
void service_impact_start(struct service_impact *impact, const struct stored_injection *injection,
                          const struct time_span *measured);

/* Counts the sample in the phase that holds its whole window; one that touches an edge in none.
 * Returns whether it is in the one during the injection. */
bool service_impact_add(struct service_impact *impact, const struct store_service_sample *sample);

void service_impact_free(struct service_impact *impact);

#endif
