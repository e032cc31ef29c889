#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/run_estimate.h"
#include "cli/textfile.h"
#include "cli/verb.h"
#include "runner/folder_lock.h"
#include "store/reader.h"
#include "store/shards.h"

static bool json;
static const char *textfile_path;

static const struct option_row options[] = {
    {"--textfile", "FILE.prom", "write its figures for Prometheus' node exporter", OPTION_TEXT,
     &textfile_path, 0, 0},
    {"--json", NULL, "print one JSON object", OPTION_FLAG, &json, 0, 0},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

struct tally {
    size_t valid;
    size_t invalid;
    size_t running;
    size_t torn;
    char current[128];
    json_t *reasons; /* of the invalid ones, by name */
    json_t *shards;
};

static int count_experiment(const struct stored_experiment *experiment, void *context,
                            struct error *error)
{
    struct tally *tally = context;
    const char *reason = experiment->reason != NULL ? experiment->reason : "";

    (void)error;
    if (strcmp(experiment->state, "running") == 0) {
        tally->running++;
        snprintf(tally->current, sizeof tally->current, "%s", experiment->name);
    } else if (strcmp(experiment->state, "torn") == 0) {
        tally->torn++;
    } else if (experiment->verdict != NULL && strcmp(experiment->verdict, "valid") == 0) {
        tally->valid++;
    } else {
        tally->invalid++;
        json_object_set_new(tally->reasons, experiment->name, json_string(reason));
        if (!json)
            printf("invalid: %s: %s\n", experiment->name, reason);
    }
    return 0;
}

/* The shards that the run holds, as an array; empty for a run of the whole campaign. */
static int add_shard(const struct stored_shard *shard, void *context, struct error *error)
{
    json_t *shards = context;

    (void)error;
    json_array_append_new(shards,
                          json_pack("{s:I, s:I, s:I, s:I}", "number", (json_int_t)shard->number,
                                    "count", (json_int_t)shard->count, "experiments",
                                    (json_int_t)shard->cells, "done", (json_int_t)shard->done));
    if (!json)
        printf("shard %" PRId64 "/%" PRId64 ": %" PRId64 " of %" PRId64 " experiments done\n",
               shard->number, shard->count, shard->done, shard->cells);
    return 0;
}

/* NULL in JSON for what isn't known. */
static json_t *known(bool is_known, int64_t value)
{
    return is_known ? json_integer((json_int_t)value) : json_null();
}

static void print_json(const struct stored_run *run, const struct tally *tally,
                       const struct run_estimate *estimate, bool gone)
{
    json_t *object =
        json_pack("{s:s, s:s, s:b, s:s, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:s, s:O, s:O}", "name",
                  run->name, "state", run->state, "runner_gone", gone, "time_scale",
                  run->time_scale, "total", known(estimate->total > 0, (int64_t)estimate->total),
                  "left", known(estimate->total > 0, (int64_t)estimate->left), "time_left_ns",
                  known(estimate->time_left >= 0, estimate->time_left), "valid",
                  (json_int_t)tally->valid, "invalid", (json_int_t)tally->invalid, "running",
                  (json_int_t)tally->running, "torn", (json_int_t)tally->torn, "current",
                  tally->current, "invalid_reasons", tally->reasons, "shards", tally->shards);

    json_dumpf(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

static void print_left(const struct run_estimate *estimate)
{
    char left[24];

    if (estimate->total == 0)
        return;
    printf("%zu of %zu experiments left", estimate->left, estimate->total);
    if (estimate->time_left >= 0) {
        clock_format_duration(estimate->time_left, left, sizeof left);
        printf(", about %s", left);
    }
    putchar('\n');
}

static void print_text(const struct stored_run *run, const struct tally *tally,
                       const struct run_estimate *estimate, const char *folder, bool gone)
{
    char started[32];

    clock_format(run->started_ns, started, sizeof started);
    printf("%s: %s, started %s, time scale %s\n", run->name, run->state, started, run->time_scale);
    printf("%zu valid, %zu invalid, %zu torn\n", tally->valid, tally->invalid, tally->torn);
    print_left(estimate);
    if (tally->current[0] != '\0')
        printf("%s: %s\n", gone ? "under way as the runner died" : "under way", tally->current);
    if (gone)
        printf("its runner is gone; 'vnfault run --resume %s' goes on, 'vnfault heal TESTBED' only "
               "undoes its faults\n",
               folder);
}

static int write_textfile(struct store *store, const struct stored_run *run, struct error *error)
{
    const struct textfile textfile = {.campaign = run->name, .store = store, .exit_status = -1};

    return textfile_path != NULL ? textfile_write(textfile_path, &textfile, error) : 0;
}

static int status(const char *const operands[], size_t count, struct error *error)
{
    struct stored_run run = {0};
    struct tally tally = {.reasons = json_object(), .shards = json_array()};
    struct run_estimate estimate = {0};
    struct error closing = {0};
    struct store *store;
    bool gone;
    int result;

    (void)count;
    if ((textfile_path != NULL && textfile_check(textfile_path, error) < 0) ||
        store_open(operands[0], STORE_READ, &store, error) < 0) {
        json_decref(tally.reasons);
        json_decref(tally.shards);
        return -1;
    }
    result = store_read_run(store, &run, error);
    if (result == 0)
        result = store_each_experiment(store, count_experiment, &tally, error);
    if (result == 0)
        result = store_each_shard(store, add_shard, tally.shards, error);
    if (result == 0)
        result = run_estimate_make(store, clock_now(), &estimate, error);
    if (result == 0)
        result = write_textfile(store, &run, error);
    gone = result == 0 && strcmp(run.state, "running") == 0 &&
           folder_lock_owner_is_dead(store_folder(store));
    if (result == 0 && json)
        print_json(&run, &tally, &estimate, gone);
    else if (result == 0)
        print_text(&run, &tally, &estimate, operands[0], gone);
    json_decref(tally.reasons);
    json_decref(tally.shards);
    stored_run_free(&run);
    store_close(store, &closing);
    return result;
}

const struct verb verb_status = {
    .name = "status",
    .summary = "say how far a run has come",
    .operands = "RUN",
    .description =
        "Shows a run's state and its valid, invalid and torn experiments. RUN is the\n"
        "run's folder; it may be running. On the machine that it runs on, it is said if\n"
        "the runner is gone. --textfile writes its verdict, times, experiments and failed\n"
        "calls as metrics, by rename: docs/textfile.md.\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 1,
    .run = status,
};
