/* Where the cgroup collector finds a target that is a container on this machine. */
#ifndef RUNNER_COLLECTOR_CGROUP_CONTAINER_H
#define RUNNER_COLLECTOR_CGROUP_CONTAINER_H

#include "base/error.h"
#include "runner/testbed.h"

struct cgroup_place {
    char *group;        /* relative to the root of each hierarchy; owned */
    unsigned interface; /* index of the node's end of the container's interface; 0 for none */
};

/*
 * Asks the node for the container's control group and, unless `interface` is "", for the other end
 * of its interface of that name. ERROR_INPUT if the node is another machine than this one.
 */
int cgroup_place_find(const struct host *target, const char *interface, struct cgroup_place *place,
                      struct error *error);

#endif
