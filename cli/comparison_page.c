#include "cli/comparison_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/page_folder.h"
#include "analysis/report_text.h"
#include "cli/comparison_figures.h"
#include "cli/comparison_table.h"
#include "cli/gates_output.h"

static const char *const side_names[COMPARED_SIDES] = {"Base", "New"};

/* Of the report's style sheet, for the outcomes of gates. */
static const char *const outcome_badges[GATE_OUTCOMES] = {"valid", "invalid", "torn"};
static const char *const outcome_words[GATE_OUTCOMES] = {"passed", "regression", "not judged"};

static const char gates_head[] =
    "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Outcome</th><th scope=\"col\">Of"
    "</th><th scope=\"col\">Regression if</th><th class=\"n\" scope=\"col\">Base</th>"
    "<th class=\"n\" scope=\"col\">New</th><th class=\"n\" scope=\"col\">Change</th>"
    "<th class=\"n\" scope=\"col\">p</th><th class=\"n\" scope=\"col\">Line</th></tr></thead>"
    "<tbody>\n";

static const char method[] =
    "<section id=\"method\">\n<h2>Method notes</h2>\n<dl>\n"
    "<dt>Figures</dt><dd>Over the valid experiments of each run, one value an experiment; failed "
    "calls and response time while the injection was there, availability over the measured time, "
    "of nominal experiments all over that time. That over all faults is the mean of the groups' "
    "means. &gt; marks a figure with a value that is only known to be at least so large.</dd>\n"
    "<dt>Intervals</dt><dd>Of 95 %: Student's t over experiments; of areas by resampled "
    "experiments. One experiment has none.</dd>\n"
    "<dt>p</dt><dd>Of a two-sided permutation test over experiments, corrected by Holm's method: "
    "in "
    "the figures for all of their lines, in the gates for the tests of the gates alone. It can't "
    "be "
    "told where so few experiments allow no p of 5 %. Figures of detectors have no test.</dd>\n"
    "<dt>Gates</dt><dd>All that stands under &#8220;regression if&#8221; has to hold. A gate that "
    "could not fail, whatever was measured, is not judged and never passes.</dd>\n"
    "</dl>\n</section>\n</main>\n";

static void write_title(struct report *report, const struct comparison *comparison)
{
    const struct compared_run *base = &comparison->runs[COMPARED_BASE];
    const struct compared_run *new = &comparison->runs[COMPARED_NEW];
    struct text title = {0};

    text_append(&title, base->name);
    if (strcmp(base->name, new->name) != 0)
        text_appendf(&title, " and %s", new->name);
    text_append(&report->page,
                "<header>\n<p class=\"kicker\">vnfault comparison of two runs</p>\n");
    page_element(report, "h1", text_string(&title));
    text_append(&report->page, "\n<nav><a href=\"#runs\">Runs</a> <a href=\"#gates\">Gates</a> "
                               "<a href=\"#changes\">How they were made</a> <a href=\"#figures\">"
                               "Figures</a> <a href=\"#method\">Method notes</a></nav>\n</header>\n"
                               "<main>\n");
    text_free(&title);
}

/* How many rows the tests say to differ, for want of gates. */
static void write_differences(struct report *report, const struct comparison *comparison)
{
    size_t tests = 0;
    size_t apart = 0;

    for (size_t i = 0; i < comparison->row_count; i++) {
        tests += !isnan(comparison->rows[i].corrected_p);
        apart += comparison->rows[i].corrected_p <= comparison_significance;
    }
    text_appendf(&report->page,
                 "<p class=\"verdict%s\">%zu of %zu tested figures differ%s at 5 %%. No gates say "
                 "what is a regression.</p>\n",
                 apart > 0 ? " warn" : "", apart, tests, apart == 1 ? "s" : "");
}

/* The first verdict of an outcome in full. */
static void write_first(struct report *report, const struct gate_verdicts *verdicts,
                        enum gate_outcome outcome)
{
    struct text text = {0};

    for (size_t i = 0; i < verdicts->count && text.length == 0; i++) {
        if (verdicts->items[i].outcome == outcome)
            gates_append_verdict(&text, &verdicts->items[i]);
    }
    append_html(&report->page, text_string(&text));
    text_free(&text);
}

static void write_verdict(struct report *report, const struct comparison *comparison,
                          const struct gate_verdicts *verdicts)
{
    struct text *page = &report->page;
    size_t regressions;
    size_t unjudged;

    if (verdicts == NULL) {
        write_differences(report, comparison);
        return;
    }
    regressions = gate_verdicts_count(verdicts, GATE_REGRESSION);
    unjudged = gate_verdicts_count(verdicts, GATE_UNJUDGED);
    text_appendf(page, "<p class=\"verdict%s\">",
                 regressions > 0 ? " bad"
                 : unjudged > 0  ? " warn"
                                 : "");
    if (regressions > 0) {
        text_appendf(page, "%zu regression%s: ", regressions, regressions == 1 ? "" : "s");
        write_first(report, verdicts, GATE_REGRESSION);
    } else if (unjudged > 0) {
        text_appendf(page, "No regression, but %zu gate%s could not be judged: ", unjudged,
                     unjudged == 1 ? "" : "s");
        write_first(report, verdicts, GATE_UNJUDGED);
    } else {
        text_appendf(page, "No regression: all %zu gates passed", verdicts->count);
    }
    text_appendf(page, ".</p>\n");
    if (comparison->change_count > 0)
        text_appendf(page,
                     "<p class=\"note\"><strong>Not made the same way:</strong> %zu thing%s differ"
                     "%s <a href=\"#changes\">between the two</a>, and what follows may come from "
                     "that.</p>\n",
                     comparison->change_count, comparison->change_count == 1 ? "" : "s",
                     comparison->change_count == 1 ? "s" : "");
}

static void write_runs(struct report *report, const struct comparison *comparison)
{
    text_append(&report->page,
                "<section id=\"runs\">\n<h2>Runs</h2>\n<div class=\"scroll\"><table><thead><tr>"
                "<th scope=\"col\">Run</th><th scope=\"col\">Folder</th><th scope=\"col\">Campaign"
                "</th><th class=\"n\" scope=\"col\">Valid<br/>experiments</th>"
                "<th class=\"n\" scope=\"col\">Invalid<br/>experiments</th><th scope=\"col\">"
                "Figures of detectors</th></tr></thead><tbody>\n");
    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        const struct compared_run *run = &comparison->runs[side];

        text_append(&report->page, "<tr>");
        page_element(report, "th scope=\"row\"", side_names[side]);
        page_element(report, "td class=\"name\"", run->folder);
        page_element(report, "td class=\"text\"", run->name);
        page_number(report, (double)run->valid);
        page_number(report, (double)run->invalid);
        page_element(report, "td class=\"wide\"",
                     run->no_evaluation != NULL ? run->no_evaluation : "of its evaluation");
        text_append(&report->page, "</tr>\n");
    }
    text_append(&report->page, "</tbody></table></div>\n</section>\n");
}

/* 'higher by more than 1 percentage points and by more than 20 % of the base, p at most 0.05' */
static void write_bounds(struct report *report, const struct gate *gate)
{
    const struct compared_figure *figure = &compared_figures[gate->figure];
    struct text text = {0};

    text_append(&text, gate->higher_is_worse ? "higher" : "lower");
    if (!isnan(gate->absolute))
        text_appendf(&text, " by more than %.3g%s%s", figure->scale * gate->absolute,
                     figure->unit[0] != '\0' ? " " : "", figure->difference_unit);
    if (!isnan(gate->relative))
        text_appendf(&text, "%s by more than %.3g %% of the base",
                     isnan(gate->absolute) ? "" : " and", 100 * gate->relative);
    if (!isnan(gate->significance))
        text_appendf(&text, ", p at most %.3g", gate->significance);
    page_element(report, "td class=\"text\"", text_string(&text));
    text_free(&text);
}

static void write_gate(struct report *report, const struct gate_verdict *verdict)
{
    struct text subject = {0};

    gates_append_subject(&subject, verdict);
    text_appendf(&report->page, "<tr class=\"%s\"><td><span class=\"badge %s\">%s</span></td>",
                 verdict->why != NULL ? "has-remark" : "", outcome_badges[verdict->outcome],
                 outcome_words[verdict->outcome]);
    page_element(report, "td class=\"name\"", text_string(&subject));
    write_bounds(report, verdict->gate);
    comparison_write_values(report, &verdict->row);
    text_appendf(&report->page, "<td class=\"n\">%d</td></tr>\n", verdict->gate->line);
    if (verdict->why != NULL) {
        text_append(&report->page, "<tr class=\"remark\"><td></td><td colspan=\"7\">");
        append_html(&report->page, verdict->why);
        text_append(&report->page, "</td></tr>\n");
    }
    text_free(&subject);
}

static void write_gates(struct report *report, const struct gate_verdicts *verdicts)
{
    /* What asks for attention comes first. */
    static const enum gate_outcome order[] = {GATE_REGRESSION, GATE_UNJUDGED, GATE_PASSED};

    text_append(&report->page, "<section id=\"gates\">\n<h2>Gates</h2>\n");
    if (verdicts == NULL || verdicts->count == 0) {
        page_nothing(report, "No gates were asked for.");
        text_append(&report->page, "</section>\n");
        return;
    }
    text_append(&report->page, gates_head);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        for (size_t j = 0; j < verdicts->count; j++) {
            if (verdicts->items[j].outcome == order[i])
                write_gate(report, &verdicts->items[j]);
        }
    }
    text_append(&report->page, "</tbody></table></div>\n</section>\n");
}

static void write_changes(struct report *report, const struct comparison *comparison)
{
    text_append(&report->page, "<section id=\"changes\">\n<h2>How they were made</h2>\n");
    if (comparison->change_count == 0) {
        page_nothing(report,
                     "The same way: campaign, load, time scale, testbed and versions do not "
                     "differ in what the runs record.");
        text_append(&report->page, "</section>\n");
        return;
    }
    text_append(&report->page,
                "<p>Not the same way, from which all that follows may come.</p>\n"
                "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">What</th>"
                "<th scope=\"col\">Base</th><th scope=\"col\">New</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < comparison->change_count; i++) {
        const struct comparison_change *change = &comparison->changes[i];

        text_append(&report->page, "<tr>");
        page_element(report, "td class=\"name\"", change->what);
        page_element(report, "td class=\"wide\"",
                     change->base[0] != '\0' ? change->base : "nothing");
        page_element(report, "td class=\"wide\"", change->new[0] != '\0' ? change->new : "nothing");
        text_append(&report->page, "</tr>\n");
    }
    text_append(&report->page, "</tbody></table></div>\n</section>\n");
}

/* The sections share what those of a run's report do; there is no single run that they are of. */
int comparison_page_write(const struct comparison *comparison, const struct gate_verdicts *verdicts,
                          const char *path, struct error *error)
{
    struct report_run none = {0};
    const struct report_source source = {.run = &none};
    struct report report = {.source = &source, .run = &none};
    int result;

    page_begin(&report.page, "vnfault comparison: ", comparison->runs[COMPARED_NEW].name);
    write_title(&report, comparison);
    write_verdict(&report, comparison, verdicts);
    write_runs(&report, comparison);
    write_gates(&report, verdicts);
    write_changes(&report, comparison);
    comparison_write_figures(&report, comparison);
    text_append(&report.page, method);
    result = page_end(path, &report.page, error);
    text_free(&report.page);
    return result;
}
