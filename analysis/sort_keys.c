#include "analysis/sort_keys.h"

#include <stdlib.h>

#include "base/memory.h"

#define DIGIT_BITS 11
#define DIGITS 6
#define BUCKETS (1U << DIGIT_BITS)
#define FEW 1000 /* keys for which counting digits isn't worth its while */

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static inline size_t digit_of(uint64_t key, int digit)
{
    return key >> digit * DIGIT_BITS & (BUCKETS - 1);
}

static void count_digits(const uint64_t *keys, size_t count, size_t counts[DIGITS][BUCKETS])
{
    for (size_t i = 0; i < count; i++) {
        for (int digit = 0; digit < DIGITS; digit++)
            counts[digit][digit_of(keys[i], digit)]++;
    }
}

/* Sorts by one digit, of which `starts` has the counts, and keeps the order of equal ones. */
static void sort_by_digit(const uint64_t *keys, size_t count, int digit, size_t *starts,
                          uint64_t *sorted)
{
    size_t start = 0;

    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
        size_t next = start + starts[bucket];

        starts[bucket] = start;
        start = next;
    }
    for (size_t i = 0; i < count; i++)
        sorted[starts[digit_of(keys[i], digit)]++] = keys[i];
}

void sort_keys(uint64_t *keys, size_t count)
{
    size_t(*counts)[BUCKETS];
    uint64_t *from = keys;
    uint64_t *to;
    uint64_t *spare;

    if (count < FEW) {
        if (count > 0)
            qsort(keys, count, sizeof *keys, compare);
        return;
    }
    counts = memory_new(DIGITS, sizeof *counts);
    spare = to = memory_new(count, sizeof *spare);
    count_digits(keys, count, counts);
    for (int digit = 0; digit < DIGITS; digit++) {
        uint64_t *swap = from;

        if (counts[digit][digit_of(keys[0], digit)] == count)
            continue; /* all have the same */
        sort_by_digit(from, count, digit, counts[digit], to);
        from = to;
        to = swap;
    }
    if (from != keys)
        memcpy(keys, from, count * sizeof *keys);
    free(spare);
    free(counts);
}
