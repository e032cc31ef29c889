#include "runner/folder_lock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/lock_owner.h"

static char *path_of(const char *folder)
{
    return memory_format("%s/lock", folder);
}

static int take(int descriptor, const char *folder, const char *owner, struct error *error)
{
    if (flock(descriptor, LOCK_EX | LOCK_NB) < 0)
        return error_set(error, ERROR_INPUT, "another vnfault is running in %s", folder);
    if (ftruncate(descriptor, 0) < 0 || dprintf(descriptor, "%s\n", owner) < 0)
        return error_unwritten(error, "can't write to results folder %s", folder);
    return 0;
}

int folder_lock(const char *folder, const char *owner, struct error *error)
{
    char *path = path_of(folder);
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);

    free(path);
    if (descriptor < 0)
        return error_unwritten(error, "can't write to results folder %s", folder);
    if (take(descriptor, folder, owner, error) == 0)
        return descriptor;
    close(descriptor);
    return -1;
}

bool folder_lock_is_held(const char *folder)
{
    char *path = path_of(folder);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool held = descriptor >= 0 && flock(descriptor, LOCK_SH | LOCK_NB) < 0;

    free(path);
    if (descriptor >= 0)
        close(descriptor);
    return held;
}

bool folder_lock_owner_is_dead(const char *folder)
{
    char *path = path_of(folder);
    struct text owner = {0};
    struct error ignored = {0};
    bool dead =
        file_read(path, 8192, &owner, &ignored) == 0 && lock_owner_is_dead(text_string(&owner));

    text_free(&owner);
    free(path);
    return dead;
}
