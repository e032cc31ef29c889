#include <stdlib.h>
#include <string.h>

#include "analysis/figure_timeline.h"
#include "analysis/report_page.h"
#include "analysis/report_series.h"
#include "analysis/report_text.h"
#include "base/memory.h"

static const struct stored_target *target_called(const struct report_run *run, const char *name)
{
    for (size_t i = 0; name != NULL && i < run->target_count; i++) {
        if (strcmp(run->targets[i].name, name) == 0)
            return &run->targets[i];
    }
    return NULL;
}

/* The target whose metrics the timeline of an experiment without injections shows: its own, else
 * the first that any fault of the run has, else the first of all. */
static const struct stored_target *target_of(const struct report_run *run,
                                             const struct report_experiment *experiment)
{
    const struct stored_target *found = target_called(run, experiment->stored.target);

    for (size_t i = 0; found == NULL && i < run->experiment_count; i++) {
        const struct report_experiment *other = &run->experiments[i];

        if (other->injection_count > 0)
            found = target_called(run, other->injections[0].stored.target);
    }
    if (found == NULL && run->target_count > 0)
        found = &run->targets[0];
    return found;
}

/* An experiment is shown with the metrics of each target that it has a fault in. */
static bool is_shown(const struct report_run *run, const struct report_experiment *experiment,
                     const struct stored_target *target)
{
    bool any = false;

    for (size_t i = 0; i < experiment->injection_count; i++) {
        const struct stored_target *faulty =
            target_called(run, experiment->injections[i].stored.target);

        any = any || faulty != NULL;
        if (faulty == target)
            return true;
    }
    return !any && target_of(run, experiment) == target;
}

static const struct target_result *evaluated(const struct report *report, const char *target)
{
    const struct evaluation *evaluation = report->source->evaluation;

    for (size_t i = 0; evaluation != NULL && i < evaluation->target_count; i++) {
        if (strcmp(evaluation->targets[i].target, target) == 0)
            return &evaluation->targets[i];
    }
    return NULL;
}

static bool same_fault(const struct report_experiment *left, const struct report_experiment *right)
{
    const char *a = left->stored.fault_type;
    const char *b = right->stored.fault_type;

    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The experiment that stands for its fault type: the valid one with the strongest request. */
static const struct report_experiment *representative(const struct report_run *run,
                                                      const struct report_experiment *like)
{
    const struct report_experiment *best = NULL;

    for (size_t i = 0; i < run->experiment_count; i++) {
        const struct report_experiment *experiment = &run->experiments[i];

        if (!same_fault(experiment, like) || report_verdict_of(experiment) != REPORT_VALID)
            continue;
        if (best == NULL ||
            (experiment->injection_count > 0 && best->injection_count > 0 &&
             experiment->injections[0].stored.requested > best->injections[0].stored.requested))
            best = experiment;
    }
    return best;
}

static void write_summary(struct report *report, const struct report_experiment *experiment)
{
    const char *verdict = report_verdict_names[report_verdict_of(experiment)];

    text_append(&report->page, "<summary>");
    page_fault(report, experiment->stored.fault_type);
    text_append(&report->page, " &#160;");
    append_html(&report->page, experiment->stored.name);
    text_appendf(&report->page, " <span class=\"badge %s\">%s</span></summary>\n", verdict,
                 verdict);
}

static int write_timeline(struct report *report, const struct report_experiment *experiment,
                          const struct series *series, const char *target, struct error *error)
{
    bool chosen = representative(report->run, experiment) == experiment;
    struct figure figure;
    int result = 0;

    text_append(&report->page, chosen ? "<details open=\"open\">" : "<details>");
    write_summary(report, experiment);
    if (figure_timeline(&figure, report->run, experiment, series, target,
                        report_main_transaction(report->run))) {
        result = page_figure(report, &figure, error);
    } else {
        figure_free(&figure);
        page_nothing(report, "Nothing was recorded in this experiment.");
    }
    text_append(&report->page, "</details>\n");
    return result;
}

static int write_target(struct report *report, const struct stored_target *target,
                        struct error *error)
{
    struct series series;
    int result = series_read(report->source->store, target->id, evaluated(report, target->name),
                             &series, error);

    if (result == 0)
        page_element(report, "h3", target->name);
    for (size_t i = 0; result == 0 && i < report->run->experiment_count; i++) {
        const struct report_experiment *experiment = &report->run->experiments[i];

        if (is_shown(report->run, experiment, target))
            result = write_timeline(report, experiment, &series, target->name, error);
    }
    series_free(&series);
    return result;
}

static bool has_experiments(const struct report_run *run, const struct stored_target *target)
{
    for (size_t i = 0; i < run->experiment_count; i++) {
        if (is_shown(run, &run->experiments[i], target))
            return true;
    }
    return false;
}

int report_write_timelines(struct report *report, struct error *error)
{
    if (report->run->experiment_count == 0 || report->run->target_count == 0) {
        page_nothing(report, "There is no experiment to show.");
        return 0;
    }
    text_append(
        &report->page,
        "<p>The service and the target's metrics over time. The injection is shaded in the "
        "colour of its fault type: light while it ramps in or out, darker while it holds; "
        "grey is the cool-down. Of the target its use of CPU and of memory are shown, the "
        "metric that the detector leans on most, and of each other resource group that of "
        "the highest importance, or without a detector the first that varies; counters "
        "are shown as rates. Of each fault type one experiment is open, the others open on a "
        "click.</p>\n");
    for (size_t i = 0; i < report->run->target_count; i++) {
        const struct stored_target *target = &report->run->targets[i];

        if (has_experiments(report->run, target) && write_target(report, target, error) < 0)
            return -1;
    }
    return 0;
}
