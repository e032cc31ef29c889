#include "analysis/figure_detector.h"
#include "analysis/report_page.h"
#include "analysis/report_text.h"

enum { MOST_METRICS = 20 };

int report_write_importance(struct report *report, struct error *error)
{
    const struct evaluation *evaluation = report->source->evaluation;

    if (evaluation == NULL || evaluation->target_count == 0) {
        page_nothing(report, "Without an evaluation there is no metric importance.");
        return 0;
    }
    text_appendf(
        &report->page,
        "<p>How much each metric contributes to the binary model: the mean decrease of "
        "Gini impurity at the nodes that split on it, as a share of all. The %d highest "
        "are shown. Of metrics that say the same, one may take the importance of all.</p>\n",
        MOST_METRICS);
    for (size_t i = 0; i < evaluation->target_count; i++) {
        const struct target_result *target = &evaluation->targets[i];
        struct figure figure;

        page_element(report, "h3", target->target);
        if (target->importance_count == 0) {
            page_nothing(report, "No metric has importance: the model makes no split.");
            continue;
        }
        figure_importance(&figure, target, MOST_METRICS);
        if (page_figure(report, &figure, error) < 0)
            return -1;
    }
    return 0;
}
