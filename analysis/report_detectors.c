#include <math.h>
#include <string.h>

#include "analysis/figure_detector.h"
#include "analysis/report_detector.h"
#include "analysis/report_page.h"
#include "analysis/report_text.h"

/* '0.981 ± 0.012', with the number of folds when it is not all of them. */
static void write_fold_figure(struct report *report, const struct fold_figure *figure,
                              size_t all_folds)
{
    struct text *page = &report->page;

    text_append(page, "<td class=\"n\">");
    if (figure->folds == 0 || !isfinite(figure->mean)) {
        append_number(page, NAN);
    } else {
        text_appendf(page, "%.3f &#177; %.3f", figure->mean, figure->deviation);
        if (figure->folds < all_folds)
            text_appendf(page, " <span class=\"muted bounds\">(%zu folds)</span>", figure->folds);
    }
    text_append(page, "</td>");
}

/* '0.981' above '[0.962, 0.990]', beside it the table is wider than a page; without the bounds if
 * `interval` is NULL or knows none. */
static void write_pooled(struct report *report, double value, const struct interval *interval)
{
    text_append(&report->page, "<td class=\"n\">");
    if (isfinite(value))
        text_appendf(&report->page, "%.3f", value);
    else
        append_number(&report->page, NAN);
    if (interval != NULL && isfinite(interval->lower))
        text_appendf(&report->page, " <span class=\"muted bounds\">[%.3f, %.3f]</span>",
                     interval->lower, interval->upper);
    text_append(&report->page, "</td>");
}

static void write_class(struct report *report, const struct split_result *split,
                        const struct class_result *class)
{
    text_append(&report->page, "<tr><td class=\"name\">");
    page_fault(report, class->name);
    text_append(&report->page, "</td><td>");
    append_split_name(&report->page, split);
    text_appendf(&report->page, "</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td>",
                 class->positives, class->negatives);
    write_fold_figure(report, &class->roc_auc, split->folds);
    write_pooled(report, class->roc.area, &class->roc_auc_interval);
    write_fold_figure(report, &class->pr_auc, split->folds);
    write_pooled(report, class->precision_recall.area, NULL);
    write_fold_figure(report, &class->fold_average_precision, split->folds);
    write_pooled(report, class->average_precision, &class->average_precision_interval);
    write_pooled(report, class->brier, NULL);
    write_pooled(report, class->f1, NULL);
    text_append(&report->page, "</tr>\n");
}

static bool has_class(const struct target_result *target, size_t index)
{
    for (size_t i = 0; i < target->split_count; i++) {
        if (index < target->splits[i].class_count)
            return true;
    }
    return false;
}

/* Whether the detector was trained on labelled observations; so is one that is not known here. */
static bool supervised(const struct report *report)
{
    const struct detector *detector = report_detector(report);

    return detector == NULL || detector->supervised;
}

static bool lacks_figure(const struct target_result *target)
{
    for (size_t i = 0; i < target->split_count; i++) {
        for (size_t j = 0; j < target->splits[i].class_count; j++) {
            if (target->splits[i].classes[j].roc_auc.folds == 0)
                return true;
        }
    }
    return false;
}

/* The splits of a class stand under one another. */
static void write_classes(struct report *report, const struct target_result *target)
{
    text_append(&report->page,
                "<p>Mean and standard deviation over the folds; pooled: of the scores of all folds "
                "together, which is what the curves show. In brackets what 95 % of a thousand "
                "campaigns would give whose experiments are drawn from this one's: with few "
                "experiments of a class it is wide, and still too narrow. Brier score and F1, at "
                "the threshold, are of the pooled scores.</p>\n");
    if (lacks_figure(target))
        text_append(&report->page,
                    supervised(report)
                        ? "<p>Where a figure is missing no fold has the class both in training and "
                          "in test. By experiment, a class needs two experiments at least: while "
                          "one is tested, the detector must learn the class from the other.</p>\n"
                        : "<p>Where a figure is missing no fold has both the class and normal "
                          "observations with a score in its test.</p>\n");
    text_append(
        &report->page,
        "<div class=\"scroll\"><table><thead>\n<tr><th colspan=\"2\"></th>"
        "<th class=\"g\" colspan=\"2\">Observations</th><th class=\"g\" colspan=\"2\">ROC "
        "AUC</th><th class=\"g\" colspan=\"2\">PR AUC</th><th class=\"g\" colspan=\"2\">Average "
        "precision</th><th class=\"g\" "
        "colspan=\"2\">Pooled</th></tr>\n<tr><th>Class</th><th>Split</th><th "
        "class=\"n\">positive</th>"
        "<th class=\"n\">negative</th><th class=\"n\">mean &#177; dev.</th>"
        "<th class=\"n\">pooled</th><th class=\"n\">mean &#177; dev.</th>"
        "<th class=\"n\">pooled</th><th class=\"n\">mean &#177; dev.</th>"
        "<th class=\"n\">pooled</th><th class=\"n\">Brier</th><th class=\"n\">F1</th>"
        "</tr></thead><tbody>\n");
    for (size_t i = 0; has_class(target, i); i++) {
        for (size_t j = 0; j < target->split_count; j++) {
            if (i < target->splits[j].class_count)
                write_class(report, &target->splits[j], &target->splits[j].classes[i]);
        }
    }
    text_append(&report->page, "</tbody></table></div>\n");
}

static void write_labels(struct report *report, const struct target_result *target)
{
    text_appendf(
        &report->page,
        "<p>%zu observations of %zu experiments were used, with %zu metrics each; %zu "
        "metrics that never change or were never known were dropped. %zu first observations "
        "of experiments, in which counters have no difference, were left out; %zu missing "
        "values were filled with the median of the training data.</p>\n"
        "<details><summary>Observations by label</summary>\n<table class=\"facts\"><thead>"
        "<tr><th>Label</th><th class=\"n\">Observations</th><th class=\"n\">Used</th></tr>"
        "</thead><tbody>\n",
        target->observations, target->experiments, target->metrics, target->constant_metrics,
        target->first_observations, target->missing_values);
    for (size_t i = 0; i < target->label_count; i++) {
        const struct label_count *label = &target->labels[i];

        text_append(&report->page, "<tr>");
        page_element(report, "td", label->label);
        text_appendf(&report->page, "<td class=\"n\">%zu</td><td class=\"n\">%zu</td></tr>\n",
                     label->observations, label->used);
    }
    text_append(&report->page, "</tbody></table></details>\n");
}

static void write_unavailable(struct report *report, const struct split_result *split)
{
    struct text why = {0};

    text_append(&why, "The split ");
    append_split_name(&why, split);
    text_append(&why, " can't be made on this run: ");
    text_append(&why, split->unavailable != NULL ? split->unavailable : "it has no class");
    text_append(&why, ".");
    page_nothing(report, text_string(&why));
    text_free(&why);
}

static bool available(const struct split_result *split)
{
    return split->unavailable == NULL && split->class_count > 0;
}

static bool has_curve(const struct split_result *split, enum curve_kind kind)
{
    for (size_t i = 0; i < split->class_count; i++) {
        const struct class_result *class = &split->classes[i];

        if ((kind == CURVE_ROC ? class->roc.count : class->precision_recall.count) > 0)
            return true;
    }
    return false;
}

static int write_curves(struct report *report, const struct target_result *target,
                        enum curve_kind kind, struct error *error)
{
    int result = 0;

    text_append(&report->page, "<div class=\"pair\">\n");
    for (size_t i = 0; result == 0 && i < target->split_count; i++) {
        struct figure figure;

        if (!available(&target->splits[i]) || !has_curve(&target->splits[i], kind))
            continue;
        figure_curves(&figure, target, &target->splits[i], kind);
        result = page_figure(report, &figure, error);
    }
    text_append(&report->page, "</div>\n");
    return result;
}

/* What the confusion takes for the prediction. */
static const char *describe_prediction(const struct report *report)
{
    if (!supervised(report))
        return "The observations of all fault types together are the anomalies; the prediction is "
               "an "
               "anomaly where the score is at the threshold or above.";
    if (report_is_joint(report))
        return "The prediction is the fault type with the highest score, normal where the binary "
               "score is below the threshold.";
    return "The prediction is the class whose model gives the highest score, normal where all are "
           "below the threshold.";
}

static size_t faults_in_confusion(const struct split_result *split)
{
    size_t sum = 0;

    /* The first row is that of what is normal. */
    for (size_t i = split->label_count; i < split->label_count * split->label_count; i++)
        sum += split->confusion[i];
    return sum;
}

/* A split in which no fault was tested has a matrix of zeros, that looks like failure. */
static bool has_confusion(const struct report *report, const struct split_result *split)
{
    return available(split) && split->label_count > 0 &&
           (!supervised(report) || faults_in_confusion(split) > 0);
}

static void write_no_confusion(struct report *report, const struct split_result *split)
{
    struct text why = {0};

    text_append(&why, "The split ");
    append_split_name(&why, split);
    text_append(&why, " has no confusion of the classes: no fault type was both in training and in "
                      "test, which takes "
                      "two experiments of it. How well faults of a type that was not trained on "
                      "are found is said "
                      "by the binary figures.");
    page_nothing(report, text_string(&why));
    text_free(&why);
}

static int write_confusion(struct report *report, const struct target_result *target,
                           struct error *error)
{
    int result = 0;

    text_appendf(&report->page,
                 "<p>Confusion of the classes: counts, shaded by the share of the true class. %s"
                 "</p>\n<div class=\"pair\">\n",
                 describe_prediction(report));
    for (size_t i = 0; result == 0 && i < target->split_count; i++) {
        struct figure figure;

        if (!has_confusion(report, &target->splits[i]))
            continue;
        figure_confusion(&figure, target, &target->splits[i]);
        result = page_figure(report, &figure, error);
    }
    text_append(&report->page, "</div>\n");
    for (size_t i = 0; i < target->split_count; i++) {
        if (available(&target->splits[i]) && !has_confusion(report, &target->splits[i]))
            write_no_confusion(report, &target->splits[i]);
    }
    return result;
}

static int write_target(struct report *report, const struct target_result *target,
                        struct error *error)
{
    bool any = false;

    page_element(report, "h3", target->target);
    write_labels(report, target);
    if (target->unavailable != NULL) {
        struct text why = {0};

        text_append(&why, "This target can't be evaluated: ");
        text_append(&why, target->unavailable);
        text_append(&why, ".");
        page_nothing(report, text_string(&why));
        text_free(&why);
        return 0;
    }
    for (size_t i = 0; i < target->split_count; i++) {
        if (available(&target->splits[i]))
            any = true;
        else
            write_unavailable(report, &target->splits[i]);
    }
    if (!any)
        return 0;
    if (write_curves(report, target, CURVE_ROC, error) < 0 ||
        write_curves(report, target, CURVE_PRECISION_RECALL, error) < 0)
        return -1;
    write_classes(report, target);
    return write_confusion(report, target, error);
}

int report_write_detectors(struct report *report, struct error *error)
{
    const struct evaluation *evaluation = report->source->evaluation;

    if (evaluation == NULL || evaluation->target_count == 0) {
        page_nothing(report, report->source->no_evaluation != NULL
                                 ? report->source->no_evaluation
                                 : "The evaluation holds no target.");
        return 0;
    }
    report_write_introduction(report);
    for (size_t i = 0; i < evaluation->target_count; i++) {
        if (write_target(report, &evaluation->targets[i], error) < 0)
            return -1;
    }
    return 0;
}
