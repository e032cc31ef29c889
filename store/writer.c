/* Writing the run, its targets and metrics, and its experiments. */
#include "store/writer.h"

#include <string.h>

#include "store/database.h"
#include "store/reader.h"

int store_put_run(struct store *store, const struct store_run *run, struct error *error)
{
    return write_one(store, STATEMENT_PUT_RUN,
                     BINDINGS(text(run->name), text(run->campaign_path), text(run->campaign_xml),
                              text(run->testbed_path), text(run->testbed_xml),
                              text(run->time_scale), integer(run->monitoring_period_ns),
                              integer(run->cool_down_ns), integer(run->faults), text(run->version),
                              integer(run->started_ns)),
                     error);
}

int store_set_run_state(struct store *store, const char *state, int64_t ended_ns,
                        struct error *error)
{
    return write_change(store, STATEMENT_SET_RUN_STATE,
                        BINDINGS(text(state), integer_or_null(ended_ns)), "run", 1, error);
}

int store_put_fact(struct store *store, const char *subject, const char *name, const char *value,
                   struct error *error)
{
    return write_one(store, STATEMENT_PUT_FACT, BINDINGS(text(subject), text(name), text(value)),
                     error);
}

static int read_target_id(struct store *store, const char *name, int64_t *id, struct error *error)
{
    sqlite3_stmt *reading;
    int result;

    if (reading_begin(store, STATEMENT_TARGET_ID, BINDINGS(text(name)), &reading, error) < 0)
        return -1;
    result = reading_next(store, reading, error);
    if (result > 0)
        *id = sqlite3_column_int64(reading, 0);
    sqlite3_finalize(reading);
    return result < 0 ? -1 : 0;
}

int store_put_target(struct store *store, const char *name, const char *role, const char *address,
                     int64_t *id, struct error *error)
{
    int result;

    *id = 0;
    if (write_begin(store, error) < 0)
        return -1;
    result = write_run(store, STATEMENT_PUT_TARGET, BINDINGS(text(name), text(role), text(address)),
                       error);
    if (result == 0)
        result = read_target_id(store, name, id, error);
    return write_end(store, result, error);
}

static const char *kind_name(const struct store_metric *metric)
{
    return metric->counter ? "counter" : "gauge";
}

struct metric_comparison {
    const struct store_metric *metrics;
    size_t count;
    size_t seen;
    bool same;
};

static int compare_metric(size_t position, const struct store_metric *metric, void *context,
                          struct error *error)
{
    struct metric_comparison *comparison = context;
    const struct store_metric *other;

    (void)error;
    comparison->seen++;
    if (position >= comparison->count) {
        comparison->same = false;
        return 0;
    }
    other = &comparison->metrics[position];
    if (strcmp(metric->name, other->name) != 0 || metric->counter != other->counter ||
        strcmp(metric->resource_group, other->resource_group) != 0 ||
        strcmp(metric->layer, other->layer) != 0 || strcmp(metric->unit, other->unit) != 0)
        comparison->same = false;
    return 0;
}

/* Looks for an equal set; `*id` stays 0 if there is none. */
static int find_metric_set(struct store *store, int64_t target_id, const char *collector,
                           const struct store_metric *metrics, size_t count, int64_t *id,
                           struct error *error)
{
    sqlite3_stmt *sets;
    int result;

    if (reading_begin(store, STATEMENT_METRIC_SETS_OF_TARGET,
                      BINDINGS(integer(target_id), text(collector)), &sets, error) < 0)
        return -1;
    while ((result = reading_next(store, sets, error)) > 0) {
        struct metric_comparison comparison = {metrics, count, 0, true};
        int64_t candidate = sqlite3_column_int64(sets, 0);

        result = store_each_metric(store, candidate, compare_metric, &comparison, error);
        if (result < 0)
            break;
        if (comparison.same && comparison.seen == count) {
            *id = candidate;
            break;
        }
    }
    sqlite3_finalize(sets);
    return result;
}

static int add_metric_set(struct store *store, int64_t target_id, const char *collector,
                          const struct store_metric *metrics, size_t count, int64_t *id,
                          struct error *error)
{
    if (write_run(store, STATEMENT_PUT_METRIC_SET, BINDINGS(integer(target_id), text(collector)),
                  error) < 0)
        return -1;
    *id = sqlite3_last_insert_rowid(store->database);
    for (size_t i = 0; i < count; i++) {
        const struct store_metric *metric = &metrics[i];

        if (write_run(store, STATEMENT_PUT_METRIC,
                      BINDINGS(integer(*id), integer((int64_t)i), text(metric->name),
                               text(kind_name(metric)), text(metric->resource_group),
                               text(metric->layer), text(metric->unit)),
                      error) < 0)
            return -1;
    }
    return 0;
}

int store_put_metric_set(struct store *store, int64_t target_id, const char *collector,
                         const struct store_metric *metrics, size_t count, int64_t *id,
                         struct error *error)
{
    int result;

    *id = 0;
    if (write_begin(store, error) < 0)
        return -1;
    result = find_metric_set(store, target_id, collector, metrics, count, id, error);
    if (result == 0 && *id == 0)
        result = add_metric_set(store, target_id, collector, metrics, count, id, error);
    return write_end(store, result, error);
}

int store_begin_experiment(struct store *store, const struct store_experiment *experiment,
                           int64_t *id, struct error *error)
{
    return write_new(store, STATEMENT_BEGIN_EXPERIMENT,
                     BINDINGS(integer(experiment->cell), text(experiment->name),
                              text(experiment->fault_type), text(experiment->intensity),
                              integer_or_null(experiment->target_id),
                              integer(experiment->repetition), integer(experiment->started_ns)),
                     id, error);
}

int store_set_measured(struct store *store, int64_t experiment_id, int64_t from_ns,
                       int64_t until_ns, struct error *error)
{
    return write_change(
        store, STATEMENT_SET_MEASURED,
        BINDINGS(integer_or_null(from_ns), integer_or_null(until_ns), integer(experiment_id)),
        "experiment", experiment_id, error);
}

int store_end_experiment(struct store *store, int64_t experiment_id, int64_t ended_ns,
                         const char *reason, const char *note, struct error *error)
{
    return write_change(store, STATEMENT_END_EXPERIMENT,
                        BINDINGS(integer(ended_ns), text(reason == NULL ? "valid" : "invalid"),
                                 text(reason), text(note), integer(experiment_id)),
                        "experiment", experiment_id, error);
}

int store_tear_experiments(struct store *store, int64_t ended_ns, const char *reason,
                           struct error *error)
{
    return write_one(store, STATEMENT_TEAR_EXPERIMENTS, BINDINGS(integer(ended_ns), text(reason)),
                     error);
}
