/* analysis/kernel_density against scipy: the stored reference, or the file $SCIPY_DENSITY. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/kernel_density.h"
#include "base/memory.h"

#define STORED "tests/unit/data/scipy/density.txt"
#define TOLERANCE 1e-9
#define TINY 1e-6 /* of the greatest density; below it, what is left out of a grid may show */

struct values {
    double *items;
    size_t count;
};

static FILE *open_reference(void)
{
    const char *path = getenv("SCIPY_DENSITY");
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

static void compare(const char *name, const double *ours, const struct values *reference,
                    double greatest)
{
    for (size_t i = 0; i < reference->count; i++) {
        double theirs = reference->items[i];
        double least = theirs > TINY * greatest ? theirs : greatest;

        if (!(fabs(ours[i] - theirs) <= TOLERANCE * least))
            fail_msg("%s %zu: %.17g, scipy has %.17g", name, i, ours[i], theirs);
    }
}

static struct density_grid grid_of(const struct values *values)
{
    assert_int_equal(values->count, 6);
    return (struct density_grid){values->items[0], values->items[1], (size_t)values->items[2],
                                 values->items[3], values->items[4], (size_t)values->items[5]};
}

static void compare_case(FILE *file, const char *name)
{
    const char *const names[] = {"x", "y", "grid", "on-grid", "at-x", "at-y", "at", "greatest"};
    struct values values[8];
    struct kernel_density density;
    struct density_grid grid;
    struct error error = {0};
    double *ours;

    for (size_t i = 0; i < 8; i++)
        values[i] = read_values(file, names[i]);
    grid = grid_of(&values[2]);
    ours = memory_new(values[3].count + values[6].count, sizeof *ours);
    assert_int_equal(grid.x_count * grid.y_count, values[3].count);
    assert_int_equal(
        kernel_density_fit(values[0].items, values[1].items, values[0].count, &density, &error), 0);
    assert_int_equal(kernel_density_on_grid(&density, &grid, ours, &error), 0);
    compare(name, ours, &values[3], values[7].items[0]);
    assert_int_equal(kernel_density_at(&density, values[4].items, values[5].items, values[6].count,
                                       ours, &error),
                     0);
    /* Nothing is left out of these: each is compared with its own size. */
    compare(name, ours, &values[6], 0);
    for (size_t i = 0; i < 8; i++)
        free(values[i].items);
    free(ours);
}

static void densities_equal_those_of_scipy(void **state)
{
    FILE *file = open_reference();
    char name[64];
    size_t cases = 0;

    (void)state;
    for (; fscanf(file, " case %63s", name) == 1; cases++)
        compare_case(file, name);
    assert_true(feof(file));
    assert_int_equal(cases, 13);
    fclose(file);
}

static void fails(const double *x, const double *y, size_t count, enum error_kind kind,
                  const char *what)
{
    struct kernel_density density;
    struct error error = {0};

    assert_int_equal(kernel_density_fit(x, y, count, &density, &error), -1);
    assert_int_equal(error.kind, kind);
    if (strstr(error.what, what) == NULL)
        fail_msg("'%s' does not say '%s'", error.what, what);
}

static void degenerate_points_have_no_density(void **state)
{
    const double varied[] = {0.1, 0.4, 0.2, 0.7};
    const double constant[] = {0.1, 0.1, 0.1, 0.1};
    const double minute[] = {1e-160, 3e-160, 2e-160, 5e-160};
    double on_line[4];
    double far_line[4];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        on_line[i] = 7 - 3 * varied[i];
        far_line[i] = 1e9 + varied[i] / 3;
    }
    fails(varied, on_line, 0, ERROR_INCONCLUSIVE, "3 points, there are 0");
    fails(varied, on_line, 2, ERROR_INCONCLUSIVE, "3 points, there are 2");
    fails(constant, varied, 4, ERROR_INCONCLUSIVE, "all x are the same");
    fails(varied, constant, 4, ERROR_INCONCLUSIVE, "all y are the same");
    fails(varied, minute, 4, ERROR_INCONCLUSIVE, "all y are the same");
    fails(varied, varied, 4, ERROR_INCONCLUSIVE, "on one line");
    fails(varied, on_line, 4, ERROR_INCONCLUSIVE, "on one line");
    /* Rounding at 1e9 takes them off the line by a ten-millionth. */
    fails(varied, far_line, 4, ERROR_INCONCLUSIVE, "on one line");
    fails(far_line, varied, 4, ERROR_INCONCLUSIVE, "on one line");
}

static void values_that_are_none_are_refused(void **state)
{
    const double wrong[] = {NAN, INFINITY, -INFINITY, 1e300};
    double x[] = {0, 1, 0};
    double y[] = {0, 0, 1};
    struct kernel_density density;
    struct error error = {0};
    double value;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(kernel_density_fit(x, y, 3, &density, &error), 0);
        assert_int_equal(kernel_density_at(&density, &wrong[i], y, 1, &value, &error), -1);
        assert_int_equal(error.kind, ERROR_INPUT);
        x[1] = wrong[i];
        fails(x, y, 3, ERROR_INPUT, "not a number");
        fails(y, x, 3, ERROR_INPUT, "not a number");
        x[1] = 1;
    }
    assert_int_equal(
        kernel_density_at(&density, (double[]){1e100}, (double[]){-1e100}, 1, &value, &error), 0);
    assert_true(value == 0);
}

static void a_grid_that_is_none_is_refused(void **state)
{
    const struct density_grid grids[] = {
        {0, 1, 0, 0, 1, 2},     {0, 1, 2, 0, 1, 0},         {0, 0, 2, 0, 1, 2},
        {0, 1, 2, 0, -1, 2},    {NAN, 1, 2, 0, 1, 2},       {0, NAN, 2, 0, 1, 2},
        {0, 1e100, 3, 0, 1, 2}, {0, 1, 2, -INFINITY, 1, 2},
    };
    const double x[] = {0, 1, 0};
    const double y[] = {0, 0, 1};
    struct kernel_density density;
    struct error error = {0};
    double values[9] = {0};

    (void)state;
    assert_int_equal(kernel_density_fit(x, y, 3, &density, &error), 0);
    for (size_t i = 0; i < sizeof grids / sizeof grids[0]; i++) {
        error_clear(&error);
        assert_int_equal(kernel_density_on_grid(&density, &grids[i], values, &error), -1);
        assert_int_equal(error.kind, ERROR_INPUT);
    }
}

/* Steps so long that a kernel's ratio from cell to cell is beyond what a double holds. */
static void a_grid_far_wider_than_the_points_is_zero_beside_them(void **state)
{
    const struct density_grid grid = {-1e50, 0.5e50, 5, -1e90, 0.5e90, 5};
    const double x[] = {0, 1, 0};
    const double y[] = {0, 0, 1};
    struct kernel_density density;
    struct error error = {0};
    double values[25];
    double middle;

    (void)state;
    assert_int_equal(kernel_density_fit(x, y, 3, &density, &error), 0);
    assert_int_equal(kernel_density_on_grid(&density, &grid, values, &error), 0);
    assert_int_equal(kernel_density_at(&density, (double[]){0}, (double[]){0}, 1, &middle, &error),
                     0);
    for (size_t i = 0; i < 25; i++)
        assert_true(fabs(values[i] - (i == 12 ? middle : 0)) <= 1e-12 * middle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(densities_equal_those_of_scipy),
        cmocka_unit_test(degenerate_points_have_no_density),
        cmocka_unit_test(values_that_are_none_are_refused),
        cmocka_unit_test(a_grid_that_is_none_is_refused),
        cmocka_unit_test(a_grid_far_wider_than_the_points_is_zero_beside_them),
    };

    return cmocka_run_group_tests_name("kernel density", tests, NULL, NULL);
}
