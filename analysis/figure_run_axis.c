#include "analysis/figure_run_axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure.h"
#include "analysis/report_text.h"
#include "base/memory.h"

enum { MOST_LINES = 150, MOST_NUMBERS = 40, MOST_KEYS = 6, LONGEST_NAME = 14 };

#define COLOUR_COOL_DOWN "#6b7280"
#define LEAST_SHADE 0.0004 /* half a pixel, as a share of the axis; less is not seen */
#define LEAST_MARK 0.0016  /* half a mark's width, as a share of the axis */

const struct report_experiment *run_axis_experiment(const struct report_run *run, const char *name)
{
    for (size_t i = 0; i < run->experiment_count; i++) {
        if (strcmp(run->experiments[i].stored.name, name) == 0)
            return &run->experiments[i];
    }
    return NULL;
}

void run_axis_make(struct run_axis *axis, const struct report_run *run,
                   const struct detection_result *detection, const char *target)
{
    size_t count = detection->series_count;
    double period_s = (double)run->run.monitoring_period_ns / 1e9;

    *axis = (struct run_axis){.run = run,
                              .detection = detection,
                              .target = target,
                              .offsets_s = memory_new(count, sizeof *axis->offsets_s),
                              .experiments = memory_new(count, sizeof(void *))};
    for (size_t i = 0; i < count; i++) {
        const struct score_series *series = &detection->series[i];

        axis->experiments[i] = run_axis_experiment(run, series->experiment);
        axis->offsets_s[i] = axis->length_s;
        if (series->count > 0)
            axis->length_s += series->times_s[series->count - 1] - series->times_s[0] + period_s;
    }
    axis->length_s = fmax(axis->length_s, period_s);
}

void run_axis_free(struct run_axis *axis)
{
    free(axis->offsets_s);
    free(axis->experiments);
}

static double end_of(const struct run_axis *axis, size_t place)
{
    return place + 1 < axis->detection->series_count ? axis->offsets_s[place + 1] : axis->length_s;
}

/* A piece of the axis, from an instant to another. */
struct shade {
    int64_t from_ns;
    int64_t until_ns;
    const char *colour;
    double density;
};

/* Where an instant is on the axis, within its experiment. */
static double place_of(const struct run_axis *axis, size_t series, int64_t instant_ns)
{
    double first_s = axis->detection->series[series].times_s[0];
    double place = axis->offsets_s[series] + (double)instant_ns / 1e9 - first_s;

    return fmin(fmax(place, axis->offsets_s[series]), end_of(axis, series));
}

static void append_shade(struct text *body, const struct run_axis *axis, size_t series,
                         const struct shade *shade)
{
    double from = place_of(axis, series, shade->from_ns);
    double until = place_of(axis, series, shade->until_ns);

    if (shade->from_ns <= 0 || until - from < LEAST_SHADE * axis->length_s)
        return;
    text_appendf(body,
                 "set object rectangle from %.3f/scale, graph 0 to %.3f/scale, graph 1 behind "
                 "fillcolor rgb '%s' fillstyle solid %.2f noborder\n",
                 from, until, shade->colour, shade->density);
}

static void append_mark(struct text *body, const struct run_axis *axis, size_t series,
                        const struct stored_injection *injection, bool own)
{
    double from;
    double until;
    double least = LEAST_MARK * axis->length_s;

    if (injection->applied_ns <= 0)
        return;
    from = place_of(axis, series, injection->applied_ns);
    until = injection->gone_ns > 0 ? place_of(axis, series, injection->gone_ns) : from;
    if (until - from < 2 * least) {
        from = (from + until) / 2 - least;
        until = from + 2 * least;
    }
    text_appendf(body,
                 "set object rectangle from %.3f/scale, graph 1.01 to %.3f/scale, graph %s front "
                 "noclip fillcolor rgb '%s' fillstyle solid %s noborder\n",
                 from, until, own ? "1.08" : "1.04", figure_colour(injection->fault_type),
                 own ? "1" : "0.45");
}

/* Of the target itself: ramps lighter, hold darker, cool-down in grey. Of others: light. */
static void append_injection(struct text *body, const struct run_axis *axis, size_t series,
                             const struct stored_injection *injection)
{
    const char *colour = figure_colour(injection->fault_type);
    bool own = injection->in_load || strcmp(injection->target, axis->target) == 0;
    int64_t cool_down_end =
        injection->gone_ns > 0 ? injection->gone_ns + axis->run->run.cool_down_ns : 0;
    const struct shade shades[] = {
        {injection->start_commanded_ns, injection->applied_ns, colour, own ? 0.22 : 0.08},
        {injection->applied_ns, injection->end_commanded_ns, colour, own ? 0.45 : 0.16},
        {injection->end_commanded_ns, injection->gone_ns, colour, own ? 0.22 : 0.08},
        {injection->gone_ns, cool_down_end, COLOUR_COOL_DOWN, 0.14},
    };

    for (size_t i = 0; i < sizeof shades / sizeof shades[0]; i++)
        append_shade(body, axis, series, &shades[i]);
    append_mark(body, axis, series, injection, own);
}

/* The number that the table of experiments shows, in the middle above the first panel. */
static void append_number_above(struct text *body, const struct run_axis *axis, size_t series,
                                bool first)
{
    text_appendf(body, "%s'%lld' %.3f/scale", first ? "" : ", ",
                 (long long)axis->experiments[series]->stored.cell + 1,
                 (axis->offsets_s[series] + end_of(axis, series)) / 2);
}

static void append_numbers(const struct run_axis *axis, struct text *body)
{
    size_t step = (axis->detection->series_count + MOST_NUMBERS - 1) / MOST_NUMBERS;
    bool first = true;

    text_appendf(body, "set x2range [0:%.3f/scale]\nset x2tics (", axis->length_s);
    for (size_t i = 0; i < axis->detection->series_count; i += step) {
        if (axis->experiments[i] == NULL)
            continue;
        append_number_above(body, axis, i, first);
        first = false;
    }
    text_append(body, ") scale 0 offset 0, 0.35 textcolor rgb '#5b6470' font ',9'\n");
}

void run_axis_append_experiments(const struct run_axis *axis, struct text *body)
{
    size_t count = axis->detection->series_count;

    append_numbers(axis, body);
    for (size_t i = 1; i < count && count <= MOST_LINES; i++)
        text_appendf(body,
                     "set arrow from %.3f/scale, graph 0 to %.3f/scale, graph 1 nohead back "
                     "linewidth 0.5 linecolor rgb '#c3cad3'\n",
                     axis->offsets_s[i], axis->offsets_s[i]);
    for (size_t i = 0; i < count; i++) {
        const struct report_experiment *experiment = axis->experiments[i];

        if (experiment == NULL || axis->detection->series[i].count == 0)
            continue;
        for (size_t j = 0; j < experiment->injection_count; j++)
            append_injection(body, axis, i, &experiment->injections[j].stored);
    }
}

/* Adds a fault type to those seen. False if it was among them, or they are too many. */
static bool is_new(const char *seen[MOST_KEYS], size_t *count, const char *fault_type)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(seen[i], fault_type) == 0)
            return false;
    }
    if (*count == MOST_KEYS)
        return false;
    seen[(*count)++] = fault_type;
    return true;
}

static void append_key_entry(struct text *body, const char *fault_type)
{
    struct text name = {0};

    append_line(&name, fault_type, LONGEST_NAME);
    text_appendf(body, ", \\\n     keyentry with boxes fillcolor rgb '%s' title ",
                 figure_colour(fault_type));
    append_gnuplot(body, text_string(&name));
    text_free(&name);
}

void run_axis_append_key(const struct run_axis *axis, struct text *body)
{
    const char *seen[MOST_KEYS];
    size_t count = 0;

    for (size_t i = 0; i < axis->detection->series_count; i++) {
        const struct report_experiment *experiment = axis->experiments[i];

        for (size_t j = 0; experiment != NULL && j < experiment->injection_count; j++) {
            const char *fault_type = experiment->injections[j].stored.fault_type;

            if (is_new(seen, &count, fault_type))
                append_key_entry(body, fault_type);
        }
    }
}

void run_axis_end_numbers(struct text *body)
{
    text_append(body, "unset x2tics\nunset key\n");
}
