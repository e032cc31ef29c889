#include "cli/comparison_figures.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/report_text.h"
#include "cli/comparison_table.h"

/* Pixels of a drawing of two intervals. */
enum { PLOT_WIDTH = 180, PLOT_HEIGHT = 26, PLOT_MARGIN = 5 };

static const char *const colours[COMPARED_SIDES] = {"#5b6470", "#12507b"};

/* What the drawings of one figure show from left to right. */
struct scale {
    double from;
    double to;
};

static void widen(struct scale *scale, double value)
{
    if (isnan(value))
        return;
    scale->from = isnan(scale->from) ? value : fmin(scale->from, value);
    scale->to = isnan(scale->to) ? value : fmax(scale->to, value);
}

static struct scale scale_of(const struct compared_row *const *rows, size_t count)
{
    struct scale scale = {NAN, NAN};

    for (size_t i = 0; i < count; i++) {
        for (size_t side = 0; side < COMPARED_SIDES; side++) {
            widen(&scale, rows[i]->sides[side].value);
            widen(&scale, rows[i]->sides[side].lower);
            widen(&scale, rows[i]->sides[side].upper);
        }
    }
    return scale;
}

static double place(const struct scale *scale, double value)
{
    double share =
        scale->to > scale->from ? (value - scale->from) / (scale->to - scale->from) : 0.5;

    return PLOT_MARGIN + share * (PLOT_WIDTH - 2 * PLOT_MARGIN);
}

static void write_mark(struct text *page, const struct scale *scale,
                       const struct compared_value *value, size_t side)
{
    int y = side == COMPARED_BASE ? 7 : 19;

    if (isnan(value->value))
        return;
    if (!isnan(value->lower))
        text_appendf(page,
                     "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" "
                     "stroke-width=\"2\"/>",
                     place(scale, value->lower), place(scale, value->upper), y, y, colours[side]);
    text_appendf(page, "<circle cx=\"%.1f\" cy=\"%d\" r=\"3.5\" fill=\"%s\"/>",
                 place(scale, value->value), y, colours[side]);
}

/* Base above, new below. */
static void write_plot(struct report *report, const struct scale *scale,
                       const struct compared_row *row)
{
    text_appendf(&report->page,
                 "<td><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                 "role=\"img\" aria-label=\"Base and new with their intervals\">",
                 PLOT_WIDTH, PLOT_HEIGHT);
    for (size_t side = 0; side < COMPARED_SIDES; side++)
        write_mark(&report->page, scale, &row->sides[side], side);
    text_append(&report->page, "</svg></td>");
}

static void write_value(struct report *report, const struct compared_row *row, size_t side)
{
    const struct compared_value *value = &row->sides[side];
    struct text text = {0};

    text_append(&report->page, "<td class=\"n\">");
    text_append(&text, value->cut_short > 0 ? ">" : "");
    comparison_append_value(&text, row->figure, value->value);
    append_html(&report->page, text_string(&text));
    text_clear(&text);
    if (!isnan(value->lower)) {
        comparison_append_figure(&text, row->figure, value->lower);
        text_append(&text, " to ");
        comparison_append_figure(&text, row->figure, value->upper);
        page_element(report, "span class=\"muted bounds\"", text_string(&text));
    }
    text_append(&report->page, "</td>");
    text_free(&text);
}

void comparison_write_values(struct report *report, const struct compared_row *row)
{
    struct text change = {0};

    for (size_t side = 0; side < COMPARED_SIDES; side++)
        write_value(report, row, side);
    text_append(&change, row->difference > 0 ? "+" : "");
    comparison_append_value(&change, row->figure, row->difference);
    page_element(report, "td class=\"n\"", text_string(&change));
    page_number(report, row->corrected_p);
    text_free(&change);
}

/* 'worse', 'better' or nothing, where the test tells them apart. */
static void write_difference(struct report *report, const struct compared_row *row)
{
    bool is_worse = (row->difference > 0) == compared_figures[row->figure].higher_is_worse;

    if (row->corrected_p <= comparison_significance)
        text_appendf(&report->page, "<td><span class=\"badge %s\">%s</span></td>",
                     is_worse ? "invalid" : "valid", is_worse ? "worse" : "better");
    else
        text_appendf(&report->page, "<td class=\"muted\">%s</td>",
                     row->corrected_least_p > comparison_significance ? "can&#8217;t be told" : "");
}

static void write_row(struct report *report, const struct scale *scale,
                      const struct compared_row *row)
{
    struct text where = {0};

    comparison_append_place(&where, row);
    text_append(&report->page, "<tr>");
    page_element(report, "th scope=\"row\" class=\"name\"", text_string(&where));
    text_appendf(&report->page, "<td class=\"n\">%zu, %zu</td>",
                 row->sides[COMPARED_BASE].experiments, row->sides[COMPARED_NEW].experiments);
    write_plot(report, scale, row);
    comparison_write_values(report, row);
    write_difference(report, row);
    text_append(&report->page, "</tr>\n");
    text_free(&where);
}

/* 'Base above, new below: 0 to 35.2 ms' */
static void append_scale(struct text *text, size_t figure, const struct scale *scale)
{
    text_append(text, "Base above, new below: ");
    comparison_append_figure(text, figure, scale->from);
    text_append(text, " to ");
    comparison_append_value(text, figure, scale->to);
}

static void write_figure(struct report *report, const struct comparison *comparison, size_t figure)
{
    size_t count;
    const struct compared_row **rows = comparison_rows_of(comparison, figure, &count);
    struct scale scale = scale_of(rows, count);
    struct text text = {0};

    if (count > 0) {
        page_element(report, "h3", compared_figures[figure].name);
        append_scale(&text, figure, &scale);
        text_append(&report->page, "\n<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Of"
                                   "</th><th class=\"n\" scope=\"col\">Experiments</th>");
        page_element(report, "th scope=\"col\"", text_string(&text));
        text_append(&report->page,
                    "<th class=\"n\" scope=\"col\">Base, 95 %</th><th class=\"n\" "
                    "scope=\"col\">New, 95 %</th><th class=\"n\" scope=\"col\">Change</th>"
                    "<th class=\"n\" scope=\"col\">p</th><th scope=\"col\">New is</th></tr></thead>"
                    "<tbody>\n");
    }
    for (size_t i = 0; i < count; i++)
        write_row(report, &scale, rows[i]);
    if (count > 0)
        text_append(&report->page, "</tbody></table></div>\n");
    text_free(&text);
    free(rows);
}

void comparison_write_figures(struct report *report, const struct comparison *comparison)
{
    text_append(&report->page, "<section id=\"figures\">\n<h2>Figures</h2>\n");
    if (comparison->row_count == 0)
        page_nothing(report, "The runs have no figure in common: none has a valid experiment of "
                             "what the other has.");
    for (size_t figure = 0; figure < FIGURES; figure++)
        write_figure(report, comparison, figure);
    text_append(&report->page, "</section>\n");
}
