/*
 * The best split between bins. Large nodes add up their tallies by bin and look at every bin; small
 * ones look only at the bins that they have rows in. A node's sums are not got by subtracting those
 * of one child from those of the parent: the parent has drawn other columns.
 */
#include "analysis/forest_split.h"

#include <string.h>

#define BINS (SPLIT_BIN_TALLIES / 2)
#define SMALL 64 /* rows up to which a node is small */

/* Sums on the way through the bins in rising order. */
struct scan {
    uint64_t left;     /* tally up to the previous bin */
    uint64_t previous; /* tally of the previous bin that has rows */
    uint32_t previous_bin;
    bool varies;
    double positives; /* weight of all positives in the node */
};

static inline void visit(const struct split_search *search, struct scan *scan, uint32_t column,
                         uint32_t bin, uint64_t tally, struct split *best)
{
    if (scan->left != 0) {
        scan->varies = true;
        if (!split_same_class(scan->previous, tally))
            split_try(split_positives(search, scan->left), split_weight(search, scan->left),
                      scan->positives, search->node_weight, column, (scan->previous_bin + bin) / 2,
                      best);
    }
    scan->left += tally;
    scan->previous = tally;
    scan->previous_bin = bin;
}

/* Two sums a bin: rows of one bin often follow each other, and an addition need not wait for the
 * one before it then. */
static void add_up(const struct split_rows *rows, const uint8_t *bins, size_t bin_count,
                   uint64_t *tallies)
{
    uint64_t *others = tallies + BINS;
    size_t i = 0;

    memset(tallies, 0, bin_count * sizeof *tallies);
    memset(others, 0, bin_count * sizeof *others);
    for (; i + 1 < rows->count; i += 2) {
        tallies[bins[rows->rows[i]]] += rows->tallies[i];
        others[bins[rows->rows[i + 1]]] += rows->tallies[i + 1];
    }
    if (i < rows->count)
        tallies[bins[rows->rows[i]]] += rows->tallies[i];
}

static bool search_large(struct split_search *search, uint32_t column, const uint8_t *bins,
                         size_t bin_count, struct split *best)
{
    struct scan scan = {.positives = split_positives(search, search->rows->tally)};
    uint64_t *tallies = search->bin_tallies;

    add_up(search->rows, bins, bin_count, tallies);
    for (uint32_t bin = 0; bin < bin_count; bin++) {
        uint64_t tally = tallies[bin] + tallies[BINS + bin];

        if (tally != 0)
            visit(search, &scan, column, bin, tally, best);
    }
    return scan.varies;
}

static bool search_small(struct split_search *search, uint32_t column, const uint8_t *bins,
                         struct split *best)
{
    struct scan scan = {.positives = split_positives(search, search->rows->tally)};
    const struct split_rows *rows = search->rows;
    uint64_t *tallies = search->bin_tallies;
    uint64_t used[BINS / 64] = {0};

    for (size_t i = 0; i < rows->count; i++) {
        uint8_t bin = bins[rows->rows[i]];

        tallies[bin] = 0;
        used[bin / 64] |= UINT64_C(1) << bin % 64;
    }
    for (size_t i = 0; i < rows->count; i++)
        tallies[bins[rows->rows[i]]] += rows->tallies[i];
    for (uint32_t word = 0; word < BINS / 64; word++) {
        for (uint64_t bits = used[word]; bits != 0; bits &= bits - 1) {
            uint32_t bin = word * 64 + (uint32_t)__builtin_ctzll(bits);

            visit(search, &scan, column, bin, tallies[bin], best);
        }
    }
    return scan.varies;
}

bool split_search_bins(struct split_search *search, uint32_t column, const uint8_t *bins,
                       size_t bin_count, struct split *best)
{
    if (search->rows->count <= SMALL)
        return search_small(search, column, bins, best);
    return search_large(search, column, bins, bin_count, best);
}
