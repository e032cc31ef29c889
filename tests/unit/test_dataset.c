/* The data set: rates, resets, first observations, labels, several collectors; preprocessing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/dataset_builder.h"
#include "analysis/preprocess.h"
#include "base/clock.h"
#include "base/memory.h"

/* Indices in `labels` below. */
enum { NORMAL, RAMP, COOL_DOWN, ELSEWHERE, INVALID, MEMORY, CPU };

static char *labels[] = {"normal", "ramp", "cool-down", "elsewhere", "invalid", "memory", "cpu"};

static struct raw_metric both_kinds[] = {{"calls", "service", "virtual", true},
                                         {"load", "cpu", "virtual", false}};
static struct raw_metric another[] = {{"temperature", "cpu", "physical", false}};
static struct raw_set sets[] = {{1, 2, both_kinds, 0}, {2, 1, another, 0}};

static struct raw_row row_at(int64_t cell, double seconds, size_t set, size_t first_value,
                             size_t label)
{
    return (struct raw_row){cell, (int64_t)(seconds * (double)CLOCK_SECOND), set, first_value,
                            label};
}

static struct dataset *build(struct raw_row *rows, size_t count, double *values, size_t set_count)
{
    struct raw_observations raw = {.rows = rows,
                                   .row_count = count,
                                   .values = values,
                                   .sets = sets,
                                   .set_count = set_count,
                                   .labels = labels,
                                   .label_count = sizeof labels / sizeof *labels,
                                   .period_ns = 2 * CLOCK_SECOND};
    struct dataset *dataset = memory_new(1, sizeof *dataset);

    dataset->target = memory_string("sprout");
    dataset_build(dataset, &raw);
    return dataset;
}

static double cell(const struct dataset *dataset, size_t row, size_t column)
{
    return dataset->timeline.values[dataset->places[row] * dataset->columns + column];
}

static const struct label_count *count_of(const struct dataset *dataset, const char *label)
{
    for (size_t i = 0; i < dataset->count_count; i++) {
        if (strcmp(dataset->counts[i].label, label) == 0)
            return &dataset->counts[i];
    }
    fail_msg("no count of %s", label);
    return NULL;
}

static void counters_become_rates(void **state)
{
    double values[] = {100, 1, 110, 2, 170, 3, 30, 4, 35, 5};
    struct raw_row rows[] = {row_at(0, 0, 0, 0, NORMAL), row_at(0, 2, 0, 2, NORMAL),
                             row_at(0, 6, 0, 4, NORMAL), row_at(0, 8, 0, 6, NORMAL),
                             row_at(0, 10, 0, 8, CPU)};
    struct dataset *dataset = build(rows, 5, values, 1);

    (void)state;
    assert_int_equal(dataset->rows, 4);
    assert_int_equal(dataset->first_observations, 1);
    assert_true(cell(dataset, 0, 0) == 5 && cell(dataset, 0, 1) == 2);
    assert_true(cell(dataset, 1, 0) == 15); /* by the seconds that really passed */
    assert_true(cell(dataset, 2, 0) == 15); /* fell from 170 to 30: reset, 30 since */
    assert_true(cell(dataset, 3, 0) == 2.5 && cell(dataset, 3, 1) == 5);
    assert_int_equal(dataset->counter_resets, 1);
    assert_int_equal(dataset->missing_values, 0);
    dataset_free(dataset);
}

static void experiments_do_not_reach_into_each_other(void **state)
{
    double values[] = {100, 1, 110, 2, 5000, 3, 5010, 4};
    struct raw_row rows[] = {row_at(0, 0, 0, 0, NORMAL), row_at(0, 2, 0, 2, NORMAL),
                             row_at(4, 4, 0, 4, NORMAL), row_at(4, 6, 0, 6, NORMAL)};
    struct dataset *dataset = build(rows, 4, values, 1);

    (void)state;
    assert_int_equal(dataset->rows, 2);
    assert_int_equal(dataset->experiment_count, 2);
    assert_int_equal(dataset->first_observations, 2);
    assert_int_equal(dataset->experiments[1], 4);
    assert_string_equal(dataset->metrics[1].resource_group, "cpu");
    assert_true(cell(dataset, 1, 0) == 5);
    dataset_free(dataset);
}

static void labels_are_used_or_counted(void **state)
{
    double values[16] = {0};
    struct raw_row rows[] = {row_at(0, 0, 0, 0, NORMAL),   row_at(0, 2, 0, 2, NORMAL),
                             row_at(0, 4, 0, 4, RAMP),     row_at(0, 6, 0, 6, MEMORY),
                             row_at(0, 8, 0, 8, CPU),      row_at(0, 10, 0, 10, COOL_DOWN),
                             row_at(1, 0, 0, 12, INVALID), row_at(2, 0, 0, 14, ELSEWHERE)};
    struct dataset *dataset = build(rows, 8, values, 1);

    (void)state;
    assert_int_equal(dataset->rows, 3);
    assert_int_equal(dataset->label_count, 3);
    assert_string_equal(dataset->label_names[0], "normal");
    assert_string_equal(dataset->label_names[1], "cpu");
    assert_string_equal(dataset->label_names[2], "memory");
    assert_int_equal(dataset->labels[0], 0);
    assert_int_equal(dataset->labels[1], 2);
    assert_int_equal(dataset->labels[2], 1);
    assert_int_equal(count_of(dataset, "normal")->observations, 2);
    assert_int_equal(count_of(dataset, "normal")->used, 1);
    assert_int_equal(count_of(dataset, "ramp")->observations, 1);
    assert_int_equal(count_of(dataset, "ramp")->used, 0);
    assert_int_equal(count_of(dataset, "elsewhere")->observations, 1);
    assert_int_equal(count_of(dataset, "invalid")->observations, 1);
    dataset_free(dataset);
}

/* Ramps are part of a window; a gap or another experiment ends it; what is invalid is nowhere. */
static void the_timeline_has_what_is_left_out(void **state)
{
    double values[18] = {0};
    struct raw_row rows[] = {row_at(0, 0, 0, 0, NORMAL),    row_at(0, 2, 0, 2, NORMAL),
                             row_at(0, 4, 0, 4, RAMP),      row_at(0, 6.9, 0, 6, MEMORY),
                             row_at(0, 10, 0, 8, NORMAL),   row_at(1, 0, 0, 10, INVALID),
                             row_at(1, 2, 0, 12, INVALID),  row_at(2, 0, 0, 14, ELSEWHERE),
                             row_at(2, 2, 0, 16, ELSEWHERE)};
    static const size_t sequences[] = {0, 0, 0, 1, 2};
    static const size_t labels_there[] = {0, DATASET_NONE, 2, 0, DATASET_NONE};
    static const char *const own_labels[] = {"normal", "ramp", "memory", "normal", "elsewhere"};
    static const size_t places[] = {0, 2, 3};
    struct dataset *dataset = build(rows, 9, values, 1);
    const struct dataset_timeline *timeline = &dataset->timeline;

    (void)state;
    assert_int_equal(timeline->rows, 5);
    assert_memory_equal(timeline->sequences, sequences, sizeof sequences);
    assert_memory_equal(timeline->labels, labels_there, sizeof labels_there);
    for (size_t i = 0; i < timeline->rows; i++)
        assert_string_equal(dataset->counts[timeline->counted_as[i]].label, own_labels[i]);
    assert_int_equal(dataset->rows, 3);
    assert_memory_equal(dataset->places, places, sizeof places);
    assert_int_equal(timeline->experiments[4], 2);
    assert_int_equal(timeline->period_ns, 2 * CLOCK_SECOND);
    dataset_free(dataset);
}

static void unknown_values_are_missing(void **state)
{
    double values[] = {100, 1, NAN, INFINITY, 130, 2};
    struct raw_row rows[] = {row_at(0, 0, 0, 0, NORMAL), row_at(0, 2, 0, 2, NORMAL),
                             row_at(0, 4, 0, 4, NORMAL)};
    struct dataset *dataset = build(rows, 3, values, 1);

    (void)state;
    assert_true(isnan(cell(dataset, 0, 0)) && isnan(cell(dataset, 0, 1)));
    assert_true(isnan(cell(dataset, 1, 0)) && cell(dataset, 1, 1) == 2);
    assert_int_equal(dataset->missing_values, 3);
    dataset_free(dataset);
}

/* The counter was not known at the end of the fault: what it counted then is in no normal row. */
static void a_rate_does_not_reach_over_an_unknown_value(void **state)
{
    double values[] = {100, 1, 110, 1, 910, 1, NAN, 1, 1720, 1, 1730, 1};
    struct raw_row rows[] = {row_at(0, 0, 0, 0, NORMAL), row_at(0, 2, 0, 2, NORMAL),
                             row_at(0, 4, 0, 4, CPU),    row_at(0, 6, 0, 6, CPU),
                             row_at(0, 8, 0, 8, NORMAL), row_at(0, 10, 0, 10, NORMAL)};
    struct dataset *dataset = build(rows, 6, values, 1);

    (void)state;
    assert_int_equal(dataset->rows, 5);
    assert_true(cell(dataset, 1, 0) == 400);
    assert_true(isnan(cell(dataset, 2, 0)) && isnan(cell(dataset, 3, 0)));
    assert_true(cell(dataset, 4, 0) == 5);
    dataset_free(dataset);
}

static void collectors_at_one_instant_make_one_row(void **state)
{
    double values[] = {0, 1, 40, 10, 2, 41, 20, 3, 42};
    struct raw_row rows[] = {row_at(0, 0, 0, 0, NORMAL), row_at(0, 0.1, 1, 2, NORMAL),
                             row_at(0, 2, 0, 3, NORMAL), row_at(0, 2.1, 1, 5, NORMAL),
                             row_at(0, 4, 0, 6, NORMAL), row_at(0, 4.1, 1, 8, MEMORY)};
    struct dataset *dataset = build(rows, 6, values, 2);

    (void)state;
    assert_int_equal(dataset->columns, 3);
    assert_int_equal(dataset->rows, 1);
    assert_true(cell(dataset, 0, 0) == 5 && cell(dataset, 0, 1) == 2 && cell(dataset, 0, 2) == 41);
    assert_int_equal(dataset->missing_values, 0);
    /* Its parts disagree: an edge lies between them. */
    assert_int_equal(count_of(dataset, "ramp")->observations, 1);
    /* The same resource group of two layers is two. */
    assert_string_equal(dataset->metrics[1].resource_group, "virtual cpu");
    assert_string_equal(dataset->metrics[2].resource_group, "physical cpu");
    dataset_free(dataset);
}

static void preprocessing_is_fitted_on_training_rows(void **state)
{
    static const size_t training_rows[] = {0, 1, 2, 3};
    static const size_t test_rows[] = {4};
    double values[] = {
        1,   7,   NAN, 4,   /* */
        9,   7,   NAN, NAN, /* */
        3,   7,   NAN, 4,   /* */
        5,   NAN, NAN, 8,   /* */
        NAN, 8,   1,   NAN, /* */
    };
    struct row_choice training = {values, 4, training_rows, 4};
    struct row_choice test = {values, 4, test_rows, 1};
    struct preprocess preprocess;
    double *result;

    (void)state;
    preprocess_fit(&training, SCALING_NONE, &preprocess);
    assert_int_equal(preprocess.kept, 2);
    assert_int_equal(preprocess.source[0], 0);
    assert_int_equal(preprocess.source[1], 3);
    result = preprocess_apply(&preprocess, &test);
    assert_true(result[0] == 3 && result[1] == 4); /* lower medians of 1 3 5 9 and of 4 4 8 */
    free(result);
    result = preprocess_apply(&preprocess, &training);
    assert_true(result[2] == 9 && result[3] == 4);
    free(result);
    preprocess_free(&preprocess);
}

static void values_are_scaled_as_in_training(void **state)
{
    static const size_t training_rows[] = {0, 1, 2};
    static const size_t test_rows[] = {3};
    double values[] = {2, -1, 4, 0, 6, 1, 8, NAN};
    struct row_choice training = {values, 2, training_rows, 3};
    struct row_choice test = {values, 2, test_rows, 1};
    struct preprocess preprocess;
    double *result;

    (void)state;
    preprocess_fit(&training, SCALING_MINMAX, &preprocess);
    result = preprocess_apply(&preprocess, &test);
    assert_true(result[0] == 1.5 && result[1] == 0.5); /* beyond what was seen; the median, 0 */
    free(result);
    preprocess_free(&preprocess);
    preprocess_fit(&training, SCALING_STANDARD, &preprocess);
    result = preprocess_apply(&preprocess, &test);
    assert_true(fabs(result[0] - 4 / sqrt(8.0 / 3)) < 1e-15 && result[1] == 0);
    free(result);
    preprocess_free(&preprocess);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_become_rates),
        cmocka_unit_test(experiments_do_not_reach_into_each_other),
        cmocka_unit_test(labels_are_used_or_counted),
        cmocka_unit_test(the_timeline_has_what_is_left_out),
        cmocka_unit_test(unknown_values_are_missing),
        cmocka_unit_test(a_rate_does_not_reach_over_an_unknown_value),
        cmocka_unit_test(collectors_at_one_instant_make_one_row),
        cmocka_unit_test(preprocessing_is_fitted_on_training_rows),
        cmocka_unit_test(values_are_scaled_as_in_training),
    };

    return cmocka_run_group_tests_name("dataset", tests, NULL, NULL);
}
