/* analysis/curves against scikit-learn: the stored reference, or the file $SKLEARN_CURVES. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/curves.h"
#include "base/memory.h"

#define STORED "tests/unit/data/sklearn/curves.txt"
#define TOLERANCE 1e-9

struct values {
    double *items;
    size_t count;
};

static FILE *open_reference(void)
{
    const char *path = getenv("SKLEARN_CURVES");
    FILE *file = fopen(path != NULL ? path : STORED, "r");

    if (file == NULL)
        fail_msg("can't open %s", path != NULL ? path : STORED);
    return file;
}

static struct values read_values(FILE *file, const char *name)
{
    struct values values = {0};
    char found[64];

    assert_int_equal(fscanf(file, "%63s %zu", found, &values.count), 2);
    assert_string_equal(found, name);
    values.items = memory_new(values.count, sizeof(double));
    for (size_t i = 0; i < values.count; i++)
        assert_int_equal(fscanf(file, "%lf", &values.items[i]), 1);
    return values;
}

static void compare(FILE *file, const char *name, const double *ours, size_t count)
{
    struct values reference = read_values(file, name);

    assert_int_equal(count, reference.count);
    for (size_t i = 0; i < count; i++) {
        if (!(fabs(ours[i] - reference.items[i]) <= TOLERANCE))
            fail_msg("%s %zu: %.17g, scikit-learn has %.17g", name, i, ours[i], reference.items[i]);
    }
    free(reference.items);
}

static void compare_weighted(FILE *file, const struct values *scores, const uint8_t *positive)
{
    struct values weights = read_values(file, "weights");
    uint32_t *counts = memory_new(scores->count, sizeof *counts);
    size_t *order = memory_new(scores->count, sizeof *order);
    double *falling = memory_new(scores->count, sizeof *falling);
    uint8_t *positive_there = memory_new(scores->count, 1);
    struct curve_areas areas;

    curves_order(scores->items, scores->count, order);
    for (size_t i = 0; i < scores->count; i++) {
        falling[i] = scores->items[order[i]];
        positive_there[i] = positive[order[i]];
        counts[i] = (uint32_t)weights.items[order[i]];
    }
    areas = curves_weighted_areas(falling, positive_there, counts, scores->count);
    compare(file, "weighted-areas",
            (double[]){areas.roc, areas.precision_recall, areas.average_precision}, 3);
    free(weights.items);
    free(counts);
    free(order);
    free(falling);
    free(positive_there);
}

static void compare_case(FILE *file)
{
    struct values scores = read_values(file, "scores");
    struct values labels = read_values(file, "positive");
    uint8_t *positive = memory_new(labels.count, 1);
    struct curves curves;
    struct curve_areas areas;

    for (size_t i = 0; i < labels.count; i++)
        positive[i] = labels.items[i] != 0;
    curves_make(scores.items, positive, scores.count, &curves);
    areas = curves_areas(scores.items, positive, scores.count);
    compare(file, "roc-x", curves.roc.x, curves.roc.count);
    compare(file, "roc-y", curves.roc.y, curves.roc.count);
    /* The first threshold, where nothing is called positive, differs between its versions. */
    free(read_values(file, "thresholds").items);
    for (size_t i = 1; i < curves.roc.count; i++)
        assert_true(curves.roc.thresholds[i] < curves.roc.thresholds[i - 1]);
    compare(file, "pr-x", curves.precision_recall.x, curves.precision_recall.count);
    compare(file, "pr-y", curves.precision_recall.y, curves.precision_recall.count);
    compare(file, "roc-auc", &curves.roc.area, 1);
    compare(file, "pr-auc", &curves.precision_recall.area, 1);
    compare(file, "average-precision", &curves.average_precision, 1);
    compare_weighted(file, &scores, positive);
    assert_true(areas.roc == curves.roc.area);
    assert_true(areas.precision_recall == curves.precision_recall.area);
    assert_true(areas.average_precision == curves.average_precision);
    curves_free(&curves);
    free(positive);
    free(labels.items);
    free(scores.items);
}

static void curves_equal_those_of_scikit_learn(void **state)
{
    FILE *file = open_reference();
    char name[64];
    size_t cases = 0;

    (void)state;
    for (; fscanf(file, " case %63s", name) == 1; cases++)
        compare_case(file);
    assert_true(feof(file));
    assert_int_equal(cases, 8);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_equal_those_of_scikit_learn),
    };

    return cmocka_run_group_tests_name("curves", tests, NULL, NULL);
}
