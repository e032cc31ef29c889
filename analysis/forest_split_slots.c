/*
 * The best split of a large node. It lies beside a value of the minority class: within a run of
 * the other class no split is better than at its ends (Fayyad and Irani, 1992). So it is enough to
 * count the majority in slots (forest_slots.h).
 */
#include "analysis/forest_split.h"

#include <string.h>

static inline double weigh(double weight, const uint32_t *counts, size_t slot)
{
    return weight * (double)(counts[2 * slot] + counts[2 * slot + 1]);
}

bool split_search_slots(struct split_search *search, uint32_t column, const uint32_t *ranks,
                        size_t rank_count, struct split *best)
{
    size_t distinct = slots_make(&search->slots, search->minority.rows, search->minority.count,
                                 ranks, rank_count);
    size_t slots = 2 * distinct + 1;
    uint32_t *majority = search->slot_counts;
    uint32_t *minority = search->slot_counts + 2 * slots;
    double part = 0;
    double left = 0;

    memset(search->slot_counts, 0, 4 * slots * sizeof *search->slot_counts);
    slots_count(&search->slots, &search->majority, ranks, majority);
    slots_count(&search->slots, &search->minority, ranks, minority);
    if (distinct == 1 && majority[0] + majority[1] + majority[4] + majority[5] == 0)
        return false;
    for (size_t i = 0; i < distinct; i++) {
        double between = weigh(search->majority_weight, majority, 2 * i);
        double own = weigh(search->minority_weight, minority, 2 * i + 1);

        left += between;
        if (between > 0 || (i > 0 && left > 0))
            split_try(part, left, search->node_minority, search->node_weight, column,
                      search->slots.distinct[i] - 1, best);
        part += own;
        left += own + weigh(search->majority_weight, majority, 2 * i + 1);
        if (i + 1 < distinct || weigh(search->majority_weight, majority, 2 * distinct) > 0)
            split_try(part, left, search->node_minority, search->node_weight, column,
                      search->slots.distinct[i], best);
    }
    return true;
}
