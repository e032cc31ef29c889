#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/report_page.h"
#include "analysis/report_text.h"
#include "base/clock.h"

enum { COLUMNS = 14 };

static const char table_head[] =
    "<div class=\"scroll\"><table><thead>\n"
    "<tr><th colspan=\"3\"></th><th class=\"g\" colspan=\"3\">Fault and intensity</th>"
    "<th class=\"g\" colspan=\"3\">Start, s</th><th class=\"g\" colspan=\"2\">End, s</th>"
    "<th class=\"g\" colspan=\"3\">Uncertainty, ms</th></tr>\n"
    "<tr><th class=\"n\">#</th><th>Experiment</th><th>Target</th>"
    "<th>Fault</th><th class=\"n\">Requested</th><th class=\"n\">Achieved</th>"
    "<th class=\"n\">commanded</th><th class=\"n\">applied</th><th class=\"n\">verified</th>"
    "<th class=\"n\">commanded</th><th class=\"n\">gone</th>"
    "<th class=\"n\">clock &#177;</th><th class=\"n\">ramp in</th><th class=\"n\">ramp out</th>"
    "</tr></thead><tbody>\n";

/* An instant in seconds after the measurement began. */
static void write_edge(struct report *report, const struct report_experiment *experiment,
                       int64_t instant_ns)
{
    text_append(&report->page, "<td class=\"n\">");
    if (instant_ns > 0)
        text_appendf(&report->page, "%.2f", (double)(instant_ns - experiment->origin_ns) / 1e9);
    else
        append_number(&report->page, NAN);
    text_append(&report->page, "</td>");
}

/* A length in milliseconds; none if an edge is missing. */
static void write_length(struct report *report, int64_t from_ns, int64_t until_ns)
{
    text_append(&report->page, "<td class=\"n\">");
    append_number(&report->page,
                  from_ns > 0 && until_ns > 0 ? (double)(until_ns - from_ns) / 1e6 : NAN);
    text_append(&report->page, "</td>");
}

static void write_quantity(struct report *report, double value, const char *unit)
{
    text_append(&report->page, "<td class=\"n\">");
    append_number(&report->page, value);
    if (isfinite(value) && unit[0] != '\0') {
        text_append(&report->page, " ");
        append_html(&report->page, unit);
    }
    text_append(&report->page, "</td>");
}

/* The highest level of a profile that there is a measurement of; NULL if there is none. A profile
 * that was cut short has asked for more than that. */
static const struct report_level *highest_measured(const struct report_injection *injection)
{
    const struct report_level *found = NULL;

    for (size_t i = 0; i < injection->level_count; i++) {
        const struct report_level *level = &injection->levels[i];

        if (isfinite(level->stored.achieved) &&
            (found == NULL || level->stored.requested > found->stored.requested))
            found = level;
    }
    return found;
}

static void write_intensity(struct report *report, const struct report_injection *injection)
{
    const struct report_level *level = highest_measured(injection);
    const char *unit = injection->stored.unit;

    write_quantity(report, level != NULL ? level->stored.requested : injection->stored.requested,
                   unit);
    write_quantity(report, level != NULL ? level->stored.achieved : injection->stored.achieved,
                   unit);
}

static void write_injection(struct report *report, const struct report_experiment *experiment,
                            const struct report_injection *item)
{
    const struct stored_injection *injection = &item->stored;
    struct text *page = &report->page;

    page_element(report, "td", injection->target);
    text_append(page, "<td class=\"fault\">");
    page_fault(report, injection->fault_type);
    text_append(page, " ");
    append_html(page, injection->intensity);
    if (injection->mechanism != NULL) {
        text_append(page, "<br/>");
        page_element(report, "span class=\"muted\"", injection->mechanism);
    }
    text_append(page, "</td>");
    write_intensity(report, item);
    write_edge(report, experiment, injection->start_commanded_ns);
    write_edge(report, experiment, injection->applied_ns);
    write_edge(report, experiment, injection->verified_ns);
    write_edge(report, experiment, injection->end_commanded_ns);
    write_edge(report, experiment, injection->gone_ns);
    write_length(report, injection->applied_ns, injection->applied_ns + injection->edge_error_ns);
    write_length(report, injection->start_commanded_ns, injection->applied_ns);
    write_length(report, injection->end_commanded_ns, injection->gone_ns);
}

static void write_nominal(struct report *report, const struct report_experiment *experiment)
{
    page_element(report, "td", experiment->stored.target == NULL ? "" : experiment->stored.target);
    text_append(&report->page, "<td>");
    page_fault(report, experiment->stored.fault_type);
    text_appendf(&report->page, "</td><td colspan=\"10\" class=\"muted\">%s</td>",
                 experiment->stored.fault_type == NULL ? "" : "no injection was begun");
}

/* Why the experiment or an injection of it is not what was asked for. */
static bool write_reason(struct text *text, const struct report_experiment *experiment)
{
    size_t start = text->length;

    append_html(text, experiment->stored.reason);
    for (size_t i = 0; i < experiment->injection_count; i++) {
        const struct stored_injection *injection = &experiment->injections[i].stored;

        if (!injection->phantom && strcmp(injection->state, "failed") != 0)
            continue;
        if (injection->detail == NULL || injection->detail[0] == '\0')
            continue;
        if (experiment->stored.reason != NULL &&
            strstr(experiment->stored.reason, injection->detail) != NULL)
            continue; /* it is said already */
        text_append(text, text->length > start ? ". " : "");
        append_html(text, injection->fault_type);
        text_append(text, injection->phantom ? " did not take hold: " : " failed: ");
        append_html(text, injection->detail);
    }
    return text->length > start;
}

/* A row of its own below the experiment's. */
static void write_remark(struct text *page, const char *class, const char *html)
{
    text_appendf(page, "<tr class=\"remark %s\"><td></td><td colspan=\"%d\">%s</td></tr>\n", class,
                 COLUMNS - 1, html);
}

static void write_experiment(struct report *report, const struct report_experiment *experiment)
{
    const char *verdict = report_verdict_names[report_verdict_of(experiment)];
    struct text *page = &report->page;
    struct text reason = {0};
    struct text note = {0};
    bool has_reason = write_reason(&reason, experiment);
    bool has_note = experiment->stored.note != NULL;
    const char *row = has_reason || has_note ? "<tr class=\"has-remark\">" : "<tr>";

    for (size_t i = 0; i == 0 || i < experiment->injection_count; i++) {
        text_append(page, row);
        if (i == 0) {
            text_appendf(page, "<td class=\"n\">%" PRId64 "</td>", experiment->stored.cell + 1);
            text_append(page, "<td class=\"name\">");
            append_html(page, experiment->stored.name);
            text_appendf(page, "<br/><span class=\"badge %s\">%s</span></td>", verdict, verdict);
        } else {
            text_append(page, "<td></td><td></td>");
        }
        if (i < experiment->injection_count)
            write_injection(report, experiment, &experiment->injections[i]);
        else
            write_nominal(report, experiment);
        text_append(page, "</tr>\n");
    }
    if (has_reason)
        write_remark(page, has_note ? "reason has-remark" : "reason", text_string(&reason));
    append_html(&note, experiment->stored.note);
    if (has_note)
        write_remark(page, "note", text_string(&note));
    text_free(&reason);
    text_free(&note);
}

int report_write_experiments(struct report *report, struct error *error)
{
    (void)error;
    if (report->run->experiment_count == 0) {
        page_nothing(report, "This run holds no experiment.");
        return 0;
    }
    text_append(&report->page,
                "<p>Times are seconds after the measurement of the experiment began, on the "
                "runner's clock. The clock column bounds the error of the target's clock against "
                "it. The ramp in lasts from the command to the instant at which the fault took "
                "hold, the ramp out from the command to end it to the instant at which the target "
                "was as before.</p>\n");
    text_append(&report->page, table_head);
    for (size_t i = 0; i < report->run->experiment_count; i++)
        write_experiment(report, &report->run->experiments[i]);
    text_append(&report->page, "</tbody></table></div>\n");
    return 0;
}
