/* What is in a run's folder, and its removal. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/report.h"
#include "base/file.h"
#include "base/memory.h"
#include "cli/prune.h"
#include "runner/folder_lock.h"
#include "runner/lock_owner.h"

/* The files that vnfault writes into a run's folder unless it is told to write elsewhere. */
static const char *const own_files[] = {
    "run.sqlite",
    "run.sqlite-wal",
    "run.sqlite-shm",
    "run.sqlite-journal",
    "lock",
    "evaluation.json",
    "evaluation-trained-on-*.json",
    "sipp-*",
    "*.model",
    "evaluation*.json.*.tmp",
    "*.model.*.tmp",
};

static const char changed[] = "it is not the folder any more that it was";

static bool is_own(const char *path, const char *name)
{
    struct error ignored = {0};
    struct stat status;

    if (lstat(path, &status) < 0)
        return errno == ENOENT;
    if (S_ISDIR(status.st_mode))
        return strcmp(name, "report") == 0 && report_check_folder(path, &ignored) == 0;
    for (size_t i = 0; S_ISREG(status.st_mode) && i < sizeof own_files / sizeof own_files[0]; i++) {
        if (fnmatch(own_files[i], name, 0) == 0)
            return true;
    }
    return false;
}

/* A name in the folder that is not vnfault's; NULL if there is none. The caller frees it. */
static char *find_foreign(const char *folder)
{
    DIR *opened = opendir(folder);
    const struct dirent *entry;
    char *foreign = NULL;

    if (opened == NULL)
        return memory_format("what can't be read (%s)", strerror(errno));
    while (foreign == NULL && (entry = readdir(opened)) != NULL) {
        char *path;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        path = memory_format("%s/%s", folder, entry->d_name);
        if (!is_own(path, entry->d_name))
            foreign = memory_format("%s, which is not vnfault's", entry->d_name);
        free(path);
    }
    closedir(opened);
    return foreign;
}

/* A lock that is no plain file is nobody's lock, and not to be written to. */
static bool lock_is_odd(const char *folder)
{
    char *path = memory_format("%s/lock", folder);
    struct stat status;
    bool odd = lstat(path, &status) == 0 && !S_ISREG(status.st_mode);

    free(path);
    return odd;
}

char *prune_obstacle(const char *path, const struct prune_rules *rules)
{
    char *foreign;
    char *why;

    if (lock_is_odd(path))
        return memory_string("its lock is not a regular file");
    if (folder_lock_is_held(path))
        return memory_string("it is running");
    if (rules->all_files)
        return NULL;
    foreign = find_foreign(path);
    why = foreign != NULL ? memory_format("it holds %s", foreign) : NULL;
    free(foreign);
    return why;
}

static void set_outcome(struct prune_run *run, enum prune_action action, const char *why)
{
    free(run->why);
    run->why = memory_string(why);
    run->action = action;
}

/* The folder that was looked at, and no other that came to be at its path. */
static bool is_still_there(const struct prune_run *run)
{
    struct stat status;

    return lstat(run->path, &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_dev == run->folder->device && status.st_ino == run->folder->inode;
}

/* Gives the folder a name under which it is no run any more; its place on the disk makes that
 * unique. NULL with errno if that can't be done; the caller frees it. */
static char *put_aside(const struct prune_run *run)
{
    char *name = memory_format(RUN_REMOVED_PREFIX "%ju", (uintmax_t)run->folder->inode);
    char *aside = path_beside(run->path, name);

    free(name);
    if (renameat2(AT_FDCWD, run->path, AT_FDCWD, aside, RENAME_NOREPLACE) == 0)
        return aside;
    free(aside);
    return NULL;
}

static void remove_folder(struct prune_run *run, const char *path)
{
    struct error error = {0};

    if (folder_remove(path, &error) < 0)
        set_outcome(run, PRUNE_FAILED, error.what);
}

static void remove_locked(struct prune_run *run)
{
    char *aside = put_aside(run);

    if (aside != NULL) {
        remove_folder(run, aside);
    } else {
        char *why = memory_format("can't rename it: %s", strerror(errno));

        set_outcome(run, PRUNE_FAILED, why);
        free(why);
    }
    free(aside);
}

static void remove_run(struct prune_run *run)
{
    struct error error = {0};
    char *owner = lock_owner_text("vnfault prune");
    int lock = folder_lock(run->path, owner, &error);

    if (lock < 0)
        set_outcome(run, folder_lock_is_held(run->path) ? PRUNE_KEPT : PRUNE_FAILED, error.what);
    else if (!is_still_there(run))
        set_outcome(run, PRUNE_KEPT, changed);
    else
        remove_locked(run);
    if (lock >= 0)
        close(lock);
    free(owner);
}

void prune_remove(struct prune_run *run, const struct prune_rules *rules)
{
    char *obstacle;

    if (run->folder != NULL && !is_still_there(run)) {
        set_outcome(run, PRUNE_KEPT, changed);
        return;
    }
    obstacle = prune_obstacle(run->path, rules);
    if (obstacle != NULL)
        set_outcome(run, PRUNE_KEPT, obstacle);
    else if (run->folder == NULL)
        remove_folder(run, run->path);
    else
        remove_run(run);
    free(obstacle);
}
