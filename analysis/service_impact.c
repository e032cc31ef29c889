#include "analysis/service_impact.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const char *const impact_phase_names[IMPACT_PHASES] = {"before", "during", "after"};

static struct failure_cause *cause_of(struct service_figures *figures, const char *name)
{
    struct failure_cause *cause;

    for (size_t i = 0; i < figures->cause_count; i++) {
        if (strcmp(figures->causes[i].name, name) == 0)
            return &figures->causes[i];
    }
    figures->causes = memory_grow(figures->causes, figures->cause_count, &figures->cause_capacity,
                                  sizeof *figures->causes);
    cause = &figures->causes[figures->cause_count++];
    cause->name = memory_string(name);
    cause->calls = 0;
    return cause;
}

static struct transaction_time *transaction_of(struct service_figures *figures, const char *name)
{
    struct transaction_time *transaction;

    for (size_t i = 0; i < figures->transaction_count; i++) {
        if (strcmp(figures->transactions[i].name, name) == 0)
            return &figures->transactions[i];
    }
    figures->transactions =
        memory_grow(figures->transactions, figures->transaction_count,
                    &figures->transaction_capacity, sizeof *figures->transactions);
    transaction = &figures->transactions[figures->transaction_count++];
    memset(transaction, 0, sizeof *transaction);
    transaction->name = memory_string(name);
    return transaction;
}

void service_figures_add(struct service_figures *figures, const struct store_service_sample *sample)
{
    double seconds = (double)(sample->time_ns - sample->window_start_ns) / 1e9;
    double ended = (double)(sample->calls_succeeded + sample->calls_failed);

    if (figures->samples == 0 || sample->window_start_ns < figures->first_ns)
        figures->first_ns = sample->window_start_ns;
    if (figures->samples == 0 || sample->time_ns > figures->last_ns)
        figures->last_ns = sample->time_ns;
    figures->samples++;
    figures->created += sample->calls_created;
    figures->succeeded += sample->calls_succeeded;
    figures->failed += sample->calls_failed;
    figures->retransmissions += sample->retransmissions;
    figures->offered += sample->offered_rate * seconds;
    for (size_t i = 0; i < sample->failure_count; i++)
        cause_of(figures, sample->failures[i].name)->calls += sample->failures[i].count;
    for (size_t i = 0; i < sample->response_count; i++) {
        struct transaction_time *transaction =
            transaction_of(figures, sample->responses[i].transaction);
        /* A transaction can be answered in a window in which no call ends. */
        double weight = ended > 0 ? ended : 1;

        transaction->weighted_ns += weight * (double)sample->responses[i].mean_ns;
        transaction->weight += weight;
    }
}

void service_figures_free(struct service_figures *figures)
{
    for (size_t i = 0; i < figures->cause_count; i++)
        free(figures->causes[i].name);
    for (size_t i = 0; i < figures->transaction_count; i++)
        free(figures->transactions[i].name);
    free(figures->causes);
    free(figures->transactions);
    memset(figures, 0, sizeof *figures);
}

double service_failure_share(const struct service_figures *figures)
{
    int64_t ended = figures->failed + figures->succeeded;

    return ended > 0 ? (double)figures->failed / (double)ended : NAN;
}

static double per_second(const struct service_figures *figures, double calls)
{
    double seconds = (double)(figures->last_ns - figures->first_ns) / 1e9;

    return figures->samples > 0 && seconds > 0 ? calls / seconds : NAN;
}

double service_offered_rate(const struct service_figures *figures)
{
    return per_second(figures, figures->offered);
}

double service_achieved_rate(const struct service_figures *figures)
{
    return per_second(figures, (double)figures->created);
}

double service_response_time(const struct service_figures *figures, const char *transaction)
{
    for (size_t i = 0; transaction != NULL && i < figures->transaction_count; i++) {
        const struct transaction_time *time = &figures->transactions[i];

        if (strcmp(time->name, transaction) == 0 && time->weight > 0)
            return time->weighted_ns / time->weight / 1e9;
    }
    return NAN;
}

int64_t service_failures_of(const struct service_figures *figures, const char *cause)
{
    for (size_t i = 0; i < figures->cause_count; i++) {
        if (strcmp(figures->causes[i].name, cause) == 0)
            return figures->causes[i].calls;
    }
    return 0;
}

/* The order of preference of a transaction as the one that stands for the service. */
static int rank(const char *transaction)
{
    if (strcmp(transaction, "call") == 0)
        return 0;
    return strcmp(transaction, "invite") == 0 ? 1 : 2;
}

const char *service_main_transaction(const struct service_figures *figures)
{
    const char *best = NULL;

    for (size_t i = 0; i < figures->transaction_count; i++) {
        const char *name = figures->transactions[i].name;

        if (best == NULL || rank(name) < rank(best) ||
            (rank(name) == rank(best) && strcmp(name, best) < 0))
            best = name;
    }
    return best;
}

static struct time_span span_between(int64_t from_ns, int64_t until_ns)
{
    struct time_span span = {0, 0};

    if (from_ns > 0 && until_ns > from_ns) {
        span.from_ns = from_ns;
        span.until_ns = until_ns;
    }
    return span;
}

void service_impact_start(struct service_impact *impact, const struct stored_injection *injection,
                          const struct time_span *measured)
{
    memset(impact, 0, sizeof *impact);
    impact->spans[IMPACT_BEFORE] = span_between(measured->from_ns, injection->start_commanded_ns);
    impact->spans[IMPACT_DURING] = span_between(injection->applied_ns, injection->end_commanded_ns);
    impact->spans[IMPACT_AFTER] = span_between(injection->gone_ns, measured->until_ns);
}

static bool holds(const struct time_span *span, const struct store_service_sample *sample)
{
    return sample->window_start_ns >= span->from_ns && sample->time_ns <= span->until_ns;
}

bool service_impact_add(struct service_impact *impact, const struct store_service_sample *sample)
{
    for (int phase = 0; phase < IMPACT_PHASES; phase++) {
        if (holds(&impact->spans[phase], sample))
            service_figures_add(&impact->figures[phase], sample);
    }
    return holds(&impact->spans[IMPACT_DURING], sample);
}

void service_impact_free(struct service_impact *impact)
{
    for (int phase = 0; phase < IMPACT_PHASES; phase++)
        service_figures_free(&impact->figures[phase]);
}
