/* The best split of a large node on a column with few ranks: its rows are counted by rank and
 * class. */
#include "analysis/forest_classes.h"

#include <string.h>

/* Two counts each: rows of one rank and class often follow each other, and an addition need not
 * wait for the one before it then. */
static void fill(struct class_search *search, const struct class_column *column)
{
    const struct split_rows *rows = search->rows;
    size_t classes = search->classes.count;
    uint32_t *counts = search->table;
    uint32_t *others = counts + column->rank_count * classes;
    size_t i = 0;

    memset(counts, 0, (size_t)2 * column->rank_count * classes * sizeof *counts);
    for (; i + 1 < rows->count; i += 2) {
        uint64_t tally = rows->tallies[i];
        uint64_t other = rows->tallies[i + 1];

        counts[class_column_rank(column, rows->rows[i]) * classes + (tally >> 32)] +=
            (uint32_t)tally;
        others[class_column_rank(column, rows->rows[i + 1]) * classes + (other >> 32)] +=
            (uint32_t)other;
    }
    if (i < rows->count)
        counts[class_column_rank(column, rows->rows[i]) * classes + (rows->tallies[i] >> 32)] +=
            (uint32_t)rows->tallies[i];
}

/* Moves the rows of a rank to the left. Returns their class; one more than CLASS_MIXED if there are
 * none. */
static inline uint32_t move_rank(struct class_search *search, struct class_scan *scan,
                                 const uint32_t *counts, const uint32_t *others)
{
    uint32_t found = CLASS_MIXED + 1;

    for (uint32_t i = 0; i < search->classes.count; i++) {
        uint32_t count = counts[i] + others[i];

        if (count == 0)
            continue;
        class_scan_move(search, scan, i, count);
        found = found > CLASS_MIXED ? i : CLASS_MIXED;
    }
    return found;
}

bool classes_search_table(struct class_search *search, const struct class_column *column,
                          struct split *best)
{
    size_t classes = search->classes.count;
    const uint32_t *counts = search->table;
    const uint32_t *others = counts + column->rank_count * classes;
    struct class_scan scan = class_scan_start(search);
    uint32_t previous = 0;

    fill(search, column);
    for (uint32_t rank = 0; rank < column->rank_count; rank++) {
        struct class_scan before = scan;
        uint32_t class = move_rank(search, &scan, counts + rank * classes, others + rank * classes);

        if (class > CLASS_MIXED)
            continue;
        class_scan_end(search, &before, &scan, class, column->index,
                       class_column_limit(column, previous, rank), best);
        previous = rank;
    }
    return scan.varies;
}
