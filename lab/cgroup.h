/*
 * Control groups of the lab's hosts, on version 1, version 2 or both at once (hybrid). A group is
 * named by its path below each hierarchy's root: 'vnfault/lab/bono'.
 */
#ifndef LAB_CGROUP_H
#define LAB_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct cgroup_limits {
    double cores;      /* CPU time per time; 0 for no limit */
    int64_t memory;    /* bytes, swap included; 0 for no limit */
    int64_t disk_rate; /* bytes per second, for reads and for writes; 0 for no limit */
    int weight;        /* claim on a busy CPU, in processes of normal priority; 0 as 1 */
};

/* One mounted hierarchy. */
struct cgroup_hierarchy {
    char mount[192];       /* where: '/sys/fs/cgroup/memory' */
    char controllers[128]; /* mount option: 'cpu,cpuacct'; "" for version 2 */
};

enum { CGROUP_MOST_HIERARCHIES = 16 };

struct cgroup_layout {
    const struct cgroup_version *version; /* the one that has the limits */
    struct cgroup_hierarchy hierarchies[CGROUP_MOST_HIERARCHIES];
    size_t count;
    char disk[32]; /* 'MAJOR:MINOR' that disk_rate is for; "" if there is none to limit */
};

/* What differs between the versions. */
struct cgroup_version {
    const char *name;
    /* Makes the controllers available to the group and those above it. */
    int (*delegate)(const struct cgroup_layout *layout, const char *group, struct error *error);
    int (*limit)(const struct cgroup_layout *layout, const char *group,
                 const struct cgroup_limits *limits, struct error *error);
    const char *memory_controller; /* its hierarchy, and the file there that says bytes in use */
    const char *memory_file;
};

extern const struct cgroup_version cgroup_v1;
extern const struct cgroup_version cgroup_v2;

/* The period of the CPU limit: short, so that a capped host is like a slow CPU and not like one
 * that stops for a long while (the kernel allows 1 ms to 1 s). */
#define CGROUP_CPU_PERIOD_US 10000

/*
 * Finds the hierarchies in a mountinfo file ('/proc/self/mountinfo') and the disk below `folder`.
 * ERROR_UNREACHABLE if CPU, memory, block I/O or pids have no controller.
 */
int cgroup_layout_read(struct cgroup_layout *layout, const char *mountinfo, const char *folder,
                       struct error *error);

/* Makes the group in every hierarchy and sets its limits (again, if it is there). */
int cgroup_make(const struct cgroup_layout *layout, const char *group,
                const struct cgroup_limits *limits, struct error *error);

/* Moves the calling process into the group. */
int cgroup_join(const struct cgroup_layout *layout, const char *group, struct error *error);

/* Kills every process in the group and below it, and waits for their end. No error if the group
 * isn't there; ERROR_NOT_CLEAN if a process won't die. */
int cgroup_kill(const struct cgroup_layout *layout, const char *group, struct error *error);

/* Removes the groups below the group, and the group itself if `itself`; they must be empty of
 * processes. No error if the group isn't there. */
int cgroup_remove(const struct cgroup_layout *layout, const char *group, bool itself,
                  struct error *error);

/* Removes the group in each hierarchy where nothing is in it; leaves it elsewhere. */
void cgroup_remove_empty(const struct cgroup_layout *layout, const char *group);

/* Processes in the group and below it. */
size_t cgroup_processes(const struct cgroup_layout *layout, const char *group);

/* Bytes of memory in use; 0 if the group isn't there. */
int64_t cgroup_memory(const struct cgroup_layout *layout, const char *group);

/* In a cgroup namespace: mounts the hierarchies, as seen from it, over `folder`. */
int cgroup_mount(const struct cgroup_layout *layout, const char *folder, struct error *error);

/* The hierarchy with that controller ("" for version 2's), or NULL. For the versions. */
const struct cgroup_hierarchy *cgroup_hierarchy_of(const struct cgroup_layout *layout,
                                                   const char *controller);

/* Writes a value to a file of the group in a hierarchy. For the versions. */
int cgroup_write(const struct cgroup_hierarchy *hierarchy, const char *group, const char *file,
                 const char *value, struct error *error);

#endif
