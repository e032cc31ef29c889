/* What a run says of itself in its database, and whether it is the one that is to go on. */
#include "runner/run_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/reader.h"
#include "store/shards.h"
#include "store/writer.h"

static void scale_text(struct time_scale scale, char *text, size_t size)
{
    if (scale.denominator == 1)
        snprintf(text, size, "%" PRId64, scale.numerator);
    else
        snprintf(text, size, "%" PRId64 "/%" PRId64, scale.numerator, scale.denominator);
}

static int record_run(struct run *run, struct error *error)
{
    const struct plan *plan = run->setting->plan;
    char scale[48];
    struct store_run row = {
        .name = plan->campaign->name,
        .campaign_path = plan->campaign->path,
        .campaign_xml = plan->campaign->xml,
        .testbed_path = plan->campaign->testbed->path,
        .testbed_xml = plan->campaign->testbed->xml,
        .time_scale = scale,
        .monitoring_period_ns = plan->monitoring_period,
        .cool_down_ns = plan->timeline.cool_down,
        .faults = run->setting->faults,
        .version = run->setting->version,
        .started_ns = clock_now(),
    };

    scale_text(plan->scale, scale, sizeof scale);
    return store_put_run(run->store, &row, error);
}

static int refuse(struct error *error)
{
    return error_hint(error, "start a new run, or go on as that one began");
}

static int check_files(const struct run *run, const struct stored_run *stored, struct error *error)
{
    const struct campaign *campaign = run->setting->plan->campaign;
    const char *kind = "campaign";
    const char *path = campaign->path;

    /* One that calibrate made has experiments of its own, and a name that says so. */
    if (strcmp(stored->name, campaign->name) != 0)
        return error_set(error, ERROR_INPUT, "%s is a run of %s, not of the campaign %s",
                         run->setting->folder, stored->name, campaign->name);
    if (strcmp(stored->campaign_xml, campaign->xml) == 0) {
        if (strcmp(stored->testbed_xml, campaign->testbed->xml) == 0)
            return 0;
        kind = "testbed";
        path = campaign->testbed->path;
    }
    error_set(error, ERROR_INPUT, "the %s file %s differs from the one that %s began with", kind,
              path, run->setting->folder);
    return refuse(error);
}

static void name_shard(int64_t number, int64_t count, char *text, size_t size)
{
    if (count == 0)
        snprintf(text, size, "the whole campaign");
    else
        snprintf(text, size, "shard %" PRId64 "/%" PRId64, number, count);
}

static int check_shard(const struct run *run, const struct stored_shard *began, struct error *error)
{
    struct shard now = run->setting->plan->shard;
    char began_with[64];
    char goes_on_with[64];

    if (began->number == now.number && began->count == now.count)
        return 0;
    name_shard(began->number, began->count, began_with, sizeof began_with);
    name_shard(now.number, now.count, goes_on_with, sizeof goes_on_with);
    error_set(error, ERROR_INPUT, "%s began with %s, not with %s", run->setting->folder, began_with,
              goes_on_with);
    return refuse(error);
}

static int check_options(const struct run *run, const struct stored_run *stored,
                         struct error *error)
{
    char scale[48];

    scale_text(run->setting->plan->scale, scale, sizeof scale);
    if (strcmp(stored->time_scale, scale) != 0) {
        error_set(error, ERROR_INPUT, "%s began with the time scale %s, not with %s",
                  run->setting->folder, stored->time_scale, scale);
        return refuse(error);
    }
    if (stored->faults != run->setting->faults) {
        error_set(error, ERROR_INPUT, "%s began %s --no-faults", run->setting->folder,
                  stored->faults ? "without" : "with");
        return refuse(error);
    }
    return 0;
}

/* A run goes on only with the campaign, testbed, scale, faults and shard that it began with. */
static int check_same_run(const struct run *run, struct store *store, struct error *error)
{
    struct stored_run stored = {0};
    struct stored_shard shard;
    int result;

    if (store_read_shard(store, &shard, error) < 0 || store_read_run(store, &stored, error) < 0)
        return -1;
    result = check_files(run, &stored, error) < 0 || check_options(run, &stored, error) < 0 ||
                     check_shard(run, &shard, error) < 0
                 ? -1
                 : 0;
    stored_run_free(&stored);
    return result;
}

int run_record_length(struct run *run, struct error *error)
{
    char count[24];

    snprintf(count, sizeof count, "%zu", run->finished + run->setting->plan->experiment_count);
    return store_put_fact(run->store, "plan", "experiments", count, error);
}

/* Which part of the campaign this run is, if it isn't the whole. */
static int record_shard(struct run *run, struct error *error)
{
    const struct plan *plan = run->setting->plan;

    if (plan->shard.count == 0)
        return 0;
    if (store_put_shard(run->store, plan->shard.number, plan->shard.count,
                        (int64_t)plan->whole_count, error) < 0)
        return -1;
    for (size_t i = 0; i < plan->experiment_count; i++) {
        if (store_put_shard_cell(run->store, (int64_t)plan->experiments[i].cell, plan->shard.number,
                                 error) < 0)
            return -1;
    }
    return 0;
}

static int check_recorded(struct run *run, struct error *error)
{
    struct error closing = {0};
    struct store *store;
    int result;

    if (store_open(run->setting->folder, STORE_READ, &store, error) < 0)
        return -1;
    result = check_same_run(run, store, error);
    store_close(store, &closing);
    return result;
}

int run_record_check(struct run *run, struct error *error)
{
    return run->setting->resume ? check_recorded(run, error)
                                : store_check_free(run->setting->folder, error);
}

/* Committed at once: registering takes its time, and who is killed in it is to be resumed. */
static int begin(struct run *run, struct error *error)
{
    return store_create(run->setting->folder, &run->store, error) < 0 ||
                   record_run(run, error) < 0 || run_record_length(run, error) < 0 ||
                   record_shard(run, error) < 0 || store_commit(run->store, error) < 0
               ? -1
               : 0;
}

int run_record_begin(struct run *run, struct error *error)
{
    if (!run->setting->resume)
        return begin(run, error);
    if (store_open(run->setting->folder, STORE_WRITE, &run->store, error) < 0 ||
        store_tear_experiments(run->store, clock_now(), "the runner died", error) < 0)
        return -1;
    return store_set_run_state(run->store, "running", 0, error);
}
