/* analysis/bootstrap: bounds over experiments, against drawing and counting out in full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "analysis/bootstrap.h"
#include "analysis/curves.h"
#include "base/memory.h"
#include "base/random.h"

enum { EXPERIMENTS = 7, ROWS = 12, COUNT = EXPERIMENTS * ROWS };

struct scene {
    double scores[COUNT];
    uint8_t positive[COUNT];
    int64_t experiments[COUNT];
};

/* Every other experiment has positives in its second half; scores have ties. */
static void make(struct scene *scene, double effect)
{
    struct random random;

    random_seed(&random, 11);
    for (size_t i = 0; i < COUNT; i++) {
        size_t experiment = i / ROWS;

        scene->experiments[i] = 40 - (int64_t)experiment;
        scene->positive[i] = experiment % 2 == 0 && i % ROWS >= ROWS / 2;
        scene->scores[i] = floor(10 * (random_unit(&random) + effect * scene->positive[i])) / 10;
    }
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

/* As numpy.percentile. */
static double percentile(double *values, size_t count, double share)
{
    double place = share * (double)(count - 1);

    qsort(values, count, sizeof *values, by_value);
    return values[(size_t)floor(place)] +
           (place - floor(place)) * (values[(size_t)ceil(place)] - values[(size_t)floor(place)]);
}

static void bounds_are_those_of_the_drawn_campaigns(void **state)
{
    struct scene scene;
    struct interval roc;
    struct interval precision;
    struct random random;
    double *areas = memory_new(BOOTSTRAP_RESAMPLES, sizeof *areas);
    double scores[COUNT];
    uint8_t positive[COUNT];
    size_t done = 0;

    (void)state;
    make(&scene, 0.4);
    bootstrap_areas(
        &(struct bootstrap_input){scene.scores, scene.positive, scene.experiments, COUNT, 3}, &roc,
        &precision);
    random_seed(&random, 3);
    for (size_t resample = 0; resample < BOOTSTRAP_RESAMPLES; resample++) {
        size_t positives = 0;

        for (size_t i = 0; i < EXPERIMENTS; i++) {
            size_t drawn = random_below(&random, EXPERIMENTS);

            for (size_t j = 0; j < ROWS; j++) {
                scores[i * ROWS + j] = scene.scores[drawn * ROWS + j];
                positive[i * ROWS + j] = scene.positive[drawn * ROWS + j];
                positives += positive[i * ROWS + j];
            }
        }
        if (positives > 0)
            areas[done++] = curves_areas(scores, positive, COUNT).roc;
    }
    assert_int_equal(roc.resamples, done);
    assert_true(fabs(roc.lower - percentile(areas, done, 0.025)) < 1e-12);
    assert_true(fabs(roc.upper - percentile(areas, done, 0.975)) < 1e-12);
    assert_true(precision.lower < precision.upper);
    free(areas);
}

static void one_experiment_has_no_other(void **state)
{
    struct scene scene;
    struct interval roc;
    struct interval precision;
    struct curve_areas areas;

    (void)state;
    make(&scene, 0.4);
    areas = curves_areas(scene.scores, scene.positive, ROWS);
    bootstrap_areas(
        &(struct bootstrap_input){scene.scores, scene.positive, scene.experiments, ROWS, 1}, &roc,
        &precision);
    assert_int_equal(roc.resamples, BOOTSTRAP_RESAMPLES);
    assert_true(roc.lower == roc.upper && fabs(roc.lower - areas.roc) < 1e-12);
    assert_true(fabs(precision.upper - areas.average_precision) < 1e-12);
}

static void without_both_classes_there_are_no_bounds(void **state)
{
    struct scene scene;
    struct interval roc;
    struct interval precision;

    (void)state;
    make(&scene, 0.4);
    bootstrap_areas(
        &(struct bootstrap_input){scene.scores, scene.positive, scene.experiments, ROWS / 2, 1},
        &roc, &precision);
    assert_int_equal(roc.resamples, 0);
    assert_true(isnan(roc.lower) && isnan(precision.upper));
    bootstrap_areas(&(struct bootstrap_input){NULL, NULL, NULL, 0, 1}, &roc, &precision);
    assert_int_equal(roc.resamples, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_those_of_the_drawn_campaigns),
        cmocka_unit_test(one_experiment_has_no_other),
        cmocka_unit_test(without_both_classes_there_are_no_bounds),
    };

    return cmocka_run_group_tests_name("bootstrap", tests, NULL, NULL);
}
