#include "analysis/report_detection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_detection.h"
#include "analysis/figure_detector.h"
#include "analysis/report_detector.h"
#include "analysis/report_text.h"
#include "base/memory.h"

static const char introduction[] =
    "<p>Every observation of an experiment, also in the ramps, by the detector that was trained "
    "without this experiment. A score at the threshold and above is an alarm. A fault is "
    "<strong>found</strong> "
    "if there is an alarm between its applied and its gone edge, <strong>missed</strong> if there "
    "are scores and no alarm, <strong>unknown</strong> without a score. The delay is from the "
    "applied edge to the first alarm. Where the last score before the applied edge was an alarm "
    "already, the delay says little: most often the ramp was seen. A false alarm is a run of "
    "alarms "
    "in nominal observations alone.</p>\n"
    "<p>Precision, recall and F1 are of single observations. Adjusted by points, a fault with one "
    "alarm counts as found in all its observations (Xu et al., 2018). That is common, and far too "
    "kind: scores drawn at random do well by it (Kim et al., 2022). It stands here to be compared "
    "with other work.</p>\n";

static const char table_head[] =
    "<div class=\"scroll\"><table><thead>\n<tr><th></th><th class=\"g\" colspan=\"4\">Faults</th>"
    "<th class=\"g\" colspan=\"3\">False alarms</th><th class=\"g\" colspan=\"3\">Observations</th>"
    "<th class=\"g\" colspan=\"3\">Adjusted by points</th></tr>\n<tr><th>Split</th>"
    "<th class=\"n\">found</th><th class=\"n\">missed</th><th class=\"n\">unknown</th>"
    "<th class=\"n\">median delay, s</th><th class=\"n\">number</th><th class=\"n\">nominal, "
    "s</th><th class=\"n\">a day</th>"
    "<th class=\"n\">precision</th><th class=\"n\">recall</th><th class=\"n\">F1</th>"
    "<th class=\"n\">precision</th><th class=\"n\">recall</th><th class=\"n\">F1</th>"
    "</tr></thead><tbody>\n";

static bool available(const struct split_result *split)
{
    return split->unavailable == NULL && split->detection.unavailable == NULL;
}

static void write_figures(struct report *report, const struct detection_scores *scores)
{
    const double figures[] = {scores->precision, scores->recall, scores->f1};

    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        text_append(&report->page, "<td class=\"n\">");
        if (isfinite(figures[i]))
            text_appendf(&report->page, "%.3f", figures[i]);
        else
            append_number(&report->page, NAN);
        text_append(&report->page, "</td>");
    }
}

static void write_split(struct report *report, const struct split_result *split)
{
    const struct detection_result *detection = &split->detection;

    text_append(&report->page, "<tr><td class=\"name\">");
    append_split_name(&report->page, split);
    text_appendf(&report->page,
                 "</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td>",
                 detection->found, detection->missed, detection->unknown);
    page_number(report, detection->median_delay_s);
    text_appendf(&report->page, "<td class=\"n\">%zu</td>", detection->false_alarms);
    page_number(report, detection->nominal_s);
    page_number(report, detection->false_alarms_per_day);
    write_figures(report, &detection->plain);
    write_figures(report, &detection->point_adjusted);
    text_append(&report->page, "</tr>\n");
}

static int write_delays(struct report *report, const struct target_result *target,
                        struct error *error)
{
    int result = 0;

    text_append(&report->page, "<div class=\"pair\">\n");
    for (size_t i = 0; result == 0 && i < target->split_count; i++) {
        struct figure figure;

        if (!available(&target->splits[i]) || target->splits[i].detection.fault_count == 0)
            continue;
        figure_delays(&figure, target, &target->splits[i]);
        result = page_figure(report, &figure, error);
    }
    text_append(&report->page, "</div>\n");
    return result;
}

static int write_scores(struct report *report, const struct target_result *target,
                        struct error *error)
{
    const struct split_result *split = report_series_split(target);
    struct figure figure;

    if (split == NULL)
        return 0;
    if (figure_scores(&figure, report->run, target, split))
        return page_figure(report, &figure, error);
    figure_free(&figure);
    page_nothing(report, "No observation of a tested experiment has a score.");
    return 0;
}

/* The faults of the split whose scores are shown are open, those of others open on a click. */
static void write_faults(struct report *report, const struct target_result *target)
{
    const struct split_result *shown = report_series_split(target);

    for (size_t i = 0; i < target->split_count; i++) {
        const struct split_result *split = &target->splits[i];

        if (!available(split) || split->detection.fault_count == 0)
            continue;
        text_append(&report->page, split == shown ? "<details open=\"open\">" : "<details>");
        text_append(&report->page, "<summary>Faults, ");
        append_split_name(&report->page, split);
        text_append(&report->page, "</summary>\n");
        report_write_detected_faults(report, &split->detection);
        text_append(&report->page, "</details>\n");
    }
}

static void write_none(struct report *report, const struct target_result *target)
{
    struct text why = {0};

    text_append(&why, "There is no detection over time for this target");
    for (size_t i = 0; i < target->split_count; i++) {
        const struct split_result *split = &target->splits[i];
        const char *reason =
            split->unavailable != NULL ? split->unavailable : split->detection.unavailable;

        text_append(&why, i == 0 ? ": " : "; ");
        append_split_name(&why, split);
        text_append(&why, ", ");
        text_append(&why, reason != NULL ? reason : "no reason is known");
    }
    text_append(&why, ".");
    page_nothing(report, text_string(&why));
    text_free(&why);
}

static int write_target(struct report *report, const struct target_result *target,
                        struct error *error)
{
    size_t count = 0;

    page_element(report, "h3", target->target);
    for (size_t i = 0; i < target->split_count; i++) {
        if (!available(&target->splits[i]))
            continue;
        if (count++ == 0)
            text_append(&report->page, table_head);
        write_split(report, &target->splits[i]);
    }
    if (count == 0) {
        write_none(report, target);
        return 0;
    }
    text_append(&report->page, "</tbody></table></div>\n");
    if (write_scores(report, target, error) < 0 || write_delays(report, target, error) < 0)
        return -1;
    write_faults(report, target);
    return 0;
}

/* What the figures leave to be explained. */
static void write_explanation(struct report *report)
{
    text_append(&report->page,
                "<p>In the figures of scores experiments stand one after the other, without the "
                "time between them; their numbers above are those of the table of experiments. The "
                "faults of the target itself are shaded strongly, those of others lightly; a mark "
                "above shows where a fault is that is too short to be seen. Of the observations in "
                "a pixel's width the lowest and the highest are drawn, so that no alarm is lost.");
    if (report_reconstructs(report))
        text_append(
            &report->page,
            " Errors below a thousandth of the threshold are drawn there. In the tables, the "
            "resource group is that of the greatest ratio of error to threshold inside the "
            "fault, the rank is that of the group which the fault acts on, and the metrics "
            "are the fewest that make 90&#160;% of the group's error.");
    text_append(&report->page, "</p>\n");
    if (report_is_scaled(report)) {
        text_append(&report->page,
                    "<p class=\"note\">Seconds and days are those of the run. At its "
                    "time scale of ");
        append_html(&report->page, report->run->run.time_scale);
        text_append(&report->page, " periods and faults were so much shorter than the campaign's: "
                                   "delays and false alarms a day of the campaign at full length "
                                   "would be others.</p>\n");
    }
}

int report_write_detection(struct report *report, struct error *error)
{
    const struct evaluation *evaluation = report->source->evaluation;

    if (evaluation == NULL || evaluation->target_count == 0) {
        page_nothing(report, "Without an evaluation there is no detection over time.");
        return 0;
    }
    text_append(&report->page, introduction);
    write_explanation(report);
    for (size_t i = 0; i < evaluation->target_count; i++) {
        if (write_target(report, &evaluation->targets[i], error) < 0)
            return -1;
    }
    return 0;
}
