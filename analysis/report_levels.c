#include <inttypes.h>
#include <math.h>

#include "analysis/figure_levels.h"
#include "analysis/report_page.h"
#include "analysis/report_text.h"

static const char table_head[] =
    "<div class=\"scroll\"><table><thead>\n"
    "<tr><th></th><th class=\"g\" colspan=\"2\">Level</th><th class=\"g\" colspan=\"3\">Start, s"
    "</th><th class=\"g\" colspan=\"5\">The service while it held</th></tr>\n"
    "<tr><th class=\"n\">#</th><th class=\"n\">requested</th><th class=\"n\">achieved</th>"
    "<th class=\"n\">commanded</th><th class=\"n\">applied</th><th class=\"n\">verified</th>"
    "<th class=\"n\">calls ended</th><th class=\"n\">failed</th><th class=\"n\">response, ms</th>"
    "<th class=\"n\">offered, 1/s</th><th class=\"n\">achieved, 1/s</th></tr></thead><tbody>\n";

static void write_instant(struct report *report, const struct report_experiment *experiment,
                          int64_t instant_ns)
{
    page_number(report, instant_ns > 0 ? (double)(instant_ns - experiment->origin_ns) / 1e9 : NAN);
}

static void write_level(struct report *report, const struct report_experiment *experiment,
                        const struct report_level *level, const char *transaction)
{
    const struct service_figures *figures = &level->figures;

    text_appendf(&report->page, "<tr><td class=\"n\">%" PRId64 "</td>", level->stored.position);
    page_number(report, level->stored.requested);
    page_number(report, level->stored.achieved);
    write_instant(report, experiment, level->stored.commanded_ns);
    write_instant(report, experiment, level->stored.applied_ns);
    write_instant(report, experiment, level->stored.verified_ns);
    page_number(report, (double)(figures->succeeded + figures->failed));
    page_share(report, service_failure_share(figures));
    page_number(report, service_response_time(figures, transaction) * 1e3);
    page_number(report, service_offered_rate(figures));
    page_number(report, service_achieved_rate(figures));
    text_append(&report->page, "</tr>\n");
    if (level->stored.phantom)
        text_append(&report->page, "<tr class=\"remark invalid\"><td></td><td colspan=\"10\">"
                                   "This level did not take hold.</td></tr>\n");
}

static int write_injection(struct report *report, const struct report_experiment *experiment,
                           const struct report_injection *injection, const char *transaction,
                           struct error *error)
{
    struct text *page = &report->page;
    struct figure figure;

    text_append(page, "<h3>");
    append_html(page, experiment->stored.name);
    text_append(page, ": ");
    page_fault(report, injection->stored.fault_type);
    text_append(page, " ");
    append_html(page, injection->stored.intensity);
    text_append(page, ", ");
    append_html(page, injection->stored.unit);
    if (injection->stored.target != NULL) {
        text_append(page, ", on ");
        append_html(page, injection->stored.target);
    }
    text_append(page, "</h3>\n");
    if (figure_levels(&figure, experiment, injection, transaction)) {
        if (page_figure(report, &figure, error) < 0)
            return -1;
    } else {
        figure_free(&figure);
        page_nothing(report, "No level that took hold has figures of the service.");
    }
    text_append(page, table_head);
    for (size_t i = 0; i < injection->level_count; i++)
        write_level(report, experiment, &injection->levels[i], transaction);
    text_append(page, "</tbody></table></div>\n");
    return 0;
}

int report_write_levels(struct report *report, struct error *error)
{
    const struct report_run *run = report->run;
    const char *transaction = report_main_transaction(run);
    size_t written = 0;

    text_append(
        &report->page,
        "<p>What the service made of each level of an intensity profile. Counted are the "
        "service's windows that lie wholly between the instant at which a level was applied "
        "and the command to the next. What the service feels only after the level is over "
        "is counted with the next one.</p>\n");
    for (size_t i = 0; i < run->experiment_count; i++) {
        const struct report_experiment *experiment = &run->experiments[i];

        for (size_t j = 0; j < experiment->injection_count; j++) {
            if (experiment->injections[j].level_count == 0)
                continue;
            if (write_injection(report, experiment, &experiment->injections[j], transaction,
                                error) < 0)
                return -1;
            written++;
        }
    }
    if (written == 0)
        page_nothing(report, "No injection of this run has an intensity profile.");
    return 0;
}
