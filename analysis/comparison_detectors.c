/* The figures of detectors in a comparison, from the evaluations of both runs. */
#include <math.h>
#include <string.h>

#include "analysis/comparison_parts.h"

/* NULL if there is none, as below. */
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
    for (size_t i = 0; target != NULL && i < target->split_count; i++) {
        if (target->splits[i].unavailable == NULL && strcmp(target->splits[i].name, name) == 0)
            return &target->splits[i];
    }
    return NULL;
}

static const struct class_result *class_of(const struct split_result *split, const char *name)
{
    for (size_t i = 0; split != NULL && i < split->class_count; i++) {
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
    if (class == NULL)
        return (struct compared_value){.value = NAN, .lower = NAN, .upper = NAN};
    if (figure == FIGURE_ROC_AUC)
        return value_of(class->roc.area, &class->roc_auc_interval);
    return value_of(class->average_precision, &class->average_precision_interval);
}

/* A figure that only one run has can't be compared, and is kept for gates to know of. */
static void add_class(struct comparison *comparison, size_t figure, const char *target,
                      const struct split_result *const splits[COMPARED_SIDES], const char *name)
{
    const struct compared_value base = figure_of(class_of(splits[COMPARED_BASE], name), figure);
    const struct compared_value new = figure_of(class_of(splits[COMPARED_NEW], name), figure);
    struct compared_row *row;

    if (isnan(base.value) && isnan(new.value))
        return;
    if (isnan(base.value) || isnan(new.value))
        row = comparison_add_lost(comparison, figure);
    else
        row = comparison_add_row(comparison, figure);
    row->fault_type = comparison_keep(comparison, name);
    row->target = comparison_keep(comparison, target);
    row->split =
        comparison_keep(comparison, splits[isnan(base.value) ? COMPARED_NEW : COMPARED_BASE]->name);
    row->sides[COMPARED_BASE] = base;
    row->sides[COMPARED_NEW] = new;
    row->difference = new.value - base.value;
}

/* By the split by experiment if both have it, for neighbours flatter the other. Where they have
 * none in common each has its own, of which nothing is compared. */
static void find_splits(const struct target_result *const targets[COMPARED_SIDES],
                        const struct split_result *splits[COMPARED_SIDES])
{
    static const char *const names[] = {"stratified", "experiment"};

    splits[COMPARED_BASE] = splits[COMPARED_NEW] = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct split_result *base = split_of(targets[COMPARED_BASE], names[i]);
        const struct split_result *new = split_of(targets[COMPARED_NEW], names[i]);

        if ((base != NULL && new != NULL) ||
            (splits[COMPARED_BASE] == NULL && splits[COMPARED_NEW] == NULL)) {
            splits[COMPARED_BASE] = base;
            splits[COMPARED_NEW] = new;
        }
    }
}

static void add_target(struct comparison *comparison, size_t figure, const char *name,
                       const struct target_result *const targets[COMPARED_SIDES])
{
    const struct split_result *splits[COMPARED_SIDES];

    find_splits(targets, splits);
    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        for (size_t i = 0; splits[side] != NULL && i < splits[side]->class_count; i++) {
            const char *class = splits[side]->classes[i].name;

            if (side == COMPARED_BASE || class_of(splits[COMPARED_BASE], class) == NULL)
                add_class(comparison, figure, name, splits, class);
        }
    }
}

void comparison_add_detectors(struct comparison *comparison,
                              const struct evaluation *const evaluations[COMPARED_SIDES])
{
    for (size_t figure = FIGURES_OF_EXPERIMENTS; figure < FIGURES; figure++) {
        for (size_t side = 0; side < COMPARED_SIDES; side++) {
            for (size_t i = 0; i < evaluations[side]->target_count; i++) {
                const char *name = evaluations[side]->targets[i].target;
                const struct target_result *const targets[] = {
                    target_of(evaluations[COMPARED_BASE], name),
                    target_of(evaluations[COMPARED_NEW], name)};

                if (side == COMPARED_BASE || targets[COMPARED_BASE] == NULL)
                    add_target(comparison, figure, name, targets);
            }
        }
    }
}
