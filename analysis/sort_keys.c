#include "analysis/sort_keys.h"

#include <stdlib.h>

#include "base/memory.h"

#define DIGIT_BITS 11
#define DIGITS 6
#define BUCKETS (1U << DIGIT_BITS)
#define FEW 1000 /* keys for which counting digits isn't worth its while */

/* The words of a struct keyed, the first of which is the key. */
#define KEYED_WORDS (sizeof(struct keyed) / sizeof(uint64_t))

static int compare_keys(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static int compare_keyed(const void *left, const void *right)
{
    const struct keyed *a = left;
    const struct keyed *b = right;
    int by_key = compare_keys(&a->key, &b->key);

    return by_key != 0 ? by_key : compare_keys(&a->item, &b->item);
}

static inline size_t digit_of(uint64_t key, int digit)
{
    return key >> digit * DIGIT_BITS & (BUCKETS - 1);
}

static inline void count_digits(const uint64_t *words, size_t count, size_t width,
                                size_t counts[DIGITS][BUCKETS])
{
    for (size_t i = 0; i < count; i++) {
        for (int digit = 0; digit < DIGITS; digit++)
            counts[digit][digit_of(words[i * width], digit)]++;
    }
}

/* Sorts by one digit, of which `starts` has the counts, and keeps the order of equal ones. */
static inline void sort_by_digit(const uint64_t *words, size_t count, size_t width, int digit,
                                 size_t *starts, uint64_t *sorted)
{
    size_t start = 0;

    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
        size_t next = start + starts[bucket];

        starts[bucket] = start;
        start = next;
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t *to = sorted + starts[digit_of(words[i * width], digit)]++ * width;

        for (size_t word = 0; word < width; word++)
            to[word] = words[i * width + word];
    }
}

/* Items of `width` words, the first of which is the key: a constant, so that there is a version for
 * each. */
static inline __attribute__((always_inline)) void sort_words(uint64_t *words, size_t count,
                                                             size_t width)
{
    size_t(*counts)[BUCKETS] = memory_new(DIGITS, sizeof *counts);
    uint64_t *spare = memory_new(count, width * sizeof *spare);
    uint64_t *from = words;
    uint64_t *to = spare;

    count_digits(words, count, width, counts);
    for (int digit = 0; digit < DIGITS; digit++) {
        uint64_t *swap = from;

        if (counts[digit][digit_of(words[0], digit)] == count)
            continue; /* all have the same */
        sort_by_digit(from, count, width, digit, counts[digit], to);
        from = to;
        to = swap;
    }
    if (from != words)
        memcpy(words, from, count * width * sizeof *words);
    free(spare);
    free(counts);
}

void sort_keys(uint64_t *keys, size_t count)
{
    if (count >= FEW)
        sort_words(keys, count, 1);
    else if (count > 0)
        qsort(keys, count, sizeof *keys, compare_keys);
}

void sort_keyed(struct keyed *items, size_t count)
{
    if (count >= FEW)
        sort_words(&items->key, count, KEYED_WORDS);
    else if (count > 0)
        qsort(items, count, sizeof *items, compare_keyed);
}
