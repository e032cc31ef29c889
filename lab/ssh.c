#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "lab/lab.h"
#include "lab/network.h"

int lab_become_ssh(const struct lab *lab, const struct lab_host *host, const char *const words[],
                   size_t count, struct error *error)
{
    char *known = memory_format("UserKnownHostsFile=%s/known_hosts", lab->state);
    char *key = memory_format("%s/key", lab->state);
    char *destination = memory_format("root@%s", host->management_address);
    const char *const head[] = {"ssh",
                                "-F",
                                "none",
                                "-i",
                                key,
                                "-o",
                                "IdentitiesOnly=yes",
                                "-o",
                                known,
                                "-o",
                                "GlobalKnownHostsFile=none",
                                "-o",
                                "StrictHostKeyChecking=yes",
                                "-o",
                                "BatchMode=yes",
                                "-o",
                                "LogLevel=ERROR",
                                destination};
    const size_t head_count = sizeof head / sizeof *head;
    const char **argv = memory_new(head_count + count + 1, sizeof *argv);

    for (size_t i = 0; i < head_count; i++)
        argv[i] = head[i];
    for (size_t i = 0; i < count; i++)
        argv[head_count + i] = words[i];
    if (!file_exists(key)) {
        error_set(error, ERROR_UNREACHABLE, "lab '%s' is not up", lab->name);
        error_hint(error, "'vnfault lab up --name %s' brings it up", lab->name);
    } else if (network_enter(lab, "control", error) == 0) {
        execvp("ssh", (char *const *)argv);
        error_system(error, ERROR_UNREACHABLE, "can't start ssh");
    }
    free(argv);
    free(destination);
    free(key);
    free(known);
    return -1;
}
