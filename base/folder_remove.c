/* Removing a folder, by descriptors: a name that becomes a link meanwhile leads nowhere else. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

/* Opens a folder in the folder `parent`, if it is no mount point: a bind mount has the device of
 * what it shows, so devices don't tell. */
static int open_inside(int parent, const char *name)
{
    struct open_how how = {
        .flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
    };

    return (int)syscall(SYS_openat2, parent, name, &how, sizeof how);
}

static int remove_from(int opened, const char *path, struct error *error);

static int remove_inner_folder(int parent, const char *name, const char *path, struct error *error)
{
    int opened = open_inside(parent, name);

    if (opened < 0 && errno == EXDEV)
        return error_set(error, ERROR_INTERNAL,
                         "can't remove folder %s: something is mounted there, which is left alone",
                         path);
    if (opened < 0)
        return error_system(error, ERROR_INTERNAL, "can't open folder %s", path);
    if (remove_from(opened, path, error) < 0)
        return -1;
    if (unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
        return error_system(error, ERROR_INTERNAL, "can't remove folder %s", path);
    return 0;
}

static int remove_entry(int parent, const char *name, const char *folder, struct error *error)
{
    char *path = memory_format("%s/%s", folder, name);
    int result = 0;

    if (unlinkat(parent, name, 0) < 0 && errno != ENOENT)
        result = errno == EISDIR ? remove_inner_folder(parent, name, path, error)
                                 : error_system(error, ERROR_INTERNAL, "can't remove %s", path);
    free(path);
    return result;
}

/* Goes through the folder once; the number of entries that went, or -1. */
static int remove_entries(DIR *folder, const char *path, struct error *error)
{
    const struct dirent *entry;
    int count = 0;

    rewinddir(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (remove_entry(dirfd(folder), entry->d_name, path, error) < 0)
            return -1;
        count++;
    }
    return count;
}

/* Takes all out of the folder and closes it. Some file systems leave entries out when others go
 * while they are read: it is read until nothing is left. */
static int remove_from(int opened, const char *path, struct error *error)
{
    DIR *folder = fdopendir(opened);
    int count;

    if (folder == NULL) {
        error_system(error, ERROR_INTERNAL, "can't read folder %s", path);
        close(opened);
        return -1;
    }
    do
        count = remove_entries(folder, path, error);
    while (count > 0);
    closedir(folder);
    return count;
}

int folder_remove(const char *path, struct error *error)
{
    int opened = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (opened >= 0) {
        if (remove_from(opened, path, error) < 0)
            return -1;
    } else if (errno == ENOENT) {
        return 0;
    }
    if (remove(path) < 0 && errno != ENOENT)
        return error_system(error, ERROR_INTERNAL, "can't remove folder %s", path);
    return 0;
}
