/* The shards of a divided campaign, in the run database: store/schema.sql says what each is. */
#ifndef STORE_SHARDS_H
#define STORE_SHARDS_H

#include <stdint.h>

#include "base/error.h"
#include "store/store.h"

/* Says that this run is a shard. Once a database, before its cells. */
int store_put_shard(struct store *store, int64_t number, int64_t count, int64_t experiments,
                    struct error *error);
int store_put_shard_cell(struct store *store, int64_t cell, int64_t shard, struct error *error);

struct stored_shard {
    int64_t number;
    int64_t count;
    int64_t experiments; /* of the whole campaign */
    int64_t cells;       /* of this shard */
    int64_t done;        /* of these: the last attempt came to an end */
};

/* None in a run of the whole campaign, several in a merged one. */
typedef int store_shard_callback(const struct stored_shard *shard, void *context,
                                 struct error *error);
int store_each_shard(struct store *store, store_shard_callback *callback, void *context,
                     struct error *error);

/* The shard that this run is, number 0 if it is none. A merged run is none that can be gone on
 * with: ERROR_INPUT. */
int store_read_shard(struct store *store, struct stored_shard *shard, struct error *error);

/* The run that a shard of a merged run came from. */
struct stored_merged_run {
    int64_t shard;
    const char *path;
    const char *testbed_path;
    const char *version;
    int64_t started_ns;
    int64_t ended_ns; /* 0 if it had not ended */
    const char *state;
};

typedef int store_merged_run_callback(const struct stored_merged_run *run, void *context,
                                      struct error *error);
int store_each_merged_run(struct store *store, store_merged_run_callback *callback, void *context,
                          struct error *error);

#endif
