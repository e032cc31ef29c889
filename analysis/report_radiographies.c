#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_radiography.h"
#include "analysis/figure_run_axis.h"
#include "analysis/report_detector.h"
#include "analysis/report_page.h"
#include "analysis/report_text.h"
#include "base/memory.h"

static const char introduction[] =
    "<p>How the error of each resource group and the service go together (SYRROCA, section III-C): "
    "the density of all observations that are scored over time, those in faults on any target "
    "among "
    "them, by a Gaussian kernel estimate. Along x is the group's error as a part of its threshold, "
    "by its logarithm, along y the calls that failed in a second at the same time. A zone right of "
    "the threshold and far up shows a group that is behind a degradation of the service; one right "
    "of it at the bottom is a deviation that callers did not notice, one left of it far up a "
    "degradation that this group knows nothing of. Shades too go by the logarithm, for faults are "
    "short and nominal observations many. A density has no meaning in itself: it is shown as a "
    "share of the greatest.</p>\n";

/* What is known of a resource group in all observations of a split: errors as logarithms to base
 * ten of their part of the threshold, and failed calls a second at the same time. */
struct points {
    double *errors;
    double *failed;
    size_t count;
};

/* Failed calls a second at an instant; NaN where nothing was counted. */
static double failed_rate(const struct report_experiment *experiment, double time_s)
{
    double place =
        floor((time_s * 1e9 - (double)experiment->origin_ns) / (double)experiment->bin_ns);
    const struct service_figures *bin;

    if (!(place >= 0 && place < (double)experiment->bin_count))
        return NAN;
    bin = &experiment->bins[(size_t)place];
    if (bin->samples == 0 || bin->last_ns <= bin->first_ns)
        return NAN;
    return (double)bin->failed / ((double)(bin->last_ns - bin->first_ns) / 1e9);
}

static const struct group_series *group_of(const struct score_series *series, const char *group)
{
    for (size_t i = 0; i < series->group_count; i++) {
        if (strcmp(series->groups[i].resource_group, group) == 0)
            return &series->groups[i];
    }
    return NULL;
}

static void add_points(struct points *points, const struct report_experiment *experiment,
                       const struct score_series *series, const struct group_series *group)
{
    for (size_t i = 0; i < group->count; i++) {
        double failed = failed_rate(experiment, series->times_s[i]);

        /* An error of 0 has no logarithm. */
        if (!isfinite(failed) || !(group->ratios[i] > 0))
            continue;
        points->errors[points->count] = log10(group->ratios[i]);
        points->failed[points->count++] = failed;
    }
}

static void find_points(const struct report_run *run, const struct detection_result *detection,
                        const char *group, struct points *points)
{
    size_t most = 0;

    for (size_t i = 0; i < detection->series_count; i++)
        most += detection->series[i].count;
    *points = (struct points){memory_new(most, sizeof *points->errors),
                              memory_new(most, sizeof *points->failed), 0};
    for (size_t i = 0; i < detection->series_count; i++) {
        const struct score_series *series = &detection->series[i];
        const struct report_experiment *experiment = run_axis_experiment(run, series->experiment);
        const struct group_series *errors = group_of(series, group);

        if (experiment != NULL && errors != NULL)
            add_points(points, experiment, series, errors);
    }
}

static void write_reason(struct report *report, const char *group, const char *reason)
{
    struct text why = {0};

    append_line(&why, group, SIZE_MAX);
    text_appendf(&why, ": no density can be estimated, %s.", reason);
    page_nothing(report, text_string(&why));
    text_free(&why);
}

static int write_group(struct report *report, const struct target_result *target,
                       const struct split_result *split, const char *group, struct error *error)
{
    struct error reason = {0};
    struct figure figure;
    struct points points;
    struct text title = {0};
    int result;

    append_line(&title, target->target, 28);
    text_append(&title, ", ");
    append_line(&title, group, 28);
    find_points(report->run, &split->detection, group, &points);
    result = figure_radiography(&figure,
                                &(struct radiography){
                                    .subject = target->target,
                                    .detail = group,
                                    .title = text_string(&title),
                                    .error_axis = "Error as a part of the threshold",
                                    .service_axis = "Failed calls (calls/s)",
                                    .errors = points.errors,
                                    .service = points.failed,
                                    .count = points.count,
                                    .threshold = 0,
                                    .logarithmic = true,
                                },
                                &reason);
    if (result == 0) {
        result = page_figure(report, &figure, error);
    } else {
        figure_free(&figure);
        write_reason(report, group, reason.what);
        result = 0;
    }
    text_free(&title);
    free(points.errors);
    free(points.failed);
    return result;
}

/* The groups of all series, in the order of their first. */
static int write_target(struct report *report, const struct target_result *target,
                        struct error *error)
{
    const struct split_result *split = report_series_split(target);
    const struct detection_result *detection;
    int result = 0;

    page_element(report, "h3", target->target);
    if (split == NULL) {
        page_nothing(report, "There are no scores over time for this target.");
        return 0;
    }
    detection = &split->detection;
    text_append(&report->page, "<div class=\"pair\">\n");
    for (size_t i = 0; result == 0 && i < detection->series_count; i++) {
        for (size_t j = 0; result == 0 && j < detection->series[i].group_count; j++) {
            const char *group = detection->series[i].groups[j].resource_group;
            bool seen = false;

            for (size_t k = 0; k < i && !seen; k++)
                seen = group_of(&detection->series[k], group) != NULL;
            if (!seen)
                result = write_group(report, target, split, group, error);
        }
    }
    text_append(&report->page, "</div>\n");
    return result;
}

static bool has_service(const struct report_run *run)
{
    for (size_t i = 0; i < run->experiment_count; i++) {
        if (run->experiments[i].figures.samples > 0)
            return true;
    }
    return false;
}

int report_write_radiographies(struct report *report, struct error *error)
{
    const struct evaluation *evaluation = report->source->evaluation;

    if (!report_reconstructs(report)) {
        page_nothing(report, evaluation == NULL || evaluation->target_count == 0
                                 ? "Without an evaluation there are no radiographies."
                                 : "Radiographies show the error of a detector that reconstructs "
                                   "observations; this one does not. One that does: "
                                   "'vnfault evaluate RUN --detector pca', then the report "
                                   "again.");
        return 0;
    }
    if (!has_service(report->run)) {
        page_nothing(report, "The run holds no figures of the service to set the errors against.");
        return 0;
    }
    text_append(&report->page, introduction);
    for (size_t i = 0; i < evaluation->target_count; i++) {
        if (write_target(report, &evaluation->targets[i], error) < 0)
            return -1;
    }
    return 0;
}
