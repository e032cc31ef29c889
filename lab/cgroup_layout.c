/* Finds what this machine has: hierarchies, and the disk that can be limited. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/file.h"
#include "base/text.h"
#include "lab/cgroup.h"

static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = list; (at = strstr(at, word)) != NULL; at += length) {
        if ((at == list || at[-1] == ',') && (at[length] == ',' || at[length] == '\0'))
            return true;
    }
    return false;
}

const struct cgroup_hierarchy *cgroup_hierarchy_of(const struct cgroup_layout *layout,
                                                   const char *controller)
{
    for (size_t i = 0; i < layout->count; i++) {
        const char *controllers = layout->hierarchies[i].controllers;

        if (controller[0] == '\0' ? controllers[0] == '\0' : has_word(controllers, controller))
            return &layout->hierarchies[i];
    }
    return NULL;
}

/* The controllers that the lab uses among the mount options 'rw,cpu,cpuacct'. */
static void keep_controllers(const char *options, char *controllers, size_t size)
{
    static const char *const known[] = {"cpu", "cpuacct", "memory", "blkio", "pids", "freezer"};
    size_t length = 0;

    controllers[0] = '\0';
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (has_word(options, known[i]))
            length += (size_t)snprintf(controllers + length, size - length, "%s%s",
                                       length > 0 ? "," : "", known[i]);
    }
}

/* Takes one line of mountinfo: see proc(5); the part after ' - ' is type, source, options. */
static void take_mount(struct cgroup_layout *layout, const char *line)
{
    struct cgroup_hierarchy hierarchy = {0};
    char type[32];
    char options[256];
    const char *tail = strstr(line, " - ");

    if (tail == NULL || layout->count == CGROUP_MOST_HIERARCHIES ||
        sscanf(line, "%*s %*s %*s %*s %191s", hierarchy.mount) != 1 ||
        sscanf(tail, " - %31s %*s %255s", type, options) != 2)
        return;
    if (strcmp(type, "cgroup") == 0)
        keep_controllers(options, hierarchy.controllers, sizeof hierarchy.controllers);
    else if (strcmp(type, "cgroup2") != 0)
        return;
    if (strcmp(type, "cgroup") == 0 && hierarchy.controllers[0] == '\0')
        return;
    if (cgroup_hierarchy_of(layout, hierarchy.controllers) == NULL)
        layout->hierarchies[layout->count++] = hierarchy;
}

static int read_mounts(struct cgroup_layout *layout, const char *mountinfo, struct error *error)
{
    struct text text = {0};
    char *rest = NULL;

    if (file_read(mountinfo, 4 << 20, &text, error) < 0) {
        text_free(&text);
        return -1;
    }
    for (char *line = strtok_r(text.bytes, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        take_mount(layout, line);
    text_free(&text);
    return 0;
}

/* Names the controllers of version 2's root that are missing for the lab. */
static int check_v2(const struct cgroup_layout *layout, struct error *error)
{
    static const char *const needed[] = {"cpu", "memory", "io", "pids"};
    const struct cgroup_hierarchy *hierarchy = cgroup_hierarchy_of(layout, "");
    struct text words = {0};
    char path[256];
    int result = 0;

    if (hierarchy == NULL)
        return error_set(error, ERROR_UNREACHABLE, "no cgroup hierarchy is mounted");
    snprintf(path, sizeof path, "%s/cgroup.controllers", hierarchy->mount);
    if (file_read(path, 4096, &words, error) < 0) {
        text_free(&words);
        return -1;
    }
    text_trim(&words);
    for (char *at = words.bytes; at != NULL && *at != '\0'; at++)
        *at = *at == ' ' ? ',' : *at;
    for (size_t i = 0; result == 0 && i < sizeof needed / sizeof *needed; i++) {
        if (!has_word(text_string(&words), needed[i]))
            result = error_set(error, ERROR_UNREACHABLE, "no cgroup controller for %s", needed[i]);
    }
    text_free(&words);
    return result;
}

static int check_v1(const struct cgroup_layout *layout, struct error *error)
{
    static const char *const needed[] = {"cpu", "memory", "blkio", "pids"};

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (cgroup_hierarchy_of(layout, needed[i]) == NULL)
            return error_set(error, ERROR_UNREACHABLE, "no cgroup controller for %s", needed[i]);
    }
    return 0;
}

/* The whole disk that holds the folder: limits are by disk, not by partition. Folders on network
 * or memory file systems have none. */
static void find_disk(const char *folder, char *disk, size_t size)
{
    struct stat status;
    struct text number = {0};
    struct error ignored;
    char path[96];

    disk[0] = '\0';
    if (stat(folder, &status) < 0 || major(status.st_dev) == 0)
        return;
    snprintf(path, sizeof path, "/sys/dev/block/%u:%u/partition", major(status.st_dev),
             minor(status.st_dev));
    if (!file_exists(path)) {
        snprintf(disk, size, "%u:%u", major(status.st_dev), minor(status.st_dev));
        return;
    }
    snprintf(path, sizeof path, "/sys/dev/block/%u:%u/../dev", major(status.st_dev),
             minor(status.st_dev));
    if (file_read(path, 64, &number, &ignored) == 0) {
        text_trim(&number);
        snprintf(disk, size, "%s", text_string(&number));
    }
    text_free(&number);
}

int cgroup_layout_read(struct cgroup_layout *layout, const char *mountinfo, const char *folder,
                       struct error *error)
{
    memset(layout, 0, sizeof *layout);
    if (read_mounts(layout, mountinfo, error) < 0)
        return -1;
    find_disk(folder, layout->disk, sizeof layout->disk);
    layout->version = cgroup_hierarchy_of(layout, "memory") != NULL ? &cgroup_v1 : &cgroup_v2;
    if (layout->version == &cgroup_v1)
        return check_v1(layout, error);
    return check_v2(layout, error);
}
