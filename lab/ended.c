#include "lab/ended.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

/* A process in the middle of slow disk work ends when that is done. */
#define PATIENCE (30 * CLOCK_SECOND)
#define LOOK_INTERVAL_MICROSECONDS 10000

static bool file_contains(const char *process, const char *file, const char *words)
{
    struct text content = {0};
    struct error ignored;
    char path[300];
    bool found;

    snprintf(path, sizeof path, "/proc/%s/%s", process, file);
    found = file_read(path, 65536, &content, &ignored) == 0 &&
            strstr(text_string(&content), words) != NULL;
    text_free(&content);
    return found;
}

static bool runs_in_lab(const char *process, const char *group)
{
    return file_contains(process, "cgroup", group) &&
           !file_contains(process, "status", "\nState:\tZ");
}

static bool any_runs(const char *group)
{
    DIR *stream = opendir("/proc");
    struct dirent *entry;
    bool found = false;

    if (stream == NULL)
        return false;
    while (!found && (entry = readdir(stream)) != NULL)
        found = isdigit((unsigned char)entry->d_name[0]) && runs_in_lab(entry->d_name, group);
    closedir(stream);
    return found;
}

int ended_wait(const struct lab *lab, struct error *error)
{
    int64_t deadline = clock_now() + PATIENCE;
    char group[LAB_NAME_SIZE];

    lab_group(lab, "", group);
    while (any_runs(group)) {
        if (clock_now() > deadline)
            return error_set(error, ERROR_NOT_CLEAN, "processes of lab '%s' don't end", lab->name);
        usleep(LOOK_INTERVAL_MICROSECONDS);
    }
    return 0;
}
