#include "cli/evaluation_table.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "analysis/evaluation_split.h"

#define NAME_WIDTH 13
#define CELL_WIDTH 11
#define INTERVAL_WIDTH 23
#define ABREAST 2 /* splits */

/* '0.981 ±.01', or '-' where no fold has the figure. */
static void print_figure(const struct fold_figure *figure, FILE *stream)
{
    if (figure == NULL || figure->folds == 0)
        fprintf(stream, "%-*s", CELL_WIDTH, "-");
    else
        fprintf(stream, "%.3f ±.%02.0f ", figure->mean, fmin(100 * figure->deviation, 99));
}

static const struct class_result *class_of(const struct split_result *split, size_t index)
{
    return index < split->class_count ? &split->classes[index] : NULL;
}

static void print_class(const struct split_result *const *splits, size_t count, const char *name,
                        size_t index, FILE *stream)
{
    fprintf(stream, "  %-*.*s", NAME_WIDTH, NAME_WIDTH - 1, name);
    for (size_t i = 0; i < count; i++) {
        const struct class_result *class = class_of(splits[i], index);

        print_figure(class != NULL ? &class->roc_auc : NULL, stream);
        print_figure(class != NULL ? &class->pr_auc : NULL, stream);
        print_figure(class != NULL ? &class->fold_average_precision : NULL, stream);
    }
    fputc('\n', stream);
}

static void print_heads(const struct split_result *const *splits, size_t count, FILE *stream)
{
    fprintf(stream, "\n  %-*s", NAME_WIDTH, "");
    for (size_t i = 0; i < count; i++) {
        char head[64];

        snprintf(head, sizeof head, "%s, %zu fold%s", evaluation_split_title(splits[i]),
                 splits[i]->folds, splits[i]->folds == 1 ? "" : "s");
        fprintf(stream, "%-*s", 3 * CELL_WIDTH, head);
    }
    fprintf(stream, "\n  %-*s", NAME_WIDTH, "class");
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "%-*s%-*s%-*s", CELL_WIDTH, "ROC AUC", CELL_WIDTH, "PR AUC", CELL_WIDTH,
                "AP");
    fputc('\n', stream);
}

/* Splits side by side, as many as fit. */
static void print_abreast(const struct split_result *const *splits, size_t count, FILE *stream)
{
    if (count == 0)
        return;
    print_heads(splits, count, stream);
    for (size_t i = 0; i < splits[0]->class_count; i++)
        print_class(splits, count, splits[0]->classes[i].name, i, stream);
}

static void print_splits(const struct target_result *target, FILE *stream)
{
    const struct split_result *abreast[ABREAST];
    size_t count = 0;

    for (size_t i = 0; i < target->split_count; i++) {
        if (target->splits[i].unavailable != NULL)
            continue;
        abreast[count++] = &target->splits[i];
        if (count == ABREAST) {
            print_abreast(abreast, count, stream);
            count = 0;
        }
    }
    print_abreast(abreast, count, stream);
}

/* '0.56 s', to the right of `width` (negative: to the left), or '-' for what is not known. */
static void print_known(double value, int width, int digits, const char *unit, FILE *stream)
{
    char text[64] = "-";

    if (isfinite(value))
        snprintf(text, sizeof text, "%.*f%s", digits, value, unit);
    fprintf(stream, "%*s", width, text);
}

static void print_interval(double value, const struct interval *interval, FILE *stream)
{
    char text[64];

    snprintf(text, sizeof text, "%.3f [%.3f, %.3f]", value, interval->lower, interval->upper);
    if (isfinite(value) && isfinite(interval->lower))
        fprintf(stream, "%-*s", INTERVAL_WIDTH, text);
    else
        print_known(value, -INTERVAL_WIDTH, 3, "", stream);
}

/* The binary question over all folds, and how far another campaign might be from this one. */
static void print_pooled(const struct target_result *target, FILE *stream)
{
    fprintf(stream, "\n  %-*s%-*s%-*s%-8s%-8s\n", 2 * NAME_WIDTH - 8, "binary, pooled",
            INTERVAL_WIDTH, "ROC AUC [95 %]", INTERVAL_WIDTH, "AP [95 %]", "Brier", "F1");
    for (size_t i = 0; i < target->split_count; i++) {
        const struct class_result *class = class_of(&target->splits[i], 0);

        if (class == NULL || isnan(class->roc.area))
            continue;
        fprintf(stream, "  %-*s", 2 * NAME_WIDTH - 8, evaluation_split_title(&target->splits[i]));
        print_interval(class->roc.area, &class->roc_auc_interval, stream);
        print_interval(class->average_precision, &class->average_precision_interval, stream);
        print_known(class->brier, -8, 3, "", stream);
        print_known(class->f1, -8, 3, "", stream);
        fputc('\n', stream);
    }
}

/* Faults and alarms over time. */
static void print_detection(const struct target_result *target, FILE *stream)
{
    bool headed = false;

    for (size_t i = 0; i < target->split_count; i++) {
        const struct detection_result *detection = &target->splits[i].detection;
        char found[64];
        char head[64];

        if (detection->unavailable != NULL)
            continue;
        snprintf(head, sizeof head, "over time, at %g", detection->threshold);
        if (!headed)
            fprintf(stream, "\n  %-*s%9s%14s%18s%9s%18s\n", 2 * NAME_WIDTH - 8, head, "found",
                    "median delay", "false alarms/day", "F1", "F1 point-adjusted");
        headed = true;
        snprintf(found, sizeof found, "%zu of %zu", detection->found, detection->fault_count);
        fprintf(stream, "  %-*s%9s", 2 * NAME_WIDTH - 8, evaluation_split_title(&target->splits[i]),
                found);
        print_known(detection->median_delay_s, 14, 2, " s", stream);
        print_known(detection->false_alarms_per_day, 18, 1, "", stream);
        print_known(detection->plain.f1, 9, 3, "", stream);
        print_known(detection->point_adjusted.f1, 18, 3, "", stream);
        fputc('\n', stream);
    }
}

static void print_labels(const struct target_result *target, FILE *stream)
{
    fprintf(stream, "\n  %-*s%12s%8s\n", NAME_WIDTH, "label", "observations", "used");
    for (size_t i = 0; i < target->label_count; i++) {
        const struct label_count *count = &target->labels[i];

        fprintf(stream, "  %-*.*s%12zu%8zu\n", NAME_WIDTH, NAME_WIDTH - 1, count->label,
                count->observations, count->used);
    }
    if (target->first_observations > 0)
        fprintf(stream, "  left out: the first observation of each experiment (%zu)\n",
                target->first_observations);
    if (target->counter_resets > 0 || target->missing_values > 0)
        fprintf(stream, "  counter resets: %zu, missing values filled: %zu\n",
                target->counter_resets, target->missing_values);
}

static void print_target(const struct target_result *target, FILE *stream)
{
    fprintf(stream, "%s: %zu observation%s of %zu experiment%s", target->target,
            target->observations, target->observations == 1 ? "" : "s", target->experiments,
            target->experiments == 1 ? "" : "s");
    /* Metrics are counted when a detector is trained. */
    if (target->unavailable != NULL) {
        fprintf(stream, "\n  can't be evaluated: %s\n", target->unavailable);
        print_labels(target, stream);
        return;
    }
    fprintf(stream, ", %zu metrics (%zu constant ones left out)\n", target->metrics,
            target->constant_metrics);
    if (target->split_count > 0) {
        print_splits(target, stream);
        print_pooled(target, stream);
        print_detection(target, stream);
        for (size_t i = 0; i < target->split_count; i++) {
            if (target->splits[i].unavailable != NULL)
                fprintf(stream, "  no %s split: %s\n", target->splits[i].name,
                        target->splits[i].unavailable);
        }
    }
    print_labels(target, stream);
}

/* '5/10 0.6 s' of each pair of targets. */
static void print_propagation(const struct evaluation *evaluation, FILE *stream)
{
    const struct localisation_result *localisation = &evaluation->localisation;
    size_t count = 0;

    while (count * count < evaluation->propagation_count)
        count++;
    if (count == 0)
        return;
    fprintf(stream, "%-*s", 2 * NAME_WIDTH, "fault on, as seen from");
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "%-*s", 2 * NAME_WIDTH - 8, evaluation->propagation[i].seen_from);
    for (size_t i = 0; i < evaluation->propagation_count; i++) {
        const struct propagation_cell *cell = &evaluation->propagation[i];
        char text[64];

        if (i % count == 0)
            fprintf(stream, "\n  %-*s", 2 * NAME_WIDTH - 2, cell->faulty);
        if (cell->seen > 0)
            snprintf(text, sizeof text, "%zu/%zu %.1f s", cell->seen, cell->observed,
                     cell->median_delay_s);
        else
            snprintf(text, sizeof text, "%zu/%zu", cell->seen, cell->observed);
        fprintf(stream, "%-*s", 2 * NAME_WIDTH - 8, text);
    }
    fprintf(stream,
            "\n  first alarm: %zu on the faulty target, %zu there and elsewhere at once, %zu only "
            "elsewhere, %zu none\n\n",
            localisation->right, localisation->tied, localisation->wrong, localisation->unseen);
}

void evaluation_table_print(const struct evaluation *evaluation, FILE *stream)
{
    for (size_t i = 0; i < evaluation->target_count; i++) {
        print_target(&evaluation->targets[i], stream);
        fputc('\n', stream);
    }
    print_propagation(evaluation, stream);
    fputs("Mean and standard deviation over folds; '-': no fold has both classes in training and "
          "test.\nBounds: 95 % of campaigns drawn from this one's experiments.\n",
          stream);
}
