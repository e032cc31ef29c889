#include "cli/evaluation_table.h"

#include <math.h>
#include <string.h>

#define NAME_WIDTH 13
#define CELL_WIDTH 11

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
    return split->unavailable == NULL && index < split->class_count ? &split->classes[index] : NULL;
}

static void print_class(const struct target_result *target, const char *name, size_t index,
                        FILE *stream)
{
    fprintf(stream, "  %-*.*s", NAME_WIDTH, NAME_WIDTH - 1, name);
    for (size_t i = 0; i < target->split_count; i++) {
        const struct class_result *class = class_of(&target->splits[i], index);

        print_figure(class != NULL ? &class->roc_auc : NULL, stream);
        print_figure(class != NULL ? &class->pr_auc : NULL, stream);
        print_figure(class != NULL ? &class->fold_average_precision : NULL, stream);
    }
    fputc('\n', stream);
}

static void print_heads(const struct target_result *target, FILE *stream)
{
    fprintf(stream, "\n  %-*s", NAME_WIDTH, "");
    for (size_t i = 0; i < target->split_count; i++) {
        const struct split_result *split = &target->splits[i];
        char head[64];

        snprintf(head, sizeof head, "%s%s, %zu folds",
                 strcmp(split->name, "experiment") == 0 ? "by " : "", split->name, split->folds);
        fprintf(stream, "%-*s", 3 * CELL_WIDTH, head);
    }
    fprintf(stream, "\n  %-*s", NAME_WIDTH, "class");
    for (size_t i = 0; i < target->split_count; i++)
        fprintf(stream, "%-*s%-*s%-*s", CELL_WIDTH, "ROC AUC", CELL_WIDTH, "PR AUC", CELL_WIDTH,
                "AP");
    fputc('\n', stream);
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
    fprintf(stream,
            "%s: %zu observations of %zu experiments, %zu metrics (%zu constant ones left out)\n",
            target->target, target->observations, target->experiments, target->metrics,
            target->constant_metrics);
    if (target->unavailable != NULL) {
        fprintf(stream, "  can't be evaluated: %s\n", target->unavailable);
    } else if (target->split_count > 0) {
        print_heads(target, stream);
        for (size_t i = 0; i < target->splits[0].label_count; i++)
            print_class(target, i == 0 ? "binary" : target->splits[0].labels[i], i, stream);
        for (size_t i = 0; i < target->split_count; i++) {
            if (target->splits[i].unavailable != NULL)
                fprintf(stream, "  %s: %s\n", target->splits[i].name,
                        target->splits[i].unavailable);
        }
    }
    print_labels(target, stream);
}

void evaluation_table_print(const struct evaluation *evaluation, FILE *stream)
{
    for (size_t i = 0; i < evaluation->target_count; i++) {
        print_target(&evaluation->targets[i], stream);
        fputc('\n', stream);
    }
    fputs("Mean and standard deviation over folds; '-': no fold has both classes in training and "
          "test.\n",
          stream);
}
