/* Where the machine's control groups are mounted: proc(5), mountinfo. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_cgroup.h"

static bool has_controller(const char *controllers, const char *controller)
{
    char word[64];

    if (controller[0] == '\0' || controllers[0] == '\0')
        return controller[0] == controllers[0];
    snprintf(word, sizeof word, ",%s,", controller);
    return strstr(controllers, word) != NULL;
}

const char *cgroup_mounts_find(const struct cgroup_mounts *mounts, const char *controller)
{
    for (size_t i = 0; i < mounts->count; i++) {
        if (has_controller(mounts->items[i].controllers, controller))
            return mounts->items[i].folder;
    }
    return NULL;
}

/* A line: '36 35 0:30 / /sys/fs/cgroup/cpu rw shared:1 - cgroup cgroup rw,cpu'. */
static void take_line(struct cgroup_mounts *mounts, const char *line)
{
    const char *tail = strstr(line, " - ");
    char folder[512];
    char type[32];
    char options[256];
    bool second;

    if (tail == NULL || mounts->count == CGROUP_MOST_MOUNTS ||
        sscanf(line, "%*s %*s %*s %*s %511s", folder) != 1 ||
        sscanf(tail, " - %31s %*s %255s", type, options) != 2)
        return;
    second = strcmp(type, "cgroup2") == 0;
    if (!second && strcmp(type, "cgroup") != 0)
        return;
    mounts->items[mounts->count].controllers =
        second ? memory_string("") : memory_format(",%s,", options);
    mounts->items[mounts->count].folder = memory_string(folder);
    mounts->count++;
}

int cgroup_mounts_read(struct cgroup_mounts *mounts, char *mountinfo, struct error *error)
{
    char *line;

    memset(mounts, 0, sizeof *mounts);
    while ((line = strsep(&mountinfo, "\n")) != NULL)
        take_line(mounts, line);
    if (cgroup_mounts_find(mounts, "memory") != NULL)
        mounts->version = &cgroup_version_1;
    else if (cgroup_mounts_find(mounts, "") != NULL)
        mounts->version = &cgroup_version_2;
    else
        return error_set(error, ERROR_UNREACHABLE, "no control groups are mounted there");
    return 0;
}

char *cgroup_mounts_group(const struct cgroup_mounts *mounts, const char *group)
{
    return memory_format("%s/%s", cgroup_mounts_find(mounts, mounts->version->main_controller),
                         group);
}

void cgroup_mounts_free(struct cgroup_mounts *mounts)
{
    for (size_t i = 0; i < mounts->count; i++) {
        free(mounts->items[i].controllers);
        free(mounts->items[i].folder);
    }
    memset(mounts, 0, sizeof *mounts);
}
