/* Reading what was measured: observations with their labels, and service samples. */
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "store/database.h"
#include "store/reader.h"
#include "store/vector.h"

/* A reading of observations: its buffer, and the metric count of the set it saw last. */
struct observation_reading {
    struct store *store;
    int64_t target_id;
    store_observation_callback *callback;
    void *context;
    bool counted; /* a set's; before, no id is that of one */
    int64_t metric_set_id;
    size_t metric_count;
    double *values;
};

static int count_metrics(struct observation_reading *reading, int64_t metric_set_id,
                         struct error *error)
{
    sqlite3_stmt *statement;
    int result;

    if (reading->counted && reading->metric_set_id == metric_set_id)
        return 0;
    if (reading_begin(reading->store, STATEMENT_METRIC_COUNT, BINDINGS(integer(metric_set_id)),
                      &statement, error) < 0)
        return -1;
    result = reading_next(reading->store, statement, error);
    if (result > 0) {
        reading->counted = true;
        reading->metric_set_id = metric_set_id;
        reading->metric_count = (size_t)sqlite3_column_int64(statement, 0);
        reading->values =
            memory_resize(reading->values, reading->metric_count, sizeof *reading->values);
        result = 0;
    }
    sqlite3_finalize(statement);
    return result;
}

static int give_observation(struct observation_reading *reading, sqlite3_stmt *row,
                            int64_t experiment_id, int64_t cell, struct error *error)
{
    struct stored_observation observation = {
        .id = sqlite3_column_int64(row, 0),
        .experiment_id = experiment_id,
        .cell = cell,
        .metric_set_id = sqlite3_column_int64(row, 1),
        .window_start_ns = sqlite3_column_int64(row, 2),
        .time_ns = sqlite3_column_int64(row, 3),
        .label = reading_text(row, 4, ""),
        .scope = reading_text(row, 5, ""),
        .intensity = reading_text(row, 6, NULL),
        .fault_target = reading_text(row, 7, NULL),
    };
    const unsigned char *vector = sqlite3_column_blob(row, 8);
    size_t length = (size_t)sqlite3_column_bytes(row, 8);

    if (count_metrics(reading, observation.metric_set_id, error) < 0)
        return -1;
    if (length != 8 * reading->metric_count) {
        error_set(error, ERROR_INPUT,
                  "observation %lld has %zu bytes, but its metric set has %zu metrics",
                  (long long)observation.id, length, reading->metric_count);
        return error_where(error, "%s", reading->store->path);
    }
    if (length > 0)
        vector_decode(vector, reading->metric_count, reading->values);
    observation.values = reading->values;
    observation.value_count = reading->metric_count;
    return reading->callback(&observation, reading->context, error);
}

static int read_experiment(struct observation_reading *reading, int64_t experiment_id, int64_t cell,
                           struct error *error)
{
    sqlite3_stmt *row;
    int result =
        reading_begin(reading->store, STATEMENT_OBSERVATIONS,
                      BINDINGS(integer(reading->target_id), integer(experiment_id)), &row, error);

    while (result == 0 && (result = reading_next(reading->store, row, error)) > 0)
        result = give_observation(reading, row, experiment_id, cell, error);
    sqlite3_finalize(row);
    return result;
}

int store_each_observation(struct store *store, int64_t target_id,
                           store_observation_callback *callback, void *context, struct error *error)
{
    struct observation_reading reading = {
        .store = store, .target_id = target_id, .callback = callback, .context = context};
    sqlite3_stmt *experiments;
    int result;

    pthread_mutex_lock(&store->mutex);
    result = reading_begin(store, STATEMENT_LAST_ATTEMPTS, NULL, 0, &experiments, error);
    while (result == 0 && (result = reading_next(store, experiments, error)) > 0)
        result = read_experiment(&reading, sqlite3_column_int64(experiments, 0),
                                 sqlite3_column_int64(experiments, 1), error);
    sqlite3_finalize(experiments);
    pthread_mutex_unlock(&store->mutex);
    free(reading.values);
    return result;
}

struct count_list {
    struct store_service_count *items;
    size_t count;
    size_t capacity;
};

/* Lists of one sample, kept between samples. Their strings are copies. */
struct sample_lists {
    struct count_list failures;
    struct count_list media;
    struct store_service_response *responses;
    size_t response_capacity;
    char **strings;
    size_t string_count;
    size_t string_capacity;
};

static const char *keep_string(struct sample_lists *lists, const char *string)
{
    char *copy = memory_string(string);

    lists->strings = memory_grow(lists->strings, lists->string_count, &lists->string_capacity,
                                 sizeof *lists->strings);
    lists->strings[lists->string_count++] = copy;
    return copy;
}

static void drop_strings(struct sample_lists *lists)
{
    for (size_t i = 0; i < lists->string_count; i++)
        free(lists->strings[i]);
    lists->string_count = 0;
}

/* `statement` reads those of one sample: failures or media. */
static int read_counts(struct store *store, enum statement statement, int64_t sample_id,
                       struct sample_lists *lists, struct count_list *list, struct error *error)
{
    sqlite3_stmt *row;
    int result = reading_begin(store, statement, BINDINGS(integer(sample_id)), &row, error);

    list->count = 0;
    while (result == 0 && (result = reading_next(store, row, error)) > 0) {
        struct store_service_count count = {keep_string(lists, reading_text(row, 0, "")),
                                            sqlite3_column_int64(row, 1)};

        list->items = memory_grow(list->items, list->count, &list->capacity, sizeof *list->items);
        list->items[list->count++] = count;
        result = 0;
    }
    sqlite3_finalize(row);
    return result;
}

static int read_responses(struct store *store, int64_t sample_id, struct sample_lists *lists,
                          struct store_service_sample *sample, struct error *error)
{
    sqlite3_stmt *row;
    int result = reading_begin(store, STATEMENT_SERVICE_RESPONSES, BINDINGS(integer(sample_id)),
                               &row, error);

    sample->response_count = 0;
    while (result == 0 && (result = reading_next(store, row, error)) > 0) {
        struct store_service_response response = {
            .transaction = keep_string(lists, reading_text(row, 0, "")),
            .mean_ns = sqlite3_column_int64(row, 1),
            .deviation_ns =
                sqlite3_column_type(row, 2) == SQLITE_NULL ? -1 : sqlite3_column_int64(row, 2),
        };

        lists->responses = memory_grow(lists->responses, sample->response_count,
                                       &lists->response_capacity, sizeof *lists->responses);
        lists->responses[sample->response_count++] = response;
        result = 0;
    }
    sqlite3_finalize(row);
    sample->responses = lists->responses;
    return result;
}

static int give_sample(struct store *store, sqlite3_stmt *row, struct sample_lists *lists,
                       store_service_callback *callback, void *context, struct error *error)
{
    int64_t id = sqlite3_column_int64(row, 0);
    struct store_service_sample sample = {
        .experiment_id = sqlite3_column_int64(row, 1),
        .load_host = reading_text(row, 2, ""),
        .window_start_ns = sqlite3_column_int64(row, 3),
        .time_ns = sqlite3_column_int64(row, 4),
        .offered_rate = sqlite3_column_double(row, 5),
        .calls_created = sqlite3_column_int64(row, 6),
        .calls_succeeded = sqlite3_column_int64(row, 7),
        .calls_failed = sqlite3_column_int64(row, 8),
        .calls_current = sqlite3_column_int64(row, 9),
        .retransmissions = sqlite3_column_int64(row, 10),
    };

    drop_strings(lists);
    if (read_counts(store, STATEMENT_SERVICE_FAILURES, id, lists, &lists->failures, error) < 0 ||
        read_responses(store, id, lists, &sample, error) < 0 ||
        read_counts(store, STATEMENT_SERVICE_MEDIA, id, lists, &lists->media, error) < 0)
        return -1;
    sample.failures = lists->failures.items;
    sample.failure_count = lists->failures.count;
    sample.media = lists->media.items;
    sample.media_count = lists->media.count;
    return callback(&sample, context, error);
}

int store_each_service_sample(struct store *store, store_service_callback *callback, void *context,
                              struct error *error)
{
    struct sample_lists lists = {0};
    sqlite3_stmt *row;
    int result;

    pthread_mutex_lock(&store->mutex);
    result = reading_begin(store, STATEMENT_SERVICE_SAMPLES, NULL, 0, &row, error);
    while (result == 0 && (result = reading_next(store, row, error)) > 0)
        result = give_sample(store, row, &lists, callback, context, error);
    sqlite3_finalize(row);
    pthread_mutex_unlock(&store->mutex);
    drop_strings(&lists);
    free(lists.strings);
    free(lists.failures.items);
    free(lists.responses);
    free(lists.media.items);
    return result;
}
