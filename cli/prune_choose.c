/* Which runs below a folder go, and why. */
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "cli/prune.h"
#include "runner/folder_lock.h"
#include "store/reader.h"

enum { MOST_DESCRIPTORS = 16 };

/* nftw has no argument of the caller's own. */
static int64_t counted_bytes;

static int count_bytes(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)path;
    (void)place;
    if (type == FTW_F)
        counted_bytes += status->st_size;
    return 0;
}

static int64_t size_of(const char *folder)
{
    counted_bytes = 0;
    nftw(folder, count_bytes, MOST_DESCRIPTORS, FTW_PHYS | FTW_MOUNT);
    return counted_bytes;
}

static int note_last_instant(const struct stored_experiment *experiment, void *context,
                             struct error *error)
{
    int64_t *last = context;

    (void)error;
    if (experiment->started_ns > *last)
        *last = experiment->started_ns;
    if (experiment->ended_ns > *last)
        *last = experiment->ended_ns;
    return 0;
}

static int64_t written_at(const char *folder)
{
    char *path = memory_format("%s/" STORE_FILE_NAME, folder);
    struct stat status = {0};
    int64_t written = 0;

    if (lstat(path, &status) == 0)
        written = (int64_t)status.st_mtim.tv_sec * CLOCK_SECOND + status.st_mtim.tv_nsec;
    free(path);
    return written;
}

static void take_run(struct prune_run *run, const struct stored_run *stored)
{
    run->campaign = memory_string(stored->name);
    run->written_ns = written_at(run->path);
    if (stored->started_ns > run->ended_ns)
        run->ended_ns = stored->started_ns;
    if (stored->ended_ns > run->ended_ns)
        run->ended_ns = stored->ended_ns;
}

static bool is_older(const struct prune_run *run, const struct prune_rules *rules)
{
    int64_t last = run->ended_ns > run->written_ns ? run->ended_ns : run->written_ns;

    return (double)(rules->now_ns - last) > rules->older_than;
}

/* Takes note of campaign and end, and whether the run has none. What can't be read: why, which the
 * caller frees. */
static char *read_run(struct prune_run *run, bool *is_open)
{
    struct stored_run stored = {0};
    struct store *store = NULL;
    struct error error = {0};
    struct error closing = {0};
    char *unread = NULL;

    if (store_open(run->path, STORE_READ, &store, &error) < 0)
        return memory_format("it can't be read: %s", error.what);
    if (store_read_run(store, &stored, &error) < 0 ||
        store_each_experiment(store, note_last_instant, &run->ended_ns, &error) < 0) {
        unread = memory_format("it can't be read: %s", error.what);
    } else {
        take_run(run, &stored);
        *is_open = strcmp(stored.state, "running") == 0;
    }
    stored_run_free(&stored);
    store_close(store, &closing);
    return unread;
}

/* What keeps the run whatever the rules say; NULL for nothing. Reads it where it can be read. The
 * caller frees. */
static char *look_at(struct prune_run *run, const struct prune_rules *rules, bool is_named)
{
    bool is_open = false;
    char *obstacle;
    char *unread;

    if (run->folder->unreadable != NULL)
        return memory_string(run->folder->unreadable);
    obstacle = prune_obstacle(run->path, rules);
    unread = read_run(run, &is_open);
    run->bytes = size_of(run->path);
    if (obstacle != NULL) {
        free(unread);
        return obstacle;
    }
    if (unread != NULL)
        return unread;
    if (is_open && !folder_lock_owner_is_dead(run->path))
        return memory_string("it is running, as far as can be told here");
    if (is_named)
        return memory_string("named by --keep-run");
    return run->folder->holds_runs ? memory_string("other runs are in its folder") : NULL;
}

/* How many runs of its campaign are later. */
static size_t rank_of(const struct prune_list *list, const struct prune_run *run)
{
    size_t rank = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct prune_run *other = &list->runs[i];

        if (other == run || other->campaign == NULL || strcmp(other->campaign, run->campaign) != 0)
            continue;
        rank +=
            other->ended_ns > run->ended_ns || (other->ended_ns == run->ended_ns && other > run);
    }
    return rank;
}

static void apply_rules(const struct prune_list *list, struct prune_run *run,
                        const struct prune_rules *rules)
{
    struct text why = {0};

    run->action = PRUNE_KEPT;
    if (rules->older_than >= 0 && !is_older(run, rules)) {
        text_appendf(&why, "not older than %s", rules->older_text);
    } else if (rules->larger_than >= 0 && (double)run->bytes <= rules->larger_than) {
        text_appendf(&why, "not larger than %s", rules->larger_text);
    } else if (rules->keep > 0 && rank_of(list, run) < (size_t)rules->keep) {
        text_appendf(&why, "of the latest %" PRId64 " of its campaign", rules->keep);
    } else {
        run->action = PRUNE_GOES;
        if (rules->older_than >= 0)
            text_appendf(&why, "older than %s", rules->older_text);
        if (rules->larger_than >= 0)
            text_appendf(&why, "%slarger than %s", why.length > 0 ? ", " : "", rules->larger_text);
        if (rules->keep > 0)
            text_appendf(&why, "%snot of the latest %" PRId64 " of its campaign",
                         why.length > 0 ? ", " : "", rules->keep);
    }
    run->why = memory_string(text_string(&why));
    text_free(&why);
}

/* The folder that is named by itself or by a file in it. */
static bool find_folder(const char *name, struct stat *status)
{
    char *folder;
    bool found;

    if (stat(name, status) < 0)
        return false;
    if (S_ISDIR(status->st_mode))
        return true;
    folder = path_beside(name, ".");
    found = stat(folder, status) == 0;
    free(folder);
    return found;
}

static bool mark(const struct prune_list *list, const char *name, bool *is_named)
{
    struct stat status;
    bool found = false;

    if (!find_folder(name, &status))
        return false;
    for (size_t i = 0; i < list->folders.count; i++) {
        const struct run_folder *folder = &list->folders.items[i];

        if (folder->device == status.st_dev && folder->inode == status.st_ino)
            found = is_named[i] = true;
    }
    return found;
}

/* Marks the runs that are named, as seen from here or from `below`. A name that is no run is an
 * error: it may be a slip. */
static int mark_named(const char *below, const struct prune_rules *rules,
                      const struct prune_list *list, bool *is_named, struct error *error)
{
    for (size_t i = 0; i < rules->keep_runs->count; i++) {
        const char *name = rules->keep_runs->items[i];
        char *inside = memory_format("%s/%s", below, name);
        bool found = mark(list, name, is_named);

        found = mark(list, inside, is_named) || found;
        free(inside);
        if (!found) {
            error_set(error, ERROR_INPUT, "--keep-run %s: there is no such run below %s", name,
                      below);
            return error_hint(error, "nothing was removed");
        }
    }
    return 0;
}

static void choose(struct prune_list *list, const struct prune_rules *rules, const bool *is_named)
{
    struct run_folders *folders = &list->folders;

    list->count = folders->count + folders->removed_count;
    list->runs = memory_new(list->count, sizeof *list->runs);
    for (size_t i = 0; i < folders->count; i++) {
        struct prune_run *run = &list->runs[i];

        run->folder = &folders->items[i];
        run->path = memory_string(run->folder->path);
        run->why = look_at(run, rules, is_named[i]);
    }
    /* Which are the latest is known once all were read. */
    for (size_t i = 0; i < folders->count; i++) {
        if (list->runs[i].why == NULL)
            apply_rules(list, &list->runs[i], rules);
    }
    for (size_t i = 0; i < folders->removed_count; i++) {
        struct prune_run *run = &list->runs[folders->count + i];

        run->path = memory_string(folders->removed[i]);
        run->why = prune_obstacle(run->path, rules);
        run->bytes = size_of(run->path);
        if (run->why == NULL) {
            run->action = PRUNE_GOES;
            run->why = memory_string("its removal was cut short");
        }
    }
}

int prune_choose(const char *folder, const struct prune_rules *rules, struct prune_list *list,
                 struct error *error)
{
    bool *is_named;
    int result;

    memset(list, 0, sizeof *list);
    result = run_folders_find(folder, &list->folders, error);
    is_named = memory_new(list->folders.count, sizeof *is_named);
    if (result == 0)
        result = mark_named(folder, rules, list, is_named, error);
    if (result == 0)
        choose(list, rules, is_named);
    free(is_named);
    return result;
}

void prune_list_free(struct prune_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->runs[i].path);
        free(list->runs[i].campaign);
        free(list->runs[i].why);
    }
    free(list->runs);
    run_folders_free(&list->folders);
    memset(list, 0, sizeof *list);
}
