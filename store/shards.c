#include "store/shards.h"

#include <inttypes.h>
#include <string.h>

#include "store/database.h"

int store_put_shard(struct store *store, int64_t number, int64_t count, int64_t experiments,
                    struct error *error)
{
    return write_one(store, STATEMENT_PUT_SHARD,
                     BINDINGS(integer(number), integer(count), integer(experiments)), error);
}

int store_put_shard_cell(struct store *store, int64_t cell, int64_t shard, struct error *error)
{
    return write_one(store, STATEMENT_PUT_SHARD_CELL, BINDINGS(integer(cell), integer(shard)),
                     error);
}

int store_each_shard(struct store *store, store_shard_callback *callback, void *context,
                     struct error *error)
{
    sqlite3_stmt *reading;
    int result;

    pthread_mutex_lock(&store->mutex);
    result = reading_begin(store, STATEMENT_SHARDS, NULL, 0, &reading, error);
    while (result == 0 && (result = reading_next(store, reading, error)) > 0) {
        struct stored_shard shard = {
            .number = sqlite3_column_int64(reading, 0),
            .count = sqlite3_column_int64(reading, 1),
            .experiments = sqlite3_column_int64(reading, 2),
            .cells = sqlite3_column_int64(reading, 3),
            .done = sqlite3_column_int64(reading, 4),
        };

        result = callback(&shard, context, error);
    }
    sqlite3_finalize(reading);
    pthread_mutex_unlock(&store->mutex);
    return result;
}

static int note_merged(const struct stored_merged_run *run, void *context, struct error *error)
{
    (void)run;
    (void)error;
    *(bool *)context = true;
    return 0;
}

static int note_shard(const struct stored_shard *shard, void *context, struct error *error)
{
    struct stored_shard *only = context;

    if (only->count != 0)
        return error_set(error, ERROR_INPUT,
                         "not a sound run database: it is of several shards, and not merged");
    if (shard->number < 1 || shard->count < shard->number || shard->experiments < shard->count)
        return error_set(error, ERROR_INPUT,
                         "not a sound run database: shard %" PRId64 "/%" PRId64 " of %" PRId64
                         " experiments",
                         shard->number, shard->count, shard->experiments);
    *only = *shard;
    return 0;
}

int store_read_shard(struct store *store, struct stored_shard *shard, struct error *error)
{
    bool is_merged = false;

    memset(shard, 0, sizeof *shard);
    if (store_each_merged_run(store, note_merged, &is_merged, error) < 0)
        return -1;
    if (is_merged) {
        error_set(error, ERROR_INPUT, "%s is a merged run", store->folder);
        return error_hint(error, "go on with the run of a shard, and merge again");
    }
    if (store_each_shard(store, note_shard, shard, error) < 0)
        return error_where(error, "%s", store->path);
    return 0;
}

int store_each_merged_run(struct store *store, store_merged_run_callback *callback, void *context,
                          struct error *error)
{
    sqlite3_stmt *reading;
    int result;

    pthread_mutex_lock(&store->mutex);
    result = reading_begin(store, STATEMENT_MERGED_RUNS, NULL, 0, &reading, error);
    while (result == 0 && (result = reading_next(store, reading, error)) > 0) {
        struct stored_merged_run run = {
            .shard = sqlite3_column_int64(reading, 0),
            .path = reading_text(reading, 1, ""),
            .testbed_path = reading_text(reading, 2, ""),
            .version = reading_text(reading, 3, ""),
            .started_ns = sqlite3_column_int64(reading, 4),
            .ended_ns = sqlite3_column_int64(reading, 5),
            .state = reading_text(reading, 6, ""),
        };

        result = callback(&run, context, error);
    }
    sqlite3_finalize(reading);
    pthread_mutex_unlock(&store->mutex);
    return result;
}
