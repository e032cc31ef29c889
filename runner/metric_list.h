/* The metrics of a source that is read by names: how they are typed, and where each value goes. */
#ifndef RUNNER_METRIC_LIST_H
#define RUNNER_METRIC_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "store/writer.h"

struct metric_list {
    struct store_metric *items; /* names are owned */
    size_t count;
    size_t capacity;
};

/* How a metric is typed. `key` is a shell pattern; the first row of a table that matches counts. */
struct metric_kind {
    const char *key; /* NULL ends a table */
    bool counter;
    const char *unit;
};

/* Tables that several files use. */
extern const struct metric_kind kind_bytes[];         /* gauges */
extern const struct metric_kind kind_bytes_counted[]; /* counters */
extern const struct metric_kind kind_events[];        /* counters */
extern const struct metric_kind kind_tasks[];         /* gauges */
extern const struct metric_kind kind_pressure[];
extern const struct metric_kind kind_processor_time[]; /* counters by the ending of their names */

/* True if a machine that is not what it seems may have the key in tables and reports: printable and
 * short. */
bool metric_key_is_plain(const char *key);

/* Adds 'PREFIX' or, unless the key is "", 'PREFIX.KEY'. Groups and units must outlive the list. */
void metric_list_add(struct metric_list *list, const char *prefix, const char *key,
                     const char *resource_group, const struct metric_kind *kinds);
void metric_list_free(struct metric_list *list);

/* Those metrics of a list that come from one file, while values are put in their places. */
struct metric_range {
    const struct store_metric *metrics; /* of the whole list */
    size_t first;
    size_t count;
    size_t next; /* where the next key is expected: files keep their order; at first `first` */
};

/* Place in the list of 'PREFIX' or 'PREFIX.KEY', or SIZE_MAX. */
size_t metric_range_find(struct metric_range *range, const char *prefix, const char *key);

#endif
