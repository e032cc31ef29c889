/* The runs below a folder, such as results/. */
#ifndef STORE_RUN_FOLDERS_H
#define STORE_RUN_FOLDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* A run's folder that is being removed has a name that begins so; it is no run any more. */
#define RUN_REMOVED_PREFIX ".vnfault-removed-"

struct run_folder {
    char *path;       /* below the folder that was asked for, which it begins with */
    const char *name; /* the part of `path` after that folder */
    char *unreadable; /* why it is no run whatever it holds; NULL for one to be opened */
    bool holds_runs;  /* others are below it */
    dev_t device;
    ino_t inode;
};

struct run_folders {
    struct run_folder *items; /* by name */
    size_t count;
    size_t capacity;
    size_t root_length; /* what paths begin with before names do */
    char **removed;     /* folders of which the removal was cut short */
    size_t removed_count;
    size_t removed_capacity;
};

/*
 * Finds the folders that hold a file run.sqlite, at any depth. Symbolic links are not followed:
 * those in `folder` itself are listed as unreadable, and so are folders in it with no run in them
 * at any depth. ERROR_INPUT if `folder` can't be read or is a run itself. Free with
 * run_folders_free, also after an error.
 */
int run_folders_find(const char *folder, struct run_folders *folders, struct error *error);
void run_folders_free(struct run_folders *folders);

#endif
