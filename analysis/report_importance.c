#include <math.h>

#include "analysis/evaluation_split.h"
#include "analysis/figure_detector.h"
#include "analysis/report_detector.h"
#include "analysis/report_page.h"
#include "analysis/report_text.h"

enum { MOST_METRICS = 20 };

static bool has_any(const struct target_result *target, enum importance_kind kind)
{
    for (size_t i = 0; i < target->importance_count; i++) {
        if ((kind == IMPORTANCE_IMPURITY ? target->importance[i].importance
                                         : target->importance[i].permutation) > 0)
            return true;
    }
    return false;
}

static int write_figure(struct report *report, const struct target_result *target,
                        enum importance_kind kind, struct error *error)
{
    struct figure figure;

    figure_importance(&figure, target, kind, MOST_METRICS);
    return page_figure(report, &figure, error);
}

/* Whether the detector knows of importance at all; so does one that is not known here. */
static bool has_importance(const struct report *report)
{
    const struct detector *detector = report_detector(report);

    return detector == NULL || detector->importance != NULL;
}

/* Both measures of one target. */
static int write_target(struct report *report, const struct target_result *target,
                        struct error *error)
{
    page_element(report, "h3", target->target);
    if (!has_any(target, IMPORTANCE_IMPURITY)) {
        page_nothing(report, "No metric has importance: the model makes no split.");
        return 0;
    }
    if (write_figure(report, target, IMPORTANCE_IMPURITY, error) < 0)
        return -1;
    if (has_any(target, IMPORTANCE_PERMUTATION))
        return write_figure(report, target, IMPORTANCE_PERMUTATION, error);
    page_nothing(report, "By permutation no metric has importance: no experiment could be "
                         "tested, or the metrics stand in for one another.");
    return 0;
}

int report_write_importance(struct report *report, struct error *error)
{
    const struct evaluation *evaluation = report->source->evaluation;
    const struct split_result *only;

    if (evaluation == NULL || evaluation->target_count == 0) {
        page_nothing(report, "Without an evaluation there is no metric importance.");
        return 0;
    }
    if (!has_importance(report)) {
        page_nothing(report, "This detector was trained on normal observations alone and weighs no "
                             "metric against the faults: there is no metric importance. Which "
                             "metrics stand behind a fault is told by its error, under Detection "
                             "over time.");
        return 0;
    }
    only = evaluation_only_split(evaluation);
    text_appendf(
        &report->page,
        "<p>How much each metric contributes to the %s, by two measures; the %d highest "
        "are shown. First the mean decrease of Gini impurity at the nodes that split on it, as a "
        "share of all: what the forest was made of. Then, %s, how much average "
        "precision falls on observations that were not trained on when the metric's values are "
        "dealt out anew among them: what it is needed for. Of metrics that say the same, one may "
        "take the importance of all by the first, and none has any by the second.</p>\n",
        report_is_joint(report) ? "model of all classes" : "binary model", MOST_METRICS,
        only != NULL ? evaluation_split_title(only) : "by experiment");
    for (size_t i = 0; i < evaluation->target_count; i++) {
        if (write_target(report, &evaluation->targets[i], error) < 0)
            return -1;
    }
    return 0;
}
