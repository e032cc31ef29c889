#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/evaluation_timeline.h"
#include "analysis/figure_axis.h"
#include "analysis/figure_detection.h"
#include "analysis/figure_run_axis.h"
#include "analysis/report_text.h"
#include "base/memory.h"

enum { WIDTH = 1120, PANEL_HEIGHT = 96, TOP_HEIGHT = 62, BOTTOM_HEIGHT = 56, LONGEST_NAME = 40 };
enum { LEAST_POWER = -3 }; /* errors below this power of ten of the threshold are drawn there */

#define COLOUR_LINE "#12507b"
#define COLOUR_ALARM "#b2182b"
#define COLOUR_THRESHOLD "#e69f00"
#define LEFT_MARGIN 0.055 /* shares of the width */
#define RIGHT_MARGIN 0.99

/* A panel: a group's errors, or the score for a `group` of NULL. */
struct panel {
    const char *group;
    double threshold;
    double least; /* of the values that are drawn; INFINITY and -INFINITY if there are none */
    double greatest;
};

struct panels {
    struct panel *items;
    size_t count;
    size_t capacity;
};

static void add_panel(struct panels *panels, const char *group, double threshold)
{
    panels->items =
        memory_grow(panels->items, panels->count, &panels->capacity, sizeof *panels->items);
    panels->items[panels->count++] = (struct panel){group, threshold, INFINITY, -INFINITY};
}

static void find_panels(const struct detection_result *detection, struct panels *panels)
{
    *panels = (struct panels){0};
    add_panel(panels, NULL, detection->threshold);
    for (size_t i = 0; i < detection->series_count; i++) {
        const struct score_series *series = &detection->series[i];

        for (size_t j = 0; j < series->group_count; j++) {
            const char *group = series->groups[j].resource_group;
            size_t k = 1;

            while (k < panels->count && strcmp(panels->items[k].group, group) != 0)
                k++;
            if (k == panels->count)
                add_panel(panels, group, 1);
        }
    }
}

/* The panel's values in an experiment; NULL if it has none. */
static const double *values_of(const struct score_series *series, const struct panel *panel)
{
    if (panel->group == NULL)
        return series->scores;
    for (size_t i = 0; i < series->group_count; i++) {
        if (strcmp(series->groups[i].resource_group, panel->group) == 0)
            return series->groups[i].ratios;
    }
    return NULL;
}

struct writer {
    struct text *data;
    const struct score_series *series;
    const double *values;
    double offset_s;
    size_t panel;
    struct panel *range;
    bool open; /* a line that is not ended yet */
};

static void write_point(struct writer *writer, size_t place)
{
    double value = writer->values[place];

    text_appendf(writer->data, "%zu,%.3f,%.6g,%d,", writer->panel,
                 writer->offset_s + writer->series->times_s[place] - writer->series->times_s[0],
                 value, value >= writer->range->threshold);
    append_csv(writer->data, writer->series->experiment);
    text_append(writer->data, ",");
    append_csv(writer->data, writer->range->group != NULL ? writer->range->group : "score");
    text_append(writer->data, "\n");
    writer->range->least = fmin(writer->range->least, value);
    writer->range->greatest = fmax(writer->range->greatest, value);
    writer->open = true;
}

/* An empty line ends what gnuplot joins by lines. */
static void end_line(struct writer *writer)
{
    if (writer->open)
        text_append(writer->data, "\n");
    writer->open = false;
}

/* Of the known values from `from` to before `until` the least and the greatest, in their order. */
static void write_extremes(struct writer *writer, size_t from, size_t until)
{
    size_t least = from;
    size_t greatest = from;

    for (size_t i = from + 1; i < until; i++) {
        if (writer->values[i] < writer->values[least])
            least = i;
        if (writer->values[i] > writer->values[greatest])
            greatest = i;
    }
    write_point(writer, least < greatest ? least : greatest);
    if (least != greatest)
        write_point(writer, least < greatest ? greatest : least);
}

/* An experiment in one panel, thinned to columns of `width_s` seconds. */
static void write_experiment(struct writer *writer, double width_s)
{
    const double *times_s = writer->series->times_s;
    size_t from = 0;

    while (from < writer->series->count) {
        double column = floor((times_s[from] - times_s[0]) / width_s);
        size_t until = from + 1;

        if (isnan(writer->values[from])) {
            end_line(writer);
            from++;
            continue;
        }
        while (until < writer->series->count && !isnan(writer->values[until]) &&
               floor((times_s[until] - times_s[0]) / width_s) <= column)
            until++;
        write_extremes(writer, from, until);
        from = until;
    }
    end_line(writer);
}

static void write_data(struct text *data, const struct detection_result *detection,
                       const struct run_axis *axis, struct panels *panels)
{
    double width_s = axis->length_s / (WIDTH * (RIGHT_MARGIN - LEFT_MARGIN));

    text_append(data, "panel,time_s,value,alarm,experiment,series\n");
    for (size_t panel = 0; panel < panels->count; panel++) {
        for (size_t i = 0; i < detection->series_count; i++) {
            struct writer writer = {.data = data,
                                    .series = &detection->series[i],
                                    .offset_s = axis->offsets_s[i],
                                    .panel = panel,
                                    .range = &panels->items[panel]};

            writer.values = values_of(writer.series, writer.range);
            if (writer.values != NULL)
                write_experiment(&writer, width_s);
        }
    }
}

static void append_panel_title(struct text *body, const struct panel *panel, bool first)
{
    struct text title = {0};

    if (panel->group == NULL) {
        text_appendf(&title, "Score (alarm from %g)", panel->threshold);
    } else {
        append_line(&title, panel->group, LONGEST_NAME);
        text_append(&title, ": error as a part of the threshold (alarm from 1)");
    }
    text_append(body, "set label 1 ");
    append_gnuplot(body, text_string(&title));
    /* The first stands beside the key: numbers of experiments are between it and the panel. */
    text_appendf(body, " at graph 0, %s left textcolor rgb '#1b2230'\n",
                 first ? "screen 1 offset 0, -0.8" : "graph 1.22 offset 0, 0");
    text_free(&title);
}

/* Data of the panel as lines, alarms as dots, the threshold across. Errors by their logarithm. */
static void append_panel(struct text *body, const struct panel *panel, size_t number,
                         const char *file)
{
    const char *value = panel->group == NULL ? "$3" : "logarithm($3)";
    double threshold = panel->group == NULL ? panel->threshold : log10(panel->threshold);

    if (panel->group == NULL) {
        text_append(body, "set yrange [0:1.03]\nset ytics 0, 0.5\n");
    } else {
        int low =
            panel->least > 0 ? (int)fmax(floor(log10(panel->least)), LEAST_POWER) : LEAST_POWER;
        int high = (int)fmax(ceil(log10(fmax(panel->greatest, 1))), 1);

        if (low > -1)
            low = -1;
        text_appendf(body, "set yrange [%d:%d]\n", low, high);
        append_logarithmic_tics(body, "y", low, high);
    }
    text_appendf(
        body,
        "plot '%s.csv' using ($1 == %zu ? $2/scale : NaN):(%s) with lines linewidth 0.9 "
        "linecolor rgb '" COLOUR_LINE "', \\\n"
        "     %g with lines dashtype 2 linewidth 1.1 linecolor rgb '" COLOUR_THRESHOLD "', \\\n"
        "     '%s.csv' using ($1 == %zu && $4 == 1 ? $2/scale : NaN):(%s) with points "
        "pointtype 7 pointsize 0.28 linecolor rgb '" COLOUR_ALARM "'%s",
        file, number, value, threshold, file, number, value, number == 0 ? " title 'alarm'" : "");
}

static void append_frame(struct text *body, const struct run_axis *axis, size_t panels, int height)
{
    bool minutes = axis->length_s > 900;

    text_appendf(body,
                 "scale = %d.\nset xrange [0:%.3f/scale]\nset format x ''\n"
                 "set datafile missing NaN\n"
                 "logarithm(ratio) = ratio > 1e%d ? log10(ratio) : %d\n"
                 "time_label = 'Time of running, experiment after experiment (%s)'\n"
                 "set key at screen %g, screen 1 right top horizontal maxrows 1 Left reverse\n"
                 "set multiplot layout %zu,1 margins screen %g, %g, %.4f, %.4f spacing "
                 "screen 0, %.4f\n",
                 minutes ? 60 : 1, axis->length_s, LEAST_POWER, LEAST_POWER,
                 minutes ? "minutes" : "seconds", RIGHT_MARGIN, panels, LEFT_MARGIN, RIGHT_MARGIN,
                 (double)BOTTOM_HEIGHT / height, 1 - (double)TOP_HEIGHT / height, 30.0 / height);
}

static void append_panels(struct figure *figure, const struct run_axis *axis,
                          const struct panels *panels)
{
    struct text *body = &figure->body;

    for (size_t i = 0; i < panels->count; i++) {
        append_panel_title(body, &panels->items[i], i == 0);
        if (i + 1 == panels->count)
            /* With margins given, multiplot draws no axis label. */
            text_append(body, "set format x '%g'\nset label 2 time_label at graph 0.5, screen 0 "
                              "center offset 0, 0.8 textcolor rgb '#3a424d'\n");
        append_panel(body, &panels->items[i], i, figure->name);
        if (i == 0)
            run_axis_append_key(axis, body);
        text_append(body, "\n");
        if (i == 0)
            run_axis_end_numbers(body);
    }
}

bool figure_scores(struct figure *figure, const struct report_run *run,
                   const struct target_result *target, const struct split_result *split)
{
    struct panels panels;
    struct run_axis axis;
    bool any;
    int height;

    find_panels(&split->detection, &panels);
    height = TOP_HEIGHT + BOTTOM_HEIGHT + PANEL_HEIGHT * (int)panels.count;
    figure_start(figure, WIDTH, height, "scores", target->target, split->name);
    run_axis_make(&axis, run, &split->detection, target->target);
    text_append(&figure->description, "Scores over time, ");
    append_line(&figure->description, target->target, LONGEST_NAME);
    write_data(&figure->data, &split->detection, &axis, &panels);
    any = panels.items[0].greatest >= 0;
    append_frame(&figure->body, &axis, panels.count, height);
    run_axis_append_experiments(&axis, &figure->body);
    append_panels(figure, &axis, &panels);
    text_append(&figure->body, "unset multiplot\n");
    run_axis_free(&axis);
    free(panels.items);
    return any;
}
