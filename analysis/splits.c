#include "analysis/splits.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

/* An experiment with the rows it has of each label. */
struct group {
    int64_t experiment;
    size_t rows;
    size_t *label_rows;
    size_t fold;
    bool placed;
};

struct groups {
    struct group *items;
    size_t count;
    size_t capacity;
    size_t *of_row;
};

static void shuffle(struct random *random, size_t *items, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = random_below(random, i);
        size_t item = items[i - 1];

        items[i - 1] = items[other];
        items[other] = item;
    }
}

/* Deals the rows of one label: folds in turn from where the label before stopped, shuffled. */
static size_t deal_label(const struct split_input *input, size_t label, size_t folds, size_t next,
                         struct random *random, size_t *fold)
{
    size_t *dealt = memory_new(input->rows, sizeof *dealt);
    size_t count = 0;
    size_t taken = 0;

    for (size_t row = 0; row < input->rows; row++) {
        if (input->labels[row] == label)
            dealt[count++] = next++ % folds;
    }
    shuffle(random, dealt, count);
    for (size_t row = 0; row < input->rows; row++) {
        if (input->labels[row] == label)
            fold[row] = dealt[taken++];
    }
    free(dealt);
    return next;
}

size_t split_stratified(const struct split_input *input, size_t folds, size_t *fold)
{
    struct random random;
    size_t next = 0;

    folds = folds < input->rows ? folds : input->rows;
    random_seed(&random, input->seed);
    for (size_t label = 0; label < input->label_count; label++)
        next = deal_label(input, label, folds, next, &random, fold);
    return folds;
}

static struct group *group_of(struct groups *groups, const struct split_input *input, size_t row)
{
    size_t i = 0;

    while (i < groups->count && groups->items[i].experiment != input->experiments[row])
        i++;
    if (i == groups->count) {
        groups->items =
            memory_grow(groups->items, groups->count++, &groups->capacity, sizeof *groups->items);
        groups->items[i] =
            (struct group){.experiment = input->experiments[row],
                           .label_rows = memory_new(input->label_count, sizeof(size_t))};
    }
    groups->of_row[row] = i;
    return &groups->items[i];
}

static void collect_groups(const struct split_input *input, struct groups *groups)
{
    groups->of_row = memory_new(input->rows, sizeof *groups->of_row);
    for (size_t row = 0; row < input->rows; row++) {
        struct group *group = group_of(groups, input, row);

        group->rows++;
        group->label_rows[input->labels[row]]++;
    }
}

static void free_groups(struct groups *groups)
{
    for (size_t i = 0; i < groups->count; i++)
        free(groups->items[i].label_rows);
    free(groups->items);
    free(groups->of_row);
}

/* The fold with the fewest experiments of this label; among those, the one with fewest rows. */
static size_t emptiest_fold(const struct groups *groups, size_t label, size_t folds)
{
    size_t *experiments = memory_new(folds, sizeof *experiments);
    size_t *rows = memory_new(folds, sizeof *rows);
    size_t best = 0;

    for (size_t i = 0; i < groups->count; i++) {
        const struct group *group = &groups->items[i];

        if (!group->placed)
            continue;
        experiments[group->fold] += group->label_rows[label] > 0;
        rows[group->fold] += group->rows;
    }
    for (size_t i = 1; i < folds; i++) {
        if (experiments[i] < experiments[best] ||
            (experiments[i] == experiments[best] && rows[i] < rows[best]))
            best = i;
    }
    free(experiments);
    free(rows);
    return best;
}

static void place_label(struct groups *groups, size_t label, size_t folds, const size_t *order)
{
    for (size_t i = 0; i < groups->count; i++) {
        struct group *group = &groups->items[order[i]];

        if (group->placed || group->label_rows[label] == 0)
            continue;
        group->fold = emptiest_fold(groups, label, folds);
        group->placed = true;
    }
}

size_t split_by_experiment(const struct split_input *input, size_t folds, size_t *fold)
{
    struct groups groups = {0};
    struct random random;
    size_t *order;

    collect_groups(input, &groups);
    folds = folds < groups.count ? folds : groups.count;
    order = memory_new(groups.count, sizeof *order);
    for (size_t i = 0; i < groups.count; i++)
        order[i] = i;
    random_seed(&random, input->seed);
    shuffle(&random, order, groups.count);
    /* Fault types first: an experiment without a fault of its own fits in anywhere. */
    for (size_t label = 1; label < input->label_count; label++)
        place_label(&groups, label, folds, order);
    place_label(&groups, 0, folds, order);
    for (size_t row = 0; row < input->rows; row++)
        fold[row] = groups.items[groups.of_row[row]].fold;
    free(order);
    free_groups(&groups);
    return folds;
}

size_t split_by_intensity(const struct split_input *input, size_t folds, size_t *fold)
{
    (void)folds;
    memcpy(fold, input->intensities, input->rows * sizeof *fold);
    return input->intensity_count;
}

size_t split_by_repetition(const struct split_input *input, size_t folds, size_t *fold)
{
    (void)folds;
    memcpy(fold, input->repetitions, input->rows * sizeof *fold);
    return input->repetition_count;
}

size_t split_by_nominal(const struct split_input *input, size_t folds, size_t *fold)
{
    size_t nominal = 0;

    (void)folds;
    for (size_t row = 0; row < input->rows; row++) {
        bool is_nominal = input->intensities[row] == SPLIT_TRAINING_ONLY;

        fold[row] = is_nominal ? SPLIT_TRAINING_ONLY : 0;
        nominal += is_nominal;
    }
    return nominal > 0 && nominal < input->rows ? 1 : 0;
}

size_t split_by_source(const struct split_input *input, size_t folds, size_t *fold)
{
    (void)folds;
    for (size_t row = 0; row < input->rows; row++)
        fold[row] = input->sources[row] == 1 ? 0 : SPLIT_TRAINING_ONLY;
    return 1;
}
