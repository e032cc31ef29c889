/* What is the same in both versions: a group is a folder in each hierarchy. */
#include "lab/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

/* A process in the middle of slow disk work dies when that is done. */
#define KILL_PATIENCE (30 * CLOCK_SECOND)

int cgroup_write(const struct cgroup_hierarchy *hierarchy, const char *group, const char *file,
                 const char *value, struct error *error)
{
    char path[PATH_MAX];
    int descriptor;
    ssize_t written;

    snprintf(path, sizeof path, "%s/%s/%s", hierarchy->mount, group, file);
    descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (descriptor < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't open %s", path);
    written = write(descriptor, value, strlen(value));
    if (written < 0)
        error_system(error, ERROR_UNREACHABLE, "can't write '%s' to %s", value, path);
    close(descriptor);
    return written < 0 ? -1 : 0;
}

int cgroup_make(const struct cgroup_layout *layout, const char *group,
                const struct cgroup_limits *limits, struct error *error)
{
    char path[PATH_MAX];

    for (size_t i = 0; i < layout->count; i++) {
        snprintf(path, sizeof path, "%s/%s", layout->hierarchies[i].mount, group);
        if (folder_make(path, error) < 0)
            return -1;
    }
    if (layout->version->delegate(layout, group, error) < 0)
        return -1;
    return layout->version->limit(layout, group, limits, error);
}

int cgroup_join(const struct cgroup_layout *layout, const char *group, struct error *error)
{
    for (size_t i = 0; i < layout->count; i++) {
        if (cgroup_write(&layout->hierarchies[i], group, "cgroup.procs", "0", error) < 0)
            return -1;
    }
    return 0;
}

/* Calls `visit` for the folder and those below it, the deepest first. Returns the sum of what it
 * returns. */
static size_t walk(const char *folder, size_t (*visit)(const char *folder))
{
    DIR *stream = opendir(folder);
    struct dirent *entry;
    size_t sum = 0;

    if (stream == NULL)
        return 0;
    while ((entry = readdir(stream)) != NULL) {
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.') {
            char *below = memory_format("%s/%s", folder, entry->d_name);

            sum += walk(below, visit);
            free(below);
        }
    }
    closedir(stream);
    return sum + visit(folder);
}

/* Sends `number` (0: none) to each process of one folder. Returns how many there are. */
static size_t signal_processes(const char *folder, int number)
{
    char path[PATH_MAX];
    size_t count = 0;
    FILE *stream;
    int process;

    snprintf(path, sizeof path, "%s/cgroup.procs", folder);
    stream = fopen(path, "re");
    if (stream == NULL)
        return 0;
    while (fscanf(stream, "%d", &process) == 1) {
        count++;
        /* 0 is a process that can't be seen from here; kill(0) would be this one's own group. */
        if (number != 0 && process > 0)
            kill(process, number);
    }
    fclose(stream);
    return count;
}

static size_t count_processes(const char *folder)
{
    return signal_processes(folder, 0);
}

static size_t kill_processes(const char *folder)
{
    return signal_processes(folder, SIGKILL);
}

int cgroup_kill(const struct cgroup_layout *layout, const char *group, struct error *error)
{
    int64_t deadline = clock_now() + KILL_PATIENCE;
    char path[PATH_MAX];
    size_t left = 1;

    while (left > 0) {
        left = 0;
        for (size_t i = 0; i < layout->count; i++) {
            snprintf(path, sizeof path, "%s/%s", layout->hierarchies[i].mount, group);
            left += walk(path, kill_processes);
        }
        if (left > 0 && clock_now() > deadline)
            return error_set(error, ERROR_NOT_CLEAN, "processes in cgroup %s don't end", group);
        if (left > 0)
            usleep(1000);
    }
    return 0;
}

/* Removes one folder; a group that has just lost its last process is busy for a moment. */
static size_t remove_folder(const char *folder)
{
    for (int attempt = 0; attempt < 1000; attempt++) {
        if (rmdir(folder) == 0 || errno == ENOENT)
            return 0;
        if (errno != EBUSY)
            return 1;
        usleep(1000);
    }
    return 1;
}

int cgroup_remove(const struct cgroup_layout *layout, const char *group, bool itself,
                  struct error *error)
{
    for (size_t i = 0; i < layout->count; i++) {
        char path[PATH_MAX];
        DIR *stream;
        struct dirent *entry;
        size_t left = 0;

        snprintf(path, sizeof path, "%s/%s", layout->hierarchies[i].mount, group);
        stream = opendir(path);
        if (stream == NULL)
            continue;
        while ((entry = readdir(stream)) != NULL) {
            if (entry->d_type == DT_DIR && entry->d_name[0] != '.') {
                char *below = memory_format("%s/%s", path, entry->d_name);

                left += walk(below, remove_folder);
                free(below);
            }
        }
        closedir(stream);
        if (itself)
            left += remove_folder(path);
        if (left > 0)
            return error_set(error, ERROR_NOT_CLEAN, "can't remove cgroup %s", path);
    }
    return 0;
}

void cgroup_remove_empty(const struct cgroup_layout *layout, const char *group)
{
    for (size_t i = 0; i < layout->count; i++) {
        char path[PATH_MAX];

        snprintf(path, sizeof path, "%s/%s", layout->hierarchies[i].mount, group);
        rmdir(path);
    }
}

size_t cgroup_processes(const struct cgroup_layout *layout, const char *group)
{
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/%s", layout->hierarchies[0].mount, group);
    return walk(path, count_processes);
}

int64_t cgroup_memory(const struct cgroup_layout *layout, const char *group)
{
    const struct cgroup_version *version = layout->version;
    const struct cgroup_hierarchy *hierarchy =
        cgroup_hierarchy_of(layout, version->memory_controller);
    struct text number = {0};
    struct error ignored;
    char path[PATH_MAX];
    int64_t bytes = 0;

    snprintf(path, sizeof path, "%s/%s/%s", hierarchy->mount, group, version->memory_file);
    if (file_read(path, 64, &number, &ignored) == 0)
        bytes = strtoll(text_string(&number), NULL, 10);
    text_free(&number);
    return bytes;
}

/* 'cpu' and 'cpuacct' lead to the folder of a hierarchy that has both: 'cpu,cpuacct'. */
static void link_controllers(const char *folder, const struct cgroup_hierarchy *hierarchy,
                             const char *name)
{
    char controllers[sizeof hierarchy->controllers];
    char *rest = NULL;
    char link[PATH_MAX];

    snprintf(controllers, sizeof controllers, "%s", hierarchy->controllers);
    for (char *word = strtok_r(controllers, ",", &rest); word != NULL;
         word = strtok_r(NULL, ",", &rest)) {
        snprintf(link, sizeof link, "%s/%s", folder, word);
        if (strcmp(word, name) != 0 && symlink(name, link) < 0 && errno != EEXIST)
            continue;
    }
}

static int mount_hierarchy(const char *folder, const struct cgroup_hierarchy *hierarchy,
                           struct error *error)
{
    bool unified = hierarchy->controllers[0] == '\0';
    const char *name = strrchr(hierarchy->mount, '/') + 1;
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (folder_make(path, error) < 0)
        return -1;
    if (mount("cgroup", path, unified ? "cgroup2" : "cgroup", MS_NOSUID | MS_NODEV | MS_NOEXEC,
              unified ? NULL : hierarchy->controllers) < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't mount %s", path);
    link_controllers(folder, hierarchy, name);
    return 0;
}

int cgroup_mount(const struct cgroup_layout *layout, const char *folder, struct error *error)
{
    if (layout->version == &cgroup_v2) {
        if (mount("cgroup2", folder, "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
            return error_system(error, ERROR_UNREACHABLE, "can't mount %s", folder);
        return 0;
    }
    if (mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=755,size=1m") < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't mount %s", folder);
    for (size_t i = 0; i < layout->count; i++) {
        if (mount_hierarchy(folder, &layout->hierarchies[i], error) < 0)
            return -1;
    }
    return 0;
}
