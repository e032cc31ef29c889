#include "analysis/forest_columns.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/forest.h"
#include "analysis/forest_bins.h"
#include "analysis/sort_keys.h"
#include "base/memory.h"
#include "base/threads.h"

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

/* Puts the entries of a loaded column into the order of its values. */
static void sort_column(struct column_sorter *sorter, uint64_t *keys)
{
    int bits = make_entries(sorter, keys);

    for (int digit = 0; digit * DIGIT_BITS < bits; digit++)
        sort_by_digit(sorter, digit);
    sort_runs(sorter, keys);
}

static uint32_t rank_column(const struct column_sorter *sorter, const uint64_t *keys,
                            uint32_t *ranks)
{
    uint64_t previous = sorter->entries[0];
    uint32_t rank = 0;

    for (size_t i = 0; i < sorter->rows; i++) {
        uint64_t entry = sorter->entries[i];

        rank += entry >> 32 != previous >> 32 ||
                keys[entry & UINT32_MAX] != keys[previous & UINT32_MAX];
        previous = entry;
        ranks[entry & UINT32_MAX] = rank;
    }
    return rank + 1;
}

/* What the threads share that sort columns, a block of them at a time. */
struct work {
    struct forest_columns *columns;
    size_t bins;
    size_t blocks;
    atomic_size_t next_block;
};

static void make_block(struct column_sorter *sorter, struct forest_columns *columns, size_t first,
                       size_t count, size_t bins)
{
    load_block(sorter, columns, first, count);
    for (size_t i = 0; i < count; i++) {
        uint64_t *keys = sorter->keys + i * columns->rows;
        size_t column = first + i;

        sort_column(sorter, keys);
        columns->rank_counts[column] =
            bins == 0 ? rank_column(sorter, keys, columns->ranks + column * columns->rows)
                      : forest_bins_make(keys, sorter->entries, columns->rows, bins,
                                         columns->bins + column * columns->rows,
                                         columns->limits + column * FOREST_BINS_MOST);
    }
}

static void *make_blocks(void *argument)
{
    struct work *work = argument;
    struct column_sorter *sorter = memory_new(1, sizeof *sorter);
    size_t columns = work->columns->columns;
    size_t block;

    sorter->rows = work->columns->rows;
    sorter->keys = memory_new(sorter->rows, BLOCK * sizeof(uint64_t));
    sorter->entries = memory_new(sorter->rows, sizeof(uint64_t));
    sorter->spare = memory_new(sorter->rows, sizeof(uint64_t));
    while ((block = atomic_fetch_add(&work->next_block, 1)) < work->blocks) {
        size_t first = block * columns / work->blocks;
        size_t end = (block + 1) * columns / work->blocks;

        make_block(sorter, work->columns, first, end - first, work->bins);
    }
    free(sorter->keys);
    free(sorter->entries);
    free(sorter->spare);
    free(sorter);
    return NULL;
}

/* As many blocks for each thread as for any other, none longer than BLOCK. */
static size_t count_blocks(size_t columns, size_t threads)
{
    size_t blocks = (columns + BLOCK - 1) / BLOCK;
    size_t even = (blocks + threads - 1) / threads * threads;

    return even <= columns ? even : blocks;
}

struct forest_columns *forest_columns_new(const double *values, size_t rows, size_t columns,
                                          const struct forest_setting *setting)
{
    struct forest_columns *result = memory_new(1, sizeof *result);
    struct work work = {.columns = result,
                        .bins = setting->bins,
                        .blocks = count_blocks(columns, threads_count(setting->threads))};

    *result = (struct forest_columns){.rows = rows,
                                      .columns = columns,
                                      .values = values,
                                      .rank_counts = memory_new(columns, sizeof(uint32_t))};
    if (setting->bins == 0) {
        result->ranks = memory_new(rows * columns, sizeof(uint32_t));
    } else {
        result->bins = memory_new(rows * columns, sizeof(uint8_t));
        result->limits = memory_new(columns, FOREST_BINS_MOST * sizeof(double));
    }
    if (rows > 0)
        threads_run(setting->threads, work.blocks, make_blocks, &work);
    return result;
}

size_t forest_columns_most_ranks(const struct forest_columns *columns)
{
    size_t most = 1;

    for (size_t i = 0; i < columns->columns; i++)
        most = columns->rank_counts[i] > most ? columns->rank_counts[i] : most;
    return most;
}

void forest_columns_free(struct forest_columns *columns)
{
    if (columns == NULL)
        return;
    free(columns->ranks);
    free(columns->bins);
    free(columns->limits);
    free(columns->rank_counts);
    free(columns);
}
