#include "analysis/permutation.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

/* The values of one group, both sides together, and how many of them are the left side's. */
struct pool {
    double *values;
    size_t count;
    size_t left;
    double *differences; /* of all arrangements */
    size_t arrangements;
};

/* Binomial coefficient as a number that may be inexact once it is large. */
static double choose(size_t count, size_t chosen)
{
    double ways = 1;

    for (size_t i = 1; i <= chosen; i++)
        ways = ways * (double)(count - chosen + i) / (double)i;
    return round(ways);
}

static double arrangements_of(const struct sample *left, const struct sample *right, size_t count)
{
    double ways = 1;

    for (size_t i = 0; i < count; i++)
        ways *= choose(left[i].count + right[i].count, left[i].count);
    return ways;
}

double permutation_least(const struct sample *left, const struct sample *right, size_t count)
{
    double ways = arrangements_of(left, right, count);
    bool mirrored = true; /* each arrangement has one with the sides changed */

    if (count == 0)
        return NAN;
    for (size_t i = 0; i < count; i++)
        mirrored = mirrored && left[i].count == right[i].count;
    if (ways > PERMUTATION_MOST_EXACT)
        return 1.0 / (PERMUTATION_DRAWS + 1);
    return (mirrored && ways > 1 ? 2 : 1) / ways;
}

static double difference_of(const struct pool *pool, double left_sum, double sum)
{
    return (sum - left_sum) / (double)(pool->count - pool->left) - left_sum / (double)pool->left;
}

static double sum_of(const double *values, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

/* The next choice of `chosen` of `count` places in lexical order; false after the last. */
static bool next_choice(size_t *places, size_t chosen, size_t count)
{
    size_t at = chosen;

    while (at > 0 && places[at - 1] == count - chosen + at - 1)
        at--;
    if (at == 0)
        return false;
    places[at - 1]++;
    for (size_t i = at; i < chosen; i++)
        places[i] = places[i - 1] + 1;
    return true;
}

static void list_differences(struct pool *pool)
{
    size_t *places = memory_new(pool->left, sizeof *places);
    double sum = sum_of(pool->values, pool->count);
    size_t capacity = (size_t)choose(pool->count, pool->left);

    pool->differences = memory_new(capacity, sizeof *pool->differences);
    for (size_t i = 0; i < pool->left; i++)
        places[i] = i;
    do {
        double left = 0;

        for (size_t i = 0; i < pool->left; i++)
            left += pool->values[places[i]];
        pool->differences[pool->arrangements++] = difference_of(pool, left, sum);
    } while (pool->arrangements < capacity && next_choice(places, pool->left, pool->count));
    free(places);
}

/* How many of the arrangements of the pools from `at` on, with `sum` of those before, are as large.
 */
static double count_large(const struct pool *pools, size_t count, size_t at, double sum,
                          double bound)
{
    double large = 0;

    if (at == count)
        return fabs(sum) >= bound;
    for (size_t i = 0; i < pools[at].arrangements; i++)
        large += count_large(pools, count, at + 1, sum + pools[at].differences[i], bound);
    return large;
}

/* Deals the pool's values out anew: the left side gets the first ones. */
static double draw_difference(struct pool *pool, struct random *random)
{
    for (size_t i = 0; i < pool->left; i++) {
        size_t other = i + (size_t)random_below(random, pool->count - i);
        double value = pool->values[i];

        pool->values[i] = pool->values[other];
        pool->values[other] = value;
    }
    return difference_of(pool, sum_of(pool->values, pool->left), sum_of(pool->values, pool->count));
}

static double share_of_draws(struct pool *pools, size_t count, double bound, uint64_t seed)
{
    struct random random;
    size_t large = 0;

    random_seed(&random, seed);
    for (size_t draw = 0; draw < PERMUTATION_DRAWS; draw++) {
        double sum = 0;

        for (size_t i = 0; i < count; i++)
            sum += draw_difference(&pools[i], &random);
        large += fabs(sum) >= bound;
    }
    return (double)(large + 1) / (PERMUTATION_DRAWS + 1);
}

static struct pool *make_pools(const struct sample *left, const struct sample *right, size_t count)
{
    struct pool *pools = memory_new(count, sizeof *pools);

    for (size_t i = 0; i < count; i++) {
        pools[i].left = left[i].count;
        pools[i].count = left[i].count + right[i].count;
        pools[i].values = memory_new(pools[i].count, sizeof *pools[i].values);
        memcpy(pools[i].values, left[i].values, left[i].count * sizeof *left[i].values);
        memcpy(pools[i].values + left[i].count, right[i].values,
               right[i].count * sizeof *right[i].values);
    }
    return pools;
}

/* Differences from here on are as large as the one that was found, but for rounding: sums of the
 * same values in another order. */
static double bound_of(const struct pool *pools, size_t count)
{
    double sum = 0;
    double size = 0;

    for (size_t i = 0; i < count; i++) {
        sum += difference_of(&pools[i], sum_of(pools[i].values, pools[i].left),
                             sum_of(pools[i].values, pools[i].count));
        for (size_t j = 0; j < pools[i].count; j++)
            size += fabs(pools[i].values[j]);
    }
    return fabs(sum) - 1e-12 * size;
}

double permutation_test(const struct sample *left, const struct sample *right, size_t count,
                        uint64_t seed)
{
    double ways = arrangements_of(left, right, count);
    struct pool *pools;
    double bound;
    double p;

    if (count == 0)
        return NAN;
    pools = make_pools(left, right, count);
    bound = bound_of(pools, count);
    if (ways > PERMUTATION_MOST_EXACT) {
        p = share_of_draws(pools, count, bound, seed);
    } else {
        for (size_t i = 0; i < count; i++)
            list_differences(&pools[i]);
        p = count_large(pools, count, 0, 0, bound) / ways;
    }
    for (size_t i = 0; i < count; i++) {
        free(pools[i].values);
        free(pools[i].differences);
    }
    free(pools);
    return p;
}

static int compare_values(const void *left, const void *right)
{
    const double *one = *(const double *const *)left;
    const double *other = *(const double *const *)right;

    return (*one > *other) - (*one < *other);
}

void permutation_holm(const double *values, size_t count, double *corrected)
{
    const double **sorted = memory_new(count, sizeof *sorted);
    size_t tests = 0;
    double largest = 0;

    for (size_t i = 0; i < count; i++) {
        corrected[i] = NAN;
        if (!isnan(values[i]))
            sorted[tests++] = &values[i];
    }
    qsort(sorted, tests, sizeof(const double *), compare_values);
    for (size_t i = 0; i < tests; i++) {
        largest = fmax(largest, fmin(1, (double)(tests - i) * *sorted[i]));
        corrected[sorted[i] - values] = largest;
    }
    free(sorted);
}
