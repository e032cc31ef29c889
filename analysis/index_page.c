#include "analysis/index_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report_text.h"
#include "base/clock.h"
#include "base/memory.h"

/* Classes of the style sheet for the verdicts of runs. */
static const char *const badges[RUN_VERDICTS] = {"valid", "violated", "invalid", "torn", "running"};

char *index_campaign_name(const struct index_run *run)
{
    if (strcmp(run->time_scale, "1") == 0 || strcmp(run->time_scale, "1/1") == 0)
        return memory_string(run->campaign);
    return memory_format("%s at time scale %s", run->campaign, run->time_scale);
}

void index_write_head(struct report *report, const struct run_index *index)
{
    struct text *page = &report->page;
    size_t good = 0;

    for (size_t i = 0; i < index->run_count; i++)
        good += index->runs[i].summary.verdict == RUN_VALID;
    text_append(page, "<header>\n<p class=\"kicker\">vnfault index of runs</p>\n");
    page_element(report, "h1", index->folder);
    text_append(page, "\n<nav><a href=\"#runs\">Runs</a> <a href=\"#trends\">Trends</a> ");
    if (index->unread_count > 0)
        text_append(page, "<a href=\"#unread\">Not read</a> ");
    text_append(page, "<a href=\"#method\">Method notes</a></nav>\n</header>\n<main>\n");
    text_appendf(page, "<p class=\"verdict%s\">%zu run%s, of which %zu %s valid",
                 index->run_count > 0 && good == index->run_count ? "" : " warn", index->run_count,
                 index->run_count == 1 ? "" : "s", good, good == 1 ? "is" : "are");
    if (index->unread_count > 0)
        text_appendf(page, "; %zu folder%s could not be read", index->unread_count,
                     index->unread_count == 1 ? "" : "s");
    text_append(page, ".</p>\n");
}

static void write_name(struct report *report, const struct index_run *run, const char *output)
{
    struct text *page = &report->page;
    char *file = memory_format("%s/report/index.html", run->folder);
    char *link = index_link(output, file);

    text_append(page, "<th scope=\"row\" class=\"name\">");
    if (link != NULL) {
        text_append(page, "<a href=\"");
        append_html(page, link);
        text_append(page, "\">");
    }
    append_html(page, run->name);
    text_append(page, link != NULL ? "</a></th>" : "</th>");
    free(link);
    free(file);
}

static void write_times(struct report *report, const struct index_run *run)
{
    char buffer[64];
    char duration[32] = "\xe2\x80\x93";

    clock_format(run->started_ns, buffer, sizeof buffer);
    buffer[10] = ' '; /* 2026-11-27 18:05 is enough of it */
    buffer[16] = '\0';
    page_element(report, "td class=\"n\"", buffer);
    if (run->summary.duration_ns > 0)
        clock_format_duration(run->summary.duration_ns, duration, sizeof duration);
    page_element(report, "td class=\"n\"", duration);
}

static void write_area(struct report *report, const struct index_detector *detector, int figure)
{
    text_append(&report->page, "<td class=\"n\">");
    if (detector != NULL && isfinite(detector->figures[figure].value))
        text_appendf(&report->page, "%.3f", detector->figures[figure].value);
    else
        append_number(&report->page, NAN);
    text_append(&report->page, "</td>");
}

static void write_run(struct report *report, const struct index_run *run, const char *output)
{
    const struct run_summary *summary = &run->summary;
    const struct index_detector *worst = index_worst_detector(run);
    size_t others = summary->experiments[REPORT_INVALID] + summary->experiments[REPORT_TORN];

    text_appendf(&report->page, "<tr id=\"run-%zu\"><td class=\"n\">%zu</td>", run->number,
                 run->number);
    write_name(report, run, output);
    page_element(report, "td class=\"text\"", run->campaign);
    write_times(report, run);
    page_element(report, "td class=\"n\"", run->time_scale);
    page_element(report, "td class=\"text\"", run->testbed);
    page_number(report, (double)summary->experiments[REPORT_VALID]);
    page_number(report, (double)others);
    text_appendf(&report->page, "<td><span class=\"badge %s\">%s</span></td>",
                 badges[summary->verdict], run_verdict_names[summary->verdict]);
    page_share(report, summary_failed_share(&summary->nominal));
    page_share(report, summary_failed_share(&summary->fault));
    text_append(&report->page, "<td class=\"n\">");
    append_availability(&report->page, summary->availability);
    text_append(&report->page, "</td>");
    write_area(report, worst, INDEX_ROC);
    write_area(report, worst, INDEX_PRECISION);
    text_append(&report->page, "</tr>\n");
    if (run->no_evaluation != NULL) {
        text_append(&report->page, "<tr class=\"remark\"><td></td><td colspan=\"14\">"
                                   "Its evaluation is not shown: ");
        append_html(&report->page, run->no_evaluation);
        text_append(&report->page, ".</td></tr>\n");
    }
}

void index_write_runs(struct report *report, const struct run_index *index, const char *output)
{
    text_append(&report->page, "<section id=\"runs\">\n<h2>Runs</h2>\n");
    if (index->run_count == 0)
        page_nothing(report, "There is no run that could be read.");
    else
        text_append(
            &report->page,
            "<p>The latest first; times are UTC. A name leads to the run's report, where it has "
            "one.</p>\n<div class=\"scroll\"><table><thead><tr>"
            "<th class=\"n\" scope=\"col\">Run</th><th scope=\"col\">Folder</th>"
            "<th scope=\"col\">Campaign</th><th scope=\"col\">Started</th>"
            "<th class=\"n\" scope=\"col\">Took</th><th class=\"n\" scope=\"col\">Time<br/>scale"
            "</th><th scope=\"col\">Testbed</th><th class=\"n\" scope=\"col\">Valid</th>"
            "<th class=\"n\" scope=\"col\">Invalid,<br/>torn</th><th scope=\"col\">Verdict</th>"
            "<th class=\"n\" scope=\"col\">Failed calls,<br/>nominal</th>"
            "<th class=\"n\" scope=\"col\">Failed calls,<br/>under fault</th>"
            "<th class=\"n\" scope=\"col\">Avail-<br/>ability</th><th class=\"n\" scope=\"col\">"
            "ROC<br/>AUC</th><th class=\"n\" scope=\"col\">PR<br/>AUC</th></tr></thead>"
            "<tbody>\n");
    for (size_t i = index->run_count; i > 0; i--)
        write_run(report, &index->runs[i - 1], output);
    text_append(&report->page,
                index->run_count > 0 ? "</tbody></table></div>\n</section>\n" : "</section>\n");
}

void index_write_unread(struct report *report, const struct run_index *index)
{
    if (index->unread_count == 0)
        return;
    text_append(
        &report->page,
        "<section id=\"unread\">\n<h2>Not read</h2>\n<div class=\"scroll\"><table><thead>"
        "<tr><th scope=\"col\">Folder</th><th scope=\"col\">Why</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < index->unread_count; i++) {
        text_append(&report->page, "<tr>");
        page_element(report, "th scope=\"row\" class=\"name\"", index->unread[i].name);
        page_element(report, "td class=\"wide\"", index->unread[i].why);
        text_append(&report->page, "</tr>\n");
    }
    text_append(&report->page, "</tbody></table></div>\n</section>\n");
}

void index_write_method(struct report *report)
{
    text_append(
        &report->page,
        "<section id=\"method\">\n<h2>Method notes</h2>\n<dl>\n"
        "<dt>Verdict</dt><dd>valid: complete, every experiment is valid, the campaign's service "
        "level was kept; violated: the service level was not kept; invalid: an experiment is not "
        "valid; interrupted: ended before its last experiment; running: not ended, or its runner "
        "died.</dd>\n"
        "<dt>Failed calls</dt><dd>The share of the calls that ended: nominal over the measured "
        "time of valid nominal experiments, under fault while an injection of a valid experiment "
        "was there.</dd>\n"
        "<dt>Availability</dt><dd>The share of the measured time in which the service was up, mean "
        "over "
        "valid experiments with injections. A second is down if more calls of those that ended in "
        "it failed than the campaign's service level allows, or 5 % if it states none, or if none "
        "ended though five or more were due.</dd>\n"
        "<dt>ROC AUC, PR AUC</dt><dd>The area under the ROC curve and the average precision of the "
        "pooled scores for the question whether there is any fault, by experiment where the run "
        "allows that; in the table those of the target with the least ROC AUC.</dd>\n"
        "<dt>Trends</dt><dd>A point is the mean over the experiments of a run that are alike; bars "
        "are "
        "its interval of 95 % by Student's t, or of areas by resampled experiments. A single "
        "experiment has none. These are the figures of vnfault compare, which tests whether two "
        "runs differ. Runs of other time scales are not drawn together. Runs are numbered as in "
        "the table.</dd>\n"
        "</dl>\n</section>\n</main>\n");
}
