/* Bins of a column: in the order of the values, equal values together, finer at the ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "analysis/forest.h"
#include "base/memory.h"
#include "base/random.h"

enum { ROWS = 2000 };

static struct forest_columns *bin_column(const double *values, size_t bins)
{
    struct forest_setting setting = {.trees = 1, .threads = 1, .bins = bins};

    return forest_columns_new(values, ROWS, 1, &setting);
}

/* A bin is what lies between two limits: above the one before and at most its own. */
static void assert_limits_part_bins(const struct forest_columns *columns)
{
    uint32_t count = columns->rank_counts[0];

    for (size_t row = 0; row < ROWS; row++) {
        uint8_t bin = columns->bins[row];

        assert_true(bin < count);
        assert_true(bin == 0 || columns->values[row] > columns->limits[bin - 1]);
        assert_true(bin == count - 1 || columns->values[row] <= columns->limits[bin]);
    }
}

/* Rows that bins have, from few at the ends to twice the mean in the middle. */
static void assert_counts_rise_to_the_middle(const struct forest_columns *columns, size_t most)
{
    size_t counts[FOREST_BINS_MOST] = {0};

    for (size_t row = 0; row < ROWS; row++)
        counts[columns->bins[row]]++;
    for (size_t bin = 0; bin < most; bin++) {
        size_t other = most - 1 - bin;

        assert_true(counts[bin] > 0 && counts[bin] <= (size_t)2 * ROWS / most + 2);
        assert_true(bin == 0 || bin > most / 2 || counts[bin] + 1 >= counts[bin - 1]);
        assert_true(most > 10 || counts[bin] + 2 >= counts[other]);
    }
    assert_true(counts[0] <= (size_t)2 * ROWS / most / most + 1);
}

static void distinct_values_are_parted_finer_at_the_ends(void **state)
{
    static const size_t most[] = {2, 7, 100, FOREST_BINS_MOST};
    double values[ROWS];
    struct random random;

    (void)state;
    random_seed(&random, 1);
    for (size_t row = 0; row < ROWS; row++)
        values[row] = random_unit(&random) - 0.5;
    for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
        struct forest_columns *columns = bin_column(values, most[i]);

        assert_int_equal(columns->rank_counts[0], most[i]);
        assert_limits_part_bins(columns);
        assert_counts_rise_to_the_middle(columns, most[i]);
        forest_columns_free(columns);
    }
}

static void few_values_have_a_bin_each(void **state)
{
    double values[ROWS];
    struct forest_columns *columns;

    (void)state;
    for (size_t row = 0; row < ROWS; row++)
        values[row] = row < 10 ? (double)row : row < 20 ? -INFINITY : row < 30 ? INFINITY : 0.5;
    columns = bin_column(values, 13);
    assert_int_equal(columns->rank_counts[0], 13);
    assert_limits_part_bins(columns);
    assert_true(columns->limits[1] == 0.25);
    forest_columns_free(columns);
}

/* Half of the rows have one value: the others get all bins but one. */
static void a_frequent_value_takes_one_bin(void **state)
{
    double values[ROWS];
    struct forest_columns *columns;

    (void)state;
    for (size_t row = 0; row < ROWS; row++)
        values[row] = row % 2 == 0 ? 0 : (double)row;
    columns = bin_column(values, 21);
    assert_int_equal(columns->rank_counts[0], 21);
    assert_limits_part_bins(columns);
    for (size_t row = 0; row < ROWS; row++)
        assert_true((columns->bins[row] == 0) == (row % 2 == 0));
    forest_columns_free(columns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distinct_values_are_parted_finer_at_the_ends),
        cmocka_unit_test(few_values_have_a_bin_each),
        cmocka_unit_test(a_frequent_value_takes_one_bin),
    };

    return cmocka_run_group_tests_name("forest bins", tests, NULL, NULL);
}
