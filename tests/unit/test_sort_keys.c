/* Doubles sorted by their keys: few and many, of all magnitudes, tied, infinite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "analysis/sort_keys.h"
#include "base/memory.h"
#include "base/random.h"

static void keys_have_the_order_of_their_values(void **state)
{
    static const double rising[] = {-INFINITY, -1e300, -1, -1e-310, 0, 1e-310, 0.5, 1, INFINITY};

    (void)state;
    assert_int_equal(key_of_double(-0.0), key_of_double(0));
    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++) {
        assert_true(double_of_key(key_of_double(rising[i])) == rising[i]);
        assert_true(key_of_double(rising[i]) > 0);
        assert_true(i == 0 || key_of_double(rising[i - 1]) < key_of_double(rising[i]));
    }
}

static double any_value(struct random *random, int kind)
{
    switch (kind) {
    case 0:
        return random_unit(random) - 0.5;
    case 1:
        return floor(random_unit(random) * 5); /* all digits but few are equal */
    case 2:
        return 7;
    default:
        return ldexp(random_unit(random) - 0.5, (int)random_below(random, 2000) - 1000);
    }
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

static void sorted_keys_are_sorted_values(void **state)
{
    static const size_t counts[] = {0, 1, 2, 999, 1000, 1001, 30000};
    struct random random;

    (void)state;
    random_seed(&random, 1);
    for (size_t i = 0; i < 4 * sizeof counts / sizeof *counts; i++) {
        size_t count = counts[i / 4];
        double *values = memory_new(count, sizeof *values);
        uint64_t *keys = memory_new(count, sizeof *keys);

        for (size_t j = 0; j < count; j++) {
            values[j] = any_value(&random, (int)(i % 4));
            keys[j] = key_of_double(values[j]);
        }
        sort_keys(keys, count);
        if (count > 0)
            qsort(values, count, sizeof *values, compare);
        for (size_t j = 0; j < count; j++)
            assert_true(double_of_key(keys[j]) == values[j]);
        free(values);
        free(keys);
    }
}

/* By key, and those of one key in their order. */
static void sorted_items_stay_with_their_keys(void **state)
{
    static const size_t counts[] = {0, 1, 2, 999, 1000, 1001, 30000};
    struct random random;

    (void)state;
    random_seed(&random, 2);
    for (size_t i = 0; i < 4 * sizeof counts / sizeof *counts; i++) {
        size_t count = counts[i / 4];
        uint64_t *keys = memory_new(count, sizeof *keys);
        struct keyed *items = memory_new(count, sizeof *items);

        for (size_t j = 0; j < count; j++) {
            keys[j] = key_of_double(any_value(&random, (int)(i % 4)));
            items[j] = (struct keyed){keys[j], j};
        }
        sort_keyed(items, count);
        for (size_t j = 0; j < count; j++) {
            assert_true(items[j].item < count && items[j].key == keys[items[j].item]);
            assert_true(j == 0 || items[j].key > items[j - 1].key ||
                        (items[j].key == items[j - 1].key && items[j].item > items[j - 1].item));
        }
        free(items);
        free(keys);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_have_the_order_of_their_values),
        cmocka_unit_test(sorted_keys_are_sorted_values),
        cmocka_unit_test(sorted_items_stay_with_their_keys),
    };

    return cmocka_run_group_tests_name("sort keys", tests, NULL, NULL);
}
