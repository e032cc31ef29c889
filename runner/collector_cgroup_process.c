/* Sums over the processes of a control group and the groups below it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "runner/collector_cgroup.h"
#include "runner/collector_cgroup_proc.h"

enum { DEEPEST_GROUP = 8, LONGEST_PATH = 4096 };

/* Counts of processes come first: all, then by state. */
static const struct state_count {
    const char *name;
    char state; /* 0 for any */
} state_counts[] = {
    {"count", 0}, {"running", 'R'}, {"sleeping", 'S'}, {"uninterruptible", 'D'}, {"zombie", 'Z'},
};

enum { STATE_COUNT = sizeof state_counts / sizeof state_counts[0] };

static int by_pid(const void *left, const void *right)
{
    const struct process *a = left;
    const struct process *b = right;

    return (a->pid > b->pid) - (a->pid < b->pid);
}

void process_sums_open(struct process_sums *sums, const char *proc, char *folder,
                       struct metric_list *metrics)
{
    static const struct metric_kind kind[] = {{"*", false, "processes"}, {0}};

    memset(sums, 0, sizeof *sums);
    sums->proc = memory_string(proc);
    sums->folder = folder;
    sums->ended = memory_new(process_value_count, sizeof *sums->ended);
    sums->first = metrics->count;
    for (size_t i = 0; i < STATE_COUNT; i++)
        metric_list_add(metrics, "process", state_counts[i].name, "process", kind);
    for (size_t i = 0; i < process_value_count; i++) {
        const struct process_value *value = &process_values[i];
        const struct metric_kind kinds[] = {{"*", value->counter, value->unit}, {0}};

        metric_list_add(metrics, "process", value->name, value->resource_group, kinds);
    }
}

void process_sums_close(struct process_sums *sums)
{
    free(sums->proc);
    free(sums->folder);
    free(sums->now.items);
    free(sums->before.items);
    free(sums->ended);
    text_free(&sums->text);
}

static void add_process(struct process_sums *sums, int64_t pid)
{
    struct process_list *now = &sums->now;

    now->items = memory_grow(now->items, now->count, &now->capacity, sizeof *now->items);
    if (process_read(sums->proc, pid, &now->items[now->count]) == 0)
        now->count++;
}

/* Reads the processes of the group and, below it, of its groups. */
static int add_group(struct process_sums *sums, const char *folder, int depth)
{
    char path[LONGEST_PATH];
    struct dirent *entry;
    int descriptor;
    int result;
    char *at;
    DIR *stream;

    snprintf(path, sizeof path, "%s/cgroup.procs", folder);
    descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return -1;
    result = read_whole(descriptor, &sums->text);
    close(descriptor);
    at = sums->text.bytes;
    for (char *line; result == 0 && (line = strsep(&at, "\n")) != NULL;) {
        long long pid = strtoll(line, NULL, 10);

        /* 0 stands for a process outside the runner's own namespace. */
        if (pid > 0)
            add_process(sums, pid);
    }
    stream = depth < DEEPEST_GROUP ? opendir(folder) : NULL;
    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        add_group(sums, path, depth + 1);
    }
    if (stream != NULL)
        closedir(stream);
    return result;
}

/* Keeps the counters of the processes that aren't there any more. */
static void keep_ended(struct process_sums *sums)
{
    const struct process_list *now = &sums->now;

    for (size_t i = 0; i < sums->before.count; i++) {
        const struct process *process = &sums->before.items[i];
        const struct process *same =
            now->count > 0 ? bsearch(process, now->items, now->count, sizeof *now->items, by_pid)
                           : NULL;

        if (same != NULL && same->started == process->started)
            continue;
        for (size_t j = 0; j < process_value_count; j++) {
            if (process_values[j].counter && !isnan(process->values[j]))
                sums->ended[j] += process->values[j];
        }
    }
}

static void sum_up(const struct process_sums *sums, double *values)
{
    double *totals = values + STATE_COUNT;

    for (size_t i = 0; i < STATE_COUNT; i++)
        values[i] = 0;
    memcpy(totals, sums->ended, process_value_count * sizeof *totals);
    for (size_t i = 0; i < sums->now.count; i++) {
        const struct process *process = &sums->now.items[i];

        for (size_t j = 0; j < STATE_COUNT; j++)
            values[j] += state_counts[j].state == 0 || state_counts[j].state == process->state;
        for (size_t j = 0; j < process_value_count; j++)
            totals[j] += process->values[j];
    }
}

int process_sums_read(struct process_sums *sums, double *values, struct error *error)
{
    struct process_list before = sums->before;

    sums->before = sums->now;
    sums->now = before;
    sums->now.count = 0;
    if (add_group(sums, sums->folder, 0) < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't read the processes of %s",
                            sums->folder);
    if (sums->now.count > 1)
        qsort(sums->now.items, sums->now.count, sizeof *sums->now.items, by_pid);
    keep_ended(sums);
    sum_up(sums, values + sums->first);
    return 0;
}
