#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/report_page.h"
#include "analysis/report_text.h"

static void write_milliseconds(struct report *report, double seconds)
{
    page_number(report, seconds * 1e3);
}

/* 'timeout-on-receive 120, unexpected-message 3' */
static void write_causes(struct report *report, const struct service_figures *figures)
{
    bool first = true;

    text_append(&report->page, "<td class=\"wide\">");
    for (size_t i = 0; i < figures->cause_count; i++) {
        if (figures->causes[i].calls == 0)
            continue;
        text_append(&report->page, first ? "" : ", ");
        append_html(&report->page, figures->causes[i].name);
        text_appendf(&report->page, "&#160;%" PRId64, figures->causes[i].calls);
        first = false;
    }
    if (first)
        text_append(&report->page, "<span class=\"muted\">none</span>");
    text_append(&report->page, "</td>");
}

static void write_impact(struct report *report, const struct report_experiment *experiment,
                         const struct report_injection *injection, const char *transaction)
{
    const struct service_impact *impact = &injection->impact;

    text_append(&report->page, "<tr>");
    page_element(report, "td class=\"name\"", experiment->stored.name);
    text_append(&report->page, "<td>");
    page_fault(report, injection->stored.fault_type);
    text_append(&report->page, " ");
    append_html(&report->page, injection->stored.intensity);
    text_append(&report->page, "</td>");
    for (int phase = 0; phase < IMPACT_PHASES; phase++)
        page_share(report, service_failure_share(&impact->figures[phase]));
    for (int phase = 0; phase < IMPACT_PHASES; phase++)
        write_milliseconds(report, service_response_time(&impact->figures[phase], transaction));
    page_number(report, service_offered_rate(&impact->figures[IMPACT_DURING]));
    page_number(report, service_achieved_rate(&impact->figures[IMPACT_DURING]));
    write_causes(report, &impact->figures[IMPACT_DURING]);
    text_append(&report->page, "</tr>\n");
}

static void write_impacts(struct report *report, const char *transaction)
{
    struct text *page = &report->page;

    text_append(page, "<div class=\"scroll\"><table><thead>\n<tr><th colspan=\"2\"></th>"
                      "<th class=\"g\" colspan=\"3\">Failed calls</th><th class=\"g\" "
                      "colspan=\"3\">Mean response time");
    if (transaction != NULL) {
        text_append(page, " of ");
        append_html(page, transaction);
    }
    text_append(page, ", ms</th><th class=\"g\" colspan=\"3\">During the injection</th></tr>\n"
                      "<tr><th>Experiment</th><th>Fault</th>");
    for (int column = 0; column < 2 * IMPACT_PHASES; column++)
        text_appendf(page, "<th class=\"n\">%s</th>", impact_phase_names[column % IMPACT_PHASES]);
    text_append(page, "<th class=\"n\">offered, 1/s</th><th class=\"n\">achieved, 1/s</th>"
                      "<th>failures by cause</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < report->run->experiment_count; i++) {
        const struct report_experiment *experiment = &report->run->experiments[i];

        for (size_t j = 0; j < experiment->injection_count; j++)
            write_impact(report, experiment, &experiment->injections[j], transaction);
    }
    text_append(page, "</tbody></table></div>\n");
}

static void write_whole(struct report *report, const struct report_experiment *experiment,
                        const char *transaction)
{
    const struct service_figures *figures = &experiment->figures;

    text_append(&report->page, "<tr>");
    page_element(report, "td class=\"name\"", experiment->stored.name);
    text_append(&report->page, "<td>");
    page_fault(report, experiment->stored.fault_type);
    text_append(&report->page, "</td>");
    page_number(report, (double)figures->created);
    page_number(report, (double)figures->failed);
    page_share(report, service_failure_share(figures));
    write_milliseconds(report, service_response_time(figures, transaction));
    page_number(report, service_offered_rate(figures));
    page_number(report, service_achieved_rate(figures));
    page_number(report, (double)figures->retransmissions);
    write_causes(report, figures);
    text_append(&report->page, "</tr>\n");
}

/* The whole measured time of every experiment. */
static void write_wholes(struct report *report, const char *transaction)
{
    text_append(&report->page,
                "<h3>Whole experiments</h3>\n<div class=\"scroll\"><table><thead><tr>"
                "<th>Experiment</th><th>Fault</th><th class=\"n\">Calls created</th>"
                "<th class=\"n\">Calls failed</th><th class=\"n\">Failed calls</th>"
                "<th class=\"n\">Response, ms</th><th class=\"n\">Offered, 1/s</th>"
                "<th class=\"n\">Achieved, 1/s</th><th class=\"n\">Retransmissions</th>"
                "<th>Failures by cause</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < report->run->experiment_count; i++)
        write_whole(report, &report->run->experiments[i], transaction);
    text_append(&report->page, "</tbody></table></div>\n");
}

/* A bound of the service level beside what a nominal experiment showed. */
static void write_bound(struct report *report, const char *name, double bound, double value,
                        const char *unit, double factor)
{
    bool known = isfinite(value);

    if (bound < 0)
        return;
    text_append(&report->page, "<tr>");
    page_element(report, "td class=\"name\"", name);
    text_append(&report->page, "<td class=\"n\">");
    append_number(&report->page, bound * factor);
    text_appendf(&report->page, " %s</td><td class=\"n\">", unit);
    append_number(&report->page, value * factor);
    text_appendf(&report->page, " %s</td><td><span class=\"badge %s\">%s</span></td></tr>\n",
                 known ? unit : "",
                 !known           ? "running"
                 : value <= bound ? "valid"
                                  : "violated",
                 !known           ? "not known"
                 : value <= bound ? "met"
                                  : "violated");
}

static void write_service_level(struct report *report, const char *transaction)
{
    const struct report_campaign *level = &report->run->campaign;
    struct report_nominal nominal;

    text_append(&report->page, "<h3>Service level</h3>\n");
    if (level->maximum_failure_share < 0 && level->maximum_response_time < 0) {
        page_nothing(report, "The campaign states no service level.");
        return;
    }
    report_nominal_figures(report->run, transaction, &nominal);
    if (nominal.experiments == 0) {
        page_nothing(report, "The campaign states a service level for nominal experiments, and "
                             "this run has no valid one.");
        return;
    }
    text_append(&report->page, "<p>Over the valid nominal experiments, which are without "
                               "injection.</p>\n<table class=\"facts\"><thead><tr>"
                               "<th>Figure</th><th class=\"n\">At most</th><th class=\"n\">Measured"
                               "</th><th></th></tr></thead><tbody>\n");
    write_bound(report, "failed calls", level->maximum_failure_share, nominal.failure_share, "%",
                100);
    write_bound(report, "mean response time", level->maximum_response_time, nominal.response_time,
                "ms", 1e3);
    text_append(&report->page, "</tbody></table>\n");
}

int report_write_service(struct report *report, struct error *error)
{
    const char *transaction = report_main_transaction(report->run);
    size_t samples = 0;
    size_t injections = 0;

    (void)error;
    for (size_t i = 0; i < report->run->experiment_count; i++) {
        samples += report->run->experiments[i].figures.samples;
        injections += report->run->experiments[i].injection_count;
    }
    if (samples == 0) {
        page_nothing(report, "The run holds no service metrics: no load was recorded.");
        return 0;
    }
    if (injections > 0) {
        text_append(&report->page,
                    "<p>Before: from the start of the measurement to the command to inject. "
                    "During: from the instant at which the fault took hold to the command to end "
                    "it. After: from the instant at which it was gone to the end of the "
                    "measurement. Failed calls are a share of the calls that ended in the "
                    "period. Causes are those of the load generator: a timeout is an answer that "
                    "did not come, an unexpected message another answer than the caller waits "
                    "for, an error of the service for instance.</p>\n");
        write_impacts(report, transaction);
    } else {
        page_nothing(report, "The run has no injection, so there is no impact to show; the "
                             "service as it was is below.");
    }
    write_service_level(report, transaction);
    write_wholes(report, transaction);
    return 0;
}
