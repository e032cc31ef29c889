/*
 * The best split of a large node. It lies beside a value of the minority class: within a run of
 * the other class no split is better than at its ends (Fayyad and Irani, 1992). So it is enough to
 * count the majority in slots: slot 2 i holds what lies between the minority's (i-1)th and ith
 * distinct value, slot 2 i + 1 what is equal to the ith.
 */
#include "analysis/forest_split.h"

#include <string.h>

/* Lists the distinct ranks of the minority in rising order. */
static size_t list_distinct(struct split_search *search, const uint32_t *ranks, size_t rank_count)
{
    const struct class_rows *minority = &search->minority;
    size_t count = 0;

    for (size_t i = 0; i < minority->count; i++) {
        uint32_t rank = ranks[minority->rows[i]];

        search->bits[rank / 64] |= UINT64_C(1) << rank % 64;
    }
    for (size_t word = 0; word <= (rank_count - 1) / 64; word++) {
        for (uint64_t bits = search->bits[word]; bits != 0; bits &= bits - 1)
            search->distinct[count++] = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
        search->bits[word] = 0;
    }
    return count;
}

/* Sets slots of ranks from `from` on, before `until`. May write up to three more, which are set
 * anew when their turn comes, or lie behind the last. */
static inline void fill_run(uint16_t *slots, size_t from, size_t until, size_t slot)
{
    uint64_t four = slot * UINT64_C(0x0001000100010001);

    for (; from < until; from += 4)
        memcpy(slots + from, &four, sizeof four);
}

static void fill_slots(struct split_search *search, size_t distinct, size_t rank_count)
{
    size_t rank = 0;

    for (size_t i = 0; i < distinct; i++) {
        fill_run(search->slots, rank, search->distinct[i], 2 * i);
        rank = search->distinct[i];
        search->slots[rank++] = (uint16_t)(2 * i + 1);
    }
    fill_run(search->slots, rank, rank_count, 2 * distinct);
}

/* Adds up a class by slot. Two sums a slot: rows of one slot often follow each other, and an
 * addition need not wait for the one before it then. */
static void count_class(const struct split_search *search, const struct class_rows *class,
                        const uint32_t *ranks, uint32_t *counts)
{
    const uint16_t *slots = search->slots;
    const uint32_t *rows = class->rows;
    const uint32_t *times = class->counts;
    size_t count = class->count;
    size_t i = 0;

    for (; i + 1 < count; i += 2) {
        counts[(size_t)2 * slots[ranks[rows[i]]]] += times[i];
        counts[(size_t)2 * slots[ranks[rows[i + 1]]] + 1] += times[i + 1];
    }
    if (i < count)
        counts[(size_t)2 * slots[ranks[rows[i]]]] += times[i];
}

static inline double weigh(double weight, const uint32_t *counts, size_t slot)
{
    return weight * (double)(counts[2 * slot] + counts[2 * slot + 1]);
}

bool split_search_slots(struct split_search *search, uint32_t column, const uint32_t *ranks,
                        size_t rank_count, struct split *best)
{
    size_t distinct = list_distinct(search, ranks, rank_count);
    size_t slots = 2 * distinct + 1;
    uint32_t *majority = search->slot_counts;
    uint32_t *minority = search->slot_counts + 2 * slots;
    double part = 0;
    double left = 0;

    memset(search->slot_counts, 0, 4 * slots * sizeof *search->slot_counts);
    fill_slots(search, distinct, rank_count);
    count_class(search, &search->majority, ranks, majority);
    count_class(search, &search->minority, ranks, minority);
    if (distinct == 1 && majority[0] + majority[1] + majority[4] + majority[5] == 0)
        return false;
    for (size_t i = 0; i < distinct; i++) {
        double between = weigh(search->majority_weight, majority, 2 * i);
        double own = weigh(search->minority_weight, minority, 2 * i + 1);

        left += between;
        if (between > 0 || (i > 0 && left > 0))
            split_try(part, left, search->node_minority, search->node_weight, column,
                      search->distinct[i] - 1, best);
        part += own;
        left += own + weigh(search->majority_weight, majority, 2 * i + 1);
        if (i + 1 < distinct || weigh(search->majority_weight, majority, 2 * distinct) > 0)
            split_try(part, left, search->node_minority, search->node_weight, column,
                      search->distinct[i], best);
    }
    return true;
}
