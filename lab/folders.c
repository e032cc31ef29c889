#include "lab/folders.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "lab/lock.h"

static int make_with_mode(const char *path, mode_t mode, struct error *error)
{
    if (folder_make(path, error) < 0)
        return -1;
    if (chmod(path, mode) < 0)
        return error_system(error, ERROR_INTERNAL, "can't set the mode of %s", path);
    return 0;
}

static int make_host_folders(const struct lab *lab, const struct lab_host *host,
                             struct error *error)
{
    static const struct {
        const char *name;
        mode_t mode;
    } kept[] = {{"srv", 0755}, {"root", 0700}, {"tmp", 01777}, {"var-tmp", 01777}};
    char path[160];

    snprintf(path, sizeof path, "%s/%s", lab->state, host->name);
    if (make_with_mode(path, 0700, error) < 0)
        return -1;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        snprintf(path, sizeof path, "%s/%s/%s", lab->data, host->name, kept[i].name);
        if (make_with_mode(path, kept[i].mode, error) < 0)
            return -1;
    }
    return 0;
}

int folders_make(const struct lab *lab, struct error *error)
{
    int shared = lock_shared_folders(error);
    int result;

    if (shared < 0)
        return -1;
    result = make_with_mode(lab->data, 0700, error);
    for (size_t i = 0; result == 0 && i < LAB_HOST_COUNT; i++)
        result = make_host_folders(lab, &lab_hosts[i], error);
    lock_release(shared);
    return result;
}

int folders_remove(const struct lab *lab, struct error *error)
{
    int shared;

    if (folder_remove(lab->data, error) < 0 || folder_remove(lab->state, error) < 0)
        return error_set(error, ERROR_NOT_CLEAN, "can't remove %s and %s", lab->data, lab->state);
    shared = lock_shared_folders(error);
    if (shared < 0)
        return -1;
    /* Fails, as it should, while another lab or a run has something there. */
    rmdir("/run/vnfault/labs");
    rmdir("/run/vnfault");
    rmdir("/var/lib/vnfault/labs");
    rmdir("/var/lib/vnfault");
    lock_release(shared);
    return 0;
}
