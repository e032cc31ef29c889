#include <math.h>
#include <string.h>

#include "analysis/figure_axis.h"
#include "analysis/figure_timeline_parts.h"
#include "analysis/report_text.h"

#define COLOUR_METRIC "#12507b"

/* How a metric's values are shown: unit and factor from the stored unit (per second). A kB of the
 * kernel's is 1024 bytes. */
static const struct shown_unit {
    const char *stored;
    bool counter;
    const char *shown;
    double factor;
} shown_units[] = {
    {"bytes", true, "MB/s", 1e-6},     {"bytes", false, "MB", 1e-6},
    {"ns", true, "% of time", 1e-7},   {"us", true, "% of time", 1e-4},
    {"ticks", true, "% of time", 1.0}, {"ns", false, "ms", 1e-6},
    {"kB", false, "MB", 1.024e-3},
};

static double shown_factor(const struct series_metric *metric)
{
    for (size_t i = 0; i < sizeof shown_units / sizeof shown_units[0]; i++) {
        if (shown_units[i].counter == metric->counter &&
            strcmp(shown_units[i].stored, metric->unit) == 0)
            return shown_units[i].factor;
    }
    return 1;
}

static void append_shown_unit(struct text *text, const struct series_metric *metric)
{
    for (size_t i = 0; i < sizeof shown_units / sizeof shown_units[0]; i++) {
        if (shown_units[i].counter == metric->counter &&
            strcmp(shown_units[i].stored, metric->unit) == 0) {
            text_append(text, shown_units[i].shown);
            return;
        }
    }
    append_line(text, metric->unit, TIMELINE_LONGEST_NAME);
    if (metric->counter)
        text_append(text, metric->unit[0] != '\0' ? "/s" : "per second");
}

static void append_metric_title(struct text *text, const struct series_metric *metric)
{
    struct text unit = {0};

    append_line(text, metric->name, TIMELINE_LONGEST_NAME);
    append_shown_unit(&unit, metric);
    if (unit.length > 0)
        text_appendf(text, " (%s)", text_string(&unit));
    text_free(&unit);
}

void timeline_metric_data(struct text *data, const struct timeline *timeline)
{
    const struct series *series = timeline->series;

    text_append(data, "panel,time_s,value,metric\n");
    for (size_t metric = 0; metric < series->metric_count; metric++) {
        for (size_t i = 0; i < series->point_count; i++) {
            const struct series_point *point = &series->points[i];

            if (point->metric != metric || point->experiment_id != timeline->experiment->stored.id)
                continue;
            text_appendf(data, "%zu,%.3f,%.6g,", metric, timeline_seconds(timeline, point->time_ns),
                         point->value * shown_factor(&series->metrics[metric]));
            append_csv(data, series->metrics[metric].name);
            text_append(data, "\n");
        }
    }
}

static void append_metric_axis(struct text *body, const struct timeline *timeline, size_t metric)
{
    const struct series *series = timeline->series;
    double factor = shown_factor(&series->metrics[metric]);
    double low = INFINITY;
    double high = -INFINITY;

    for (size_t i = 0; i < series->point_count; i++) {
        const struct series_point *point = &series->points[i];

        if (point->metric != metric || point->experiment_id != timeline->experiment->stored.id ||
            point->time_ns < timeline->experiment->origin_ns)
            continue;
        low = fmin(low, point->value * factor);
        high = fmax(high, point->value * factor);
    }
    append_vertical_axis(body, low, high);
}

void timeline_metric_panels(struct text *body, const struct timeline *timeline, const char *file)
{
    size_t done = timeline->service ? TIMELINE_SERVICE_PANELS : 0;

    for (size_t i = 0; i < timeline->series->metric_count; i++) {
        struct text title = {0};

        if (!timeline->present[i])
            continue;
        append_line(&title, timeline->target, TIMELINE_LONGEST_NAME);
        text_append(&title, ": ");
        append_metric_title(&title, &timeline->series->metrics[i]);
        timeline_panel_start(body, text_string(&title), ++done == timeline->panels);
        append_metric_axis(body, timeline, i);
        text_appendf(body,
                     "plot '%s-metrics.csv' using ($1 == %zu ? $2/scale : NaN):3 with lines "
                     "linewidth 1.4 linecolor rgb '" COLOUR_METRIC "'\n",
                     file, i);
        text_free(&title);
    }
}
