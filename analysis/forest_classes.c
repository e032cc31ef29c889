#include "analysis/forest_classes.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define SLOTS_SHARE 16 /* rows must be at least this part of the ranks */
#define TABLE_SHARE 4  /* and this part of a table's counts */

static struct class_rows new_class_rows(size_t rows)
{
    return (struct class_rows){.rows = memory_new(rows, sizeof(uint32_t)),
                               .counts = memory_new(rows, sizeof(uint32_t))};
}

static void open_by_rank(struct class_search *search, size_t rows, size_t ranks)
{
    size_t words = (ranks + 63) / 64;

    search->heads = memory_new(ranks, sizeof(uint32_t));
    search->next = memory_new(rows, sizeof(uint32_t));
    search->bits = memory_new(words, sizeof(uint64_t));
    search->mark_words = (words + 7) / 8;
    search->marks = memory_new(search->mark_words, sizeof(uint64_t));
    search->slots = (struct slots){.bits = search->bits,
                                   .of_rank = memory_new(ranks + 3, sizeof(uint16_t)),
                                   .distinct = memory_new(ranks, sizeof(uint32_t))};
    search->slot_counts = memory_new(2 * ranks + 1, 2 * sizeof(uint32_t));
}

static void *open_search(const struct forest_columns *columns, const struct row_classes *classes)
{
    struct class_search *search = memory_new(1, sizeof *search);

    search->columns = columns;
    search->classes = *classes;
    search->weights = memory_new(classes->count, sizeof(uint64_t));
    for (size_t i = 0; i < classes->count; i++)
        search->weights[i] = (uint64_t)classes->weights[i];
    search->whole = memory_new(classes->count, sizeof(uint64_t));
    search->class_counts = memory_new(classes->count, 2 * sizeof(uint32_t));
    search->majority = new_class_rows(columns->rows);
    search->others.rows = memory_new(columns->rows, sizeof(uint32_t));
    search->others.tallies = memory_new(columns->rows, sizeof(uint64_t));
    search->left = memory_new(classes->count, sizeof(uint64_t));
    search->table = memory_new(classes->count, (size_t)2 * CLASSES_TABLE_RANKS * sizeof(uint32_t));
    open_by_rank(search, columns->rows, forest_columns_most_ranks(columns));
    return search;
}

static void close_search(void *opaque)
{
    struct class_search *search = opaque;

    free(search->weights);
    free(search->whole);
    free(search->class_counts);
    free(search->majority.rows);
    free(search->majority.counts);
    free(search->others.rows);
    free(search->others.tallies);
    free(search->left);
    free(search->table);
    free(search->heads);
    free(search->next);
    free(search->bits);
    free(search->marks);
    free(search->slots.of_rank);
    free(search->slots.distinct);
    free(search->slot_counts);
    free(search);
}

/* Their sum has no use: a node's classes are counted. */
static void tally(const void *opaque, struct split_rows *rows)
{
    const struct class_search *search = opaque;

    for (size_t i = 0; i < rows->count; i++)
        rows->tallies[i] |= (uint64_t)search->classes.of_row[rows->rows[i]] << 32;
}

/* Counts the node's rows by class. Two counts a class: rows of one class often follow each other,
 * and an addition need not wait for the one before it then. */
static void count_classes(struct class_search *search, const struct split_rows *rows)
{
    uint32_t *counts = search->class_counts;
    size_t i = 0;

    memset(counts, 0, 2 * search->classes.count * sizeof *counts);
    for (; i + 1 < rows->count; i += 2) {
        counts[2 * (rows->tallies[i] >> 32)] += (uint32_t)rows->tallies[i];
        counts[2 * (rows->tallies[i + 1] >> 32) + 1] += (uint32_t)rows->tallies[i + 1];
    }
    if (i < rows->count)
        counts[2 * (rows->tallies[i] >> 32)] += (uint32_t)rows->tallies[i];
}

/* Fills the weights of the node. Returns how many classes it has. */
static size_t weigh_classes(struct class_search *search)
{
    uint32_t most = 0;
    size_t present = 0;

    search->weight = search->squares = 0;
    for (size_t i = 0; i < search->classes.count; i++) {
        uint32_t count = search->class_counts[2 * i] + search->class_counts[2 * i + 1];
        uint64_t weight = search->weights[i] * count;

        search->whole[i] = weight;
        search->weight += weight;
        search->squares += weight * weight;
        present += count > 0;
        if (count > most) {
            most = count;
            search->majority_class = (uint32_t)i;
        }
    }
    return present;
}

static void list_rows(struct class_search *search, const struct split_rows *rows)
{
    struct class_rows *majority = &search->majority;
    struct split_rows *others = &search->others;

    majority->count = others->count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        uint64_t of_row = rows->tallies[i];
        bool is_majority = of_row >> 32 == search->majority_class;

        majority->rows[majority->count] = others->rows[others->count] = rows->rows[i];
        majority->counts[majority->count] = (uint32_t)of_row;
        others->tallies[others->count] = of_row;
        majority->count += is_majority;
        others->count += !is_majority;
    }
}

static bool turn(void *opaque, const struct split_rows *rows)
{
    struct class_search *search = opaque;

    search->rows = rows;
    count_classes(search, rows);
    if (weigh_classes(search) < 2)
        return false;
    search->is_listed = search->columns->bins == NULL && rows->count > CLASSES_FEW;
    if (search->is_listed)
        list_rows(search, rows);
    search->is_listed = search->is_listed && search->others.count <= search->majority.count &&
                        search->others.count <= SLOTS_RARE_MOST;
    return true;
}

static bool search_column(void *opaque, uint32_t index, struct split *best)
{
    struct class_search *search = opaque;
    const struct forest_columns *columns = search->columns;
    size_t start = index * columns->rows;
    size_t count = search->rows->count;
    uint32_t ranks = columns->rank_counts[index];
    struct class_column column = {index, columns->ranks != NULL ? columns->ranks + start : NULL,
                                  columns->bins != NULL ? columns->bins + start : NULL, ranks};

    if (count <= CLASSES_FEW)
        return classes_search_few(search, &column, best);
    if (ranks <= CLASSES_TABLE_RANKS && count >= ranks * search->classes.count / TABLE_SHARE)
        return classes_search_table(search, &column, best);
    if (search->is_listed && count >= ranks / SLOTS_SHARE)
        return classes_search_slots(search, &column, best);
    return classes_search_chains(search, &column, best);
}

static double decrease(const void *opaque, const struct split *best, const struct split_rows *left)
{
    const struct class_search *search = opaque;
    uint64_t weights[FOREST_CLASSES_MOST] = {0};
    uint64_t weight = 0;
    double sum = 0;

    for (size_t i = 0; i < left->count; i++) {
        uint64_t class = left->tallies[i] >> 32;

        weights[class] += search->weights[class] * (uint32_t)left->tallies[i];
    }
    for (size_t i = 0; i < search->classes.count; i++)
        weight += weights[i];
    for (size_t i = 0; i < search->classes.count; i++) {
        double difference =
            (double)weights[i] * (double)search->weight - (double)search->whole[i] * (double)weight;

        sum += difference * difference;
    }
    return sum / best->denominator / (double)search->weight;
}

/* The shares of a mixed leaf; room is doubled when it is used up. */
static size_t add_shares(const struct class_search *search, struct forest_tree *tree)
{
    size_t count = search->classes.count;
    size_t mixed = tree->mixed_count++;
    double *shares;

    if ((mixed & (mixed - 1)) == 0)
        tree->shares =
            memory_resize(tree->shares, mixed > 0 ? 2 * mixed : 1, count * sizeof *tree->shares);
    shares = tree->shares + mixed * count;
    for (size_t i = 0; i < count; i++)
        shares[i] = (double)search->whole[i] / (double)search->weight;
    return count + mixed;
}

static void set_leaf(const void *opaque, struct forest_tree *tree, size_t node)
{
    const struct class_search *search = opaque;
    uint64_t majority = search->whole[search->majority_class];
    size_t leaf = majority == search->weight ? search->majority_class : add_shares(search, tree);

    tree->nodes[node] =
        (struct forest_node){(double)(search->weight - search->whole[0]) / (double)search->weight,
                             FOREST_LEAF, (uint32_t)leaf};
}

const struct forest_method forest_classes = {
    .most_weight =
        UINT64_C(1) << 28, /* a bootstrap can weigh more, if the rarest are often in it */
    .open = open_search,
    .close = close_search,
    .tally = tally,
    .turn = turn,
    .column = search_column,
    .decrease = decrease,
    .leaf = set_leaf,
};
