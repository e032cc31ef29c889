/* From the answer of the command on the target to metrics and values. */
#include "runner/collector_proc.h"

#include <math.h>
#include <stdint.h>

#include "runner/file_sections.h"

/* Where the answer's files are, and a copy of the one that is parsed. */
struct reading {
    struct file_sections sections;
    struct text copy;
};

static void begin_reading(struct reading *reading, const struct text *answer)
{
    *reading = (struct reading){0};
    file_sections_read(&reading->sections, answer);
}

static void end_reading(struct reading *reading)
{
    file_sections_free(&reading->sections);
    text_free(&reading->copy);
}

static void parse_part(const struct proc_part *part, struct reading *reading, format_value *value,
                       void *context)
{
    char *text;

    reading->sections.next = 0; /* a file may have several parts */
    text = file_sections_copy(&reading->sections, part->file, &reading->copy);
    if (text != NULL)
        part->parse(text, value, context);
}

/* --- the first answer --- */

struct listing {
    struct metric_list *list;
    const struct proc_part *part;
};

static void add_metric(void *context, const char *key, double value)
{
    struct listing *listing = context;
    struct metric_list *list = listing->list;
    struct metric_range all = {list->items, 0, list->count, 0};

    (void)value;
    if (metric_key_is_plain(key) && list->count <= PROC_MOST_METRICS &&
        metric_range_find(&all, listing->part->prefix, key) == SIZE_MAX)
        metric_list_add(list, listing->part->prefix, key, listing->part->resource_group,
                        listing->part->kinds);
}

int proc_metrics_list(struct proc_metrics *metrics, const struct text *answer, struct error *error)
{
    struct reading reading;

    *metrics = (struct proc_metrics){0};
    begin_reading(&reading, answer);
    for (size_t i = 0; i < proc_part_count; i++) {
        struct listing listing = {&metrics->list, &proc_parts[i]};

        metrics->ranges[i].first = metrics->list.count;
        parse_part(&proc_parts[i], &reading, add_metric, &listing);
        metrics->ranges[i].count = metrics->list.count - metrics->ranges[i].first;
    }
    end_reading(&reading);
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
    struct reading reading;
    int result = 0;

    for (size_t i = 0; i < metrics->list.count; i++)
        values[i] = (double)NAN;
    begin_reading(&reading, answer);
    for (size_t i = 0; result == 0 && i < proc_part_count; i++) {
        size_t first = metrics->ranges[i].first;
        struct filling filling = {
            {metrics->list.items, first, metrics->ranges[i].count, first},
            proc_parts[i].prefix,
            values,
            0,
        };

        if (filling.range.count == 0)
            continue;
        parse_part(&proc_parts[i], &reading, fill_value, &filling);
        if (filling.filled == 0)
            result = error_set(error, ERROR_UNREACHABLE, "the answer has nothing of %s any more",
                               proc_parts[i].file);
    }
    end_reading(&reading);
    return result;
}

void proc_metrics_free(struct proc_metrics *metrics)
{
    metric_list_free(&metrics->list);
}
