#include "store/merge_sources.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/database.h"

static int read_source(struct store *store, struct merge_source *source, struct error *error)
{
    source->file = memory_string(store->path);
    source->has_media =
        sqlite3_table_column_metadata(store->database, "main", "service_media", NULL, NULL, NULL,
                                      NULL, NULL, NULL) == SQLITE_OK;
    if (store_read_shard(store, &source->shard, error) < 0 ||
        store_read_run(store, &source->run, error) < 0)
        return -1;
    if (source->shard.number > 0)
        return 0;
    error_set(error, ERROR_INPUT, "%s is not the run of a shard", source->path);
    return error_hint(error, "'vnfault run --shard K/N' makes one");
}

/* What must be the same in all of them. */
static const char *difference(const struct merge_source *one, const struct merge_source *other)
{
    if (strcmp(one->run.name, other->run.name) != 0)
        return "campaign";
    if (strcmp(one->run.campaign_xml, other->run.campaign_xml) != 0)
        return "campaign file";
    if (strcmp(one->run.time_scale, other->run.time_scale) != 0)
        return "time scale";
    if (one->run.faults != other->run.faults)
        return "--no-faults";
    if (strcmp(one->run.version, other->run.version) != 0)
        return "version of vnfault";
    if (one->run.monitoring_period_ns != other->run.monitoring_period_ns)
        return "monitoring period";
    if (one->run.cool_down_ns != other->run.cool_down_ns)
        return "cool-down";
    if (one->shard.count != other->shard.count)
        return "number of shards";
    return one->shard.experiments != other->shard.experiments ? "number of experiments" : NULL;
}

static int check_same(const struct merge_source *first, const struct merge_source *source,
                      struct error *error)
{
    const char *differs = difference(first, source);

    if (differs == NULL)
        return 0;
    error_set(error, ERROR_INPUT, "the %s of %s is not that of %s", differs, source->path,
              first->path);
    return error_hint(error, "shards of one campaign are run from the same file, in the same way");
}

int merge_sources_read(const struct merge_setting *setting, struct merge_source **sources,
                       struct error *error)
{
    struct merge_source *made = memory_new(setting->count, sizeof *made);

    *sources = made;
    for (size_t i = 0; i < setting->count; i++) {
        struct error ignored = {0};
        struct store *store;
        int result;

        made[i].path = setting->paths[i];
        if (store_open(setting->paths[i], STORE_READ, &store, error) < 0)
            return -1;
        result = read_source(store, &made[i], error);
        store_close(store, &ignored);
        if (result < 0 || check_same(&made[0], &made[i], error) < 0)
            return -1;
    }
    return 0;
}

void merge_sources_free(struct merge_source *sources, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(sources[i].file);
        stored_run_free(&sources[i].run);
    }
    free(sources);
}

static bool has_shard(const struct merge_setting *setting, const struct merge_source *sources,
                      int64_t number)
{
    for (size_t i = 0; i < setting->count; i++) {
        if (sources[i].shard.number == number)
            return true;
    }
    return false;
}

/* The numbers of the shards that nobody gave: '2, 5'. */
static void append_missing(const struct merge_setting *setting, const struct merge_source *sources,
                           struct text *missing)
{
    for (int64_t number = 1; number <= sources[0].shard.count && missing->length < 200; number++) {
        if (!has_shard(setting, sources, number))
            text_appendf(missing, "%s%" PRId64, missing->length > 0 ? ", " : "", number);
    }
}

static int check_shards(const struct merge_setting *setting, const struct merge_source *sources,
                        struct error *error)
{
    struct text missing = {0};
    int result = 0;

    append_missing(setting, sources, &missing);
    if (missing.length > 0 && setting->incomplete) {
        log_warning("of %" PRId64 " shards these are missing: %s", sources[0].shard.count,
                    missing.bytes);
    } else if (missing.length > 0) {
        error_set(error, ERROR_INPUT, "of %" PRId64 " shards these are missing: %s",
                  sources[0].shard.count, missing.bytes);
        result = error_hint(error, "give their runs too; --incomplete goes on without");
    }
    text_free(&missing);
    return result;
}

static int check_done(const struct merge_setting *setting, const struct merge_source *source,
                      struct error *error)
{
    int64_t left = source->shard.cells - source->shard.done;

    if (left == 0)
        return 0;
    if (setting->incomplete) {
        log_warning("%s has %" PRId64 " of %" PRId64 " experiments left", source->path, left,
                    source->shard.cells);
        return 0;
    }
    error_set(error, ERROR_INPUT,
              "%s, shard %" PRId64 "/%" PRId64 ", has %" PRId64 " of %" PRId64 " experiments left",
              source->path, source->shard.number, source->shard.count, left, source->shard.cells);
    return error_hint(error, "'vnfault run --resume %s' goes on; --incomplete merges what there is",
                      source->path);
}

int merge_sources_complete(const struct merge_setting *setting, const struct merge_source *sources,
                           struct merge_outcome *outcome, struct error *error)
{
    int64_t cells = 0;

    *outcome = (struct merge_outcome){.shards = sources[0].shard.count,
                                      .experiments = sources[0].shard.experiments};
    if (check_shards(setting, sources, error) < 0)
        return -1;
    for (size_t i = 0; i < setting->count; i++) {
        if (sources[i].repeats) {
            outcome->repeated++;
            continue;
        }
        if (check_done(setting, &sources[i], error) < 0)
            return -1;
        outcome->present++;
        outcome->done += sources[i].shard.done;
        cells += sources[i].shard.cells;
    }
    if (outcome->present == outcome->shards && cells != outcome->experiments)
        return error_set(error, ERROR_INPUT,
                         "the shards hold %" PRId64 " experiments, the campaign has %" PRId64,
                         cells, outcome->experiments);
    return 0;
}
