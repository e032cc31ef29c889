/*
 * The best split of a large node of which most rows are of one class: within a run of these no
 * split is better than at its ends (Fayyad and Irani, 1992), so that it is enough to count them in
 * slots between the values of all others (forest_slots.h).
 */
#include "analysis/forest_classes.h"

#include <string.h>

/* Chains the other rows by the place of their rank among the distinct ones. */
static void chain_others(struct class_search *search, const uint32_t *ranks)
{
    const uint16_t *of_rank = search->slots.of_rank;
    const uint32_t *rows = search->others.rows;
    uint32_t *heads = search->heads;
    uint32_t *next = search->next;
    size_t count = search->others.count;

    for (size_t i = 0; i < count; i++) {
        size_t place = of_rank[ranks[rows[i]]] / 2;

        next[i] = heads[place];
        heads[place] = (uint32_t)i + 1;
    }
}

/* Moves the rows that are equal to the distinct rank of this place; returns their class. */
static inline uint32_t move_equal(struct class_search *search, struct class_scan *scan,
                                  size_t place, uint32_t majority)
{
    const uint64_t *tallies = search->others.tallies;
    uint32_t at = search->heads[place];
    uint32_t class = (uint32_t)(tallies[at - 1] >> 32);

    search->heads[place] = 0;
    for (; at != 0; at = search->next[at - 1]) {
        uint64_t tally = tallies[at - 1];

        class_scan_move(search, scan, (uint32_t)(tally >> 32), (uint32_t)tally);
        class = tally >> 32 == class ? class : CLASS_MIXED;
    }
    if (majority > 0) {
        class_scan_move(search, scan, search->majority_class, majority);
        class = CLASS_MIXED;
    }
    return class;
}

/* Moves the majority's rows of a slot between two distinct ranks, if there are any. */
static inline bool move_between(struct class_search *search, struct class_scan *scan,
                                uint32_t count, uint32_t column, uint32_t limit, struct split *best)
{
    struct class_scan before = *scan;

    if (count == 0)
        return false;
    class_scan_move(search, scan, search->majority_class, count);
    class_scan_end(search, &before, scan, search->majority_class, column, limit, best);
    return true;
}

bool classes_search_slots(struct class_search *search, const struct class_column *column,
                          struct split *best)
{
    size_t distinct = slots_make(&search->slots, search->others.rows, search->others.count,
                                 column->ranks, column->rank_count);
    const uint32_t *ranks = search->slots.distinct;
    uint32_t *counts = search->slot_counts;
    struct class_scan scan = class_scan_start(search);
    uint32_t limit = 0;

    memset(counts, 0, 2 * (2 * distinct + 1) * sizeof *counts);
    slots_count(&search->slots, &search->majority, column->ranks, counts);
    chain_others(search, column->ranks);
    for (size_t i = 0; i < distinct; i++) {
        const uint32_t *of_slot = counts + 4 * i;
        struct class_scan before;
        uint32_t class;

        if (move_between(search, &scan, of_slot[0] + of_slot[1], column->index, limit, best))
            limit = ranks[i] - 1;
        before = scan;
        class = move_equal(search, &scan, i, of_slot[2] + of_slot[3]);
        class_scan_end(search, &before, &scan, class, column->index, limit, best);
        limit = ranks[i];
    }
    move_between(search, &scan, counts[4 * distinct] + counts[4 * distinct + 1], column->index,
                 limit, best);
    return scan.varies;
}
