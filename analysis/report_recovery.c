#include <math.h>

#include "analysis/comparison_parts.h"
#include "analysis/index_run.h"
#include "analysis/report_page.h"
#include "analysis/report_text.h"
#include "analysis/run_summary.h"
#include "analysis/service_course.h"

static const char groups_head[] =
    "<h3>By fault, intensity and target</h3>\n<p>Means over the valid experiments, with their "
    "intervals of 95 %; a single experiment has none.</p>\n<div class=\"scroll\"><table><thead><tr>"
    "<th scope=\"col\">Fault</th><th scope=\"col\">Target</th><th class=\"n\" scope=\"col\">"
    "Experiments</th><th class=\"n\" scope=\"col\">Availability</th>"
    "<th class=\"n\" scope=\"col\">Time to recover, s</th></tr></thead><tbody>\n";

static const char injections_head[] =
    "<h3>By injection</h3>\n<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Experiment"
    "</th><th scope=\"col\">Target</th><th scope=\"col\">Fault</th><th class=\"n\" scope=\"col\">"
    "Availability</th><th class=\"n\" scope=\"col\">Time to recover, s</th></tr></thead><tbody>\n";

static void write_fault(struct report *report, const char *fault_type, const char *intensity)
{
    text_append(&report->page, "<td>");
    page_fault(report, fault_type);
    text_append(&report->page, " ");
    append_html(&report->page, intensity);
    text_append(&report->page, "</td>");
}

static void write_figure(struct report *report, const struct compared_group *group, size_t figure,
                         void (*append)(struct text *text, double value))
{
    struct index_figure shown = index_figure_of(group, figure);

    text_appendf(&report->page, "<td class=\"n\">%s",
                 group->cut_short[COMPARED_BASE][figure] > 0 ? "&gt; " : "");
    append(&report->page, shown.value);
    if (!isnan(shown.lower)) {
        text_append(&report->page, "<span class=\"muted bounds\">");
        append(&report->page, shown.lower);
        text_append(&report->page, " to ");
        append(&report->page, shown.upper);
        text_append(&report->page, "</span>");
    }
    text_append(&report->page, "</td>");
}

static void write_groups(struct report *report, const struct comparison *figures)
{
    text_append(&report->page, groups_head);
    for (size_t i = 0; i < figures->group_count; i++) {
        const struct compared_group *group = &figures->groups[i];

        text_append(&report->page, "<tr>");
        write_fault(report, group->fault_type, group->intensity);
        page_element(report, "td class=\"name\"", group->target);
        page_number(report, (double)group->experiments[COMPARED_BASE]);
        write_figure(report, group, FIGURE_AVAILABILITY, append_availability);
        write_figure(report, group, FIGURE_TIME_TO_RECOVER, append_number);
        text_append(&report->page, "</tr>\n");
    }
    text_append(&report->page, "</tbody></table></div>\n");
}

static void write_injection(struct report *report, const struct report_experiment *experiment,
                            const struct service_course *course, size_t index)
{
    const struct stored_injection *stored = &experiment->injections[index].stored;
    const struct service_recovery *recovery = &course->recoveries[index];

    text_append(&report->page, "<tr>");
    page_element(report, "td class=\"name\"", experiment->stored.name);
    page_element(report, "td", stored->target);
    write_fault(report, stored->fault_type, stored->intensity);
    text_append(&report->page, "<td class=\"n\">");
    append_availability(&report->page, course->availability);
    text_appendf(&report->page, "</td><td class=\"n\">%s",
                 !isnan(recovery->seconds) && !recovery->is_over ? "&gt; " : "");
    append_number(&report->page, recovery->seconds);
    text_append(&report->page, "</td></tr>\n");
}

static void write_injections(struct report *report, const struct service_course *courses)
{
    text_append(&report->page, injections_head);
    for (size_t i = 0; i < report->run->experiment_count; i++) {
        const struct report_experiment *experiment = &report->run->experiments[i];

        for (size_t j = 0; j < experiment->injection_count; j++)
            write_injection(report, experiment, &courses[i], j);
    }
    text_append(&report->page, "</tbody></table></div>\n");
}

static bool has_samples(const struct report_run *run)
{
    for (size_t i = 0; i < run->experiment_count; i++) {
        if (run->experiments[i].figures.samples > 0)
            return true;
    }
    return false;
}

static int write_tables(struct report *report, struct error *error)
{
    double bound = run_failure_bound(report->run);
    struct comparison figures = {.maximum_failure_share = bound};
    struct service_course *courses = NULL;
    int result = service_courses_read(report->source->store, report->run, bound, &courses, error);

    if (result == 0) {
        comparison_add_courses(&figures, COMPARED_BASE, report->run, courses, NULL);
        text_append(&report->page,
                    "<p>A second is down if more of the calls that ended in it failed than ");
        append_share(&report->page, bound);
        text_append(&report->page,
                    ", or if none ended though five or more were due. Availability is the share of "
                    "the measured time that was up. The time to recover is from the instant at "
                    "which the fault was gone to the end of the last second that was down before "
                    "the service was up for 10 s, or the next injection; &gt;: it was still down "
                    "at the end.</p>\n");
        if (figures.group_count > 0)
            write_groups(report, &figures);
        write_injections(report, courses);
    }
    service_courses_free(courses, report->run);
    comparison_free(&figures);
    return result;
}

int report_write_recovery(struct report *report, struct error *error)
{
    if (has_samples(report->run))
        return write_tables(report, error);
    page_nothing(report, "The run holds no service metrics: no load was recorded.");
    return 0;
}
