/*
 * Estimates a density on a grid, one thread:
 *   density_probe POINTS COUNT GRID X_COUNT Y_COUNT REPEATS VALUES
 * POINTS has COUNT doubles x, then COUNT doubles y; GRID has four doubles: first and step along x,
 * then along y. Writes the values, line by line along x, to VALUES as doubles. Prints the least CPU
 * seconds of REPEATS times of fit and grid.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "analysis/kernel_density.h"
#include "base/memory.h"

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Caller frees, also after an error. */
static int read_doubles(const char *path, size_t count, double **values)
{
    FILE *file = fopen(path, "rb");
    int result;

    *values = memory_new(count, sizeof **values);
    if (file == NULL)
        return -1;
    result = fread(*values, sizeof **values, count, file) == count ? 0 : -1;
    fclose(file);
    return result;
}

static int write_doubles(const char *path, const double *values, size_t count)
{
    FILE *file = fopen(path, "wb");

    return file == NULL || fwrite(values, sizeof *values, count, file) != count || fclose(file) != 0
               ? -1
               : 0;
}

static int estimate(const double *points, size_t count, const struct density_grid *grid,
                    unsigned long repeats, double *values, struct error *error)
{
    double least = 1e9;

    for (; repeats > 0; repeats--) {
        struct kernel_density density;
        double start = now();
        double seconds;

        if (kernel_density_fit(points, points + count, count, &density, error) < 0 ||
            kernel_density_on_grid(&density, grid, values, error) < 0)
            return -1;
        seconds = now() - start;
        least = seconds < least ? seconds : least;
    }
    printf("%.9f\n", least);
    return 0;
}

static int probe(char **words, struct error *error)
{
    size_t count = strtoul(words[1], NULL, 10);
    size_t x_count = strtoul(words[3], NULL, 10);
    size_t y_count = strtoul(words[4], NULL, 10);
    double *values = memory_new(x_count * y_count, sizeof *values);
    double *points = NULL;
    double *axes = NULL;
    int result = -1;

    if (read_doubles(words[0], 2 * count, &points) < 0 || read_doubles(words[2], 4, &axes) < 0) {
        error_system(error, ERROR_INPUT, "can't read the points or the grid");
    } else {
        struct density_grid grid = {axes[0], axes[1], x_count, axes[2], axes[3], y_count};

        result = estimate(points, count, &grid, strtoul(words[5], NULL, 10), values, error);
        if (result == 0 && write_doubles(words[6], values, x_count * y_count) < 0)
            result = error_system(error, ERROR_INPUT, "can't write %s", words[6]);
    }
    free(values);
    free(points);
    free(axes);
    return result;
}

int main(int argc, char **argv)
{
    struct error error = {0};

    if (argc != 8) {
        fputs("usage: density_probe POINTS COUNT GRID X_COUNT Y_COUNT REPEATS VALUES\n", stderr);
        return 64;
    }
    if (probe(argv + 1, &error) == 0)
        return 0;
    error_print(&error, stderr);
    return error_exit_status(&error);
}
