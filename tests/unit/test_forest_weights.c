/* Weights of classes: whole numbers of the right ratio. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "analysis/forest.h"
#include "analysis/forest_weights.h"
#include "base/memory.h"

/* Rows of classes that are so frequent. */
static void weigh(const size_t *counts, size_t class_count, uint64_t most, double *weights)
{
    size_t rows = 0;
    size_t at = 0;
    uint8_t *classes;

    for (size_t i = 0; i < class_count; i++)
        rows += counts[i];
    classes = memory_new(rows, sizeof *classes);
    for (size_t i = 0; i < class_count; i++) {
        for (size_t j = 0; j < counts[i]; j++)
            classes[at++] = (uint8_t)i;
    }
    forest_weights(classes, rows, class_count, most, weights);
    free(classes);
}

static void ratios_are_exact_if_they_can_be(void **state)
{
    static const size_t two[] = {900, 60};
    static const size_t four[] = {600, 0, 40, 60};
    double weights[4];

    (void)state;
    weigh(two, 2, UINT64_MAX, weights);
    assert_true(weights[0] == 1 && weights[1] == 15);
    weigh(four, 4, 1800, weights);
    assert_true(weights[0] == 1 && weights[1] == 1 && weights[2] == 15 && weights[3] == 10);
}

/* The least common multiple of these is their product, 7.6e18. */
static void others_are_near(void **state)
{
    static const size_t counts[] = {50021, 50023, 101, 103, 331, 883};
    enum { CLASSES = sizeof counts / sizeof *counts };
    const uint64_t most = UINT64_C(1) << 28;
    double weights[CLASSES];
    double sum = 0;

    (void)state;
    weigh(counts, CLASSES, most, weights);
    for (size_t i = 0; i < CLASSES; i++) {
        double whole = weights[i] * (double)counts[i];

        sum += whole;
        assert_true(weights[i] >= 1 && weights[i] == floor(weights[i]));
        assert_true(fabs(whole * CLASSES / (double)most - 1) < 0.001);
    }
    assert_true(sum < 1.001 * (double)most);
}

static void a_single_class_weighs_1(void **state)
{
    static const size_t counts[] = {0, 12, 0};
    double weights[3];

    (void)state;
    weigh(counts, 3, UINT64_MAX, weights);
    assert_true(weights[0] == 1 && weights[1] == 1 && weights[2] == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratios_are_exact_if_they_can_be),
        cmocka_unit_test(others_are_near),
        cmocka_unit_test(a_single_class_weighs_1),
    };

    return cmocka_run_group_tests_name("forest weights", tests, NULL, NULL);
}
