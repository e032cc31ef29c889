#include "lab/namespace_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "lab/lock.h"

#define FOLDER "/run/netns"
#define NOTE "/run/vnfault/netns-was-unused"

static bool is_mount(void)
{
    struct statx status;

    return statx(AT_FDCWD, FOLDER, 0, 0, &status) == 0 &&
           (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

int namespace_folder_note(struct error *error)
{
    int shared = lock_shared_folders(error);
    int result = 0;

    if (shared < 0)
        return -1;
    if (!is_mount())
        result = file_write(NOTE, "", 0, error);
    lock_release(shared);
    return result;
}

static bool is_of_lab(const char *name)
{
    const char *end = strrchr(name, '-');

    return string_starts_with(name, "vnfault-") && strcmp(end, "-switch") == 0;
}

/* How many namespaces there are, and how many labs among their owners. */
static size_t count_namespaces(size_t *labs)
{
    DIR *stream = opendir(FOLDER);
    struct dirent *entry;
    size_t count = 0;

    *labs = 0;
    if (stream == NULL)
        return 0;
    while ((entry = readdir(stream)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        count++;
        *labs += is_of_lab(entry->d_name);
    }
    closedir(stream);
    return count;
}

int namespace_folder_restore(struct error *error)
{
    int shared = lock_shared_folders(error);
    size_t labs;
    size_t count;

    if (shared < 0)
        return -1;
    count = count_namespaces(&labs);
    if (labs == 0 && file_exists(NOTE)) {
        /* If someone else has come to use it, it is theirs from now on. */
        if (count == 0 && umount2(FOLDER, 0) == 0)
            rmdir(FOLDER);
        unlink(NOTE);
    }
    lock_release(shared);
    return 0;
}
