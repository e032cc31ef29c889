/*
 * A column's values as seen from some rows of a node, the rare ones: what lies between two of their
 * values need only be counted. With `distinct` of these, slot 2 i holds what lies between the
 * (i-1)th and the ith, slot 2 i + 1 what is equal to the ith.
 */
#ifndef ANALYSIS_FOREST_SLOTS_H
#define ANALYSIS_FOREST_SLOTS_H

#include <stddef.h>
#include <stdint.h>

/* Rows of a node, and how often each is in the bootstrap. */
struct class_rows {
    uint32_t *rows;
    uint32_t *counts;
    size_t count;
};

/* The caller's arrays, for columns of so many ranks. */
struct slots {
    uint64_t *bits;     /* by rank, in whole words; zero between calls */
    uint16_t *of_rank;  /* with room for three more */
    uint32_t *distinct; /* ranks of the rare rows, rising */
};
enum { SLOTS_RARE_MOST = 30000 }; /* rare rows */

/* Returns how many distinct ranks the rare rows have. */
size_t slots_make(const struct slots *slots, const uint32_t *rare, size_t rare_count,
                  const uint32_t *ranks, size_t rank_count);

/* Adds rows up by slot: that of slot i is counts[2 i] + counts[2 i + 1]. */
void slots_count(const struct slots *slots, const struct class_rows *rows, const uint32_t *ranks,
                 uint32_t *counts);

#endif
