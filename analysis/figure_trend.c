#include "analysis/figure_trend.h"

#include <math.h>

#include "analysis/figure_axis.h"
#include "analysis/report_text.h"

enum {
    WIDTH = 560,
    PANEL_HEIGHT = 118,
    EDGE_HEIGHT = 106,
    LONGEST_NAME = 36,
    LONGEST_SUBJECT = 72
};
enum { MOST_TICS = 10 };
enum { FIRST_COLUMN = 5, PANEL_COLUMNS = 3 };

#define SERIES_SHIFT 0.07 /* of the distance between two runs */

static const int point_types[] = {7, 5, 9, 13, 6, 4}; /* filled shapes, then open ones */
enum { POINT_TYPES = sizeof point_types / sizeof point_types[0] };

static void append_head(struct text *data, const struct trend *trend)
{
    text_append(data, "position,run,started,series");
    for (size_t i = 0; i < trend->panel_count; i++) {
        static const char *const columns[PANEL_COLUMNS] = {"", ", lower", ", upper"};

        for (int j = 0; j < PANEL_COLUMNS; j++) {
            struct text name = {0};

            text_append(&name, trend->panels[i].title);
            text_append(&name, columns[j]);
            text_append(data, ",");
            append_csv(data, text_string(&name));
            text_free(&name);
        }
    }
    text_append(data, ",series name,folder\n");
}

static void append_point(struct text *data, const struct trend *trend,
                         const struct trend_point *point)
{
    text_appendf(data, "%zu,%zu,%.0f,%zu", point->position, point->run->number,
                 (double)point->run->started_ns / 1e9, point->series);
    for (size_t i = 0; i < trend->panel_count; i++) {
        const struct index_figure *figure = &point->figures[i];
        const double values[PANEL_COLUMNS] = {figure->value, figure->lower, figure->upper};

        for (int j = 0; j < PANEL_COLUMNS; j++) {
            text_append(data, ",");
            append_exact(data, values[j] * trend->panels[i].factor);
        }
    }
    text_append(data, ",");
    append_csv(data, trend->series[point->series]);
    text_append(data, ",");
    append_csv(data, point->run->name);
    text_append(data, "\n");
}

/* The numbers of the runs, of some where all would not be legible. */
static void append_run_tics(struct text *body, const struct trend *trend, bool with_numbers)
{
    size_t step = (trend->run_count + MOST_TICS - 1) / MOST_TICS;

    text_append(body, "set xtics (");
    for (size_t i = 0; i < trend->run_count; i += step) {
        text_append(body, i > 0 ? ", '" : "'");
        if (with_numbers)
            text_appendf(body, "%zu", trend->runs[i]->number);
        text_appendf(body, "' %zu", i + 1);
    }
    text_append(body, ")\n");
}

static void set_vertical_axis(struct text *body, const struct trend *trend, size_t panel)
{
    double low = INFINITY;
    double high = -INFINITY;

    for (size_t i = 0; i < trend->point_count; i++) {
        const struct index_figure *figure = &trend->points[i].figures[panel];

        /* fmin and fmax pass over NaN. */
        low = fmin(low, fmin(figure->value, figure->lower));
        high = fmax(high, fmax(figure->value, figure->upper));
    }
    append_vertical_axis(body, low * trend->panels[panel].factor,
                         fmax(high * trend->panels[panel].factor, trend->panels[panel].least_top));
}

static void append_series(struct text *body, const struct trend *trend, const char *file,
                          size_t panel, size_t series)
{
    int column = FIRST_COLUMN + PANEL_COLUMNS * (int)panel;
    int point_type = point_types[series % POINT_TYPES];

    /* Beside each other, so that intervals can be told apart. */
    double shift = ((double)series - (double)(trend->series_count - 1) / 2) * SERIES_SHIFT;

    text_appendf(body,
                 "%s'%s.csv' using ($4 == %zu ? $1 + %g : NaN):%d:%d:%d with yerrorbars pointtype "
                 "0 linewidth 1 linecolor rgb '%s', \\\n"
                 "     '' using ($4 == %zu ? $1 + %g : NaN):%d with linespoints linewidth 1.4 "
                 "dashtype %zu pointtype %d pointsize 0.6 linecolor rgb '%s'",
                 series == 0 ? "plot " : ", \\\n     ", file, series, shift, column, column + 1,
                 column + 2, trend->colour, series, shift, column, series % POINT_TYPES + 1,
                 point_type, trend->colour);
    if (trend->series_count > 1) {
        struct text name = {0};

        append_line(&name, trend->series[series], LONGEST_NAME);
        text_append(body, " title ");
        append_gnuplot(body, text_string(&name));
        text_free(&name);
    }
}

static void append_panel(struct text *body, const struct trend *trend, const char *file,
                         size_t panel, bool is_last)
{
    append_run_tics(body, trend, is_last);
    if (is_last)
        text_append(body, "set label 3 'Run' at graph 0.5, screen 0 center offset 0, 0.8 textcolor "
                          "rgb '#3a424d'\n");
    text_append(body, "set label 1 ");
    append_gnuplot(body, trend->panels[panel].title);
    text_append(body, " at graph 0, graph 1.12 left textcolor rgb '#1b2230'\n");
    for (size_t i = 0; i < trend->series_count; i++)
        append_series(body, trend, file, panel, i);
    text_append(body, "\n");
}

/* The key stands beside the subject, once. */
static void append_key(struct text *body, const struct trend *trend, int height)
{
    struct text subject = {0};

    append_line(&subject, trend->subject, LONGEST_SUBJECT);
    text_append(body, "set label 2 ");
    append_gnuplot(body, text_string(&subject));
    text_free(&subject);
    text_appendf(body,
                 " at screen 0.1, screen %.4f left textcolor rgb '#1b2230'\n"
                 "set key at screen 0.985, screen %.4f right top horizontal\n",
                 1 - 12.0 / height, 1 - 3.0 / height);
}

static void append_panels(struct figure *figure, const struct trend *trend, const bool *has_values,
                          size_t count)
{
    struct text *body = &figure->body;
    size_t left = count;

    text_appendf(body,
                 "set datafile missing NaN\nset xrange [0.5:%zu.5]\n"
                 "set multiplot layout %zu,1 margins screen 0.1, 0.985, %.4f, %.4f spacing screen "
                 "0, %.4f\n",
                 trend->run_count, count, 56.0 / figure->height, 1 - 50.0 / figure->height,
                 38.0 / figure->height);
    append_key(body, trend, figure->height);
    for (size_t i = 0; i < trend->panel_count; i++) {
        if (!has_values[i])
            continue;
        set_vertical_axis(body, trend, i);
        append_panel(body, trend, figure->name, i, left == 1);
        if (left-- == count)
            text_append(body, "unset label 2\nset key off\n");
    }
    text_append(body, "unset multiplot\n");
}

/* Which panels have a value, and how many. */
static size_t find_values(const struct trend *trend, bool *has_values)
{
    size_t count = 0;

    for (size_t i = 0; i < trend->panel_count; i++) {
        for (size_t j = 0; j < trend->point_count && !has_values[i]; j++)
            has_values[i] = isfinite(trend->points[j].figures[i].value);
        count += has_values[i];
    }
    return count;
}

bool figure_trend(struct figure *figure, const struct trend *trend)
{
    bool has_values[TREND_PANELS] = {false};
    size_t count = find_values(trend, has_values);

    figure_start(figure, WIDTH, EDGE_HEIGHT + PANEL_HEIGHT * (int)count, "trend", trend->campaign,
                 trend->subject);
    text_append(&figure->description, "Trend over the runs of ");
    append_line(&figure->description, trend->campaign, LONGEST_NAME);
    text_append(&figure->description, ": ");
    append_line(&figure->description, trend->subject, LONGEST_SUBJECT);
    append_head(&figure->data, trend);
    for (size_t i = 0; i < trend->point_count; i++)
        append_point(&figure->data, trend, &trend->points[i]);
    if (count > 0)
        append_panels(figure, trend, has_values, count);
    return count > 0;
}
