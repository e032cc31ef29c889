#include <math.h>
#include <string.h>

#include "analysis/report_page.h"
#include "analysis/report_text.h"

static const char introduction[] =
    "<p>A fault on one target is often seen from others. Each row is a target that faults were on, "
    "each column one whose detector looked: how many of the faults it saw, of those that it had "
    "scores for, and the median delay of these. A cell is shaded by the share that was seen. Where "
    "a detector gives many false alarms, it sees faults by chance too.</p>\n";

/* The matrix goes by rows, one for each of its targets. */
static size_t side_of(const struct evaluation *evaluation)
{
    size_t side = 0;

    while ((side + 1) * (side + 1) <= evaluation->propagation_count)
        side++;
    return side;
}

static void write_cell(struct report *report, const struct propagation_cell *cell)
{
    struct text *page = &report->page;

    if (cell->observed == 0) {
        page_number(report, NAN);
        return;
    }
    text_appendf(page, "<td class=\"n share\" style=\"--share:%.3f\">%zu of %zu",
                 (double)cell->seen / (double)cell->observed, cell->seen, cell->observed);
    if (isfinite(cell->median_delay_s)) {
        text_append(page, "<br/>");
        append_number(page, cell->median_delay_s);
        text_append(page, " s");
    }
    text_append(page, "</td>");
}

static void write_matrix(struct report *report, const struct evaluation *evaluation, size_t side)
{
    text_append(&report->page, "<div class=\"scroll\"><table><thead>\n<tr><th></th>");
    text_appendf(&report->page, "<th class=\"g\" colspan=\"%zu\">seen from</th></tr>\n", side);
    text_append(&report->page, "<tr><th>Fault on</th>");
    for (size_t i = 0; i < side; i++)
        page_element(report, "th class=\"n\"", evaluation->propagation[i].seen_from);
    text_append(&report->page, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < side; i++) {
        text_append(&report->page, "<tr>");
        page_element(report, "td class=\"name\"", evaluation->propagation[i * side].faulty);
        for (size_t j = 0; j < side; j++)
            write_cell(report, &evaluation->propagation[i * side + j]);
        text_append(&report->page, "</tr>\n");
    }
    text_append(&report->page, "</tbody></table></div>\n");
}

static void write_localisation(struct report *report, const struct localisation_result *result)
{
    text_appendf(&report->page,
                 "<p>Where the first alarm was, of %zu faults: on the faulty target alone for %zu, "
                 "there and elsewhere within a monitoring period for %zu, only elsewhere for %zu, "
                 "nowhere for %zu.</p>\n",
                 result->right + result->tied + result->wrong + result->unseen, result->right,
                 result->tied, result->wrong, result->unseen);
}

int report_write_propagation(struct report *report, struct error *error)
{
    const struct evaluation *evaluation = report->source->evaluation;
    size_t side;

    (void)error;
    if (evaluation == NULL || evaluation->target_count == 0) {
        page_nothing(report, "Without an evaluation nothing is known of propagation.");
        return 0;
    }
    side = side_of(evaluation);
    if (side < 2) {
        page_nothing(report, "Propagation needs two targets at least whose detectors were tested "
                             "on whole experiments.");
        return 0;
    }
    text_append(&report->page, introduction);
    write_matrix(report, evaluation, side);
    write_localisation(report, &evaluation->localisation);
    return 0;
}
