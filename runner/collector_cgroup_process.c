/* Sums over the processes of a control group and the groups below it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_cgroup.h"
#include "runner/collector_cgroup_proc.h"

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

void process_sums_open(struct process_sums *sums, struct metric_list *metrics)
{
    static const struct metric_kind kind[] = {{"*", false, "processes"}, {0}};

    memset(sums, 0, sizeof *sums);
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
    free(sums->now.items);
    free(sums->before.items);
    free(sums->numbers.items);
    free(sums->ended);
}

void process_numbers_add(struct process_numbers *numbers, char *text)
{
    for (char *line; (line = strsep(&text, "\n")) != NULL;) {
        long long number = strtoll(line, NULL, 10);

        /* 0 stands for a process outside the runner's own namespace. */
        if (number <= 0)
            continue;
        numbers->items =
            memory_grow(numbers->items, numbers->count, &numbers->capacity, sizeof *numbers->items);
        numbers->items[numbers->count++] = number;
    }
}

static void read_processes(struct process_sums *sums, struct cgroup_view *view)
{
    struct process_list *now = &sums->now;

    for (size_t i = 0; i < sums->numbers.count; i++) {
        now->items = memory_grow(now->items, now->count, &now->capacity, sizeof *now->items);
        if (process_read(view, sums->numbers.items[i], &now->items[now->count]) == 0)
            now->count++;
    }
}

/* Keeps the counters of the processes that aren't there any more, less what others took over. */
static void keep_ended(struct process_sums *sums)
{
    const struct process_list *now = &sums->now;
    double lost[PROCESS_MOST_VALUES] = {0};

    for (size_t i = 0; i < sums->before.count; i++) {
        const struct process *process = &sums->before.items[i];
        const struct process *same =
            now->count > 0 ? bsearch(process, now->items, now->count, sizeof *now->items, by_pid)
                           : NULL;
        bool is_there = same != NULL && same->started == process->started;

        for (size_t j = 0; j < process_value_count; j++) {
            double change = process->values[j] - (is_there ? same->values[j] : 0);

            if (!isnan(change) && (!is_there || process_values[j].taken_over))
                lost[j] += change;
        }
    }
    for (size_t j = 0; j < process_value_count; j++) {
        if (process_values[j].counter)
            sums->ended[j] += fmax(0, lost[j]);
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

int process_sums_read(struct process_sums *sums, struct cgroup_view *view, const char *folder,
                      double *values, struct error *error)
{
    struct process_list before = sums->before;

    sums->numbers.count = 0;
    if (view->processes(view, folder, &sums->numbers, error) < 0)
        return -1;
    sums->before = sums->now;
    sums->now = before;
    sums->now.count = 0;
    read_processes(sums, view);
    if (sums->now.count > 1)
        qsort(sums->now.items, sums->now.count, sizeof *sums->now.items, by_pid);
    keep_ended(sums);
    sum_up(sums, values + sums->first);
    return 0;
}
