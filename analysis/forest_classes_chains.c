/* The best split of a node by chains, one for each rank, of the rows that have it. Touches only
 * what these rows touch. */
#include "analysis/forest_classes.h"

#include <string.h>

/* Makes the chains. Returns whether there are several. */
static inline bool fill(struct class_search *search, const struct class_column *column)
{
    /* Copies, for the compiler can't know that the stores below don't change the originals. */
    uint32_t *heads = search->heads;
    uint32_t *next = search->next;
    uint64_t *bits = search->bits;
    uint8_t *marks = search->marks;
    const uint32_t *row = search->rows->rows;
    size_t count = search->rows->count;
    uint32_t first = class_column_rank(column, row[0]);
    uint32_t differing = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t rank = class_column_rank(column, row[i]);

        next[i] = heads[rank];
        heads[rank] = (uint32_t)i + 1;
        bits[rank / 64] |= UINT64_C(1) << rank % 64;
        marks[rank / 64] = 1;
        differing |= rank ^ first;
    }
    return differing != 0;
}

static void clear_single(struct class_search *search, uint32_t rank)
{
    search->heads[rank] = 0;
    search->bits[rank / 64] = 0;
    search->marks[rank / 64] = 0;
}

/* Moves a chain to the left; returns its class. */
static inline uint32_t move_chain(struct class_search *search, struct class_scan *scan,
                                  uint32_t rank)
{
    const uint64_t *tallies = search->rows->tallies;
    uint32_t at = search->heads[rank];
    uint32_t class = (uint32_t)(tallies[at - 1] >> 32);

    search->heads[rank] = 0;
    for (; at != 0; at = search->next[at - 1]) {
        uint64_t tally = tallies[at - 1];

        class_scan_move(search, scan, (uint32_t)(tally >> 32), (uint32_t)tally);
        class = tally >> 32 == class ? class : CLASS_MIXED;
    }
    return class;
}

static inline void visit_word(struct class_search *search, struct class_scan *scan,
                              const struct class_column *column, size_t word, uint32_t *previous,
                              struct split *best)
{
    for (uint64_t bits = search->bits[word]; bits != 0; bits &= bits - 1) {
        uint32_t rank = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
        struct class_scan before = *scan;
        uint32_t class = move_chain(search, scan, rank);

        class_scan_end(search, &before, scan, class, column->index,
                       class_column_limit(column, *previous, rank), best);
        *previous = rank;
    }
    search->bits[word] = 0;
}

bool classes_search_chains(struct class_search *search, const struct class_column *column,
                           struct split *best)
{
    struct class_scan scan;
    uint32_t previous = 0;

    if (!fill(search, column)) {
        clear_single(search, class_column_rank(column, search->rows->rows[0]));
        return false;
    }
    scan = class_scan_start(search);
    for (size_t i = 0; i < search->mark_words; i++) {
        uint64_t marks;

        memcpy(&marks, search->marks + 8 * i, sizeof marks);
        if (marks == 0)
            continue;
        for (size_t word = 8 * i; word < 8 * i + 8; word++) {
            if (search->marks[word])
                visit_word(search, &scan, column, word, &previous, best);
            search->marks[word] = 0;
        }
    }
    return true;
}
