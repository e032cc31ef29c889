/*
 * Random numbers that are the same on every machine for the same seed: xoshiro256** seeded by
 * splitmix64 (Blackman and Vigna, 'Scrambled linear pseudorandom number generators', 2021).
 * Not for secrets.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state[4];
};

/* Starts the sequence of this seed; any seed is good, 0 too. */
void random_seed(struct random *random, uint64_t seed);

/* The next 64 bits. */
uint64_t random_next(struct random *random);

/* A number from 0 to `bound` - 1, each equally likely; `bound` of at least 1. */
uint64_t random_below(struct random *random, uint64_t bound);

/* A number from 0 (included) to 1 (excluded), a multiple of 2^-53. */
double random_unit(struct random *random);

#endif
