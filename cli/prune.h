/* Retention: which runs below a folder go, and their removal (docs/prune.md). */
#ifndef CLI_PRUNE_H
#define CLI_PRUNE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/verb.h"
#include "store/run_folders.h"

/* A run goes if every rule that is given says so. */
struct prune_rules {
    double older_than;  /* ns since it ended and was written; negative for no rule */
    double larger_than; /* bytes; negative for no rule */
    int64_t keep;       /* so many of each campaign, the latest; 0 for no rule */
    const char *older_text;
    const char *larger_text;
    const struct option_list *keep_runs; /* never these */
    bool all_files;                      /* also with files in them that are not vnfault's */
    int64_t now_ns;
};

enum prune_action { PRUNE_KEPT, PRUNE_GOES, PRUNE_FAILED };

struct prune_run {
    const struct run_folder *folder; /* NULL of a removal that was cut short */
    char *path;
    char *campaign;     /* NULL if it can't be read */
    int64_t ended_ns;   /* or when something last happened in it; 0 if not known */
    int64_t written_ns; /* its database; later than that for an import of old data */
    int64_t bytes;      /* of its files */
    enum prune_action action;
    char *why;
};

struct prune_list {
    struct run_folders folders;
    struct prune_run *runs; /* removals that were cut short come after the runs */
    size_t count;
};

/* Looks at all that is below the folder and decides; removes nothing. ERROR_INPUT if the folder or
 * a run to keep isn't there. Free with prune_list_free, also after an error. */
int prune_choose(const char *folder, const struct prune_rules *rules, struct prune_list *list,
                 struct error *error);
void prune_list_free(struct prune_list *list);

/*
 * Removes a run that goes. It is looked at again with its lock taken; then its folder gets a name
 * that is no run's, at once, and then is removed. One that has begun again meanwhile becomes
 * PRUNE_KEPT, one that can't be removed PRUNE_FAILED with the error in `why`.
 */
void prune_remove(struct prune_run *run, const struct prune_rules *rules);

/* For both: why the run's folder may not be removed, whatever the rules say; NULL if it may. The
 * caller frees. */
char *prune_obstacle(const char *path, const struct prune_rules *rules);

#endif
