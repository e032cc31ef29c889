/*
 * Inside the cgroup collector: its four parts. Files of the control group (tables for version 1
 * and 2), the interface seen from the host's side, and sums over the group's processes; and the
 * list of metrics that they all add to when a source is opened. docs/collectors.md.
 */
#ifndef RUNNER_COLLECTOR_CGROUP_H
#define RUNNER_COLLECTOR_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/text.h"
#include "runner/kernel_formats.h"
#include "runner/metric_list.h"
#include "store/writer.h"

/* --- files of the control group --------------------------------------------------------------- */

struct cgroup_file {
    const char *controller; /* whose hierarchy it is in; "" for that of version 2 */
    const char *name;
    const char *prefix; /* of its metrics; NULL for the file's name */
    const char *resource_group;
    format_parse *parse;
    const struct metric_kind *kinds;
};

/* A version of control groups: its files, and the hierarchy whose group lists the processes. */
struct cgroup_version {
    const char *name;
    const char *process_controller;
    const struct cgroup_file *files;
    size_t file_count;
};

extern const struct cgroup_version cgroup_version_1;
extern const struct cgroup_version cgroup_version_2;

enum { CGROUP_MOST_MOUNTS = 24 };

/* Where the hierarchies are mounted. */
struct cgroup_mounts {
    struct {
        char *controllers; /* ',cpu,cpuacct,'; "" for version 2 */
        char *folder;
    } items[CGROUP_MOST_MOUNTS];
    size_t count;
    const struct cgroup_version *version; /* the one that controls memory */
};

/* Reads a mountinfo file. ERROR_UNREACHABLE if no hierarchy is mounted. */
int cgroup_mounts_read(struct cgroup_mounts *mounts, const char *mountinfo, struct error *error);
void cgroup_mounts_free(struct cgroup_mounts *mounts);

/* Mount point of the controller's hierarchy, or NULL. */
const char *cgroup_mounts_find(const struct cgroup_mounts *mounts, const char *controller);

/* A file that is read at each observation. */
struct open_file {
    const struct cgroup_file *file;
    char *path;
    int descriptor; /* -1 while the group is gone */
    size_t first;   /* its metrics are first to first + count - 1 */
    size_t count;
};

struct file_set {
    struct open_file *items;
    size_t count;
    size_t capacity;
    struct text text; /* of the file just read */
};

/*
 * Opens every file of the version's table that the group has, and adds its metrics. The group
 * must be there in the hierarchy of each controller of the table that is mounted:
 * ERROR_UNREACHABLE names the folder.
 */
int file_set_open(struct file_set *set, const struct cgroup_mounts *mounts, const char *group,
                  struct metric_list *metrics, struct error *error);

/* Fills the values of the files. ERROR_UNREACHABLE if the group is gone. */
int file_set_read(struct file_set *set, const struct metric_list *metrics, double *values,
                  struct error *error);

/* Opens the files again by their paths; one that isn't there any more is ERROR_UNREACHABLE. */
int file_set_reopen(struct file_set *set, struct error *error);

/* The group's paths are those of another one from now on; the files are still to be reopened. */
void file_set_move(struct file_set *set, const struct cgroup_mounts *mounts, const char *group);
void file_set_close(struct file_set *set);

/* Reads all that the descriptor has from its start; -1 with errno. */
int read_whole(int descriptor, struct text *text);

/* --- interface -------------------------------------------------------------------------------- */

/* The host's end of the target's interface, asked for over a netlink socket. */
struct interface_reader {
    int descriptor; /* -1 if the source has no interface */
    char *name;     /* "" if it is known by its index */
    unsigned index;
    uint32_t sequence;
    size_t first;
};

/* By its name or, if that is "", by its index; neither is none. `namespace` is a name under
 * /run/netns, or "" for the runner's own. */
int interface_open(struct interface_reader *reader, const char *name, unsigned index,
                   const char *namespace, struct metric_list *metrics, struct error *error);

/* ERROR_UNREACHABLE if the interface is gone. */
int interface_read(struct interface_reader *reader, double *values, struct error *error);
void interface_close(struct interface_reader *reader);

/* --- processes -------------------------------------------------------------------------------- */

struct process_list {
    struct process *items; /* runner/collector_cgroup_proc.h */
    size_t count;
    size_t capacity;
};

/*
 * Sums over the processes of the group and the groups below it. Counters of processes that ended
 * are kept in the sum, so that it stays a counter; what a process did between its last reading
 * and its end is lost.
 */
struct process_sums {
    char *proc;   /* '/proc' */
    char *folder; /* of the group, with cgroup.procs in it; owned */
    struct process_list now;
    struct process_list before;
    double *ended; /* one a value: counters of processes that ended */
    size_t first;
    struct text text;
};

void process_sums_open(struct process_sums *sums, const char *proc, char *folder,
                       struct metric_list *metrics);
int process_sums_read(struct process_sums *sums, double *values, struct error *error);
void process_sums_close(struct process_sums *sums);

/* --- one source ---------------------------------------------------------------------------------
 */

struct host;
struct cgroup_source;

struct cgroup_roots {
    const char *mountinfo; /* '/proc/self/mountinfo'; other roots than the machine's for tests */
    const char *proc;      /* '/proc' */
};

struct cgroup_names {
    const char *group;     /* 'vnfault/lab/sprout', relative to each hierarchy's root */
    const char *interface; /* "" for none, or one that is known by its index */
    unsigned interface_index;
    const char *network_namespace;
};

/* Finds the group's files in every hierarchy. ERROR_INPUT if the group is no path below their
 * roots, ERROR_UNREACHABLE if it isn't there. */
int cgroup_source_open(const struct cgroup_roots *roots, const struct cgroup_names *names,
                       struct cgroup_source **opened, struct error *error);

/* The same for the container that the target is; `interface` is named as within it, or "". */
int cgroup_source_open_container(const struct host *target, const char *interface,
                                 const char *network_namespace, struct cgroup_source **opened,
                                 struct error *error);

/* The metrics in the order of the values; owned by the source. */
size_t cgroup_source_metrics(const struct cgroup_source *source,
                             const struct store_metric **metrics);

/* Reads all values (NaN where one is unknown); `*time` is when it began. ERROR_UNREACHABLE if the
 * group is gone. */
int cgroup_source_read(struct cgroup_source *source, double *values, int64_t *time,
                       struct error *error);

/* Looks the group up again by its name, or by the container that it is of. */
int cgroup_source_reopen(struct cgroup_source *source, struct error *error);
void cgroup_source_close(struct cgroup_source *source);

#endif
