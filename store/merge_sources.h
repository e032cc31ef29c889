/* Inside store/merge.c: the runs that are to be merged, and whether they belong together. */
#ifndef STORE_MERGE_SOURCES_H
#define STORE_MERGE_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "store/merge.h"
#include "store/reader.h"
#include "store/shards.h"

struct merge_source {
    const char *path; /* as given */
    char *file;       /* the database */
    struct stored_run run;
    struct stored_shard shard;
    bool has_media; /* the database is of a version that has service_media */
    bool repeats;   /* it is the same run as one before it */
};

/* Reads them all. ERROR_INPUT if one is no shard, or isn't of the same campaign, time scale and
 * division as the first. Free with merge_sources_free, also after an error. */
int merge_sources_read(const struct merge_setting *setting, struct merge_source **sources,
                       struct error *error);
void merge_sources_free(struct merge_source *sources, size_t count);

/* Fills in the outcome. ERROR_INPUT names what is missing, unless the setting bears with it. */
int merge_sources_complete(const struct merge_setting *setting, const struct merge_source *sources,
                           struct merge_outcome *outcome, struct error *error);

#endif
