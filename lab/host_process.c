#include "lab/host_process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

/* Whether the process is one of the host's: its number may be another's by now. */
static bool is_of_host(const struct lab *lab, const struct lab_host *host, long process)
{
    struct text groups = {0};
    struct error ignored;
    char group[LAB_NAME_SIZE];
    char path[64];
    bool found = false;

    lab_group(lab, host->name, group);
    snprintf(path, sizeof path, "/proc/%ld/cgroup", process);
    if (file_read(path, 65536, &groups, &ignored) == 0)
        found = strstr(text_string(&groups), group) != NULL;
    text_free(&groups);
    return found;
}

pid_t host_process(const struct lab *lab, const struct lab_host *host)
{
    struct text number = {0};
    struct error ignored;
    char path[160];
    long process = 0;

    snprintf(path, sizeof path, "%s/%s/init.pid", lab->state, host->name);
    if (file_read(path, 64, &number, &ignored) == 0)
        process = strtol(text_string(&number), NULL, 10);
    text_free(&number);
    return process > 0 && is_of_host(lab, host, process) ? (pid_t)process : 0;
}
