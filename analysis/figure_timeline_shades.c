#include <stdint.h>

#include "analysis/figure.h"
#include "analysis/figure_timeline_parts.h"
#include "analysis/report_text.h"

#define COLOUR_COOL_DOWN "#6b7280"

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
                 ++*number, timeline_seconds(timeline, shade->from_ns),
                 timeline_seconds(timeline, shade->until_ns), shade->colour, shade->density);
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

void timeline_shades(struct text *body, const struct timeline *timeline)
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

void timeline_shade_names(struct text *body, const struct timeline *timeline)
{
    struct text names = {0};

    if (timeline->experiment->injection_count == 0)
        return;
    text_append(&names, "Shaded: ");
    for (size_t i = 0; i < timeline->experiment->injection_count; i++) {
        const struct stored_injection *injection = &timeline->experiment->injections[i].stored;

        text_append(&names, i > 0 ? ", " : "");
        append_line(&names, injection->fault_type, TIMELINE_LONGEST_NAME);
        text_append(&names, " ");
        append_line(&names, injection->intensity, TIMELINE_LONGEST_NAME);
        text_append(&names, " on ");
        append_line(&names, injection->target, TIMELINE_LONGEST_NAME);
    }
    if (timeline->run->run.cool_down_ns > 0)
        text_append(&names, "; grey: cool-down");
    text_append(body, "set label 2 ");
    append_gnuplot(body, text_string(&names));
    text_append(body, " at screen 0.985, screen 1 right offset 0, -0.9 textcolor rgb '#5b6470'\n");
    text_free(&names);
}
