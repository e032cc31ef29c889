#include "analysis/figure_radiography.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "analysis/figure_axis.h"
#include "analysis/kernel_density.h"
#include "analysis/report_text.h"
#include "base/memory.h"

enum { WIDTH = 640, HEIGHT = 480, COLUMNS = 160, ROWS = 120, LONGEST_NAME = 60 };
enum { LEAST_SHADE = -4 }; /* power of ten of the density that is white */
enum { MOST_PLACES = 16 }; /* along a side of a cell */

#define MARGIN 3.0 /* around the outermost points, in widths of their kernels */
#define COLOUR_THRESHOLD "#d55e00"
/* Where on the scale it is green, and where dark green. */
#define PALETTE(GREEN, DARK)                                                                       \
    "set palette defined (0 '#ffffff', " #GREEN " '#a5d6a0', " #DARK " '#2b7a3b', 1 '#000000')\n"
#define LEAST_SHOWN 1e-6 /* of the greatest density; no shade of it can be seen */

struct extent {
    double low;
    double high;
};

static struct extent extent_of(const double *values, size_t count, double width)
{
    struct extent extent = {values[0], values[0]};
    double least;

    for (size_t i = 1; i < count; i++) {
        extent.low = fmin(extent.low, values[i]);
        extent.high = fmax(extent.high, values[i]);
    }
    least = extent.low >= 0 ? 0 : -INFINITY;
    extent.low = fmax(extent.low - MARGIN * width, least);
    extent.high += MARGIN * width;
    return extent;
}

/* A threshold is within the figure, not on its edge unless that is 0. */
static void hold_threshold(struct extent *extent, double threshold)
{
    double rest = 0.03 * (extent->high - extent->low);
    double least = extent->low >= 0 && threshold >= 0 ? 0 : -INFINITY;

    /* fmin and fmax pass over NaN. */
    extent->low = fmax(fmin(extent->low, threshold - rest), least);
    extent->high = fmax(extent->high, threshold + rest);
}

/* Places along the side of a cell, no more than two deviations of a kernel apart, so that their
 * mean is that of the cell: where a few observations are far from the others, kernels are narrower
 * than cells, and a single place could miss them. SIZE_MAX if that is too many. */
static size_t places_in_cell(double side, double deviation)
{
    double places = ceil(side / (2 * deviation));

    return places > MOST_PLACES ? SIZE_MAX : (size_t)fmax(places, 1);
}

/* Puts the means of the cells at the front of `values`: lines of COLUMNS. */
static void average_cells(const struct density_grid *grid, double *values)
{
    size_t wide = grid->x_count / COLUMNS;
    size_t high = grid->y_count / ROWS;

    for (size_t cell = 0; cell < (size_t)COLUMNS * ROWS; cell++) {
        const double *corner =
            values + cell / COLUMNS * high * grid->x_count + cell % COLUMNS * wide;
        double sum = 0;

        for (size_t i = 0; i < wide * high; i++)
            sum += corner[i / wide * grid->x_count + i % wide];
        values[cell] = sum / (double)(wide * high);
    }
}

static void append_cells(struct text *data, const struct radiography *radiography,
                         const struct extent *x, const struct extent *y, const double *values)
{
    double greatest = 0;

    for (size_t cell = 0; cell < (size_t)COLUMNS * ROWS; cell++)
        greatest = fmax(greatest, values[cell]);
    text_appendf(data, "%s,service,density_share_of_greatest\n",
                 radiography->logarithmic ? "log10_error" : "error");
    for (size_t cell = 0; cell < (size_t)COLUMNS * ROWS; cell++) {
        size_t row = cell / COLUMNS;
        size_t column = cell % COLUMNS;
        double share = values[cell] / greatest;

        text_appendf(data, "%.6g,%.6g,%.3g\n",
                     x->low + ((double)column + 0.5) * (x->high - x->low) / COLUMNS,
                     y->low + ((double)row + 0.5) * (y->high - y->low) / ROWS,
                     share >= LEAST_SHOWN ? share : 0.0);
    }
}

/* The mean density of the cells that fill the extents. */
static int append_density(struct text *data, const struct radiography *radiography,
                          const struct kernel_density *density, const struct extent *x,
                          const struct extent *y, struct error *error)
{
    double x_side = (x->high - x->low) / COLUMNS;
    double y_side = (y->high - y->low) / ROWS;
    size_t wide = places_in_cell(x_side, density->x_deviation);
    size_t high =
        places_in_cell(y_side, density->y_width * density->x_deviation / density->x_width);
    struct density_grid grid;
    double *values;
    int result;

    if (wide == SIZE_MAX || high == SIZE_MAX)
        return error_set(error, ERROR_INCONCLUSIVE,
                         "a few observations, or the threshold, are so far from all others that "
                         "no figure can hold them");
    grid.x_count = COLUMNS * wide;
    grid.x_step = x_side / (double)wide;
    grid.x_first = x->low + grid.x_step / 2;
    grid.y_count = ROWS * high;
    grid.y_step = y_side / (double)high;
    grid.y_first = y->low + grid.y_step / 2;
    values = memory_new(grid.x_count * grid.y_count, sizeof *values);
    result = kernel_density_on_grid(density, &grid, values, error);
    if (result == 0) {
        average_cells(&grid, values);
        append_cells(data, radiography, x, y, values);
    }
    free(values);
    return result;
}

static void append_text_setting(struct text *body, const char *setting, const char *string)
{
    struct text line = {0};

    append_line(&line, string, LONGEST_NAME);
    text_appendf(body, "set %s ", setting);
    append_gnuplot(body, text_string(&line));
    text_append(body, "\n");
    text_free(&line);
}

static bool same(const double *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (values[i] != values[0])
            return false;
    }
    return true;
}

/* Says in words of the figure what is amiss most often: that no call failed. Returns -1. */
static int explain(const struct radiography *radiography, struct error *error)
{
    const char *axis = NULL;

    if (same(radiography->service, radiography->count))
        axis = radiography->service_axis;
    else if (same(radiography->errors, radiography->count))
        axis = radiography->error_axis;
    if (error->kind == ERROR_INCONCLUSIVE && radiography->count > 1 && axis != NULL)
        error_set(error, ERROR_INCONCLUSIVE, "the same value in all %zu observations: %s",
                  radiography->count, axis);
    return -1;
}

/* The paper's colours: from white over green to black where most observations are. Shades fall
 * steeply from white, else a zone of a tenth of the observations would not be seen. */
static void append_scales(struct text *body, const struct radiography *radiography,
                          const struct extent *x)
{
    if (!radiography->logarithmic) {
        text_append(body,
                    PALETTE(0.06, 0.3) "set cbrange [0:1]\n"
                                       "set cbtics 0.2 format '%.1f'\nset cblabel offset 1.2, 0\n"
                                       "shade(share) = share\n");
        return;
    }
    append_logarithmic_tics(body, "x", (int)ceil(x->low), (int)floor(x->high));
    text_appendf(body, PALETTE(0.25, 0.6) "set cbrange [%d:0]\nset cblabel offset 0.2, 0\n",
                 LEAST_SHADE);
    append_logarithmic_tics(body, "cb", LEAST_SHADE, 0);
    text_appendf(body, "shade(share) = share > 1e%d ? log10(share) : %d\n", LEAST_SHADE,
                 LEAST_SHADE);
}

static void append_body(struct figure *figure, const struct radiography *radiography,
                        const struct extent *x, const struct extent *y)
{
    struct text *body = &figure->body;

    append_text_setting(body, "title", radiography->title);
    append_text_setting(body, "xlabel", radiography->error_axis);
    append_text_setting(body, "ylabel", radiography->service_axis);
    text_appendf(body,
                 "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n"
                 "set margins screen 0.115, screen 0.835, screen 0.125, screen 0.875\n"
                 "set title offset 0, 0.7\nunset grid\nset tics front\n"
                 "set cblabel 'Density (share of the greatest)' textcolor rgb '#3a424d'\n",
                 x->low, x->high, y->low, y->high);
    append_scales(body, radiography, x);
    text_appendf(body,
                 "set label 1 '%zu observations' at graph 0, screen 0.905 left textcolor rgb "
                 "'#5b6470'\n",
                 radiography->count);
    if (!isnan(radiography->threshold))
        text_appendf(body,
                     "threshold = %.9g\n"
                     "set arrow 1 from threshold, graph 0 to threshold, graph 1 nohead front "
                     "dashtype 2 linewidth 1.4 linecolor rgb '" COLOUR_THRESHOLD "'\n"
                     "set key at graph 1, screen 0.905 right center horizontal Left reverse\n",
                     radiography->threshold);
    text_appendf(body, "plot '%s.csv' using 1:2:(shade($3)) with image", figure->name);
    if (!isnan(radiography->threshold))
        text_appendf(body,
                     ", \\\n     keyentry with lines dashtype 2 linewidth 1.4 linecolor rgb "
                     "'" COLOUR_THRESHOLD "' title sprintf('threshold %%.3g', %s)",
                     radiography->logarithmic ? "10**threshold" : "threshold");
    text_append(body, "\n");
}

int figure_radiography(struct figure *figure, const struct radiography *radiography,
                       struct error *error)
{
    struct kernel_density density;
    struct extent x;
    struct extent y;

    figure_start(figure, WIDTH, HEIGHT, "radiography", radiography->subject, radiography->detail);
    if (isinf(radiography->threshold))
        return error_set(error, ERROR_INPUT, "the threshold of a radiography is infinite");
    if (kernel_density_fit(radiography->errors, radiography->service, radiography->count, &density,
                           error) < 0)
        return explain(radiography, error);
    x = extent_of(radiography->errors, radiography->count, density.x_width);
    y = extent_of(radiography->service, radiography->count, density.y_width);
    hold_threshold(&x, radiography->threshold);
    text_append(&figure->description, "Radiography, ");
    append_line(&figure->description, radiography->title, LONGEST_NAME);
    if (append_density(&figure->data, radiography, &density, &x, &y, error) < 0)
        return -1;
    append_body(figure, radiography, &x, &y);
    return 0;
}
