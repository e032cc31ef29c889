#include "analysis/forest_split.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define SLOTS_SHARE 16 /* rows must be at least this part of the ranks */

/* Sums on the way through the values of a node in rising order. */
struct scan {
    uint64_t left;     /* tally up to the previous value */
    uint64_t previous; /* tally of the previous value */
    uint32_t previous_rank;
    double positives; /* weight of all positives in the node */
};

static struct class_rows new_class_rows(size_t rows)
{
    return (struct class_rows){.rows = memory_new(rows, sizeof(uint32_t)),
                               .counts = memory_new(rows, sizeof(uint32_t))};
}

void split_search_open(struct split_search *search, size_t rows, size_t ranks)
{
    size_t words = (ranks + 63) / 64;

    *search = (struct split_search){.positive_weight = 1,
                                    .negative_weight = 1,
                                    .minority = new_class_rows(rows),
                                    .majority = new_class_rows(rows),
                                    .bits = memory_new(words, sizeof(uint64_t)),
                                    .tallies = memory_new(ranks, sizeof(uint64_t)),
                                    .mark_words = (words + 7) / 8,
                                    .slot_counts = memory_new(2 * ranks + 1, 4 * sizeof(uint32_t)),
                                    .bin_tallies = memory_new(SPLIT_BIN_TALLIES, sizeof(uint64_t))};
    search->marks = memory_new(search->mark_words, sizeof(uint64_t));
    search->slots = (struct slots){.bits = search->bits,
                                   .of_rank = memory_new(ranks + 3, sizeof(uint16_t)),
                                   .distinct = memory_new(ranks, sizeof(uint32_t))};
}

void split_search_close(struct split_search *search)
{
    free(search->minority.rows);
    free(search->minority.counts);
    free(search->majority.rows);
    free(search->majority.counts);
    free(search->bits);
    free(search->tallies);
    free(search->marks);
    free(search->slots.of_rank);
    free(search->slots.distinct);
    free(search->slot_counts);
    free(search->bin_tallies);
}

void split_search_node(struct split_search *search, const struct split_rows *rows)
{
    struct class_rows positive = search->minority;
    struct class_rows negative = search->majority;
    double positives = split_positives(search, rows->tally);
    bool swap;

    search->rows = rows;
    search->node_weight = split_weight(search, rows->tally);
    positive.count = negative.count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        bool is_positive = rows->tallies[i] >> 32 != 0;

        positive.rows[positive.count] = negative.rows[negative.count] = rows->rows[i];
        positive.counts[positive.count] = negative.counts[negative.count] =
            (uint32_t)rows->tallies[i];
        positive.count += is_positive;
        negative.count += !is_positive;
    }
    swap = positive.count > negative.count;
    search->minority = swap ? negative : positive;
    search->majority = swap ? positive : negative;
    search->minority_weight = swap ? search->negative_weight : search->positive_weight;
    search->majority_weight = swap ? search->positive_weight : search->negative_weight;
    search->node_minority = swap ? search->node_weight - positives : positives;
}

/* Sums the tallies by rank. The least and greatest rank tell whether there is a split at all. */
static bool fill(struct split_search *search, const uint32_t *ranks)
{
    /* Copies, for the compiler can't know that the stores below don't change the originals. */
    uint64_t *tallies = search->tallies;
    uint64_t *bits = search->bits;
    uint8_t *marks = search->marks;
    const uint32_t *row = search->rows->rows;
    const uint64_t *tally = search->rows->tallies;
    size_t count = search->rows->count;
    uint32_t first = ranks[row[0]];
    uint32_t differing = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t rank = ranks[row[i]];

        tallies[rank] += tally[i];
        bits[rank / 64] |= UINT64_C(1) << rank % 64;
        marks[rank / 64] = 1;
        differing |= rank ^ first;
    }
    return differing != 0;
}

static void clear_single(struct split_search *search, uint32_t rank)
{
    search->tallies[rank] = 0;
    search->bits[rank / 64] = 0;
    search->marks[rank / 64] = 0;
}

static inline void visit(struct split_search *search, struct scan *scan, uint32_t column,
                         uint32_t rank, struct split *best)
{
    uint64_t tally = search->tallies[rank];

    search->tallies[rank] = 0;
    if (scan->left != 0 && !split_same_class(scan->previous, tally))
        split_try(split_positives(search, scan->left), split_weight(search, scan->left),
                  scan->positives, search->node_weight, column, scan->previous_rank, best);
    scan->left += tally;
    scan->previous = tally;
    scan->previous_rank = rank;
}

static inline void visit_word(struct split_search *search, struct scan *scan, uint32_t column,
                              size_t word, struct split *best)
{
    for (uint64_t bits = search->bits[word]; bits != 0; bits &= bits - 1)
        visit(search, scan, column, (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits)), best);
    search->bits[word] = 0;
}

bool split_search_bits(struct split_search *search, uint32_t column, const uint32_t *ranks,
                       struct split *best)
{
    struct scan scan = {.positives = split_positives(search, search->rows->tally)};

    if (!fill(search, ranks)) {
        clear_single(search, ranks[search->rows->rows[0]]);
        return false;
    }
    for (size_t i = 0; i < search->mark_words; i++) {
        uint64_t marks;

        memcpy(&marks, search->marks + 8 * i, sizeof marks);
        if (marks == 0)
            continue;
        for (size_t word = 8 * i; word < 8 * i + 8; word++) {
            if (search->marks[word])
                visit_word(search, &scan, column, word, best);
            search->marks[word] = 0;
        }
    }
    return true;
}

bool split_search_column(struct split_search *search, uint32_t column, const uint32_t *ranks,
                         size_t rank_count, struct split *best)
{
    if (search->rows->count >= rank_count / SLOTS_SHARE &&
        search->minority.count <= SLOTS_RARE_MOST)
        return split_search_slots(search, column, ranks, rank_count, best);
    return split_search_bits(search, column, ranks, best);
}
