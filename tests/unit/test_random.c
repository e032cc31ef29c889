/* base/random: the published sequence, unbiased bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"

/* Reference values worked out from the authors' definition with Python integers. */
static void sequence_is_the_published_one(void **state)
{
    static const uint64_t expected[] = {
        UINT64_C(0x99ec5f36cb75f2b4),
        UINT64_C(0xbf6e1f784956452a),
        UINT64_C(0x1a5f849d4933e6e0),
        UINT64_C(0x6aa594f1262d2d2c),
    };
    struct random random;

    (void)state;
    random_seed(&random, 0);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        assert_true(random_next(&random) == expected[i]);
}

static void seeds_differ(void **state)
{
    struct random one;
    struct random other;

    (void)state;
    random_seed(&one, 7);
    random_seed(&other, 8);
    assert_true(random_next(&one) != random_next(&other));
}

static void every_bounded_number_is_drawn_about_equally(void **state)
{
    enum { BOUND = 7, DRAWS = 70000 };
    int counts[BOUND] = {0};
    struct random random;

    (void)state;
    random_seed(&random, 1);
    for (int i = 0; i < DRAWS; i++)
        counts[random_below(&random, BOUND)]++;
    for (int i = 0; i < BOUND; i++)
        assert_in_range(counts[i], 9500, 10500);
    assert_int_equal(random_below(&random, 1), 0);
}

/* With a bound of 3/4 of 2^64, plain modulo would draw the lowest third twice as often. */
static void large_bounds_are_unbiased(void **state)
{
    uint64_t bound = UINT64_C(3) << 62;
    int low = 0;
    struct random random;

    (void)state;
    random_seed(&random, 2);
    for (int i = 0; i < 30000; i++)
        low += random_below(&random, bound) < bound / 3;
    assert_in_range(low, 9500, 10500);
}

static void unit_stays_in_its_interval(void **state)
{
    struct random random;
    double sum = 0;

    (void)state;
    random_seed(&random, 3);
    for (int i = 0; i < 10000; i++) {
        double value = random_unit(&random);

        assert_true(value >= 0 && value < 1);
        sum += value;
    }
    assert_true(sum > 4850 && sum < 5150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequence_is_the_published_one),
        cmocka_unit_test(seeds_differ),
        cmocka_unit_test(every_bounded_number_is_drawn_about_equally),
        cmocka_unit_test(large_bounds_are_unbiased),
        cmocka_unit_test(unit_stays_in_its_interval),
    };

    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
