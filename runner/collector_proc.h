/*
 * Inside the proc collector: which files of /proc are read and how they become metrics. The answer
 * of the command on the target is what `head` prints of several files: '==> NAME <==' before each.
 */
#ifndef RUNNER_COLLECTOR_PROC_H
#define RUNNER_COLLECTOR_PROC_H

#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "runner/kernel_formats.h"
#include "runner/metric_list.h"

/* Some of the metrics of one file. A file may have several parts. */
struct proc_part {
    const char *file;
    const char *prefix;
    const char *resource_group;
    format_parse *parse;
    const struct metric_kind *kinds;
};

extern const struct proc_part proc_parts[];
extern const size_t proc_part_count;

enum { PROC_MOST_PARTS = 32, PROC_MOST_FILES = 32, PROC_MOST_METRICS = 4096 };

/* The metrics that an answer has, and which of them are of which part. */
struct proc_metrics {
    struct metric_list list;
    struct {
        size_t first;
        size_t count;
    } ranges[PROC_MOST_PARTS];
};

/* The different files of the parts, in `files`; returns their number. */
size_t proc_files(const char *files[PROC_MOST_FILES]);

/* Lists the metrics of the first answer. ERROR_UNREACHABLE if it has none, or too many. */
int proc_metrics_list(struct proc_metrics *metrics, const struct text *answer, struct error *error);

/* Puts the answer's values into their places, NaN where one is missing. ERROR_UNREACHABLE if
 * nothing of a part came that had metrics. */
int proc_metrics_read(const struct proc_metrics *metrics, const struct text *answer, double *values,
                      struct error *error);
void proc_metrics_free(struct proc_metrics *metrics);

#endif
