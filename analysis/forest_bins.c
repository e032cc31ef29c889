#include "analysis/forest_bins.h"

#include <math.h>

#include "analysis/forest_split.h"
#include "analysis/sort_keys.h"

static uint64_t key_at(const uint64_t *keys, const uint64_t *entries, size_t position)
{
    return keys[entries[position] & UINT32_MAX];
}

static size_t count_distinct(const uint64_t *keys, const uint64_t *entries, size_t rows)
{
    size_t count = 1;

    for (size_t i = 1; i < rows; i++)
        count += key_at(keys, entries, i) != key_at(keys, entries, i - 1);
    return count;
}

/* Which share of the rows lies below this share of the bins. */
static double rows_below(double bins)
{
    return bins < 0.5 ? 2 * bins * bins : 1 - 2 * (1 - bins) * (1 - bins);
}

/* The other way round. */
static double bins_below(double rows)
{
    return rows < 0.5 ? sqrt(rows / 2) : 1 - sqrt((1 - rows) / 2);
}

/* Where the bin that starts after `start` rows should end: the bins left share out what is left,
 * whatever frequent values have taken. */
static size_t bin_end(size_t start, size_t rows, size_t bins_left)
{
    double below = bins_below((double)start / (double)rows);
    double end = below + (1 - below) / (double)bins_left;

    return bins_left > 1 ? (size_t)((double)rows * rows_below(end)) : rows;
}

uint32_t forest_bins_make(const uint64_t *keys, const uint64_t *entries, size_t rows, size_t most,
                          uint8_t *bins, double *limits)
{
    bool each = count_distinct(keys, entries, rows) <= most;
    uint64_t previous = key_at(keys, entries, 0);
    size_t end = each ? 0 : bin_end(0, rows, most);
    uint32_t bin = 0;

    for (size_t i = 0; i < rows; i++) {
        uint64_t key = key_at(keys, entries, i);

        if (key != previous && i >= end) {
            limits[bin++] = split_threshold(double_of_key(previous), double_of_key(key));
            end = each ? 0 : bin_end(i, rows, most - bin);
        }
        previous = key;
        bins[entries[i] & UINT32_MAX] = (uint8_t)bin;
    }
    return bin + 1;
}
