/*
 * libFuzzer target: a run database whose observations are any rows, as the source replay. Whatever
 * they are, it is an error of the input, or what is given has a value for each metric and is in
 * order. The input is a list of rows: experiment, metric set and number of values (a byte each),
 * and the beginning and the end of the window (8 bytes each, little-endian).
 */
#include <math.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "runner/collector.h"
#include "store/writer.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Both of a set's sizes are those of a set that there is: 0 to 2 metrics. */
enum { ROW_SIZE = 3 + 2 * 8, MOST_ROWS = 200, CHOICES = 3, MOST_VALUES = 2 };

static char folder[] = "/dev/shm/vnfault-fuzz.XXXXXX";
static char path[sizeof folder + 16];

static void remove_folder(void)
{
    struct error error;

    folder_remove(folder, &error);
}

/* Two experiments, and two sets of one collector: one has a metric less. */
static int write_run(struct store *store, struct error *error)
{
    const struct store_run run = {"r", "c", "x", "t", "x", "1", 10, 100, true, "0", 1};
    const struct store_metric metrics[] = {{"a", true, "cpu", "virtual", "ns"},
                                           {"b", false, "memory", "virtual", "bytes"}};
    int64_t target;
    int64_t set;

    if (store_put_run(store, &run, error) < 0 ||
        store_put_target(store, "sprout", "", "a", &target, error) < 0 ||
        store_put_metric_set(store, target, "cgroup", metrics, 1, &set, error) < 0 ||
        store_put_metric_set(store, target, "cgroup", metrics, 2, &set, error) < 0)
        return -1;
    for (int64_t cell = 0; cell < 2; cell++) {
        struct store_experiment experiment = {cell, cell == 0 ? "e" : "f", NULL, NULL, 0, 1, 1};
        int64_t id;

        if (store_begin_experiment(store, &experiment, &id, error) < 0 ||
            store_end_experiment(store, id, 99, NULL, NULL, error) < 0)
            return -1;
    }
    return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct error error = {0};
    struct store *store;

    (void)argc;
    (void)argv;
    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(path, sizeof path, "%s/%s", folder, STORE_FILE_NAME);
    if (store_create(folder, &store, &error) < 0 || write_run(store, &error) < 0 ||
        store_close(store, &error) < 0) {
        error_print(&error, stderr);
        abort();
    }
    return atexit(remove_folder);
}

static void put_row(sqlite3_stmt *statement, const uint8_t *row)
{
    static const double values[MOST_VALUES] = {1, 2};
    int64_t window[2];

    memcpy(window, row + 3, sizeof window);
    sqlite3_bind_int64(statement, 1, row[0] % CHOICES);
    sqlite3_bind_int64(statement, 2, row[1] % CHOICES);
    sqlite3_bind_int64(statement, 3, window[0]);
    sqlite3_bind_int64(statement, 4, window[1]);
    sqlite3_bind_blob(statement, 5, values, (int)(row[2] % (MOST_VALUES + 1) * sizeof values[0]),
                      SQLITE_STATIC);
    if (sqlite3_step(statement) != SQLITE_DONE)
        abort();
    sqlite3_reset(statement);
}

/* By SQLite itself, which does not look at what belongs together. A set 0 may be there, too, whose
 * only metric no writer made. */
static void put_rows(const uint8_t *bytes, size_t length)
{
    sqlite3 *database;
    sqlite3_stmt *statement;

    if (sqlite3_open(path, &database) != SQLITE_OK ||
        sqlite3_exec(database,
                     "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; BEGIN;"
                     "DELETE FROM observation; INSERT OR IGNORE INTO metric_set (id, target_id,"
                     " collector) SELECT 0, target_id, collector FROM metric_set WHERE id = 1;"
                     "INSERT OR IGNORE INTO metric SELECT 0, position, name, kind, resource_group,"
                     " layer, unit FROM metric WHERE metric_set_id = 1",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(database,
                           "INSERT INTO observation (experiment_id, metric_set_id, window_start_ns,"
                           " time_ns, vector) VALUES (?, ?, ?, ?, ?)",
                           -1, &statement, NULL) != SQLITE_OK)
        abort();
    for (size_t i = 0; i < MOST_ROWS && (i + 1) * ROW_SIZE <= length; i++)
        put_row(statement, bytes + i * ROW_SIZE);
    sqlite3_finalize(statement);
    if (sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_close(database) != SQLITE_OK)
        abort();
}

/* What is given, and what was given last. */
struct given {
    void *state;
    size_t count; /* of the metrics that were told */
    int64_t time;
};

static void take_sample(void *context, const struct collected_sample *sample)
{
    struct given *given = context;

    if (sample->from > sample->until || sample->source_time < given->time)
        abort();
    /* Each is read: the address sanitizer tells of one that isn't there. */
    for (size_t i = 0; i < given->count; i++) {
        if (fpclassify(sample->values[i]) < 0)
            abort();
    }
    given->time = sample->source_time;
}

static void take_missed(void *context, size_t source, const struct error *error)
{
    (void)context;
    if (source != 0 || error->kind != ERROR_UNREACHABLE)
        abort();
}

static void take_changed(void *context, size_t source)
{
    struct given *given = context;
    const struct store_metric *metrics;

    given->count = collector_find("replay")->metrics(given->state, source, &metrics);
}

static void read_source(void *state)
{
    const struct collector *replay = collector_find("replay");
    struct given given = {.state = state, .time = INT64_MIN};
    const struct collector_sink sink = {&given, take_sample, take_missed, take_changed};
    const struct collector_reading reading = {.sink = &sink};

    take_changed(&given, 0);
    replay->read(state, &reading);
    replay->read(state, &reading);
    given.time = INT64_MIN;
    replay->read_past(state, INT64_MIN, INT64_MAX, CLOCK_SECOND, &reading);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static char *names[] = {(char *)"run"};
    char *values[] = {folder};
    const struct host target = {.name = (char *)"sprout"};
    const struct source source = {
        .collector = (char *)"replay", .attribute_count = 1, .names = names, .values = values};
    const struct collected_source collected = {.target = &target, .source = &source};
    const struct collector *replay = collector_find("replay");
    struct error error = {0};
    void *state;

    put_rows(bytes, length);
    if (replay->open(&collected, 1, &state, &error) == 0) {
        read_source(state);
        replay->close(state);
    } else if (error.kind != ERROR_INPUT) {
        abort();
    }
    return 0;
}
