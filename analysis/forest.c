#include "analysis/forest.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "analysis/forest_classes.h"
#include "analysis/forest_tree.h"
#include "analysis/forest_weights.h"
#include "base/memory.h"
#include "base/threads.h"

/* What the threads of one fit share. */
struct fit {
    const struct forest_columns *columns;
    const struct row_classes *classes;
    const struct forest_method *method;
    const struct forest_setting *setting;
    struct forest *forest;
    double *importance; /* (trees x columns) */
    atomic_size_t next_tree;
};

struct random forest_tree_random(const struct forest_setting *setting, size_t tree)
{
    struct random seeds;
    struct random random;

    /* Not seed + tree: the forests of two near seeds must not share trees. */
    random_seed(&seeds, setting->seed);
    random_seed(&random, random_next(&seeds) ^ ((uint64_t)tree * UINT64_C(0xd1342543de82ef95)));
    return random;
}

void forest_bootstrap(struct random *random, size_t rows, uint32_t *counts)
{
    for (size_t row = 0; row < rows; row++)
        counts[row] = 0;
    for (size_t i = 0; i < rows; i++)
        counts[random_below(random, rows)]++;
}

static void *grow_trees(void *argument)
{
    struct fit *fit = argument;
    struct tree_grower *grower = tree_grower_new(fit->columns, fit->classes, fit->method);
    size_t tree;

    while ((tree = atomic_fetch_add(&fit->next_tree, 1)) < fit->forest->tree_count) {
        struct random random = forest_tree_random(fit->setting, tree);

        tree_grow(grower, &random, &fit->forest->trees[tree],
                  fit->importance + tree * fit->columns->columns);
    }
    tree_grower_free(grower);
    return NULL;
}

/* Mean over the trees that have a split, in the order of the trees, scaled to a sum of 1. */
static void set_importance(const struct fit *fit)
{
    struct forest *forest = fit->forest;
    double sum = 0;

    for (size_t tree = 0; tree < forest->tree_count; tree++) {
        for (size_t i = 0; i < forest->columns; i++)
            forest->importance[i] += fit->importance[tree * forest->columns + i];
    }
    for (size_t i = 0; i < forest->columns; i++)
        sum += forest->importance[i];
    for (size_t i = 0; sum > 0 && i < forest->columns; i++)
        forest->importance[i] /= sum;
}

static struct forest *fit_by(const struct forest_method *method,
                             const struct forest_columns *columns, const uint8_t *of_row,
                             size_t class_count, const struct forest_setting *setting)
{
    double weights[FOREST_CLASSES_MOST];
    struct row_classes classes = {of_row, class_count, weights};
    struct forest *forest = memory_new(1, sizeof *forest);
    struct fit fit = {.columns = columns,
                      .classes = &classes,
                      .method = method,
                      .setting = setting,
                      .forest = forest};

    for (size_t i = 0; i < class_count; i++)
        weights[i] = 1;
    if (setting->balanced)
        forest_weights(of_row, columns->rows, class_count, method->most_weight, weights);
    forest->tree_count = setting->trees;
    forest->columns = columns->columns;
    forest->trees = memory_new(setting->trees, sizeof *forest->trees);
    forest->importance = memory_new(columns->columns, sizeof(double));
    fit.importance = memory_new(setting->trees * columns->columns, sizeof(double));
    threads_run(setting->threads, setting->trees, grow_trees, &fit);
    set_importance(&fit);
    free(fit.importance);
    return forest;
}

struct forest *forest_fit(const struct forest_columns *columns, const uint8_t *positive,
                          const struct forest_setting *setting)
{
    return fit_by(&forest_binary, columns, positive, 2, setting);
}

struct forest *forest_fit_classes(const struct forest_columns *columns, const uint8_t *classes,
                                  size_t class_count, const struct forest_setting *setting)
{
    struct forest *forest = fit_by(&forest_classes, columns, classes, class_count, setting);

    forest->classes = class_count;
    return forest;
}

void forest_free(struct forest *forest)
{
    if (forest == NULL)
        return;
    for (size_t tree = 0; tree < forest->tree_count; tree++) {
        free(forest->trees[tree].nodes);
        free(forest->trees[tree].shares);
    }
    free(forest->trees);
    free(forest->importance);
    free(forest);
}
