#include "analysis/forest_bins.h"

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

/* How many rows the first of these bins gets at least; the last one gets all. */
static size_t share(size_t rows, size_t bins)
{
    return bins > 1 ? (rows + bins - 1) / bins : rows;
}

uint32_t forest_bins_make(const uint64_t *keys, const uint64_t *entries, size_t rows, size_t most,
                          uint8_t *bins, double *limits)
{
    bool each = count_distinct(keys, entries, rows) <= most;
    uint64_t previous = key_at(keys, entries, 0);
    size_t target = each ? 1 : share(rows, most);
    size_t start = 0;
    uint32_t bin = 0;

    for (size_t i = 0; i < rows; i++) {
        uint64_t key = key_at(keys, entries, i);

        if (key != previous && i - start >= target) {
            limits[bin++] = split_threshold(double_of_key(previous), double_of_key(key));
            start = i;
            target = each ? 1 : share(rows - i, most - bin);
        }
        previous = key;
        bins[entries[i] & UINT32_MAX] = (uint8_t)bin;
    }
    return bin + 1;
}
