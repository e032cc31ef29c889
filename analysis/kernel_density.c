#include "analysis/kernel_density.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define FEWEST_POINTS 3
#define TWO_PI 6.283185307179586
#define NEGLIGIBLE 1e-15 /* of the greatest density */

/* Share of the variance of x that y does not explain, below which the points are on a line but for
 * rounding of the sums. */
#define ON_A_LINE 1e-13

/* Below it, a density would be beyond what a double holds. */
#define LEAST_VARIANCE (1 / (KERNEL_DENSITY_LARGEST * KERNEL_DENSITY_LARGEST))

struct moments {
    double x_variance;
    double y_variance;
    double covariance;
};

static bool usable(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!(fabs(values[i]) <= KERNEL_DENSITY_LARGEST))
            return false;
    }
    return true;
}

static int check_places(const double *x, const double *y, size_t count, struct error *error)
{
    if (usable(x, count) && usable(y, count))
        return 0;
    return error_set(error, ERROR_INPUT,
                     "a point of a density is not a number, infinite or beyond %g",
                     KERNEL_DENSITY_LARGEST);
}

/* Exact where all are equal. */
static double mean(const double *values, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += values[i] - values[0];
    return values[0] + sum / (double)count;
}

static struct moments measure(const double *x, const double *y, size_t count)
{
    struct moments moments = {0, 0, 0};
    double x_mean = mean(x, count);
    double y_mean = mean(y, count);
    double degrees = (double)count - 1;

    for (size_t i = 0; i < count; i++) {
        double dx = x[i] - x_mean;
        double dy = y[i] - y_mean;

        moments.x_variance += dx * dx;
        moments.y_variance += dy * dy;
        moments.covariance += dx * dy;
    }
    moments.x_variance /= degrees;
    moments.y_variance /= degrees;
    moments.covariance /= degrees;
    return moments;
}

/* Variance that rounding to double can have given the values, as a share of their variance. */
static double rounding_share(const double *values, size_t count, double variance)
{
    double largest = 0;

    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(values[i]));
    return largest * DBL_EPSILON * largest * DBL_EPSILON / variance;
}

int kernel_density_fit(const double *x, const double *y, size_t count,
                       struct kernel_density *density, struct error *error)
{
    struct moments moments;
    double unexplained;
    double factor;

    if (check_places(x, y, count, error) < 0)
        return -1;
    if (count < FEWEST_POINTS)
        return error_set(error, ERROR_INCONCLUSIVE, "a density needs %d points, there are %zu",
                         FEWEST_POINTS, count);
    moments = measure(x, y, count);
    if (moments.x_variance < LEAST_VARIANCE || moments.y_variance < LEAST_VARIANCE)
        return error_set(error, ERROR_INCONCLUSIVE,
                         "a density needs two quantities that vary, but all %s are the same",
                         moments.x_variance < LEAST_VARIANCE ? "x" : "y");
    unexplained =
        1 - moments.covariance / moments.x_variance * moments.covariance / moments.y_variance;
    if (!(unexplained > ON_A_LINE + rounding_share(x, count, moments.x_variance) +
                            rounding_share(y, count, moments.y_variance)))
        return error_set(error, ERROR_INCONCLUSIVE,
                         "a density needs points in the plane, but all are on one line");
    factor = pow((double)count, -1.0 / 6);
    density->x = x;
    density->y = y;
    density->count = count;
    density->x_width = factor * sqrt(moments.x_variance);
    density->y_width = factor * sqrt(moments.y_variance);
    density->slope = moments.covariance / moments.y_variance;
    density->x_deviation = density->x_width * sqrt(unexplained);
    density->height = 1 / (TWO_PI * density->x_deviation * density->y_width * (double)count);
    return 0;
}

/* Height of the kernel of point `point` at a place, as a share of its greatest. */
static double kernel_at(const struct kernel_density *density, size_t point, double x, double y)
{
    double dy = y - density->y[point];
    double v = dy / density->y_width;
    double u = (x - density->x[point] - density->slope * dy) / density->x_deviation;

    return exp(-(u * u + v * v) / 2);
}

int kernel_density_at(const struct kernel_density *density, const double *x, const double *y,
                      size_t count, double *values, struct error *error)
{
    if (check_places(x, y, count, error) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        double sum = 0;

        for (size_t point = 0; point < density->count; point++)
            sum += kernel_at(density, point, x[i], y[i]);
        values[i] = density->height * sum;
    }
    return 0;
}

static bool axis_usable(double first, double step, size_t count)
{
    return count > 0 && fabs(first) <= KERNEL_DENSITY_LARGEST && step > 0 &&
           fabs(first + step * (double)(count - 1)) <= KERNEL_DENSITY_LARGEST;
}

/* Indices of an axis within `reach` of `middle`: `from` to before `until`, none if they meet. */
struct range {
    size_t from;
    size_t until;
};

static struct range range_of(double first, double step, size_t count, double middle, double reach)
{
    double low = ceil((middle - reach - first) / step);
    double high = floor((middle + reach - first) / step);

    if (!(low <= high) || high < 0 || low > (double)(count - 1))
        return (struct range){0, 0};
    return (struct range){low > 0 ? (size_t)low : 0,
                          high < (double)(count - 1) ? (size_t)high + 1 : count};
}

/*
 * Adds `count` cells of a Gaussian to a line of the grid: cell k is start ratio^k bend[k]. The
 * exponent is a quadratic in k, of which bend, the same for all lines and points, has the square.
 * Four chains of products go side by side.
 */
static void add_line(double *restrict line, const double *restrict bend, size_t count, double start,
                     double ratio)
{
    double squared = ratio * ratio;
    double fourth = squared * squared;
    double first = start;
    double second = start * ratio;
    double third = start * squared;
    double last = start * squared * ratio;
    size_t k = 0;

    for (; k + 4 <= count; k += 4) {
        line[k] += first * bend[k];
        line[k + 1] += second * bend[k + 1];
        line[k + 2] += third * bend[k + 2];
        line[k + 3] += last * bend[k + 3];
        first *= fourth;
        second *= fourth;
        third *= fourth;
        last *= fourth;
    }
    for (; k < count; k++) {
        line[k] += first * bend[k];
        first *= ratio;
    }
}

/* Adds the kernel of one point, up to where its exponent is -limit. */
static void add_point(const struct kernel_density *density, const struct density_grid *grid,
                      size_t point, double limit, const double *bend, double *values)
{
    struct range rows = range_of(grid->y_first, grid->y_step, grid->y_count, density->y[point],
                                 density->y_width * sqrt(2 * limit));

    for (size_t row = rows.from; row < rows.until; row++) {
        double dy = grid->y_first + (double)row * grid->y_step - density->y[point];
        double v = dy / density->y_width;
        double rest = fmax(2 * limit - v * v, 0);
        double middle = density->x[point] + density->slope * dy;
        struct range cells = range_of(grid->x_first, grid->x_step, grid->x_count, middle,
                                      density->x_deviation * sqrt(rest));
        double u;

        if (cells.from == cells.until)
            continue;
        u = (grid->x_first + (double)cells.from * grid->x_step - middle) / density->x_deviation;
        add_line(values + row * grid->x_count + cells.from, bend, cells.until - cells.from,
                 exp(-(u * u + v * v) / 2), exp(-u * grid->x_step / density->x_deviation));
    }
}

/* exp(-(k step)^2 / 2), step in deviations. Its least use is at twice the reach of a kernel. */
static double *make_bend(double step, size_t count)
{
    double *bend = memory_new(count, sizeof *bend);

    for (size_t k = 0; k < count; k++)
        bend[k] = exp(-(double)k * step * (double)k * step / 2);
    return bend;
}

int kernel_density_on_grid(const struct kernel_density *density, const struct density_grid *grid,
                           double *values, struct error *error)
{
    size_t cells = grid->x_count * grid->y_count;
    /* Where a kernel is this low, all points together add less than what is negligible: the
     * greatest density is at least the height of one kernel. */
    double limit = log((double)density->count / NEGLIGIBLE);
    double *bend;

    if (!(axis_usable(grid->x_first, grid->x_step, grid->x_count) &&
          axis_usable(grid->y_first, grid->y_step, grid->y_count)))
        return error_set(error, ERROR_INPUT,
                         "the grid of a density is empty, goes backwards, or has coordinates that "
                         "are not a number, infinite or beyond %g",
                         KERNEL_DENSITY_LARGEST);
    memset(values, 0, cells * sizeof *values);
    bend = make_bend(grid->x_step / density->x_deviation, grid->x_count);
    for (size_t point = 0; point < density->count; point++)
        add_point(density, grid, point, limit, bend, values);
    free(bend);
    for (size_t i = 0; i < cells; i++)
        values[i] *= density->height;
    return 0;
}
