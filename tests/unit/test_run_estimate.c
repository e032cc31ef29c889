/* cli/run_estimate: what is left of a run that is under way, and for how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/run_estimate.h"
#include "store/writer.h"
#include "tests/unit/fixture_run.h"

#define MUST(call) assert_int_equal((call), 0)

static void add_experiment(struct store *store, int64_t cell, int64_t started, bool ends)
{
    struct error error = {0};
    struct store_experiment row = {
        .cell = cell, .name = "x", .repetition = 1, .started_ns = started * CLOCK_SECOND};
    int64_t id;

    MUST(store_begin_experiment(store, &row, &id, &error));
    if (ends)
        MUST(store_end_experiment(store, id, (started + 50) * CLOCK_SECOND, NULL, NULL, &error));
}

static void expect(struct store *store, int64_t now, size_t total, size_t left, int64_t seconds)
{
    struct run_estimate estimate;
    struct error error = {0};

    MUST(run_estimate_make(store, now * CLOCK_SECOND, &estimate, &error));
    assert_int_equal(estimate.total, total);
    assert_int_equal(estimate.left, left);
    assert_int_equal(estimate.time_left, seconds < 0 ? -1 : seconds * CLOCK_SECOND);
}

static void what_is_left_follows_from_the_starts(void **state)
{
    char *folder = fixture_folder();
    struct error error = {0};
    struct store *store;

    (void)state;
    MUST(store_create(folder, &store, &error));
    expect(store, 0, 0, 0, -1);
    MUST(store_put_fact(store, "plan", "experiments", "6", &error));
    add_experiment(store, 0, 100, true);
    expect(store, 150, 6, 5, -1);
    add_experiment(store, 1, 160, true);
    add_experiment(store, 2, 9000, true); /* resumed after a night */
    expect(store, 9050, 6, 3, 180);
    add_experiment(store, 3, 9060, false);
    expect(store, 9080, 6, 3, 160);
    expect(store, 99999, 6, 3, 120); /* a runner that is gone */
    MUST(store_close(store, &error));
    MUST(folder_remove(folder, &error));
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_follows_from_the_starts),
    };

    return cmocka_run_group_tests_name("run_estimate", tests, NULL, NULL);
}
