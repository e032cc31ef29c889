/* The table of what became of a target's faults. */
#include <math.h>
#include <string.h>

#include "analysis/report_detection.h"
#include "analysis/report_text.h"

enum { METRICS_SHOWN = 2, METRICS_APART = 5 };

static bool reconstructs(const struct detection_result *detection)
{
    for (size_t i = 0; i < detection->fault_count; i++) {
        if (detection->faults[i].resource_group != NULL)
            return true;
    }
    return false;
}

static void write_metric(struct report *report, const struct metric_share *metric)
{
    append_html(&report->page, metric->metric);
    text_append(&report->page, " <span class=\"muted\">");
    append_share(&report->page, metric->share);
    text_append(&report->page, "</span>");
}

/* The first metrics; a long rest opens on a click. */
static void write_metrics(struct report *report, const struct fault_detection *fault)
{
    struct text *page = &report->page;
    size_t shown = fault->metric_count < METRICS_APART ? fault->metric_count : METRICS_SHOWN;

    text_append(page, "<td class=\"wide\">");
    for (size_t i = 0; i < fault->metric_count; i++) {
        if (i > 0 && i < shown)
            text_append(page, "<br/>");
        if (i == shown)
            text_appendf(page, "<details class=\"rest\"><summary>and %zu more</summary>",
                         fault->metric_count - shown);
        else if (i > shown)
            text_append(page, "<br/>");
        write_metric(report, &fault->metrics[i]);
    }
    text_append(page, shown < fault->metric_count ? "</details></td>" : "</td>");
}

static void write_group(struct report *report, const struct fault_detection *fault)
{
    page_element(report, "td", fault->resource_group != NULL ? fault->resource_group : "");
    text_append(&report->page, "<td class=\"n\">");
    append_number(&report->page,
                  fault->right_group_rank > 0 ? (double)fault->right_group_rank : NAN);
    text_append(&report->page, "</td>");
    write_metrics(report, fault);
}

static void write_verdict(struct report *report, const char *verdict)
{
    const char *class = strcmp(verdict, "found") == 0    ? "valid"
                        : strcmp(verdict, "missed") == 0 ? "invalid"
                                                         : "torn";

    text_appendf(&report->page, "<span class=\"badge %s\">", class);
    append_html(&report->page, verdict);
    text_append(&report->page, "</span>");
}

static void write_fault(struct report *report, const struct fault_detection *fault, bool groups)
{
    struct text *page = &report->page;

    text_append(page, "<tr>");
    page_element(report, "td class=\"name\"", fault->experiment);
    text_append(page, "<td>");
    page_fault(report, fault->fault_type);
    text_append(page, " ");
    append_html(page, fault->intensity);
    text_append(page, "</td><td>");
    write_verdict(report, fault->verdict);
    text_append(page, "</td>");
    page_number(report, fault->delay_s);
    page_number(report, fault->stays_s);
    text_append(page, fault->alarmed_before != 0 ? "<td>yes</td>" : "<td></td>");
    if (groups)
        write_group(report, fault);
    text_append(page, "</tr>\n");
}

void report_write_detected_faults(struct report *report, const struct detection_result *detection)
{
    bool groups = reconstructs(detection);

    text_append(&report->page, "<div class=\"scroll\"><table><thead>\n<tr><th>Experiment</th>"
                               "<th>Fault</th><th>Verdict</th><th class=\"n\">Delay, s</th>"
                               "<th class=\"n\">Stays, s</th><th>Alarmed before</th>");
    if (groups)
        text_append(&report->page, "<th>Resource group</th><th class=\"n\">Right one's rank</th>"
                                   "<th>Metrics, share of its error</th>");
    text_append(&report->page, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < detection->fault_count; i++)
        write_fault(report, &detection->faults[i], groups);
    text_append(&report->page, "</tbody></table></div>\n");
}
