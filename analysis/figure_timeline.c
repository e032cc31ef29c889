#include "analysis/figure_timeline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/figure_axis.h"
#include "analysis/report_text.h"
#include "base/clock.h"

enum { WIDTH = 900, PANEL_HEIGHT = 104, EDGE_HEIGHT = 104, LONGEST_NAME = 60, SERVICE_PANELS = 3 };

#define COLOUR_SERVICE "#1b2230"
#define COLOUR_FAILED "#b2182b"
#define COLOUR_OFFERED "#8a93a0"
#define COLOUR_METRIC "#12507b"
#define COLOUR_COOL_DOWN "#6b7280"

struct timeline {
    const struct report_run *run;
    const struct report_experiment *experiment;
    const struct series *series;
    const char *target;
    const char *transaction;
    bool service;                      /* there are service samples */
    bool present[SERIES_MOST_METRICS]; /* metrics with a point in this experiment */
    size_t panels;
    double length_s;
};

/* How a metric's values are shown: unit and factor from the stored unit (per second). */
static const struct shown_unit {
    const char *stored;
    bool counter;
    const char *shown;
    double factor;
} shown_units[] = {
    {"bytes", true, "MB/s", 1e-6},     {"bytes", false, "MB", 1e-6},
    {"ns", true, "% of time", 1e-7},   {"us", true, "% of time", 1e-4},
    {"ticks", true, "% of time", 1.0}, {"ns", false, "ms", 1e-6},
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
    append_line(text, metric->unit, LONGEST_NAME);
    if (metric->counter)
        text_append(text, metric->unit[0] != '\0' ? "/s" : "per second");
}

static void append_metric_title(struct text *text, const struct series_metric *metric)
{
    struct text unit = {0};

    append_line(text, metric->name, LONGEST_NAME);
    append_shown_unit(&unit, metric);
    if (unit.length > 0)
        text_appendf(text, " (%s)", text_string(&unit));
    text_free(&unit);
}

static double relative(const struct timeline *timeline, int64_t instant_ns)
{
    return (double)(instant_ns - timeline->experiment->origin_ns) / 1e9;
}

static void append_service_data(struct text *data, const struct timeline *timeline)
{
    const struct report_experiment *experiment = timeline->experiment;

    text_append(data, "time_s,offered_per_s,created_per_s,succeeded_per_s,failed_per_s,"
                      "failed_percent,response_ms\n");
    for (size_t i = 0; i < experiment->bin_count; i++) {
        const struct service_figures *bin = &experiment->bins[i];
        double seconds = (double)(bin->last_ns - bin->first_ns) / 1e9;

        if (bin->samples == 0)
            continue;
        text_appendf(data, "%.3f,", ((double)i + 0.5) * (double)experiment->bin_ns / 1e9);
        text_appendf(data, "%.4f,%.4f,%.4f,%.4f,", bin->offered / seconds,
                     (double)bin->created / seconds, (double)bin->succeeded / seconds,
                     (double)bin->failed / seconds);
        append_exact(data, service_failure_share(bin) * 100);
        text_append(data, ",");
        append_exact(data, service_response_time(bin, timeline->transaction) * 1e3);
        text_append(data, "\n");
    }
}

static void append_metric_data(struct text *data, const struct timeline *timeline)
{
    const struct series *series = timeline->series;

    text_append(data, "panel,time_s,value,metric\n");
    for (size_t metric = 0; metric < series->metric_count; metric++) {
        for (size_t i = 0; i < series->point_count; i++) {
            const struct series_point *point = &series->points[i];

            if (point->metric != metric || point->experiment_id != timeline->experiment->stored.id)
                continue;
            text_appendf(data, "%zu,%.3f,%.6g,", metric, relative(timeline, point->time_ns),
                         point->value * shown_factor(&series->metrics[metric]));
            append_csv(data, series->metrics[metric].name);
            text_append(data, "\n");
        }
    }
}

struct shade {
    int64_t from_ns;
    int64_t until_ns;
    const char *colour;
    double density;
};

static void append_shade(struct text *body, const struct timeline *timeline, int *number,
                         const struct shade *shade)
{
    if (shade->from_ns <= 0 || shade->until_ns <= shade->from_ns)
        return;
    text_appendf(body,
                 "set object %d rectangle from %.3f/scale, graph 0 to %.3f/scale, graph 1 behind "
                 "fillcolor rgb '%s' fillstyle solid %.2f noborder\n",
                 ++*number, relative(timeline, shade->from_ns), relative(timeline, shade->until_ns),
                 shade->colour, shade->density);
}

enum { MOST_SHADES = 4 };
#define RAMP_DENSITY 0.16
#define HOLD_DENSITY 0.34

/* Each level of a profile as dark as it is high, from its command on. */
static void append_level_shades(struct text *body, const struct timeline *timeline, int *number,
                                const struct report_injection *injection)
{
    const char *colour = figure_colour(injection->stored.fault_type);

    for (size_t i = 0; i < injection->level_count; i++) {
        const struct report_level *level = &injection->levels[i];
        double share = level->stored.requested / injection->stored.requested;
        const struct shade shades[] = {
            {level->stored.commanded_ns, level->stored.applied_ns, colour, RAMP_DENSITY / 2},
            {level->stored.applied_ns, level->until_ns, colour,
             share >= 0 && share <= 1 ? 0.08 + (HOLD_DENSITY - 0.08) * share : HOLD_DENSITY},
        };

        append_shade(body, timeline, number, &shades[0]);
        append_shade(body, timeline, number, &shades[1]);
    }
}

/* Ramps (command to applied, command to gone) lighter, hold darker, cool-down in grey. */
static void append_shades(struct text *body, const struct timeline *timeline)
{
    int number = 0;

    for (size_t i = 0; i < timeline->experiment->injection_count; i++) {
        const struct report_injection *item = &timeline->experiment->injections[i];
        const struct stored_injection *injection = &item->stored;
        const char *colour = figure_colour(injection->fault_type);
        int64_t cool_down_end =
            injection->gone_ns > 0 ? injection->gone_ns + timeline->run->run.cool_down_ns : 0;
        const struct shade shades[MOST_SHADES] = {
            {injection->start_commanded_ns, injection->applied_ns, colour, RAMP_DENSITY},
            {injection->end_commanded_ns, injection->gone_ns, colour, RAMP_DENSITY},
            {injection->gone_ns, cool_down_end, COLOUR_COOL_DOWN, 0.14},
            {injection->applied_ns, injection->end_commanded_ns, colour, HOLD_DENSITY},
        };
        size_t count = item->level_count > 0 ? MOST_SHADES - 1 : MOST_SHADES;

        for (size_t j = 0; j < count; j++)
            append_shade(body, timeline, &number, &shades[j]);
        append_level_shades(body, timeline, &number, item);
    }
}

/* A line above the panels that says what the shades are. */
static void append_shade_names(struct text *body, const struct timeline *timeline)
{
    struct text names = {0};

    if (timeline->experiment->injection_count == 0)
        return;
    text_append(&names, "Shaded: ");
    for (size_t i = 0; i < timeline->experiment->injection_count; i++) {
        const struct stored_injection *injection = &timeline->experiment->injections[i].stored;

        text_append(&names, i > 0 ? ", " : "");
        append_line(&names, injection->fault_type, LONGEST_NAME);
        text_append(&names, " ");
        append_line(&names, injection->intensity, LONGEST_NAME);
        text_append(&names, " on ");
        append_line(&names, injection->target, LONGEST_NAME);
    }
    if (timeline->run->run.cool_down_ns > 0)
        text_append(&names, "; grey: cool-down");
    text_append(body, "set label 2 ");
    append_gnuplot(body, text_string(&names));
    text_append(body, " at screen 0.985, screen 1 right offset 0, -0.9 textcolor rgb '#5b6470'\n");
    text_free(&names);
}

static void append_panel_start(struct text *body, const char *title, bool last)
{
    text_append(body, "set label 1 ");
    append_gnuplot(body, title);
    text_append(body, " at graph 0, graph 1.13 left textcolor rgb '#1b2230'\n");
    if (last)
        /* With margins given, multiplot draws no axis label. */
        text_append(body, "set format x '%g'\nset label 3 time_label at graph 0.5, screen 0 center "
                          "offset 0, 0.8 textcolor rgb '#3a424d'\n");
}

/* Extremes of what the service panels show. */
struct service_range {
    double rate;     /* calls per second */
    double share;    /* failed calls, % */
    double response; /* ms */
};

static struct service_range range_of_service(const struct timeline *timeline)
{
    struct service_range range = {0};

    for (size_t i = 0; i < timeline->experiment->bin_count; i++) {
        const struct service_figures *bin = &timeline->experiment->bins[i];
        double seconds = (double)(bin->last_ns - bin->first_ns) / 1e9;

        if (bin->samples == 0)
            continue;
        range.rate = fmax(range.rate, bin->offered / seconds);
        range.rate = fmax(range.rate, (double)bin->succeeded / seconds);
        range.rate = fmax(range.rate, (double)bin->failed / seconds);
        /* fmax passes over NaN: a bin in which no call ended. */
        range.share = fmax(range.share, service_failure_share(bin) * 100);
        range.response =
            fmax(range.response, service_response_time(bin, timeline->transaction) * 1e3);
    }
    return range;
}

static void append_service_line(struct text *body, const char *file, int column, const char *colour)
{
    text_appendf(body,
                 "plot '%s.csv' using ($1/scale):%d with lines linewidth 1.4 linecolor rgb '%s'\n",
                 file, column, colour);
}

static void append_service_panels(struct text *body, const struct timeline *timeline,
                                  const char *file, bool last)
{
    struct service_range range = range_of_service(timeline);
    struct text title = {0};

    append_panel_start(body, "Calls (1/s)", false);
    append_vertical_axis(body, 0, range.rate);
    text_appendf(body,
                 "set key at graph 1, graph 1.24 right top horizontal Left reverse\n"
                 "plot '%s.csv' using ($1/scale):2 with lines dashtype 2 linewidth 1 linecolor rgb "
                 "'" COLOUR_OFFERED "' title 'offered', \\\n"
                 "     '' using ($1/scale):4 with lines linewidth 1.4 linecolor rgb "
                 "'" COLOUR_SERVICE "' title 'succeeded', \\\n"
                 "     '' using ($1/scale):5 with lines linewidth 1.4 linecolor rgb "
                 "'" COLOUR_FAILED "' title 'failed'\nunset key\nunset label 2\n",
                 file);
    append_panel_start(body, "Failed calls (% of calls that ended)", false);
    append_vertical_axis(body, 0, fmax(range.share, 1));
    append_service_line(body, file, 6, COLOUR_FAILED);
    text_append(&title, "Mean response time");
    if (timeline->transaction != NULL) {
        text_append(&title, ", ");
        append_line(&title, timeline->transaction, LONGEST_NAME);
    }
    text_append(&title, " (ms)");
    append_panel_start(body, text_string(&title), last);
    append_vertical_axis(body, 0, range.response);
    append_service_line(body, file, 7, COLOUR_SERVICE);
    text_free(&title);
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

static void append_metric_panels(struct text *body, const struct timeline *timeline,
                                 const char *file)
{
    size_t done = timeline->service ? SERVICE_PANELS : 0;

    for (size_t i = 0; i < timeline->series->metric_count; i++) {
        struct text title = {0};

        if (!timeline->present[i])
            continue;
        append_line(&title, timeline->target, LONGEST_NAME);
        text_append(&title, ": ");
        append_metric_title(&title, &timeline->series->metrics[i]);
        append_panel_start(body, text_string(&title), ++done == timeline->panels);
        append_metric_axis(body, timeline, i);
        text_appendf(body,
                     "plot '%s-metrics.csv' using ($1 == %zu ? $2/scale : NaN):3 with lines "
                     "linewidth 1.4 linecolor rgb '" COLOUR_METRIC "'\n",
                     file, i);
        text_free(&title);
    }
}

/* Counts panels and finds the length of the time axis. */
static void measure(struct timeline *timeline)
{
    const struct report_experiment *experiment = timeline->experiment;
    const struct series *series = timeline->series;

    for (size_t i = 0; i < experiment->bin_count; i++) {
        double end = (double)(i + 1) * (double)experiment->bin_ns / 1e9;

        if (experiment->bins[i].samples == 0)
            continue;
        timeline->service = true;
        timeline->length_s = fmax(timeline->length_s, end);
    }
    for (size_t i = 0; i < series->point_count; i++) {
        const struct series_point *point = &series->points[i];

        if (point->experiment_id != experiment->stored.id)
            continue;
        timeline->present[point->metric] = true;
        timeline->length_s = fmax(timeline->length_s, relative(timeline, point->time_ns));
    }
    if (experiment->stored.measured_until_ns > experiment->origin_ns)
        timeline->length_s = relative(timeline, experiment->stored.measured_until_ns);
    timeline->panels = timeline->service ? SERVICE_PANELS : 0;
    for (size_t i = 0; i < series->metric_count; i++)
        timeline->panels += timeline->present[i];
}

static void append_frame(struct text *body, const struct timeline *timeline, int height)
{
    bool minutes = timeline->length_s > 900;

    text_appendf(body,
                 "scale = %d.\ntime_label = 'Time since the measurement began (%s)'\n"
                 "set xrange [0:%.3f/scale]\nset format x ''\nset datafile missing NaN\n"
                 "set multiplot layout %zu,1 margins screen 0.075, 0.985, %.4f, %.4f spacing "
                 "screen 0, %.4f\n",
                 minutes ? 60 : 1, minutes ? "minutes" : "seconds", timeline->length_s,
                 timeline->panels, 56.0 / height, 1 - 44.0 / height, 36.0 / height);
}

/* Then there is a timeline for each. */
static bool has_several_targets(const struct report_experiment *experiment)
{
    for (size_t i = 1; i < experiment->injection_count; i++) {
        const char *first = experiment->injections[0].stored.target;
        const char *target = experiment->injections[i].stored.target;

        if (first != NULL && target != NULL && strcmp(first, target) != 0)
            return true;
    }
    return false;
}

bool figure_timeline(struct figure *figure, const struct report_run *run,
                     const struct report_experiment *experiment, const struct series *series,
                     const char *target, const char *transaction)
{
    struct timeline timeline = {.run = run,
                                .experiment = experiment,
                                .series = series,
                                .target = target,
                                .transaction = transaction};
    char kind[40];
    int height;

    measure(&timeline);
    height = EDGE_HEIGHT + PANEL_HEIGHT * (int)timeline.panels;
    snprintf(kind, sizeof kind, "timeline-%03lld", (long long)experiment->stored.cell + 1);
    figure_start(figure, WIDTH, height, kind, experiment->stored.name,
                 has_several_targets(experiment) ? target : NULL);
    if (timeline.panels == 0)
        return false;
    text_append(&figure->description, "Timeline of experiment ");
    append_line(&figure->description, experiment->stored.name, LONGEST_NAME);
    append_frame(&figure->body, &timeline, height);
    append_shades(&figure->body, &timeline);
    append_shade_names(&figure->body, &timeline);
    if (timeline.service) {
        append_service_data(&figure->data, &timeline);
        append_service_panels(&figure->body, &timeline, figure->name,
                              timeline.panels == SERVICE_PANELS);
    }
    if (timeline.panels > (timeline.service ? SERVICE_PANELS : 0)) {
        append_metric_data(&figure->metrics, &timeline);
        append_metric_panels(&figure->body, &timeline, figure->name);
    }
    text_append(&figure->body, "unset multiplot\n");
    return true;
}
