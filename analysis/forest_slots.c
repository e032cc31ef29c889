#include "analysis/forest_slots.h"

#include <string.h>

/* Lists the distinct ranks of the rare rows in rising order. */
static size_t list_distinct(const struct slots *slots, const uint32_t *rare, size_t rare_count,
                            const uint32_t *ranks, size_t rank_count)
{
    size_t count = 0;

    for (size_t i = 0; i < rare_count; i++) {
        uint32_t rank = ranks[rare[i]];

        slots->bits[rank / 64] |= UINT64_C(1) << rank % 64;
    }
    for (size_t word = 0; word <= (rank_count - 1) / 64; word++) {
        for (uint64_t bits = slots->bits[word]; bits != 0; bits &= bits - 1)
            slots->distinct[count++] = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
        slots->bits[word] = 0;
    }
    return count;
}

/* Sets slots of ranks from `from` on, before `until`. May write up to three more, which are set
 * anew when their turn comes, or lie behind the last. */
static inline void fill_run(uint16_t *of_rank, size_t from, size_t until, size_t slot)
{
    uint64_t four = slot * UINT64_C(0x0001000100010001);

    for (; from < until; from += 4)
        memcpy(of_rank + from, &four, sizeof four);
}

size_t slots_make(const struct slots *slots, const uint32_t *rare, size_t rare_count,
                  const uint32_t *ranks, size_t rank_count)
{
    size_t distinct = list_distinct(slots, rare, rare_count, ranks, rank_count);
    size_t rank = 0;

    for (size_t i = 0; i < distinct; i++) {
        fill_run(slots->of_rank, rank, slots->distinct[i], 2 * i);
        rank = slots->distinct[i];
        slots->of_rank[rank++] = (uint16_t)(2 * i + 1);
    }
    fill_run(slots->of_rank, rank, rank_count, 2 * distinct);
    return distinct;
}

/* Two sums a slot: rows of one slot often follow each other, and an addition need not wait for the
 * one before it then. */
void slots_count(const struct slots *slots, const struct class_rows *rows, const uint32_t *ranks,
                 uint32_t *counts)
{
    const uint16_t *of_rank = slots->of_rank;
    const uint32_t *row = rows->rows;
    const uint32_t *times = rows->counts;
    size_t count = rows->count;
    size_t i = 0;

    for (; i + 1 < count; i += 2) {
        counts[(size_t)2 * of_rank[ranks[row[i]]]] += times[i];
        counts[(size_t)2 * of_rank[ranks[row[i + 1]]] + 1] += times[i + 1];
    }
    if (i < count)
        counts[(size_t)2 * of_rank[ranks[row[i]]]] += times[i];
}
