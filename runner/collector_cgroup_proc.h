/* Inside the cgroup collector: one process as /proc tells it: proc(5). */
#ifndef RUNNER_COLLECTOR_CGROUP_PROC_H
#define RUNNER_COLLECTOR_CGROUP_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner/collector_cgroup.h"

enum { PROCESS_MOST_VALUES = 48 };

struct process {
    int64_t pid;
    double started; /* ticks since boot: tells apart two processes of one pid */
    char state;     /* 'R', 'S', 'D', 'Z', ... */
    double values[PROCESS_MOST_VALUES];
};

/* A value that is summed over processes. */
struct process_value {
    const char *name;
    const char *resource_group;
    const char *unit;
    bool counter;
    bool taken_over; /* who waits for a process that ended has its counter added to its own */
};

extern const struct process_value *const process_values;
extern const size_t process_value_count;

/* Reads a process. -1 if it is gone; NaN where a file may not be read. */
int process_read(struct cgroup_view *view, int64_t pid, struct process *process);

#endif
