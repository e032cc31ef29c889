/* From the answer of the command on the target to metrics and values. */
#include "runner/collector_proc.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { LONGEST_NAME = 120 };

/* --- sections --- */

/* Where a file's text is in the answer; false if it isn't in it. */
static bool find_section(const struct text *answer, const char *file, const char **start,
                         size_t *length)
{
    char *head = memory_format("==> %s <==\n", file);
    const char *text = text_string(answer);
    const char *at = text;
    const char *end;

    while ((at = strstr(at, head)) != NULL && at > text && at[-1] != '\n')
        at++;
    if (at != NULL) {
        *start = at + strlen(head);
        end = strstr(*start, "\n==> ");
        *length = end != NULL ? (size_t)(end - *start) : strlen(*start);
    }
    free(head);
    return at != NULL;
}

/* Parses one part of the answer. */
static void parse_part(const struct proc_part *part, const struct text *answer, format_value *value,
                       void *context)
{
    const char *start;
    size_t length;
    char *copy;

    if (!find_section(answer, part->file, &start, &length))
        return;
    copy = memory_new(length + 1, 1);
    memcpy(copy, start, length);
    part->parse(copy, value, context);
    free(copy);
}

/* --- the first answer --- */

struct listing {
    struct metric_list *list;
    const struct proc_part *part;
};

/* What a target that is not what it seems calls its interfaces ends in tables and reports. */
static bool is_plain(const char *key)
{
    size_t length = 0;

    for (; key[length] != '\0'; length++) {
        if (key[length] <= ' ' || key[length] > '~')
            return false;
    }
    return length < LONGEST_NAME;
}

static void add_metric(void *context, const char *key, double value)
{
    struct listing *listing = context;
    struct metric_list *list = listing->list;
    struct metric_range all = {list->items, 0, list->count, 0};

    (void)value;
    if (is_plain(key) && list->count <= PROC_MOST_METRICS &&
        metric_range_find(&all, listing->part->prefix, key) == SIZE_MAX)
        metric_list_add(list, listing->part->prefix, key, listing->part->resource_group,
                        listing->part->kinds);
}

int proc_metrics_list(struct proc_metrics *metrics, const struct text *answer, struct error *error)
{
    *metrics = (struct proc_metrics){0};
    for (size_t i = 0; i < proc_part_count; i++) {
        struct listing listing = {&metrics->list, &proc_parts[i]};

        metrics->ranges[i].first = metrics->list.count;
        parse_part(&proc_parts[i], answer, add_metric, &listing);
        metrics->ranges[i].count = metrics->list.count - metrics->ranges[i].first;
    }
    /* One there always is, the number of processes. */
    if (metrics->list.count > 1 && metrics->list.count <= PROC_MOST_METRICS)
        return 0;
    if (metrics->list.count > 1)
        error_set(error, ERROR_UNREACHABLE, "its /proc has more than %d values", PROC_MOST_METRICS);
    else
        error_set(error, ERROR_UNREACHABLE, "nothing of /proc can be read there");
    error_hint(error, "the collector needs Linux, sh and head, and a /proc that the user may read");
    proc_metrics_free(metrics);
    return -1;
}

/* --- every answer --- */

struct filling {
    struct metric_range range;
    const char *prefix;
    double *values;
    size_t filled;
};

static void fill_value(void *context, const char *key, double value)
{
    struct filling *filling = context;
    size_t place = metric_range_find(&filling->range, filling->prefix, key);

    if (place == SIZE_MAX)
        return;
    filling->values[place] = value;
    filling->filled++;
}

int proc_metrics_read(const struct proc_metrics *metrics, const struct text *answer, double *values,
                      struct error *error)
{
    for (size_t i = 0; i < metrics->list.count; i++)
        values[i] = (double)NAN;
    for (size_t i = 0; i < proc_part_count; i++) {
        size_t first = metrics->ranges[i].first;
        struct filling filling = {
            {metrics->list.items, first, metrics->ranges[i].count, first},
            proc_parts[i].prefix,
            values,
            0,
        };

        if (filling.range.count == 0)
            continue;
        parse_part(&proc_parts[i], answer, fill_value, &filling);
        if (filling.filled == 0)
            return error_set(error, ERROR_UNREACHABLE, "the answer has nothing of %s any more",
                             proc_parts[i].file);
    }
    return 0;
}

void proc_metrics_free(struct proc_metrics *metrics)
{
    metric_list_free(&metrics->list);
}
