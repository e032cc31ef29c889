#include "cli/watch_replay.h"

#include <stdlib.h>

#include "analysis/dataset.h"
#include "analysis/raw_observations.h"
#include "base/memory.h"
#include "cli/export.h"

struct replay {
    struct watch *watch;
    struct watched *watched;
    struct raw_observations raw;
    const struct experiment_names *experiments;
    size_t *sources; /* per metric set */
};

static const char *experiment_of(const struct replay *replay, int64_t cell)
{
    for (size_t i = 0; i < replay->experiments->count; i++) {
        if (replay->experiments->items[i].cell == cell)
            return replay->experiments->items[i].name;
    }
    return "";
}

static void add_sources(struct replay *replay)
{
    for (size_t i = 0; i < replay->raw.set_count; i++) {
        const struct raw_set *set = &replay->raw.sets[i];
        struct stream_metric *metrics = memory_new(set->metric_count, sizeof *metrics);

        for (size_t j = 0; j < set->metric_count; j++)
            metrics[j] = (struct stream_metric){set->metrics[j].name, set->metrics[j].counter};
        replay->sources[i] = stream_add_source(replay->watched->stream, metrics, set->metric_count);
        free(metrics);
    }
}

static void end_row(const struct replay *replay, const struct raw_row *row)
{
    watch_score(replay->watch, replay->watched, experiment_of(replay, row->cell),
                replay->raw.labels[row->label]);
}

static int replay_rows(const struct replay *replay, struct stop *stop, struct error *error)
{
    struct observation_stream *stream = replay->watched->stream;
    const struct raw_row *before = NULL;

    for (size_t i = 0; i < replay->raw.row_count; i++) {
        const struct raw_row *row = &replay->raw.rows[i];
        size_t source = replay->sources[row->set];

        if (stop_reason(stop) != 0)
            return error_set(error, ERROR_INTERRUPTED, "the replay was interrupted");
        if (before != NULL &&
            (before->cell != row->cell || !stream_belongs(stream, source, row->time_ns)))
            end_row(replay, before);
        if (before == NULL || before->cell != row->cell)
            stream_restart(stream);
        stream_read(stream, source, row->time_ns, replay->raw.values + row->first_value);
        before = row;
    }
    if (before != NULL)
        end_row(replay, before);
    return 0;
}

static int replay_target(struct replay *replay, struct store *store, struct stop *stop,
                         struct error *error)
{
    int64_t id;
    int result = dataset_find_target(store, replay->watched->target, &id, error);

    if (result == 0)
        result = raw_observations_read(store, id, &replay->raw, error);
    if (result == 0) {
        replay->sources = memory_new(replay->raw.set_count, sizeof *replay->sources);
        add_sources(replay);
        result = stream_check(replay->watched->stream, error);
        if (result == 0)
            result = replay_rows(replay, stop, error);
        free(replay->sources);
    }
    raw_observations_free(&replay->raw);
    return result;
}

int watch_replay(struct watch *watch, const char *run, struct stop *stop, struct error *error)
{
    struct experiment_names experiments = {0};
    struct error closing = {0};
    struct store *store;
    int result;

    if (store_open(run, STORE_READ, &store, error) < 0)
        return -1;
    result = experiment_names_read(store, &experiments, error);
    for (size_t i = 0; result == 0 && i < watch->count; i++) {
        struct replay replay = {
            .watch = watch, .watched = &watch->items[i], .experiments = &experiments};

        result = replay_target(&replay, store, stop, error);
    }
    experiment_names_free(&experiments);
    store_close(store, &closing);
    return result;
}
