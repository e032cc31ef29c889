/*
 * Inside the cgroup collector. A source has three parts, which add to one list of metrics: files of
 * the control group (tables for version 1 and 2), the interface seen from the host's side, and sums
 * over the group's processes. They are read through a view: of this machine, or of a node.
 * docs/collectors.md.
 */
#ifndef RUNNER_COLLECTOR_CGROUP_H
#define RUNNER_COLLECTOR_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/stop.h"
#include "base/text.h"
#include "runner/access.h"
#include "runner/file_sections.h"
#include "runner/kernel_formats.h"
#include "runner/metric_list.h"
#include "store/writer.h"

/* More metrics than any control group has. */
enum { CGROUP_MOST_METRICS = 4096 };

/* --- where files are read ----------------------------------------------------------------------
 */

struct process_numbers {
    int64_t *items;
    size_t count;
    size_t capacity;
};

/* Adds what a cgroup.procs file lists; changes the text. */
void process_numbers_add(struct process_numbers *numbers, char *text);

struct cgroup_view {
    const char *proc; /* '/proc' */
    /* Reads what the requests of the sources ask for, by `deadline` (runner's clock). `stop` may be
     * NULL. */
    int (*ask)(struct cgroup_view *view, const char *request, int64_t deadline, struct stop *stop,
               struct error *error);
    /* The file's text, to be changed at will and good until the next call; NULL if it can't be
     * read.
     */
    char *(*file)(struct cgroup_view *view, const char *path);
    /* As `file`, of one that is read each time: its descriptor stays in `*kept`, -1 at first, and
     * is the caller's to close. What was removed can't be read by it any more, though something
     * else be there by now; it is closed then. NULL where none are kept. */
    char *(*file_again)(struct cgroup_view *view, const char *path, int *kept);
    /* Adds the processes of the group with that folder and of those below it. ERROR_UNREACHABLE if
     * it is gone. */
    int (*processes)(struct cgroup_view *view, const char *folder, struct process_numbers *numbers,
                     struct error *error);
    /* Between which instants what was read last was so; runner's clock. */
    void (*window)(const struct cgroup_view *view, int64_t *from, int64_t *until);
    void (*close)(struct cgroup_view *view);
};

/* By file_again where the view has it. */
char *cgroup_view_read(struct cgroup_view *view, const char *path, int *kept);

/* This machine; requests are not needed. `proc` is another folder than '/proc' in tests. */
struct cgroup_view *cgroup_view_here(const char *proc);

/* The machine that the access leads to, which outlives the view: a shell there is kept running. */
struct cgroup_view *cgroup_view_node(struct access *access);

/* The files and processes of an answer, under a view that starts with it: `view.file` and
 * `view.processes` of a view that is an answer's. Zero it to start. */
struct cgroup_answer {
    struct cgroup_view view;
    struct file_sections sections;
    struct text copy; /* of the file just asked for */
};

char *cgroup_answer_file(struct cgroup_view *view, const char *path);
int cgroup_answer_processes(struct cgroup_view *view, const char *folder,
                            struct process_numbers *numbers, struct error *error);
void cgroup_answer_free(struct cgroup_answer *answer);

/* Append to a request for a node: a folder, and a file of it or its processes. */
void cgroup_request_folder(struct text *request, const char *folder);
void cgroup_request_file(struct text *request, const char *name);
void cgroup_request_processes(struct text *request);

/* --- files of the control group --------------------------------------------------------------- */

struct cgroup_file {
    const char *controller; /* whose hierarchy it is in; "" for that of version 2 */
    const char *name;
    const char *prefix; /* of its metrics; NULL for the file's name */
    const char *resource_group;
    format_parse *parse;
    const struct metric_kind *kinds;
};

/* A version of control groups: its files, and the hierarchy that every group is in. */
struct cgroup_version {
    const char *name;
    const char *main_controller;
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

/* Takes the text of a mountinfo file, which it changes. ERROR_UNREACHABLE if no hierarchy is
 * mounted. */
int cgroup_mounts_read(struct cgroup_mounts *mounts, char *mountinfo, struct error *error);
void cgroup_mounts_free(struct cgroup_mounts *mounts);

/* Mount point of the controller's hierarchy, or NULL. */
const char *cgroup_mounts_find(const struct cgroup_mounts *mounts, const char *controller);

/* Folder of the group in the hierarchy that every group is in; the caller frees. */
char *cgroup_mounts_group(const struct cgroup_mounts *mounts, const char *group);

/* A file that is read at each observation. */
struct group_file {
    const struct cgroup_file *file;
    char *folder;
    char *path;
    int kept;     /* descriptor, -1 for none */
    size_t first; /* its metrics are first to first + count - 1 */
    size_t count;
};

struct file_set {
    struct group_file *items;
    size_t count;
    size_t capacity;
};

/* Those files of the version's table whose hierarchies are mounted. */
void file_set_open(struct file_set *set, const struct cgroup_mounts *mounts, const char *group);

/* Asks for all files of the set. */
void file_set_request(const struct file_set *set, struct text *request);

/* Adds the metrics of those files that the group has, and forgets the others. */
void file_set_list(struct file_set *set, struct cgroup_view *view, struct metric_list *metrics);

/* Fills the values of the files. ERROR_UNREACHABLE if the group is gone. */
int file_set_read(struct file_set *set, struct cgroup_view *view, const struct metric_list *metrics,
                  double *values, struct error *error);
void file_set_close(struct file_set *set);

/* --- interface -------------------------------------------------------------------------------- */

enum { INTERFACE_COUNTERS = 24 };

/* The host's end of the target's interface. */
struct interface_reader {
    bool present;                 /* false if the source has no interface */
    int sysfs;                    /* root of that of its network namespace; -1 on a node */
    int kept[INTERFACE_COUNTERS]; /* descriptors of its files, -1 for none */
    char *name;
    char *folder; /* of its files */
    unsigned index;
    size_t first;
};

/* How an interface is called: by its name or, if that is "", by its index; neither is none. */
struct interface_name {
    char name[16];
    unsigned index;
    const char *network_namespace; /* a name under /run/netns; "" for the runner's own */
};

/* Of this machine, if `here`, or of a node. */
int interface_open(struct interface_reader *reader, const struct interface_name *name, bool here,
                   struct error *error);
void interface_request(const struct interface_reader *reader, struct text *request);

/* Adds its metrics. ERROR_UNREACHABLE if there is no such interface. */
int interface_list(struct interface_reader *reader, struct cgroup_view *view,
                   struct metric_list *metrics, struct error *error);

/* ERROR_UNREACHABLE if the interface is gone. */
int interface_read(struct interface_reader *reader, struct cgroup_view *view, double *values,
                   struct error *error);
void interface_close(struct interface_reader *reader);

/* --- processes -------------------------------------------------------------------------------- */

struct process_list {
    struct process *items; /* runner/collector_cgroup_proc.h */
    size_t count;
    size_t capacity;
};

/*
 * Sums over the processes of the group and the groups below it. Counters of processes that ended
 * are kept in the sum, so that it stays a counter, unless another process has taken them over; what
 * a process did between its last reading and its end is lost.
 */
struct process_sums {
    struct process_list now;
    struct process_list before;
    struct process_numbers numbers;
    double *ended; /* one a value: counters of processes that ended */
    size_t first;
};

void process_sums_open(struct process_sums *sums, struct metric_list *metrics);

/* `folder` is the group's. */
int process_sums_read(struct process_sums *sums, struct cgroup_view *view, const char *folder,
                      double *values, struct error *error);
void process_sums_close(struct process_sums *sums);

/* --- one source ---------------------------------------------------------------------------------
 */

struct cgroup_source;

/* What a source is of: found, or as its attributes name it. */
struct cgroup_place {
    char *group; /* 'vnfault/lab/sprout', relative to each hierarchy's root; owned */
    struct interface_name interface;
};

void cgroup_place_free(struct cgroup_place *place);

/* ERROR_INPUT if the group is no path below the hierarchies' roots. */
int cgroup_group_check(const char *group, struct error *error);

/* Nothing is read yet. */
int cgroup_source_open(const struct cgroup_mounts *mounts, const struct cgroup_place *place,
                       bool here, struct cgroup_source **opened, struct error *error);

/* Asks for what the next call needs: once for all that a group may have, then for what it has. */
void cgroup_source_request(const struct cgroup_source *source, struct text *request);

/* Finds the metrics, after what was asked for. ERROR_UNREACHABLE if the group isn't there. */
int cgroup_source_list(struct cgroup_source *source, struct cgroup_view *view, struct error *error);

/* The metrics in the order of the values; owned by the source. */
size_t cgroup_source_metrics(const struct cgroup_source *source,
                             const struct store_metric **metrics);

/* Fills all values (NaN where one is unknown). ERROR_UNREACHABLE if the group is gone. */
int cgroup_source_read(struct cgroup_source *source, struct cgroup_view *view, double *values,
                       struct error *error);

/* Takes the place of the source before: sums over processes go on. True if both have the same
 * metrics; then the list of the one before becomes its own. */
bool cgroup_source_follow(struct cgroup_source *source, struct cgroup_source *before);
void cgroup_source_close(struct cgroup_source *source);

#endif
