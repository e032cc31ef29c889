/* The best split of a node of few rows: they are sorted. */
#include "analysis/forest_classes.h"

/* Sorts the node's rows by rank: that in the upper 32 bits, the row's place in the lower. */
static void sort(const struct split_rows *rows, const struct class_column *column, uint64_t *keys)
{
    for (size_t i = 0; i < rows->count; i++) {
        uint64_t key = (uint64_t)class_column_rank(column, rows->rows[i]) << 32 | i;
        size_t at = i;

        for (; at > 0 && keys[at - 1] > key; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

bool classes_search_few(struct class_search *search, const struct class_column *column,
                        struct split *best)
{
    const struct split_rows *rows = search->rows;
    struct class_scan scan = class_scan_start(search);
    uint64_t keys[CLASSES_FEW];
    uint32_t previous = 0;

    sort(rows, column, keys);
    for (size_t i = 0; i < rows->count;) {
        struct class_scan before = scan;
        uint32_t rank = (uint32_t)(keys[i] >> 32);
        uint32_t class = (uint32_t)(rows->tallies[(uint32_t)keys[i]] >> 32);

        for (; i < rows->count && keys[i] >> 32 == rank; i++) {
            uint64_t tally = rows->tallies[(uint32_t)keys[i]];

            class_scan_move(search, &scan, (uint32_t)(tally >> 32), (uint32_t)tally);
            class = tally >> 32 == class ? class : CLASS_MIXED;
        }
        class_scan_end(search, &before, &scan, class, column->index,
                       class_column_limit(column, previous, rank), best);
        previous = rank;
    }
    return scan.varies;
}
