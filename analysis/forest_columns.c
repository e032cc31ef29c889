#include "analysis/forest_columns.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/sort_keys.h"
#include "base/memory.h"

#define DIGIT_BITS 11
#define DIGITS 3
#define BUCKETS (1U << DIGIT_BITS)
#define SHORT_RUN 16
#define PREFETCH_ROWS 16
#define BLOCK 8 /* columns read from the row-major matrix together: one cache line of doubles */

/* Sorts one column: by the upper 32 bits of the keys' range, then within equal ones. */
struct column_sorter {
    size_t rows;
    uint64_t *keys;    /* (BLOCK x rows): the doubles as integers of the same order */
    uint64_t *entries; /* upper bits of the key << 32 | row */
    uint64_t *spare;
    uint32_t starts[DIGITS][BUCKETS]; /* how many entries have each digit; where they go */
};

static void load_block(struct column_sorter *sorter, const struct forest_columns *columns,
                       size_t first, size_t count)
{
    for (size_t row = 0; row < sorter->rows; row++) {
        const double *values = columns->values + row * columns->columns + first;

        /* The step from row to row is too long for the processor to foresee. */
        if (row + PREFETCH_ROWS < sorter->rows) {
            __builtin_prefetch(values + PREFETCH_ROWS * columns->columns);
            __builtin_prefetch(values + PREFETCH_ROWS * columns->columns + count - 1);
        }
        for (size_t i = 0; i < count; i++)
            sorter->keys[i * sorter->rows + row] = key_of_double(values[i]);
    }
}

/* Makes the entries of a column and returns the number of bits that differ in their upper half. */
static int make_entries(struct column_sorter *sorter, const uint64_t *keys)
{
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    int bits = 0;
    int shift;

    for (size_t row = 0; row < sorter->rows; row++) {
        least = keys[row] < least ? keys[row] : least;
        most = keys[row] > most ? keys[row] : most;
    }
    while (bits < 64 && (most - least) >> bits != 0)
        bits++;
    shift = bits > 32 ? bits - 32 : 0;
    memset(sorter->starts, 0, sizeof sorter->starts);
    for (size_t row = 0; row < sorter->rows; row++) {
        uint64_t upper = (keys[row] - least) >> shift;

        sorter->entries[row] = upper << 32 | row;
        for (int digit = 0; digit < DIGITS; digit++)
            sorter->starts[digit][upper >> digit * DIGIT_BITS & (BUCKETS - 1)]++;
    }
    return bits - shift;
}

static void sort_by_digit(struct column_sorter *sorter, int digit)
{
    uint32_t *starts = sorter->starts[digit];
    uint32_t start = 0;
    int shift = 32 + digit * DIGIT_BITS;
    uint64_t *sorted = sorter->spare;

    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
        uint32_t count = starts[bucket];

        starts[bucket] = start;
        start += count;
    }
    for (size_t i = 0; i < sorter->rows; i++)
        sorted[starts[sorter->entries[i] >> shift & (BUCKETS - 1)]++] = sorter->entries[i];
    sorter->spare = sorter->entries;
    sorter->entries = sorted;
}

static int compare_by_key(const void *left, const void *right, void *context)
{
    const uint64_t *keys = context;
    uint64_t a = keys[*(const uint64_t *)left & UINT32_MAX];
    uint64_t b = keys[*(const uint64_t *)right & UINT32_MAX];

    return (a > b) - (a < b);
}

/* Sorts entries whose upper bits are equal by their whole key. */
static void sort_run(uint64_t *run, size_t count, uint64_t *keys)
{
    if (count > SHORT_RUN) {
        qsort_r(run, count, sizeof *run, compare_by_key, keys);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        uint64_t entry = run[i];
        size_t at = i;

        for (; at > 0 && keys[run[at - 1] & UINT32_MAX] > keys[entry & UINT32_MAX]; at--)
            run[at] = run[at - 1];
        run[at] = entry;
    }
}

/* Entries with equal upper bits stand together now, but in the order of their rows. */
static void sort_runs(const struct column_sorter *sorter, uint64_t *keys)
{
    uint64_t *entries = sorter->entries;

    for (size_t start = 0, end; start < sorter->rows; start = end) {
        bool equal = true;

        for (end = start + 1; end < sorter->rows && entries[end] >> 32 == entries[start] >> 32;
             end++)
            equal = equal && keys[entries[end] & UINT32_MAX] == keys[entries[start] & UINT32_MAX];
        if (!equal)
            sort_run(entries + start, end - start, keys);
    }
}

static uint32_t rank_column(struct column_sorter *sorter, uint64_t *keys, uint32_t *ranks)
{
    int bits = make_entries(sorter, keys);
    uint64_t previous;
    uint32_t rank = 0;

    for (int digit = 0; digit * DIGIT_BITS < bits; digit++)
        sort_by_digit(sorter, digit);
    sort_runs(sorter, keys);
    previous = sorter->entries[0];
    for (size_t i = 0; i < sorter->rows; i++) {
        uint64_t entry = sorter->entries[i];

        rank += entry >> 32 != previous >> 32 ||
                keys[entry & UINT32_MAX] != keys[previous & UINT32_MAX];
        previous = entry;
        ranks[entry & UINT32_MAX] = rank;
    }
    return rank + 1;
}

static void rank_all(struct column_sorter *sorter, struct forest_columns *columns)
{
    for (size_t first = 0; first < columns->columns; first += BLOCK) {
        size_t count = columns->columns - first < BLOCK ? columns->columns - first : BLOCK;

        load_block(sorter, columns, first, count);
        for (size_t i = 0; i < count; i++)
            columns->rank_counts[first + i] =
                rank_column(sorter, sorter->keys + i * columns->rows,
                            columns->ranks + (first + i) * columns->rows);
    }
}

struct forest_columns *forest_columns_new(const double *values, size_t rows, size_t columns)
{
    struct forest_columns *result = memory_new(1, sizeof *result);
    struct column_sorter *sorter = memory_new(1, sizeof *sorter);

    *result = (struct forest_columns){.rows = rows,
                                      .columns = columns,
                                      .values = values,
                                      .ranks = memory_new(rows * columns, sizeof(uint32_t)),
                                      .rank_counts = memory_new(columns, sizeof(uint32_t))};
    sorter->rows = rows;
    sorter->keys = memory_new(rows, BLOCK * sizeof(uint64_t));
    sorter->entries = memory_new(rows, sizeof(uint64_t));
    sorter->spare = memory_new(rows, sizeof(uint64_t));
    if (rows > 0)
        rank_all(sorter, result);
    free(sorter->keys);
    free(sorter->entries);
    free(sorter->spare);
    free(sorter);
    return result;
}

void forest_columns_free(struct forest_columns *columns)
{
    if (columns == NULL)
        return;
    free(columns->ranks);
    free(columns->rank_counts);
    free(columns);
}
