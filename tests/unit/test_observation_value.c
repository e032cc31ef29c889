/* The view observation_value: float64 decoded in SQL, bit by bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "store/database.h"
#include "store/writer.h"
#include "tests/unit/fixture_run.h"

enum { VALUES = 50, ROUNDS = 100 };

static const double special[] = {
    0.0,
    -0.0,
    1.0,
    -1.0,
    DBL_MIN,
    -DBL_MIN,
    DBL_MAX,
    -DBL_MAX,
    DBL_TRUE_MIN,
    -DBL_TRUE_MIN,
    0x0.8p-1022,
    0x0.fffffffffffffp-1022,
    INFINITY,
    -INFINITY,
    NAN,
    0.1,
    1e300,
    1e-300,
    123456789012345678.0,
    4503599627370496.0,
    9007199254740991.0,
    1.0 / 3,
};

static void must(int result, const struct error *error)
{
    if (result != 0)
        fail_msg("%s: %s", error->where, error->what);
}

/* Any bits whatever: denormal, infinite and NaN among them. */
static double random_bits(struct random *random)
{
    uint64_t bits = random_next(random);
    double value;

    if (bits % 8 == 0)
        bits &= ~(UINT64_C(0x7ff) << 52);
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Equal as bits; NaN comes back as NULL. */
static void expect_double(sqlite3_stmt *row, double expected)
{
    double value = sqlite3_column_double(row, 0);
    uint64_t bits;
    uint64_t expected_bits;

    if (isnan(expected)) {
        assert_int_equal(sqlite3_column_type(row, 0), SQLITE_NULL);
        return;
    }
    assert_int_equal(sqlite3_column_type(row, 0), SQLITE_FLOAT);
    memcpy(&bits, &value, sizeof bits);
    memcpy(&expected_bits, &expected, sizeof expected_bits);
    if (bits != expected_bits)
        fail_msg("%a is decoded as %a", expected, value);
}

static void expect_observation(struct store *store, int64_t id, const double *values)
{
    sqlite3_stmt *row;

    assert_int_equal(sqlite3_prepare_v2(store->database,
                                        "SELECT value FROM observation_value"
                                        " WHERE observation_id = ? ORDER BY position",
                                        -1, &row, NULL),
                     SQLITE_OK);
    sqlite3_bind_int64(row, 1, id);
    for (size_t i = 0; i < VALUES; i++) {
        assert_int_equal(sqlite3_step(row), SQLITE_ROW);
        expect_double(row, values[i]);
    }
    assert_int_equal(sqlite3_step(row), SQLITE_DONE);
    sqlite3_finalize(row);
}

static void doubles_are_decoded_exactly(void **state)
{
    struct store_run run = {"r", "c", "x", "t", "x", "1", 10, 100, true, "0", 1};
    struct store_experiment experiment = {0, "e", NULL, NULL, 0, 1, 1};
    struct store_metric metrics[VALUES];
    char *folder = fixture_folder();
    struct error error = {0};
    struct random random;
    struct store *store;
    int64_t target;
    int64_t set;

    (void)state;
    for (size_t i = 0; i < VALUES; i++)
        metrics[i] = (struct store_metric){"m", false, "cpu", "virtual", ""};
    must(store_create(folder, &store, &error), &error);
    must(store_put_run(store, &run, &error), &error);
    must(store_put_target(store, "sprout", "", "", &target, &error), &error);
    must(store_put_metric_set(store, target, "cgroup", metrics, VALUES, &set, &error), &error);
    must(store_begin_experiment(store, &experiment, &experiment.cell, &error), &error);
    random_seed(&random, 1);
    for (int round = 0; round < ROUNDS; round++) {
        double values[VALUES];

        for (size_t i = 0; i < VALUES; i++)
            values[i] = round == 0 && i < sizeof special / sizeof special[0] ? special[i]
                                                                             : random_bits(&random);
        must(store_put_observation(store, 1, set, round, round + 1, values, VALUES, &error),
             &error);
        expect_observation(store, round + 1, values);
    }
    must(store_close(store, &error), &error);
    must(folder_remove(folder, &error), &error);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_are_decoded_exactly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
