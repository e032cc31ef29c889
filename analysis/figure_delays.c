#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_detection.h"
#include "analysis/figure_detector.h"
#include "analysis/report_text.h"
#include "base/memory.h"

#define COLOUR_KEY "#1b2230"

enum { WIDTH = 560, ROW_HEIGHT = 22, EDGE_HEIGHT = 146, LONGEST_NAME = 24 };
enum { LONGEST_TYPE = 16, LONGEST_INTENSITY = 12 };

/* Faults of one type and intensity stand on a line of the figure. */
struct rows {
    const struct fault_detection **firsts; /* of each row, a fault of it */
    size_t count;
};

static int compare(const struct fault_detection *left, const struct fault_detection *right)
{
    int order = strcmp(left->fault_type, right->fault_type);

    return order != 0 ? order : strcmp(left->intensity, right->intensity);
}

static int by_type_and_intensity(const void *left, const void *right)
{
    return compare(*(const struct fault_detection *const *)left,
                   *(const struct fault_detection *const *)right);
}

static void find_rows(const struct detection_result *detection, struct rows *rows)
{
    const struct fault_detection **firsts = memory_new(detection->fault_count, sizeof(void *));

    for (size_t i = 0; i < detection->fault_count; i++)
        firsts[i] = &detection->faults[i];
    qsort(firsts, detection->fault_count, sizeof *firsts, by_type_and_intensity);
    *rows = (struct rows){.firsts = firsts};
    for (size_t i = 0; i < detection->fault_count; i++) {
        if (i == 0 || compare(firsts[i], rows->firsts[rows->count - 1]) != 0)
            rows->firsts[rows->count++] = firsts[i];
    }
}

static size_t row_of(const struct rows *rows, const struct fault_detection *fault)
{
    size_t row = 0;

    while (compare(rows->firsts[row], fault) != 0)
        row++;
    return row;
}

static void append_faults(struct text *data, const struct detection_result *detection,
                          const struct rows *rows)
{
    text_append(data,
                "row,delay_s,colour,alarmed_before,verdict,fault_type,intensity,experiment\n");
    for (size_t i = 0; i < detection->fault_count; i++) {
        const struct fault_detection *fault = &detection->faults[i];

        text_appendf(data, "%zu,", row_of(rows, fault) + 1);
        append_exact(data, fault->delay_s);
        text_appendf(data, ",0x%s,%zu,", figure_colour(fault->fault_type) + 1,
                     fault->alarmed_before);
        append_csv(data, fault->verdict);
        text_append(data, ",");
        append_csv(data, fault->fault_type);
        text_append(data, ",");
        append_csv(data, fault->intensity);
        text_append(data, ",");
        append_csv(data, fault->experiment);
        text_append(data, "\n");
    }
}

static void append_names(struct text *body, const struct rows *rows)
{
    text_append(body, "set ytics (");
    for (size_t i = 0; i < rows->count; i++) {
        struct text name = {0};

        append_line(&name, rows->firsts[i]->fault_type, LONGEST_TYPE);
        text_append(&name, ", ");
        append_line(&name, rows->firsts[i]->intensity, LONGEST_INTENSITY);
        text_append(body, i > 0 ? ", " : "");
        append_gnuplot(body, text_string(&name));
        text_appendf(body, " %zu", i + 1);
        text_free(&name);
    }
    text_append(body, ") scale 0\n");
}

/* The greatest delay. */
static double greatest_delay(const struct detection_result *detection)
{
    double greatest = 0;

    for (size_t i = 0; i < detection->fault_count; i++)
        greatest = fmax(greatest, detection->faults[i].delay_s); /* which passes over NaN */
    return greatest > 0 ? greatest : 1;
}

/* Faults with an alarm are dots, open ones if it was there before. */
static void append_dots(struct text *body, const char *file)
{
    text_appendf(
        body,
        "plot '%s.csv' using ($4 == 0 ? $2 : NaN):1:3 with points pointtype 7 pointsize 0.9 "
        "linecolor rgb variable, \\\n"
        "     '' using ($4 == 1 ? $2 : NaN):1:3 with points pointtype 6 pointsize 0.9 linewidth "
        "1.6 linecolor rgb variable, \\\n"
        "     keyentry with points pointtype 7 linecolor rgb '" COLOUR_KEY "' title 'found', \\\n"
        "     keyentry with points pointtype 6 linewidth 1.6 linecolor rgb '" COLOUR_KEY
        "' title 'alarmed before'",
        file);
}

/* Faults without an alarm have a place of their own, beyond the greatest delay. */
static void append_crosses(struct text *body, const char *verdict, int point_type,
                           const char *title)
{
    text_appendf(body,
                 ", \\\n     '' using (strcol(5) eq '%s' ? none : NaN):1:3 with points pointtype "
                 "%d pointsize 0.9 linewidth 1.6 linecolor rgb variable, \\\n"
                 "     keyentry with points pointtype %d linewidth 1.6 linecolor rgb '" COLOUR_KEY
                 "' title '%s'",
                 verdict, point_type, point_type, title);
}

static void append_plot(struct figure *figure, const struct detection_result *detection)
{
    struct text *body = &figure->body;
    double greatest = greatest_delay(detection);
    bool all_found = detection->missed + detection->unknown == 0;

    text_appendf(body, "set xrange [0:%.9g]\n", greatest * (all_found ? 1.05 : 1.16));
    if (!all_found)
        text_appendf(body,
                     "none = %.9g # where faults without an alarm are shown\n"
                     "set arrow 1 from %.9g, graph 0 to %.9g, graph 1 nohead dashtype 3 linecolor "
                     "rgb '#8a93a0'\n",
                     greatest * 1.1, greatest * 1.05, greatest * 1.05);
    append_dots(body, figure->name);
    if (detection->missed > 0)
        append_crosses(body, "missed", 2, "missed");
    if (detection->unknown > 0)
        append_crosses(body, "unknown", 1, "no score");
    text_append(body, "\n");
}

void figure_delays(struct figure *figure, const struct target_result *target,
                   const struct split_result *split)
{
    struct text title = {0};
    struct rows rows;

    find_rows(&split->detection, &rows);
    figure_start(figure, WIDTH, EDGE_HEIGHT + ROW_HEIGHT * (int)rows.count, "delays",
                 target->target, split->name);
    append_line(&title, target->target, LONGEST_NAME);
    text_append(&title, ", ");
    append_split_name(&title, split);
    text_append(&figure->description, "Detection delays, ");
    text_append(&figure->description, text_string(&title));
    append_faults(&figure->data, &split->detection, &rows);
    text_append(&figure->body, "set title ");
    append_gnuplot(&figure->body, text_string(&title));
    text_appendf(&figure->body,
                 "\nset xlabel 'Seconds from the applied edge to the first alarm'\n"
                 "set yrange [%zu.5:0.5]\nset datafile missing NaN\n"
                 "set bmargin 5.6\n"
                 "set key at graph 0.5, screen 0.012 center bottom horizontal Left reverse\n",
                 rows.count);
    append_names(&figure->body, &rows);
    append_plot(figure, &split->detection);
    free(rows.firsts);
    text_free(&title);
}
