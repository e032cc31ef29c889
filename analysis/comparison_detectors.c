/* The figures of detectors in a comparison, from the evaluations of both runs. */
#include <math.h>
#include <string.h>

#include "analysis/comparison_parts.h"

static const struct target_result *target_of(const struct evaluation *evaluation, const char *name)
{
    for (size_t i = 0; i < evaluation->target_count; i++) {
        if (strcmp(evaluation->targets[i].target, name) == 0)
            return &evaluation->targets[i];
    }
    return NULL;
}

static const struct split_result *split_of(const struct target_result *target, const char *name)
{
    for (size_t i = 0; i < target->split_count; i++) {
        if (target->splits[i].unavailable == NULL && strcmp(target->splits[i].name, name) == 0)
            return &target->splits[i];
    }
    return NULL;
}

static const struct class_result *class_of(const struct split_result *split, const char *name)
{
    for (size_t i = 0; i < split->class_count; i++) {
        if (strcmp(split->classes[i].name, name) == 0)
            return &split->classes[i];
    }
    return NULL;
}

static struct compared_value value_of(double value, const struct interval *interval)
{
    bool has_interval = interval->resamples > 0;

    return (struct compared_value){.value = value,
                                   .lower = has_interval ? interval->lower : NAN,
                                   .upper = has_interval ? interval->upper : NAN};
}

/* The pooled figures, since the intervals are theirs. */
static struct compared_value figure_of(const struct class_result *class, size_t figure)
{
    if (figure == FIGURE_ROC_AUC)
        return value_of(class->roc.area, &class->roc_auc_interval);
    return value_of(class->average_precision, &class->average_precision_interval);
}

static void add_class(struct comparison *comparison, size_t figure, const char *target,
                      const char *split, const struct class_result *const classes[COMPARED_SIDES])
{
    struct compared_row *row;

    if (isnan(figure_of(classes[COMPARED_BASE], figure).value) ||
        isnan(figure_of(classes[COMPARED_NEW], figure).value))
        return;
    row = comparison_add_row(comparison, figure);
    row->fault_type = comparison_keep(comparison, classes[COMPARED_BASE]->name);
    row->target = comparison_keep(comparison, target);
    row->split = comparison_keep(comparison, split);
    for (size_t side = 0; side < COMPARED_SIDES; side++)
        row->sides[side] = figure_of(classes[side], figure);
    row->difference = row->sides[COMPARED_NEW].value - row->sides[COMPARED_BASE].value;
}

/* By the split by experiment if both have it, for neighbours flatter the other. */
static void add_target(struct comparison *comparison, size_t figure,
                       const struct target_result *base, const struct target_result *new)
{
    static const char *const names[] = {"experiment", "stratified"};
    const struct split_result *splits[COMPARED_SIDES] = {NULL, NULL};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        splits[COMPARED_BASE] = split_of(base, names[i]);
        splits[COMPARED_NEW] = split_of(new, names[i]);
        if (splits[COMPARED_BASE] != NULL && splits[COMPARED_NEW] != NULL)
            break;
    }
    if (splits[COMPARED_BASE] == NULL || splits[COMPARED_NEW] == NULL)
        return;
    for (size_t i = 0; i < splits[COMPARED_BASE]->class_count; i++) {
        const struct class_result *class = &splits[COMPARED_BASE]->classes[i];
        const struct class_result *const classes[] = {class,
                                                      class_of(splits[COMPARED_NEW], class->name)};

        if (classes[COMPARED_NEW] != NULL)
            add_class(comparison, figure, base->target, splits[COMPARED_BASE]->name, classes);
    }
}

void comparison_add_detectors(struct comparison *comparison,
                              const struct evaluation *const evaluations[COMPARED_SIDES])
{
    const struct evaluation *base = evaluations[COMPARED_BASE];

    for (size_t figure = FIGURES_OF_EXPERIMENTS; figure < FIGURES; figure++) {
        for (size_t i = 0; i < base->target_count; i++) {
            const struct target_result *new =
                target_of(evaluations[COMPARED_NEW], base->targets[i].target);

            if (new != NULL)
                add_target(comparison, figure, &base->targets[i], new);
        }
    }
}
