/* The bins of one column, for splits that are not exact. */
#ifndef ANALYSIS_FOREST_BINS_H
#define ANALYSIS_FOREST_BINS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Parts the values of a column, whose `keys` by row are those of sort_keys.h, into at most `most`
 * bins (1 to FOREST_BINS_MOST): neighbouring values, equal ones together; every value by itself if
 * there are no more of them than bins. Else the number of rows in a bin rises evenly from the least
 * and the greatest values to the middle, where it is twice the mean: a fault shows at the ends. The
 * lower 32 bits of `entries` are the rows in rising order of their values. Fills the bin of each
 * row, and for each bin but the last the number half-way to the next. Returns how many there are.
 */
uint32_t forest_bins_make(const uint64_t *keys, const uint64_t *entries, size_t rows, size_t most,
                          uint8_t *bins, double *limits);

#endif
