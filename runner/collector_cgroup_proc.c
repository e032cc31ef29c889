#include "runner/collector_cgroup_proc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_PATH = 512 };

/* Beyond what any counter of the kernel gets to, and its sums are finite. */
#define LARGEST_VALUE 1e20

/* In the order of their files, and in each file in the order of its lines or fields. */
static const struct process_value value_rows[] = {
    /* stat: fields 10, 12, 14, 15, 42 */
    {"minor_faults", "memory", "events", true, false},
    {"major_faults", "memory", "events", true, false},
    {"user_time", "cpu", "ticks", true, false},
    {"system_time", "cpu", "ticks", true, false},
    {"block_io_delay", "filesystem", "ticks", true, false},
    /* status: names as there */
    {"FDSize", "process", "descriptors", false, false},
    {"VmPeak", "memory", "kB", false, false},
    {"VmSize", "memory", "kB", false, false},
    {"VmLck", "memory", "kB", false, false},
    {"VmHWM", "memory", "kB", false, false},
    {"VmRSS", "memory", "kB", false, false},
    {"RssAnon", "memory", "kB", false, false},
    {"RssFile", "memory", "kB", false, false},
    {"RssShmem", "memory", "kB", false, false},
    {"VmData", "memory", "kB", false, false},
    {"VmStk", "memory", "kB", false, false},
    {"VmPTE", "memory", "kB", false, false},
    {"VmSwap", "memory", "kB", false, false},
    {"Threads", "process", "threads", false, false},
    {"voluntary_ctxt_switches", "process", "events", true, false},
    {"nonvoluntary_ctxt_switches", "process", "events", true, false},
    /* io: names as there */
    {"rchar", "filesystem", "bytes", true, true},
    {"wchar", "filesystem", "bytes", true, true},
    {"syscr", "filesystem", "events", true, true},
    {"syscw", "filesystem", "events", true, true},
    {"read_bytes", "filesystem", "bytes", true, true},
    {"write_bytes", "filesystem", "bytes", true, true},
    {"cancelled_write_bytes", "filesystem", "bytes", true, true},
    /* schedstat: its three fields */
    {"run_time", "cpu", "ns", true, false},
    {"run_queue_time", "cpu", "ns", true, false},
    {"time_slices", "cpu", "events", true, false},
};

const struct process_value *const process_values = value_rows;
const size_t process_value_count = sizeof value_rows / sizeof value_rows[0];

_Static_assert(sizeof value_rows / sizeof value_rows[0] <= PROCESS_MOST_VALUES,
               "struct process has room for its values");

/* Places of the values of one file: from `first` up to `end`. */
struct span {
    size_t first;
    size_t end;
};

/* NaN for what is none: another machine may say what it likes. `end` is as of strtod. */
static double number(const char *text, char **end)
{
    double value = strtod(text, end);

    return isfinite(value) && fabs(value) < LARGEST_VALUE ? value : (double)NAN;
}

/* 'NAME:  123 kB' a line; a line that isn't there (a zombie has no memory) counts as 0. */
static void parse_lines(char *text, struct span span, struct process *process)
{
    char *line = text;

    for (size_t i = span.first; i < span.end; i++) {
        const char *name = value_rows[i].name;
        size_t length = strlen(name);
        char *at = line;

        process->values[i] = 0;
        while (at != NULL && !(strncmp(at, name, length) == 0 && at[length] == ':')) {
            at = strchr(at, '\n');
            at = at == NULL ? NULL : at + 1;
        }
        if (at != NULL)
            process->values[i] = number(at + length + 1, &line);
    }
}

static void parse_schedstat(char *text, struct span span, struct process *process)
{
    for (size_t i = span.first; i < span.end; i++)
        process->values[i] = number(text, &text);
}

/* The name of the program, field 2, is in brackets and may hold anything. */
static void parse_stat(char *text, struct span span, struct process *process)
{
    static const int wanted[] = {10, 12, 14, 15, 42};
    char *at = strrchr(text, ')');
    size_t found = 0;
    int field = 3;

    for (size_t i = span.first; i < span.end; i++)
        process->values[i] = 0;
    if (at == NULL || at[1] != ' ')
        return;
    at += 2;
    process->state = *at;
    for (char *word; (word = strsep(&at, " ")) != NULL; field++) {
        if (field == 22)
            process->started = number(word, NULL);
        if (found < span.end - span.first && field == wanted[found])
            process->values[span.first + found++] = number(word, NULL);
    }
}

/* In the order in which a node prints them: what is there for the last one was there for all. */
static const struct process_file {
    const char *name;
    struct span span;
    void (*parse)(char *text, struct span span, struct process *process);
    bool may_be_secret; /* else the process is gone where it can't be read */
} files[] = {
    {"stat", {0, 5}, parse_stat, false},
    {"io", {21, 28}, parse_lines, true},
    {"schedstat", {28, 31}, parse_schedstat, true},
    {"status", {5, 21}, parse_lines, false},
};

static char *read_file(struct cgroup_view *view, int64_t pid, const char *name)
{
    char path[LONGEST_PATH];
    char *text;

    snprintf(path, sizeof path, "%s/%lld/%s", view->proc, (long long)pid, name);
    text = view->file(view, path);
    /* An empty one is of a process that has just ended. */
    return text != NULL && text[0] != '\0' ? text : NULL;
}

int process_read(struct cgroup_view *view, int64_t pid, struct process *process)
{
    *process = (struct process){.pid = pid};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char *text = read_file(view, pid, files[i].name);

        if (text != NULL) {
            files[i].parse(text, files[i].span, process);
            continue;
        }
        if (!files[i].may_be_secret)
            return -1;
        for (size_t j = files[i].span.first; j < files[i].span.end; j++)
            process->values[j] = (double)NAN;
    }
    return 0;
}
