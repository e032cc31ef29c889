/* Joining the runs of a campaign's shards into the run that one big run would have made. */
#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"

struct merge_setting {
    const char *const *paths; /* of the shards' runs: folder or file */
    size_t count;
    const char *folder; /* of the merged run */
    bool incomplete;    /* go on without shards or experiments that are missing */
    struct stop *stop;
};

struct merge_outcome {
    int64_t shards;      /* that the campaign was divided into */
    int64_t present;     /* of these */
    int64_t repeated;    /* runs that were the same as another */
    int64_t experiments; /* of the whole campaign */
    int64_t done;
};

/*
 * Makes the run database in the folder: experiments by cell, with all that was recorded of them;
 * shards, their runs and facts in the tables shard, shard_cell, merged_run and merged_fact.
 * ERROR_INPUT, and no database, if runs are not shards of one campaign run in one way by one
 * version, if a shard is given twice with different content or a cell is in two, if a run database
 * is not sound, or if something is missing and `incomplete` isn't said. What stop_error makes if
 * the stop was asked for.
 */
int store_merge(const struct merge_setting *setting, struct merge_outcome *outcome,
                struct error *error);

#endif
