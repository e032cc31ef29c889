/* Doubles as integers of the same order, which are sorted without comparing them. */
#ifndef ANALYSIS_SORT_KEYS_H
#define ANALYSIS_SORT_KEYS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The integer for a value, which is not NaN; -0 and 0 have the same. */
static inline uint64_t key_of_double(double value)
{
    uint64_t bits;

    value += 0.0;
    memcpy(&bits, &value, sizeof bits);
    return bits ^ (bits >> 63 ? UINT64_MAX : UINT64_C(1) << 63);
}

static inline double double_of_key(uint64_t key)
{
    uint64_t bits = key ^ (key >> 63 ? UINT64_C(1) << 63 : UINT64_MAX);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Sorts keys in rising order. */
void sort_keys(uint64_t *keys, size_t count);

/* A key and what goes with it, which rises with its place before they are sorted. */
struct keyed {
    uint64_t key;
    uint64_t item;
};

/* The same of these; equal keys by their items. */
void sort_keyed(struct keyed *items, size_t count);

#endif
