/* The few metrics of one target that a timeline shows, read from the observations. */
#ifndef ANALYSIS_REPORT_SERIES_H
#define ANALYSIS_REPORT_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/evaluation.h"
#include "base/error.h"
#include "store/store.h"

enum { SERIES_MOST_METRICS = 5 };

struct series_metric {
    char *name;
    char *resource_group;
    char *unit;   /* of the values as stored; "" for a pure number */
    bool counter; /* shown as a rate per second */
};

/* One value: a gauge as read, a counter differenced over its window. */
struct series_point {
    int64_t experiment_id;
    int64_t time_ns;
    size_t metric; /* index into metrics */
    double value;
};

struct series {
    struct series_metric metrics[SERIES_MOST_METRICS];
    size_t metric_count;
    struct series_point *points; /* in order of experiment and time */
    size_t point_count;
    size_t point_capacity;
    size_t observations; /* of the target, all labels */
};

/*
 * Reads the target's series: its use of CPU and of memory, by the names that sources have for
 * them; the metric of the highest importance in `evaluated` (NULL for none); then in each of the
 * resource groups that have none yet (cpu, memory, network, filesystem, others, up to
 * SERIES_MOST_METRICS) that of the highest importance, without one the first that varies. Free
 * with series_free.
 */
int series_read(struct store *store, int64_t target_id, const struct target_result *evaluated,
                struct series *series, struct error *error);
void series_free(struct series *series);

#endif
