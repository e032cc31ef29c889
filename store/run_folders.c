#include "store/run_folders.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/store.h"

enum { DEEPEST = 16 };

static void add(struct run_folders *folders, const char *path, const struct stat *status,
                const char *unreadable)
{
    struct run_folder *folder;

    folders->items =
        memory_grow(folders->items, folders->count, &folders->capacity, sizeof *folders->items);
    folder = &folders->items[folders->count++];
    *folder = (struct run_folder){.path = memory_string(path),
                                  .unreadable = memory_string(unreadable),
                                  .device = status->st_dev,
                                  .inode = status->st_ino};
    folder->name = folder->path + folders->root_length;
}

static void add_removed(struct run_folders *folders, const char *path)
{
    folders->removed = memory_grow(folders->removed, folders->removed_count,
                                   &folders->removed_capacity, sizeof *folders->removed);
    folders->removed[folders->removed_count++] = memory_string(path);
}

/* Lists the folder if it holds a run database, or something of its name. */
static bool note_run(struct run_folders *folders, const char *path, const struct stat *status)
{
    char *file = memory_format("%s/" STORE_FILE_NAME, path);
    struct stat database;
    bool found = lstat(file, &database) == 0;

    if (found)
        add(folders, path, status,
            S_ISREG(database.st_mode) ? NULL : STORE_FILE_NAME " is not a regular file");
    free(file);
    return found;
}

static void search_folder(struct run_folders *folders, const char *path, int depth);

static void search_entry(struct run_folders *folders, const char *path, const char *name, int depth)
{
    size_t before = folders->count;
    struct stat status;
    struct stat target;

    if (lstat(path, &status) < 0)
        return;
    if (S_ISLNK(status.st_mode) && depth == 1 && stat(path, &target) == 0 &&
        S_ISDIR(target.st_mode))
        add(folders, path, &status, "a symbolic link, which is not followed");
    if (!S_ISDIR(status.st_mode))
        return;
    if (string_starts_with(name, RUN_REMOVED_PREFIX)) {
        add_removed(folders, path);
        return;
    }
    if (note_run(folders, path, &status)) {
        search_folder(folders, path, depth);
        folders->items[before].holds_runs = folders->count > before + 1;
        return;
    }
    search_folder(folders, path, depth);
    if (depth == 1 && folders->count == before)
        add(folders, path, &status, "it holds no " STORE_FILE_NAME);
}

static void search_folder(struct run_folders *folders, const char *path, int depth)
{
    DIR *folder = depth < DEEPEST ? opendir(path) : NULL;
    const struct dirent *entry;

    if (folder == NULL)
        return;
    while ((entry = readdir(folder)) != NULL) {
        char *below;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        below = memory_format("%s/%s", path, entry->d_name);
        search_entry(folders, below, entry->d_name, depth + 1);
        free(below);
    }
    closedir(folder);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const struct run_folder *)left)->name,
                  ((const struct run_folder *)right)->name);
}

/* Without slashes at its end, so that names can be cut off paths. */
static char *plain_path(const char *folder)
{
    char *path = memory_string(folder);
    size_t length = strlen(path);

    while (length > 1 && path[length - 1] == '/')
        path[--length] = '\0';
    return path;
}

int run_folders_find(const char *folder, struct run_folders *folders, struct error *error)
{
    char *path = plain_path(folder);
    struct stat status = {0};
    DIR *opened = opendir(path);
    int result = 0;

    *folders = (struct run_folders){.root_length = strlen(path) + 1};
    if (opened == NULL)
        result = error_system(error, ERROR_INPUT, "can't read folder %s", folder);
    else
        closedir(opened);
    if (result == 0 && note_run(folders, path, &status)) {
        result = error_set(error, ERROR_INPUT, "%s is a run itself", folder);
        error_hint(error, "name the folder that holds runs");
    }
    if (result == 0)
        search_folder(folders, path, 0);
    free(path);
    if (folders->count > 0)
        qsort(folders->items, folders->count, sizeof *folders->items, by_name);
    return result;
}

void run_folders_free(struct run_folders *folders)
{
    for (size_t i = 0; i < folders->count; i++) {
        free(folders->items[i].path);
        free(folders->items[i].unreadable);
    }
    for (size_t i = 0; i < folders->removed_count; i++)
        free(folders->removed[i]);
    free(folders->items);
    free(folders->removed);
    memset(folders, 0, sizeof *folders);
}
