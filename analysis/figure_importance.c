#include <string.h>

#include "analysis/figure_detector.h"
#include "analysis/report_text.h"

enum { LONGEST_METRIC = 44, LONGEST_TARGET = 24 };

static void append_bars(struct text *data, const struct target_result *target, size_t count)
{
    text_append(data, "rank,importance,colour,resource_group,metric\n");
    for (size_t i = 0; i < count; i++) {
        const struct metric_importance *importance = &target->importance[i];

        text_appendf(data, "%zu,", i + 1);
        append_exact(data, importance->importance);
        text_appendf(data, ",0x%s,", figure_colour(importance->resource_group) + 1);
        append_csv(data, importance->resource_group);
        text_append(data, ",");
        append_csv(data, importance->metric);
        text_append(data, "\n");
    }
}

static void append_names(struct text *body, const struct target_result *target, size_t count)
{
    text_append(body, "set ytics (");
    for (size_t i = 0; i < count; i++) {
        struct text name = {0};

        append_line(&name, target->importance[i].metric, LONGEST_METRIC);
        text_append(body, i > 0 ? ", " : "");
        append_gnuplot(body, text_string(&name));
        text_appendf(body, " %zu", i + 1);
        text_free(&name);
    }
    text_append(body, ") scale 0\n");
}

/* One legend entry for each resource group among the bars, in order of its best metric. */
static void append_groups(struct text *body, const struct target_result *target, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *group = target->importance[i].resource_group;
        bool seen = false;
        struct text name = {0};

        for (size_t j = 0; j < i && !seen; j++)
            seen = strcmp(target->importance[j].resource_group, group) == 0;
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

void figure_importance(struct figure *figure, const struct target_result *target, size_t most)
{
    size_t count = target->importance_count < most ? target->importance_count : most;
    struct text *body = &figure->body;

    figure_start(figure, 760, 110 + 19 * (int)count, "importance", target->target, NULL);
    text_append(&figure->description, "Metric importance of the binary model, ");
    append_line(&figure->description, target->target, LONGEST_TARGET);
    append_bars(&figure->data, target, count);
    text_append(body, "set xlabel 'Mean decrease of Gini impurity (shares of 1)'\n"
                      "set xrange [0:*]\nset grid noytics xtics\nset border 1\n"
                      "set key outside top center horizontal Left reverse maxrows 2\n");
    text_appendf(body, "set yrange [%zu.5:0.5]\n", count);
    append_names(body, target, count);
    text_appendf(body,
                 "plot '%s.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror "
                 "fillcolor rgb variable",
                 figure->name);
    append_groups(body, target, count);
}
