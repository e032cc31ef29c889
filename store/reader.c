/* Reading the run, its targets and metrics, its experiments and injections. */
#include "store/reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/database.h"

/* Who gets the rows of a statement: `call` makes the struct and hands it to the callback. */
struct row_receiver {
    int (*call)(sqlite3_stmt *reading, const struct row_receiver *receiver, struct error *error);
    union {
        store_target_callback *target;
        store_fact_callback *fact;
        store_metric_set_callback *metric_set;
        store_experiment_callback *experiment;
        store_injection_callback *injection;
        store_level_callback *level;
    } callback;
    void *context;
};

static int read_rows(struct store *store, enum statement statement,
                     const struct row_receiver *receiver, struct error *error)
{
    sqlite3_stmt *reading;
    int result;

    pthread_mutex_lock(&store->mutex);
    result = reading_begin(store, statement, NULL, 0, &reading, error);
    while (result == 0 && (result = reading_next(store, reading, error)) > 0)
        result = receiver->call(reading, receiver, error);
    sqlite3_finalize(reading);
    pthread_mutex_unlock(&store->mutex);
    return result;
}

static char *column_copy(sqlite3_stmt *reading, int column)
{
    return memory_string(reading_text(reading, column, ""));
}

static void fill_run(sqlite3_stmt *reading, struct stored_run *run)
{
    run->name = column_copy(reading, 0);
    run->campaign_path = column_copy(reading, 1);
    run->campaign_xml = column_copy(reading, 2);
    run->testbed_path = column_copy(reading, 3);
    run->testbed_xml = column_copy(reading, 4);
    run->time_scale = column_copy(reading, 5);
    run->version = column_copy(reading, 6);
    run->state = column_copy(reading, 7);
    run->monitoring_period_ns = sqlite3_column_int64(reading, 8);
    run->cool_down_ns = sqlite3_column_int64(reading, 9);
    run->started_ns = sqlite3_column_int64(reading, 10);
    run->ended_ns = sqlite3_column_int64(reading, 11);
    run->faults = sqlite3_column_int64(reading, 12) != 0;
}

int store_read_run(struct store *store, struct stored_run *run, struct error *error)
{
    sqlite3_stmt *reading;
    int result;

    memset(run, 0, sizeof *run);
    pthread_mutex_lock(&store->mutex);
    result = reading_begin(store, STATEMENT_RUN, NULL, 0, &reading, error);
    if (result == 0)
        result = reading_next(store, reading, error);
    if (result > 0) {
        fill_run(reading, run);
        result = 0;
    } else if (result == 0) {
        error_set(error, ERROR_INPUT, "the database holds no run");
        result = error_where(error, "%s", store->path);
    }
    sqlite3_finalize(reading);
    pthread_mutex_unlock(&store->mutex);
    return result;
}

void stored_run_free(struct stored_run *run)
{
    free(run->name);
    free(run->campaign_path);
    free(run->campaign_xml);
    free(run->testbed_path);
    free(run->testbed_xml);
    free(run->time_scale);
    free(run->version);
    free(run->state);
    memset(run, 0, sizeof *run);
}

static int give_target(sqlite3_stmt *reading, const struct row_receiver *receiver,
                       struct error *error)
{
    struct stored_target target = {
        .id = sqlite3_column_int64(reading, 0),
        .name = reading_text(reading, 1, ""),
        .role = reading_text(reading, 2, ""),
        .address = reading_text(reading, 3, ""),
    };

    return receiver->callback.target(&target, receiver->context, error);
}

int store_each_target(struct store *store, store_target_callback *callback, void *context,
                      struct error *error)
{
    struct row_receiver receiver = {give_target, {.target = callback}, context};

    return read_rows(store, STATEMENT_TARGETS, &receiver, error);
}

static int give_fact(sqlite3_stmt *reading, const struct row_receiver *receiver,
                     struct error *error)
{
    return receiver->callback.fact(reading_text(reading, 0, ""), reading_text(reading, 1, ""),
                                   reading_text(reading, 2, ""), receiver->context, error);
}

int store_each_fact(struct store *store, store_fact_callback *callback, void *context,
                    struct error *error)
{
    struct row_receiver receiver = {give_fact, {.fact = callback}, context};

    return read_rows(store, STATEMENT_FACTS, &receiver, error);
}

static int give_metric_set(sqlite3_stmt *reading, const struct row_receiver *receiver,
                           struct error *error)
{
    return receiver->callback.metric_set(sqlite3_column_int64(reading, 0),
                                         sqlite3_column_int64(reading, 1),
                                         reading_text(reading, 2, ""), receiver->context, error);
}

int store_each_metric_set(struct store *store, store_metric_set_callback *callback, void *context,
                          struct error *error)
{
    struct row_receiver receiver = {give_metric_set, {.metric_set = callback}, context};

    return read_rows(store, STATEMENT_METRIC_SETS, &receiver, error);
}

int store_each_metric(struct store *store, int64_t metric_set_id, store_metric_callback *callback,
                      void *context, struct error *error)
{
    sqlite3_stmt *reading;
    int result;

    pthread_mutex_lock(&store->mutex);
    result =
        reading_begin(store, STATEMENT_METRICS, BINDINGS(integer(metric_set_id)), &reading, error);
    for (int64_t position = 0; result == 0 && (result = reading_next(store, reading, error)) > 0;
         position++) {
        struct store_metric metric = {
            .name = reading_text(reading, 1, ""),
            .counter = strcmp(reading_text(reading, 2, ""), "counter") == 0,
            .resource_group = reading_text(reading, 3, ""),
            .layer = reading_text(reading, 4, ""),
            .unit = reading_text(reading, 5, ""),
        };

        if (sqlite3_column_int64(reading, 0) == position) {
            result = callback((size_t)position, &metric, context, error);
        } else {
            error_set(error, ERROR_INPUT, "metric set %lld has no metric at position %lld",
                      (long long)metric_set_id, (long long)position);
            result = error_where(error, "%s", store->path);
        }
    }
    sqlite3_finalize(reading);
    pthread_mutex_unlock(&store->mutex);
    return result;
}

static int give_experiment(sqlite3_stmt *reading, const struct row_receiver *receiver,
                           struct error *error)
{
    struct stored_experiment experiment = {
        .id = sqlite3_column_int64(reading, 0),
        .cell = sqlite3_column_int64(reading, 1),
        .attempt = sqlite3_column_int64(reading, 2),
        .name = reading_text(reading, 3, ""),
        .fault_type = reading_text(reading, 4, NULL),
        .intensity = reading_text(reading, 5, NULL),
        .target = reading_text(reading, 6, NULL),
        .repetition = sqlite3_column_int64(reading, 7),
        .state = reading_text(reading, 8, ""),
        .started_ns = sqlite3_column_int64(reading, 9),
        .measured_from_ns = sqlite3_column_int64(reading, 10),
        .measured_until_ns = sqlite3_column_int64(reading, 11),
        .ended_ns = sqlite3_column_int64(reading, 12),
        .verdict = reading_text(reading, 13, NULL),
        .reason = reading_text(reading, 14, NULL),
        .note = reading_text(reading, 15, NULL),
    };

    return receiver->callback.experiment(&experiment, receiver->context, error);
}

int store_each_experiment(struct store *store, store_experiment_callback *callback, void *context,
                          struct error *error)
{
    struct row_receiver receiver = {give_experiment, {.experiment = callback}, context};

    return read_rows(store, STATEMENT_EXPERIMENTS, &receiver, error);
}

static double column_figure(sqlite3_stmt *reading, int column)
{
    return sqlite3_column_type(reading, column) == SQLITE_NULL
               ? (double)NAN
               : sqlite3_column_double(reading, column);
}

static int give_injection(sqlite3_stmt *reading, const struct row_receiver *receiver,
                          struct error *error)
{
    struct stored_injection injection = {
        .id = sqlite3_column_int64(reading, 0),
        .experiment_id = sqlite3_column_int64(reading, 1),
        .experiment = reading_text(reading, 2, ""),
        .target = reading_text(reading, 3, "load"),
        .token = reading_text(reading, 4, ""),
        .fault_type = reading_text(reading, 5, ""),
        .intensity = reading_text(reading, 6, ""),
        .requested = sqlite3_column_double(reading, 7),
        .achieved = column_figure(reading, 8),
        .unit = reading_text(reading, 9, ""),
        .mechanism = reading_text(reading, 10, NULL),
        .state = reading_text(reading, 11, ""),
        .phantom = sqlite3_column_int64(reading, 12) != 0,
        .detail = reading_text(reading, 13, ""),
        .lease_ns = sqlite3_column_int64(reading, 14),
        .start_commanded_ns = sqlite3_column_int64(reading, 15),
        .applied_ns = sqlite3_column_int64(reading, 16),
        .verified_ns = sqlite3_column_int64(reading, 17),
        .end_commanded_ns = sqlite3_column_int64(reading, 18),
        .gone_ns = sqlite3_column_int64(reading, 19),
        .edge_error_ns = sqlite3_column_int64(reading, 20),
        .in_load = sqlite3_column_int64(reading, 21) != 0,
    };

    return receiver->callback.injection(&injection, receiver->context, error);
}

int store_each_injection(struct store *store, store_injection_callback *callback, void *context,
                         struct error *error)
{
    struct row_receiver receiver = {give_injection, {.injection = callback}, context};

    return read_rows(store, STATEMENT_INJECTIONS, &receiver, error);
}

static int give_level(sqlite3_stmt *reading, const struct row_receiver *receiver,
                      struct error *error)
{
    struct store_level level = {
        .position = sqlite3_column_int64(reading, 1),
        .requested = column_figure(reading, 2),
        .achieved = column_figure(reading, 3),
        .phantom = sqlite3_column_int64(reading, 4) != 0,
        .commanded_ns = sqlite3_column_int64(reading, 5),
        .applied_ns = sqlite3_column_int64(reading, 6),
        .applied_target_ns = sqlite3_column_int64(reading, 7),
        .verified_ns = sqlite3_column_int64(reading, 8),
        .offset_ns = sqlite3_column_int64(reading, 9),
        .error_ns = sqlite3_column_int64(reading, 10),
    };

    return receiver->callback.level(sqlite3_column_int64(reading, 0), &level, receiver->context,
                                    error);
}

int store_each_level(struct store *store, store_level_callback *callback, void *context,
                     struct error *error)
{
    struct row_receiver receiver = {give_level, {.level = callback}, context};

    return read_rows(store, STATEMENT_LEVELS, &receiver, error);
}

int store_cell_done(struct store *store, int64_t cell, bool valid_only, bool *done,
                    struct error *error)
{
    sqlite3_stmt *reading;
    int result;

    *done = false;
    pthread_mutex_lock(&store->mutex);
    result = reading_begin(store, STATEMENT_CELL_DONE, BINDINGS(integer(cell), integer(valid_only)),
                           &reading, error);
    if (result == 0 && (result = reading_next(store, reading, error)) > 0) {
        *done = sqlite3_column_int64(reading, 0) != 0;
        result = 0;
    }
    sqlite3_finalize(reading);
    pthread_mutex_unlock(&store->mutex);
    return result;
}
