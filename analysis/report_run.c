#include "analysis/report_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

enum { MOST_BINS = 240, LONGEST_OPEN_END = 4096 };

const char *const report_verdict_names[REPORT_VERDICTS] = {"valid", "invalid", "torn", "running"};

/* A copy of `string` that lives as long as the run; NULL stays NULL. */
static const char *keep(struct report_run *run, const char *string)
{
    char *copy = memory_string(string);

    if (copy == NULL)
        return NULL;
    run->strings =
        memory_grow(run->strings, run->string_count, &run->string_capacity, sizeof *run->strings);
    run->strings[run->string_count++] = copy;
    return copy;
}

static int take_target(const struct stored_target *target, void *context, struct error *error)
{
    struct report_run *run = context;
    struct stored_target *item;

    (void)error;
    run->targets =
        memory_grow(run->targets, run->target_count, &run->target_capacity, sizeof *run->targets);
    item = &run->targets[run->target_count++];
    *item = *target;
    item->name = keep(run, target->name);
    item->role = keep(run, target->role);
    item->address = keep(run, target->address);
    return 0;
}

static int take_fact(const char *subject, const char *name, const char *value, void *context,
                     struct error *error)
{
    struct report_run *run = context;
    struct report_fact *fact;

    (void)error;
    run->facts = memory_grow(run->facts, run->fact_count, &run->fact_capacity, sizeof *run->facts);
    fact = &run->facts[run->fact_count++];
    fact->subject = keep(run, subject);
    fact->name = keep(run, name);
    fact->value = keep(run, value);
    return 0;
}

/* The shortest bin of a round length that divides the time into MOST_BINS at most. */
static int64_t bin_length(int64_t length_ns)
{
    static const int64_t seconds[] = {1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1800};

    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
        if (length_ns / (seconds[i] * CLOCK_SECOND) < MOST_BINS)
            return seconds[i] * CLOCK_SECOND;
    }
    return length_ns / MOST_BINS + 1;
}

static void set_bins(struct report_experiment *experiment)
{
    const struct stored_experiment *stored = &experiment->stored;
    int64_t end = stored->measured_until_ns > 0 ? stored->measured_until_ns : stored->ended_ns;
    int64_t length;

    experiment->origin_ns =
        stored->measured_from_ns > 0 ? stored->measured_from_ns : stored->started_ns;
    length = end - experiment->origin_ns;
    if (end <= 0 || length <= 0) {
        experiment->bin_ns = CLOCK_SECOND;
        experiment->bin_count = LONGEST_OPEN_END;
    } else {
        experiment->bin_ns = bin_length(length);
        experiment->bin_count = (size_t)((length - 1) / experiment->bin_ns) + 1;
    }
    experiment->bins = memory_new(experiment->bin_count, sizeof *experiment->bins);
}

static int take_experiment(const struct stored_experiment *stored, void *context,
                           struct error *error)
{
    struct report_run *run = context;
    struct report_experiment *experiment;

    (void)error;
    run->experiments = memory_grow(run->experiments, run->experiment_count,
                                   &run->experiment_capacity, sizeof *run->experiments);
    experiment = &run->experiments[run->experiment_count++];
    memset(experiment, 0, sizeof *experiment);
    experiment->stored = *stored;
    experiment->stored.name = keep(run, stored->name);
    experiment->stored.fault_type = keep(run, stored->fault_type);
    experiment->stored.intensity = keep(run, stored->intensity);
    experiment->stored.target = keep(run, stored->target);
    experiment->stored.state = keep(run, stored->state);
    experiment->stored.verdict = keep(run, stored->verdict);
    experiment->stored.reason = keep(run, stored->reason);
    experiment->stored.note = keep(run, stored->note);
    set_bins(experiment);
    return 0;
}

static struct report_experiment *find_experiment(struct report_run *run, int64_t id)
{
    /* Rows come in order of experiment: most often it is the one found last. */
    if (run->recent < run->experiment_count && run->experiments[run->recent].stored.id == id)
        return &run->experiments[run->recent];
    for (size_t i = 0; i < run->experiment_count; i++) {
        if (run->experiments[i].stored.id == id) {
            run->recent = i;
            return &run->experiments[i];
        }
    }
    return NULL;
}

static int take_injection(const struct stored_injection *stored, void *context, struct error *error)
{
    struct report_run *run = context;
    struct report_experiment *experiment = find_experiment(run, stored->experiment_id);
    struct report_injection *injection;
    struct time_span measured;

    (void)error;
    if (experiment == NULL)
        return 0; /* of an attempt that was tried again */
    experiment->injections =
        memory_grow(experiment->injections, experiment->injection_count,
                    &experiment->injection_capacity, sizeof *experiment->injections);
    injection = &experiment->injections[experiment->injection_count++];
    memset(injection, 0, sizeof *injection);
    injection->stored = *stored;
    injection->stored.experiment = keep(run, stored->experiment);
    injection->stored.target = keep(run, stored->target);
    injection->stored.token = keep(run, stored->token);
    injection->stored.fault_type = keep(run, stored->fault_type);
    injection->stored.intensity = keep(run, stored->intensity);
    injection->stored.unit = keep(run, stored->unit);
    injection->stored.mechanism = keep(run, stored->mechanism);
    injection->stored.state = keep(run, stored->state);
    injection->stored.detail = keep(run, stored->detail);
    measured.from_ns = experiment->origin_ns;
    measured.until_ns = experiment->stored.measured_until_ns;
    service_impact_start(&injection->impact, stored, &measured);
    return 0;
}

static struct report_injection *find_injection(struct report_run *run, int64_t id)
{
    for (size_t i = 0; i < run->experiment_count; i++) {
        struct report_experiment *experiment = &run->experiments[i];

        for (size_t j = 0; j < experiment->injection_count; j++) {
            if (experiment->injections[j].stored.id == id)
                return &experiment->injections[j];
        }
    }
    return NULL;
}

static int take_level(int64_t injection_id, const struct store_level *stored, void *context,
                      struct error *error)
{
    struct report_injection *injection = find_injection(context, injection_id);
    struct report_level *level;

    (void)error;
    if (injection == NULL)
        return 0; /* of an attempt that was tried again */
    injection->levels = memory_grow(injection->levels, injection->level_count,
                                    &injection->level_capacity, sizeof *injection->levels);
    level = &injection->levels[injection->level_count++];
    memset(level, 0, sizeof *level);
    level->stored = *stored;
    level->until_ns = injection->stored.end_commanded_ns;
    if (injection->level_count > 1)
        level[-1].until_ns = stored->commanded_ns;
    return 0;
}

/* Counts the sample in the level that holds its whole window. */
static void add_to_levels(struct report_injection *injection,
                          const struct store_service_sample *sample)
{
    for (size_t i = 0; i < injection->level_count; i++) {
        struct report_level *level = &injection->levels[i];

        if (level->stored.applied_ns > 0 && sample->window_start_ns >= level->stored.applied_ns &&
            sample->time_ns <= level->until_ns)
            service_figures_add(&level->figures, sample);
    }
}

static int take_sample(const struct store_service_sample *sample, void *context,
                       struct error *error)
{
    struct report_run *run = context;
    struct report_experiment *experiment = find_experiment(run, sample->experiment_id);
    int64_t middle = sample->window_start_ns / 2 + sample->time_ns / 2;
    bool is_faulty = false;
    int64_t until;

    (void)error;
    if (experiment == NULL || sample->time_ns <= sample->window_start_ns)
        return 0;
    until = experiment->stored.measured_until_ns;
    if (sample->window_start_ns >= experiment->origin_ns &&
        (until == 0 || sample->time_ns <= until))
        service_figures_add(&experiment->figures, sample);
    for (size_t i = 0; i < experiment->injection_count; i++) {
        is_faulty |= service_impact_add(&experiment->injections[i].impact, sample);
        add_to_levels(&experiment->injections[i], sample);
    }
    if (is_faulty)
        service_figures_add(&experiment->faulty, sample);
    if (middle >= experiment->origin_ns) {
        uint64_t bin = (uint64_t)((middle - experiment->origin_ns) / experiment->bin_ns);

        if (bin < experiment->bin_count)
            service_figures_add(&experiment->bins[bin], sample);
    }
    return 0;
}

int report_run_read(struct store *store, struct report_run *run, struct error *error)
{
    memset(run, 0, sizeof *run);
    if (store_read_run(store, &run->run, error) < 0)
        return -1;
    report_campaign_read(run->run.campaign_xml, &run->campaign);
    if (store_each_target(store, take_target, run, error) < 0 ||
        store_each_fact(store, take_fact, run, error) < 0 ||
        store_each_experiment(store, take_experiment, run, error) < 0 ||
        store_each_injection(store, take_injection, run, error) < 0 ||
        store_each_level(store, take_level, run, error) < 0 ||
        store_each_service_sample(store, take_sample, run, error) < 0)
        return -1;
    return 0;
}

static void free_injection(struct report_injection *injection)
{
    service_impact_free(&injection->impact);
    for (size_t i = 0; i < injection->level_count; i++)
        service_figures_free(&injection->levels[i].figures);
    free(injection->levels);
}

static void free_experiment(struct report_experiment *experiment)
{
    for (size_t i = 0; i < experiment->injection_count; i++)
        free_injection(&experiment->injections[i]);
    for (size_t i = 0; i < experiment->bin_count; i++)
        service_figures_free(&experiment->bins[i]);
    service_figures_free(&experiment->figures);
    service_figures_free(&experiment->faulty);
    free(experiment->injections);
    free(experiment->bins);
}

void report_run_free(struct report_run *run)
{
    for (size_t i = 0; i < run->experiment_count; i++)
        free_experiment(&run->experiments[i]);
    for (size_t i = 0; i < run->string_count; i++)
        free(run->strings[i]);
    free(run->strings);
    free(run->experiments);
    free(run->facts);
    free(run->targets);
    stored_run_free(&run->run);
    report_campaign_free(&run->campaign);
    memset(run, 0, sizeof *run);
}

enum report_verdict report_verdict_of(const struct report_experiment *experiment)
{
    const struct stored_experiment *stored = &experiment->stored;

    if (strcmp(stored->state, "torn") == 0)
        return REPORT_TORN;
    if (stored->verdict == NULL)
        return REPORT_RUNNING;
    return strcmp(stored->verdict, "valid") == 0 ? REPORT_VALID : REPORT_INVALID;
}

size_t report_count(const struct report_run *run, enum report_verdict verdict)
{
    size_t count = 0;

    for (size_t i = 0; i < run->experiment_count; i++)
        count += report_verdict_of(&run->experiments[i]) == verdict;
    return count;
}

void report_nominal_figures(const struct report_run *run, const char *transaction,
                            struct report_nominal *nominal)
{
    int64_t failed = 0;
    int64_t ended = 0;
    double weighted = 0;
    double weight = 0;

    memset(nominal, 0, sizeof *nominal);
    for (size_t i = 0; i < run->experiment_count; i++) {
        const struct report_experiment *experiment = &run->experiments[i];
        const struct service_figures *figures = &experiment->figures;
        double calls = (double)(figures->succeeded + figures->failed);
        double response = service_response_time(figures, transaction);

        if (experiment->stored.fault_type != NULL || report_verdict_of(experiment) != REPORT_VALID)
            continue;
        nominal->experiments++;
        failed += figures->failed;
        ended += figures->succeeded + figures->failed;
        if (isfinite(response)) {
            weighted += calls * response;
            weight += calls;
        }
    }
    nominal->failure_share = ended > 0 ? (double)failed / (double)ended : NAN;
    nominal->response_time = weight > 0 ? weighted / weight : NAN;
}

const char *report_main_transaction(const struct report_run *run)
{
    for (size_t i = 0; i < run->experiment_count; i++) {
        const char *transaction = service_main_transaction(&run->experiments[i].figures);

        if (transaction != NULL)
            return transaction;
    }
    return NULL;
}
