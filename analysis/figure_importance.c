#include <stdlib.h>
#include <string.h>

#include "analysis/figure_detector.h"
#include "analysis/report_text.h"
#include "base/memory.h"

enum { LONGEST_METRIC = 44, LONGEST_TARGET = 24 };

static const struct importance_style {
    const char *slug;
    const char *title;
    const char *axis;
} styles[] = {
    [IMPORTANCE_IMPURITY] = {"importance", "Metric importance by impurity",
                             "Mean decrease of Gini impurity (shares of 1)"},
    [IMPORTANCE_PERMUTATION] = {"permutation", "Metric importance by permutation",
                                "Decrease of average precision when shuffled"},
};

/* A metric with the measure that is shown. */
struct bar {
    const struct metric_importance *metric;
    double length;
};

static int by_falling_length(const void *left, const void *right)
{
    const struct bar *a = left;
    const struct bar *b = right;

    if (a->length != b->length)
        return a->length < b->length ? 1 : -1;
    return (a->metric > b->metric) - (a->metric < b->metric);
}

/* The metrics that have any, highest first. Caller frees. */
static struct bar *make_bars(const struct target_result *target, enum importance_kind kind,
                             size_t *count)
{
    struct bar *bars = memory_new(target->importance_count, sizeof *bars);

    *count = 0;
    for (size_t i = 0; i < target->importance_count; i++) {
        const struct metric_importance *metric = &target->importance[i];
        double length = kind == IMPORTANCE_IMPURITY ? metric->importance : metric->permutation;

        if (length > 0)
            bars[(*count)++] = (struct bar){metric, length};
    }
    qsort(bars, *count, sizeof *bars, by_falling_length);
    return bars;
}

static void append_bars(struct text *data, const struct bar *bars, size_t count)
{
    text_append(data, "rank,importance,colour,resource_group,metric\n");
    for (size_t i = 0; i < count; i++) {
        text_appendf(data, "%zu,", i + 1);
        append_exact(data, bars[i].length);
        text_appendf(data, ",0x%s,", figure_colour(bars[i].metric->resource_group) + 1);
        append_csv(data, bars[i].metric->resource_group);
        text_append(data, ",");
        append_csv(data, bars[i].metric->metric);
        text_append(data, "\n");
    }
}

static void append_names(struct text *body, const struct bar *bars, size_t count)
{
    text_append(body, "set ytics (");
    for (size_t i = 0; i < count; i++) {
        struct text name = {0};

        append_line(&name, bars[i].metric->metric, LONGEST_METRIC);
        text_append(body, i > 0 ? ", " : "");
        append_gnuplot(body, text_string(&name));
        text_appendf(body, " %zu", i + 1);
        text_free(&name);
    }
    text_append(body, ") scale 0\n");
}

/* One legend entry for each resource group among the bars, in order of its best metric. */
static void append_groups(struct text *body, const struct bar *bars, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *group = bars[i].metric->resource_group;
        bool seen = false;
        struct text name = {0};

        for (size_t j = 0; j < i && !seen; j++)
            seen = strcmp(bars[j].metric->resource_group, group) == 0;
        if (seen)
            continue;
        append_line(&name, group, LONGEST_TARGET);
        text_appendf(body, ", \\\n     keyentry with boxes fillcolor rgb '%s' title ",
                     figure_colour(group));
        append_gnuplot(body, text_string(&name));
        text_free(&name);
    }
    text_append(body, "\n");
}

void figure_importance(struct figure *figure, const struct target_result *target,
                       enum importance_kind kind, size_t most)
{
    const struct importance_style *style = &styles[kind];
    struct text *body = &figure->body;
    size_t known;
    struct bar *bars = make_bars(target, kind, &known);
    size_t count = known < most ? known : most;

    figure_start(figure, 900, 110 + 19 * (int)count, style->slug, target->target, NULL);
    text_appendf(&figure->description, "%s, ", style->title);
    append_line(&figure->description, target->target, LONGEST_TARGET);
    append_bars(&figure->data, bars, count);
    text_appendf(body,
                 "set xlabel '%s'\n"
                 "set xrange [0:*]\nset grid noytics xtics\nset border 1\n"
                 "set key outside top center horizontal Left reverse maxrows 2\n",
                 style->axis);
    text_appendf(body, "set yrange [%zu.5:0.5]\n", count);
    append_names(body, bars, count);
    text_appendf(body,
                 "plot '%s.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror "
                 "fillcolor rgb variable",
                 figure->name);
    append_groups(body, bars, count);
    free(bars);
}
