#include "analysis/figure_timeline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/figure_timeline_parts.h"
#include "analysis/report_text.h"

enum { WIDTH = 900, PANEL_HEIGHT = 104, EDGE_HEIGHT = 104 };

double timeline_seconds(const struct timeline *timeline, int64_t instant_ns)
{
    return (double)(instant_ns - timeline->experiment->origin_ns) / 1e9;
}

void timeline_panel_start(struct text *body, const char *title, bool last)
{
    text_append(body, "set label 1 ");
    append_gnuplot(body, title);
    text_append(body, " at graph 0, graph 1.13 left textcolor rgb '#1b2230'\n");
    if (last)
        /* With margins given, multiplot draws no axis label. */
        text_append(body, "set format x '%g'\nset label 3 time_label at graph 0.5, screen 0 center "
                          "offset 0, 0.8 textcolor rgb '#3a424d'\n");
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
        timeline->length_s = fmax(timeline->length_s, timeline_seconds(timeline, point->time_ns));
    }
    if (experiment->stored.measured_until_ns > experiment->origin_ns)
        timeline->length_s = timeline_seconds(timeline, experiment->stored.measured_until_ns);
    timeline->panels = timeline->service ? TIMELINE_SERVICE_PANELS : 0;
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
    append_line(&figure->description, experiment->stored.name, TIMELINE_LONGEST_NAME);
    append_frame(&figure->body, &timeline, height);
    timeline_shades(&figure->body, &timeline);
    timeline_shade_names(&figure->body, &timeline);
    if (timeline.service) {
        timeline_service_data(&figure->data, &timeline);
        timeline_service_panels(&figure->body, &timeline, figure->name,
                                timeline.panels == TIMELINE_SERVICE_PANELS);
    }
    if (timeline.panels > (timeline.service ? TIMELINE_SERVICE_PANELS : 0)) {
        timeline_metric_data(&figure->metrics, &timeline);
        timeline_metric_panels(&figure->body, &timeline, figure->name);
    }
    text_append(&figure->body, "unset multiplot\n");
    return true;
}
