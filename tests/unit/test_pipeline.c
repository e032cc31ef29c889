/* The pipeline: means over longer periods, lags and changes that don't reach over gaps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/dataset.h"
#include "analysis/pipeline.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "tests/unit/fixture_run.h"

static void features_come_from_the_rows_before(void **state)
{
    static const struct pipeline pipeline = {.lags = 2, .changes = 1};
    static const double values[] = {1, 10, 2, 20, 4, NAN, 8, 80};
    static const size_t sequences[] = {0, 0, 0, 1};
    double derived[4 * 8];
    /* The columns, their lags 1 and 2, and the changes. */
    static const double right[] = {
        1, 10,  NAN, NAN, NAN, NAN, NAN, NAN, /* */
        2, 20,  1,   10,  NAN, NAN, 1,   10,  /* */
        4, NAN, 2,   20,  1,   10,  2,   NAN, /* */
        8, 80,  NAN, NAN, NAN, NAN, NAN, NAN, /* another sequence */
    };

    (void)state;
    assert_int_equal(pipeline_factor(&pipeline), 4);
    assert_int_equal(pipeline_history(&pipeline), 2);
    pipeline_derive(&pipeline, values, 4, 2, sequences, derived);
    for (size_t i = 0; i < 32; i++)
        assert_true(derived[i] == right[i] || (isnan(derived[i]) && isnan(right[i])));
}

static struct dataset *read_dataset(const struct pipeline *pipeline)
{
    struct fixture_run run = {.experiments = 5, .observations = 40, .effect = 4, .seed = 2};
    char *folder = fixture_folder();
    struct dataset *dataset;
    struct error error = {0};
    struct store *store;

    assert_int_equal(fixture_run_make(folder, &run, &error), 0);
    assert_int_equal(store_open(folder, STORE_READ, &store, &error), 0);
    assert_int_equal(dataset_read(store, "sprout", pipeline, &dataset, &error), 0);
    assert_int_equal(store_close(store, &error), 0);
    assert_int_equal(folder_remove(folder, &error), 0);
    free(folder);
    return dataset;
}

/* The mean of the rows of the timeline at which the made row points, by its time and label. */
static void check_row(const struct dataset *raw, const struct dataset *made, size_t row,
                      size_t from, size_t until)
{
    const struct dataset_timeline *before = &raw->timeline;
    const struct dataset_timeline *after = &made->timeline;
    bool same = true;

    assert_int_equal(after->times_ns[row], before->times_ns[until - 1]);
    assert_int_equal(after->experiments[row], before->experiments[from]);
    for (size_t i = from; i < until; i++)
        same = same && before->labels[i] == before->labels[from];
    assert_int_equal(after->labels[row], same ? before->labels[from] : DATASET_NONE);
    for (size_t column = 0; column < raw->columns; column++) {
        double sum = 0;
        size_t known = 0;

        for (size_t i = from; i < until; i++) {
            double value = before->values[i * raw->columns + column];

            sum += isnan(value) ? 0 : value;
            known += !isnan(value);
        }
        if (known == 0)
            assert_true(isnan(after->values[row * raw->columns + column]));
        else
            assert_true(fabs(after->values[row * raw->columns + column] - sum / (double)known) <=
                        1e-9 * fabs(sum));
    }
}

static void periods_become_means(void **state)
{
    static const struct pipeline none = {0};
    static const struct pipeline three = {.resample_ns = 3 * CLOCK_SECOND};
    struct dataset *raw = read_dataset(&none);
    struct dataset *made = read_dataset(&three);
    size_t row = 0;
    size_t used = 0;

    (void)state;
    for (size_t from = 0, until; from < raw->timeline.rows; from = until, row++) {
        int64_t first = raw->timeline.times_ns[from];

        /* Rows are a second apart and experiments begin periods anew. */
        for (until = from; until < raw->timeline.rows && until < from + 3 &&
                           raw->timeline.experiments[until] == raw->timeline.experiments[from];)
            until++;
        assert_true(raw->timeline.times_ns[until - 1] - first < 3 * CLOCK_SECOND);
        check_row(raw, made, row, from, until);
    }
    assert_int_equal(made->timeline.rows, row);
    for (size_t i = 0; i < made->count_count; i++)
        used += made->counts[i].used;
    assert_int_equal(used, made->rows);
    for (size_t i = 0; i < made->rows; i++) {
        assert_int_equal(made->labels[i], made->timeline.labels[made->places[i]]);
        assert_int_equal(made->experiments[i], made->timeline.experiments[made->places[i]]);
        assert_true(made->intensities[i] == DATASET_NONE ||
                    made->intensities[i] < made->intensity_count);
    }
    assert_int_equal(made->monitoring_period_ns, raw->monitoring_period_ns);
    dataset_free(raw);
    dataset_free(made);
}

static void an_experiment_is_a_sequence_of_periods(void **state)
{
    static const struct pipeline pipeline = {.resample_ns = 4 * CLOCK_SECOND, .lags = 1};
    struct dataset *dataset = read_dataset(&pipeline);
    const struct dataset_timeline *timeline = &dataset->timeline;

    (void)state;
    for (size_t row = 1; row < timeline->rows; row++) {
        bool begins = timeline->experiments[row] != timeline->experiments[row - 1];

        assert_int_equal(timeline->sequences[row] - timeline->sequences[row - 1], begins);
    }
    assert_int_equal(dataset->columns % 2, 0);
    assert_string_equal(dataset->metrics[dataset->columns / 2].resource_group,
                        dataset->metrics[0].resource_group);
    assert_non_null(strstr(dataset->metrics[dataset->columns / 2].name, ", lag 1"));
    dataset_free(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_come_from_the_rows_before),
        cmocka_unit_test(periods_become_means),
        cmocka_unit_test(an_experiment_is_a_sequence_of_periods),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
