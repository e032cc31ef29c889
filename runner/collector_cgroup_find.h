/*
 * Where the control group is that a source of the cgroup collector means: by its path, or found by
 * the name of a machine, a service or a container, as nobody can tell a group's path beforehand
 * that is another one after each start.
 */
#ifndef RUNNER_COLLECTOR_CGROUP_FIND_H
#define RUNNER_COLLECTOR_CGROUP_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "runner/access.h"
#include "runner/collector.h"
#include "runner/collector_cgroup.h"

/* Attributes of a source; ends with NULL. */
extern const char *const cgroup_attributes[];

/* ERROR_INPUT unless the source names just one group, in a way that can be. */
int cgroup_wanted_check(const struct host *target, const struct source *source,
                        struct error *error);

/* True if the source is of the container that its target is: it names no group. */
bool cgroup_is_of_container(const struct host *target, const struct source *source);

/* Where commands run that look for a group. */
struct cgroup_finder {
    struct access *access;
    const struct cgroup_mounts *mounts; /* of the same machine */
    int64_t patience;                   /* bound of one command */
};

/* Finds the place; ERROR_UNREACHABLE if it is not there, or not just one. Free the place also
 * after an error. */
int cgroup_find(const struct cgroup_finder *finder, const struct collected_source *one,
                struct cgroup_place *place, struct error *error);

/* Of a container of the node, by its engine. */
int cgroup_find_container(const struct cgroup_finder *finder, const struct container_choice *choice,
                          struct cgroup_place *place, struct error *error);

/*
 * Chooses among the folders of systemd units and of libvirt that `find` printed, one a line: that
 * of the machine, or of the service. Its path is in `group`, which the caller frees.
 * ERROR_UNREACHABLE if there is none or more than one.
 */
int cgroup_choose_machine(const struct text *folders, const char *name, char **group,
                          struct error *error);
int cgroup_choose_service(const struct text *folders, const char *name, char **group,
                          struct error *error);

/* True if this machine is the one that the access leads to, and has the same view of control
 * groups. */
bool cgroup_is_here(const struct cgroup_finder *finder);

#endif
