#include "analysis/figure_levels.h"

#include <math.h>
#include <stdio.h>

#include "analysis/figure_axis.h"
#include "analysis/report_text.h"

enum { WIDTH = 900, HEIGHT = 330, LONGEST_NAME = 60 };

#define COLOUR_FAILED "#b2182b"
#define COLOUR_RESPONSE "#1b2230"
#define HEADROOM 1.2 /* for the number above the highest point */

/* Extremes of what is drawn. */
struct extent {
    double least_level;
    double greatest_level;
    double share;    /* failed calls, % */
    double response; /* ms */
    bool any;        /* a point is drawn */
};

static void append_levels(struct text *data, const struct report_injection *injection,
                          const char *transaction, struct extent *extent)
{
    text_append(data, "level,requested,achieved,failed_percent,response_ms,phantom\n");
    for (size_t i = 0; i < injection->level_count; i++) {
        const struct report_level *level = &injection->levels[i];
        double share = service_failure_share(&level->figures) * 100;
        double response = service_response_time(&level->figures, transaction) * 1e3;

        text_appendf(data, "%lld,", (long long)level->stored.position);
        append_exact(data, level->stored.requested);
        text_append(data, ",");
        append_exact(data, level->stored.achieved);
        text_append(data, ",");
        append_exact(data, share);
        text_append(data, ",");
        append_exact(data, response);
        text_appendf(data, ",%d\n", level->stored.phantom);
        /* fmin and fmax pass over NaN. */
        extent->least_level = fmin(extent->least_level, level->stored.achieved);
        extent->greatest_level = fmax(extent->greatest_level, level->stored.achieved);
        extent->share = fmax(extent->share, share);
        extent->response = fmax(extent->response, response);
        extent->any = extent->any || (!level->stored.phantom && isfinite(level->stored.achieved) &&
                                      (isfinite(share) || isfinite(response)));
    }
}

/* Points of levels that took hold, with their numbers. */
static void append_panel(struct text *body, const char *file, int column, const char *title,
                         const char *colour)
{
    text_append(body, "set label 1 ");
    append_gnuplot(body, title);
    text_appendf(body,
                 " at graph 0, graph 1.1 left textcolor rgb '#1b2230'\n"
                 "plot '%s.csv' using ($6 == 0 ? $3 : NaN):%d with linespoints linewidth 1.4 "
                 "pointtype 7 pointsize 0.6 linecolor rgb '%s', \\\n"
                 "     '' using ($6 == 0 ? $3 : NaN):%d:1 with labels offset 0, 0.7 font ',8' "
                 "textcolor rgb '#5b6470'\n",
                 file, column, colour, column);
}

static void append_level_axis(struct text *body, const struct report_injection *injection)
{
    struct text name = {0};

    append_line(&name, injection->stored.fault_type, LONGEST_NAME);
    text_append(&name, " achieved (");
    append_line(&name, injection->stored.unit, LONGEST_NAME);
    text_append(&name, ")");
    text_append(body, "set format x '%g'\nset label 3 ");
    append_gnuplot(body, text_string(&name));
    text_append(body, " at graph 0.5, screen 0 center offset 0, 0.8 textcolor rgb '#3a424d'\n");
    text_free(&name);
}

static void append_panels(struct figure *figure, const struct report_injection *injection,
                          const char *transaction, const struct extent *extent)
{
    struct text *body = &figure->body;
    double margin = fmax(extent->greatest_level - extent->least_level, 1) * 0.06;
    struct text title = {0};

    text_appendf(
        body,
        "set datafile missing NaN\nset xrange [%g:%g]\nset format x ''\n"
        "set multiplot layout 2,1 margins screen 0.065, 0.985, 0.16, 0.91 spacing screen 0, "
        "0.13\n",
        extent->least_level - margin, extent->greatest_level + margin);
    append_vertical_axis(body, 0, fmax(extent->share * HEADROOM, 1));
    append_panel(body, figure->name, 4, "Failed calls (% of calls that ended)", COLOUR_FAILED);
    append_level_axis(body, injection);
    append_vertical_axis(body, 0, fmax(extent->response * HEADROOM, 1));
    text_append(&title, "Mean response time");
    if (transaction != NULL) {
        text_append(&title, ", ");
        append_line(&title, transaction, LONGEST_NAME);
    }
    text_append(&title, " (ms)");
    append_panel(body, figure->name, 5, text_string(&title), COLOUR_RESPONSE);
    text_append(body, "unset multiplot\n");
    text_free(&title);
}

bool figure_levels(struct figure *figure, const struct report_experiment *experiment,
                   const struct report_injection *injection, const char *transaction)
{
    struct extent extent = {INFINITY, -INFINITY, 0, 0, false};
    char kind[40];

    snprintf(kind, sizeof kind, "levels-%03lld", (long long)experiment->stored.cell + 1);
    figure_start(figure, WIDTH, HEIGHT, kind, experiment->stored.name, injection->stored.token);
    text_append(&figure->description, "Failed calls and response time over the levels of ");
    append_line(&figure->description, injection->stored.fault_type, LONGEST_NAME);
    append_levels(&figure->data, injection, transaction, &extent);
    if (extent.any)
        append_panels(figure, injection, transaction, &extent);
    return extent.any;
}
