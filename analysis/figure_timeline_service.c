#include <math.h>

#include "analysis/figure_axis.h"
#include "analysis/figure_timeline_parts.h"
#include "analysis/report_text.h"

#define COLOUR_SERVICE "#1b2230"
#define COLOUR_FAILED "#b2182b"
#define COLOUR_OFFERED "#8a93a0"

void timeline_service_data(struct text *data, const struct timeline *timeline)
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

void timeline_service_panels(struct text *body, const struct timeline *timeline, const char *file,
                             bool last)
{
    struct service_range range = range_of_service(timeline);
    struct text title = {0};

    timeline_panel_start(body, "Calls (1/s)", false);
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
    timeline_panel_start(body, "Failed calls (% of calls that ended)", false);
    append_vertical_axis(body, 0, fmax(range.share, 1));
    append_service_line(body, file, 6, COLOUR_FAILED);
    text_append(&title, "Mean response time");
    if (timeline->transaction != NULL) {
        text_append(&title, ", ");
        append_line(&title, timeline->transaction, TIMELINE_LONGEST_NAME);
    }
    text_append(&title, " (ms)");
    timeline_panel_start(body, text_string(&title), last);
    append_vertical_axis(body, 0, range.response);
    append_service_line(body, file, 7, COLOUR_SERVICE);
    text_free(&title);
}
