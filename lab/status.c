#include <string.h>
#include <unistd.h>

#include "lab/host_process.h"
#include "lab/lab.h"
#include "lab/probe.h"

int lab_read_status(const struct lab *lab, struct lab_host_status status[LAB_HOST_COUNT],
                    struct error *error)
{
    struct cgroup_layout layout;
    size_t running = 0;

    memset(status, 0, LAB_HOST_COUNT * sizeof *status);
    if (geteuid() != 0) {
        error_set(error, ERROR_UNREACHABLE, "only root can see whether lab '%s' is up", lab->name);
        return error_hint(error, "run it as root");
    }
    if (cgroup_layout_read(&layout, "/proc/self/mountinfo", "/var/lib", error) < 0)
        return -1;
    for (size_t i = 0; i < LAB_HOST_COUNT; i++) {
        const struct lab_host *host = &lab_hosts[i];
        char group[LAB_NAME_SIZE];

        lab_group(lab, host->name, group);
        status[i].process = host_process(lab, host);
        status[i].processes = cgroup_processes(&layout, group);
        status[i].memory = cgroup_memory(&layout, group);
        if (status[i].process == 0)
            continue;
        running++;
        status[i].state = probe_host(lab, host) ? LAB_HOST_READY : LAB_HOST_STARTING;
    }
    if (running > 0)
        return 0;
    error_set(error, ERROR_UNREACHABLE, "lab '%s' is not up", lab->name);
    return error_hint(error, "'vnfault lab up --name %s' brings it up", lab->name);
}
