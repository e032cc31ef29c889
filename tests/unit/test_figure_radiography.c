/* analysis/figure_radiography: the data of the figure, its script, and that gnuplot draws it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_radiography.h"
#include "base/file.h"
#include "base/memory.h"

enum { COUNT = 60 };

static double errors[COUNT];
static double failed[COUNT];

/* Two of three observations are near (0.01, 2), the others near (0.05, 200). */
static struct radiography zones(void)
{
    for (size_t i = 0; i < COUNT; i++) {
        double place = (double)(i * 7 % 10) / 10;

        errors[i] = i % 3 == 0 ? 0.05 + 0.005 * place : 0.01 + 0.004 * place;
        failed[i] = i % 3 == 0 ? 200 + (double)(i % 4) : (double)(i % 5);
    }
    return (struct radiography){.subject = "sprout",
                                .detail = "network",
                                .title = "It's sprout",
                                .error_axis = "Reconstruction error (MSE)",
                                .service_axis = "Failed calls (calls/s)",
                                .errors = errors,
                                .service = failed,
                                .count = COUNT,
                                .threshold = 0.02};
}

struct cell {
    double error;
    double service;
    double share;
};

/* Reads the data; returns how many cells there are. */
static size_t read_cells(const struct figure *figure, struct cell *cells, size_t most)
{
    const char *line = strchr(text_string(&figure->data), '\n');
    size_t count = 0;

    assert_true(string_starts_with(text_string(&figure->data),
                                   "error,service,density_share_of_greatest\n"));
    for (; line != NULL && line[1] != '\0'; line = strchr(line + 1, '\n')) {
        struct cell *cell = &cells[count++];

        assert_true(count <= most);
        assert_int_equal(
            sscanf(line + 1, "%lf,%lf,%lf", &cell->error, &cell->service, &cell->share), 3);
    }
    return count;
}

static void data_show_both_zones_from_zero_on(void **state)
{
    enum { MOST = 20000 };
    struct radiography radiography = zones();
    struct cell *cells = memory_new(MOST, sizeof *cells);
    struct figure figure;
    struct error error = {0};
    double few = 0;
    double many = 0;
    double corner = 0;
    size_t count;

    (void)state;
    assert_int_equal(figure_radiography(&figure, &radiography, &error), 0);
    count = read_cells(&figure, cells, MOST);
    assert_int_equal(count, 160 * 120);
    for (size_t i = 0; i < count; i++) {
        assert_true(cells[i].error >= 0 && cells[i].service >= 0);
        assert_true(cells[i].share >= 0 && cells[i].share <= 1);
        if (cells[i].service < 20)
            few = fmax(few, cells[i].share);
        if (cells[i].service > 190 && cells[i].service < 210)
            many = fmax(many, cells[i].share);
        if (cells[i].error < 0.01 && cells[i].service > 250)
            corner = fmax(corner, cells[i].share);
    }
    assert_true(few == 1);
    assert_true(many > 0.3 && many < 0.7);
    assert_true(corner < 0.05);
    free(cells);
    figure_free(&figure);
}

/* One observation so far off that all others are within a cell. */
static void an_outlier_hides_nothing(void **state)
{
    enum { MOST = 20000, MANY = 20000 };
    double *x = memory_new(MANY, sizeof *x);
    double *y = memory_new(MANY, sizeof *y);
    struct cell *cells = memory_new(MOST, sizeof *cells);
    struct radiography radiography = zones();
    struct figure figure;
    struct error error = {0};
    double outside = 0;
    double all = 0;

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        x[i] = 1e-3 * (double)(i % 17);
        y[i] = 1e-3 * (double)(i % 23);
    }
    x[0] = 100;
    y[0] = 0.011;
    radiography.errors = x;
    radiography.service = y;
    radiography.count = MANY;
    assert_int_equal(figure_radiography(&figure, &radiography, &error), 0);
    assert_int_equal(read_cells(&figure, cells, MOST), 160 * 120);
    for (size_t i = 0; i < (size_t)160 * 120; i++) {
        assert_true(cells[i].error >= 0 && cells[i].service >= 0);
        if (cells[i].share == 1)
            assert_true(cells[i].error < 1 && cells[i].service < 0.023);
        if (cells[i].error > 99)
            outside += cells[i].share;
        all += cells[i].share;
    }
    /* One of 20000, of which nearly half is below 0 and not shown. */
    assert_true(outside / all * MANY > 1.7 && outside / all * MANY < 2.1);
    free(x);
    free(y);
    free(cells);
    figure_free(&figure);
}

static void script_has_axes_and_threshold(void **state)
{
    struct radiography radiography = zones();
    struct figure figure;
    struct error error = {0};

    (void)state;
    assert_int_equal(figure_radiography(&figure, &radiography, &error), 0);
    assert_string_equal(figure.name, "radiography-sprout-network");
    assert_string_equal(text_string(&figure.description), "Radiography, It's sprout");
    assert_non_null(strstr(text_string(&figure.body), "xlabel 'Reconstruction error (MSE)'"));
    assert_non_null(strstr(text_string(&figure.body), "ylabel 'Failed calls (calls/s)'"));
    assert_non_null(strstr(text_string(&figure.body), "60 observations"));
    assert_non_null(strstr(text_string(&figure.body), "threshold = 0.02\n"));
    assert_null(strstr(text_string(&figure.body), "It's"));
    figure_free(&figure);
    radiography.threshold = NAN;
    assert_int_equal(figure_radiography(&figure, &radiography, &error), 0);
    assert_null(strstr(text_string(&figure.body), "threshold"));
    figure_free(&figure);
}

static void what_cannot_be_shown_is_an_error(void **state)
{
    struct radiography radiography = zones();
    struct figure figure;
    struct error error = {0};

    (void)state;
    radiography.threshold = INFINITY;
    assert_int_equal(figure_radiography(&figure, &radiography, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    figure_free(&figure);
    radiography.threshold = 1e200;
    assert_int_equal(figure_radiography(&figure, &radiography, &error), -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    figure_free(&figure);
    radiography.threshold = NAN;
    radiography.count = 2;
    assert_int_equal(figure_radiography(&figure, &radiography, &error), -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    figure_free(&figure);
    radiography = zones();
    memset(failed, 0, sizeof failed);
    assert_int_equal(figure_radiography(&figure, &radiography, &error), -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    assert_string_equal(error.what,
                        "the same value in all 60 observations: Failed calls (calls/s)");
    figure_free(&figure);
    radiography.count = 0;
    assert_int_equal(figure_radiography(&figure, &radiography, &error), -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    figure_free(&figure);
}

static void gnuplot_draws_it(void **state)
{
    struct radiography radiography = zones();
    char folder[] = "/tmp/vnfault-radiography.XXXXXX";
    struct text page = {0};
    struct figure figure;
    struct error error = {0};
    char *pdf;

    (void)state;
    if (figure_check(&error) < 0)
        skip();
    assert_non_null(mkdtemp(folder));
    pdf = memory_format("%s/radiography-sprout-network.pdf", folder);
    assert_int_equal(figure_write_style(folder, &error), 0);
    assert_int_equal(figure_radiography(&figure, &radiography, &error), 0);
    if (figure_draw(&figure, folder, 1700000000000000000, &page, &error) < 0)
        fail_msg("%s", error.what);
    assert_non_null(strstr(text_string(&page), "<image"));
    assert_non_null(strstr(text_string(&page), "threshold 0.02"));
    assert_true(file_exists(pdf));
    assert_int_equal(folder_remove(folder, &error), 0);
    free(pdf);
    text_free(&page);
    figure_free(&figure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_show_both_zones_from_zero_on),
        cmocka_unit_test(an_outlier_hides_nothing),
        cmocka_unit_test(script_has_axes_and_threshold),
        cmocka_unit_test(what_cannot_be_shown_is_an_error),
        cmocka_unit_test(gnuplot_draws_it),
    };

    return cmocka_run_group_tests_name("radiography", tests, NULL, NULL);
}
