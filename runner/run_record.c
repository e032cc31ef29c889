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

/* A run goes on only with the campaign, testbed, scale and shard that it began with. */
static int check_same_run(struct run *run, struct error *error)
{
    const struct plan *plan = run->setting->plan;
    struct stored_run stored = {0};
    struct stored_shard shard;
    char scale[48];
    const char *differs = NULL;

    if (store_read_shard(run->store, &shard, error) < 0 ||
        store_read_run(run->store, &stored, error) < 0)
        return -1;
    scale_text(plan->scale, scale, sizeof scale);
    if (strcmp(stored.name, plan->campaign->name) != 0)
        differs = "campaign";
    else if (strcmp(stored.campaign_xml, plan->campaign->xml) != 0)
        differs = "campaign file";
    else if (strcmp(stored.testbed_xml, plan->campaign->testbed->xml) != 0)
        differs = "testbed file";
    else if (strcmp(stored.time_scale, scale) != 0)
        differs = "time scale";
    else if (stored.faults != run->setting->faults)
        differs = "--no-faults";
    else if (shard.number != plan->shard.number || shard.count != plan->shard.count)
        differs = "shard";
    stored_run_free(&stored);
    if (differs == NULL)
        return 0;
    error_set(error, ERROR_INPUT, "the %s is not the one that %s began with", differs,
              run->setting->folder);
    return error_hint(error, "start a new run, or give what the first one was given");
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

int run_record_open(struct run *run, struct error *error)
{
    if (!run->setting->resume)
        return store_create(run->setting->folder, &run->store, error) < 0 ||
                       record_run(run, error) < 0 || run_record_length(run, error) < 0 ||
                       record_shard(run, error) < 0
                   ? -1
                   : 0;
    if (store_open(run->setting->folder, STORE_WRITE, &run->store, error) < 0 ||
        check_same_run(run, error) < 0 ||
        store_tear_experiments(run->store, clock_now(), "the runner died", error) < 0)
        return -1;
    return store_set_run_state(run->store, "running", 0, error);
}
