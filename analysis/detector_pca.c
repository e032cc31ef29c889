/*
 * Principal components as a detector: the control that every neural result is shown beside. Normal
 * observations of a resource group are described by the first components of their covariance; what
 * those can't reconstruct is the error. It looks at single observations.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/blas.h"
#include "analysis/reconstruction.h"
#include "base/memory.h"

#define COLUMNS_MOST 10000
#define BLOCK ((size_t)256) /* rows that go through one product */

enum { PARAMETER_SCALING, PARAMETER_QUANTILE, PARAMETER_VARIANCE };

static const char *const scalings[] = {"minmax", "standard", NULL};

static const struct detector_parameter parameters[] = {
    [PARAMETER_SCALING] = {"scaling", "how metrics are brought to one range", 0, 0, 1, true,
                           scalings},
    [PARAMETER_QUANTILE] = {"quantile", "of the training errors, that is the threshold", 0.99, 0, 1,
                            false, NULL},
    [PARAMETER_VARIANCE] = {"variance", "share of it that the components have to reach", 0.95, 0, 1,
                            false, NULL},
    {NULL, NULL, 0, 0, 0, false, NULL},
};

struct components {
    size_t columns;
    size_t count;
    double *mean;    /* per column */
    double *vectors; /* (count x columns), of length 1, by falling variance */
};

static struct components *new_components(size_t columns)
{
    struct components *net = memory_new(1, sizeof *net);

    net->columns = columns;
    return net;
}

static void free_components(void *opaque)
{
    struct components *net = opaque;

    free(net->mean);
    free(net->vectors);
    free(net);
}

/* Takes the mean off `count` rows. */
static void take_mean_off(const struct components *net, size_t count, double *values)
{
    for (size_t row = 0; row < count; row++) {
        for (size_t i = 0; i < net->columns; i++)
            values[row * net->columns + i] -= net->mean[i];
    }
}

static size_t block_at(size_t rows, size_t first)
{
    return rows - first < BLOCK ? rows - first : BLOCK;
}

/* `block` has room for one. */
static void find_mean(struct components *net, const struct group_rows *rows, double *block)
{
    size_t row_count = rows->all->rows;

    net->mean = memory_new(net->columns, sizeof *net->mean);
    for (size_t first = 0; first < row_count; first += BLOCK) {
        size_t count = block_at(row_count, first);

        group_rows_copy(rows, first, count, block);
        for (size_t row = 0; row < count; row++) {
            for (size_t i = 0; i < net->columns; i++)
                net->mean[i] += block[row * net->columns + i] / (double)row_count;
        }
    }
}

/* Covariance (columns x columns), both halves. */
static double *find_covariance(const struct components *net, const struct group_rows *rows,
                               double *block)
{
    size_t columns = net->columns;
    size_t row_count = rows->all->rows;
    double *covariance = memory_new(columns * columns, sizeof *covariance);

    for (size_t first = 0; first < row_count; first += BLOCK) {
        size_t count = block_at(row_count, first);

        group_rows_copy(rows, first, count, block);
        take_mean_off(net, count, block);
        blas_add_product(BLAS_LEFT_TRANSPOSED, (struct blas_sizes){columns, count, columns},
                         1 / (double)row_count, block, block, covariance);
    }
    return covariance;
}

/* As many components as reach the share, but never all: those would reconstruct anything. */
static size_t count_components(const double *variances, size_t columns, double share)
{
    double sum = 0;
    double reached = 0;
    size_t count = 0;

    for (size_t i = 0; i < columns; i++)
        sum += variances[i] > 0 ? variances[i] : 0;
    while (count + 1 < columns && reached < share * sum)
        reached += variances[columns - 1 - count++];
    return count;
}

static int fit_components(const struct group_rows *rows, const struct detector_setting *setting,
                          uint64_t seed, void **opaque, struct error *error)
{
    size_t columns = rows->column_count;
    struct components *net = new_components(columns);
    double *variances = memory_new(columns, sizeof *variances);
    double *block = memory_new(BLOCK * columns, sizeof *block);
    double *covariance;
    int result;

    (void)seed;
    find_mean(net, rows, block);
    covariance = find_covariance(net, rows, block);
    free(block);
    result = blas_symmetric_eigen(covariance, columns, variances, error);
    if (result == 0) {
        net->count = count_components(variances, columns, setting->parameters[PARAMETER_VARIANCE]);
        net->vectors = memory_new(net->count * columns, sizeof *net->vectors);
        for (size_t i = 0; i < net->count; i++)
            memcpy(net->vectors + i * columns, covariance + (columns - 1 - i) * columns,
                   columns * sizeof *net->vectors);
        *opaque = net;
    } else {
        free_components(net);
    }
    free(covariance);
    free(variances);
    return result;
}

/* Takes the components' part off the deviations of `count` rows; `shares` has room for
 * (count x components). */
static void take_off(const struct components *net, size_t count, double *deviation, double *shares)
{
    if (net->count == 0)
        return;
    memset(shares, 0, count * net->count * sizeof *shares);
    blas_add_product(BLAS_RIGHT_TRANSPOSED, (struct blas_sizes){count, net->columns, net->count}, 1,
                     deviation, net->vectors, shares);
    blas_add_product(BLAS_PLAIN, (struct blas_sizes){count, net->count, net->columns}, -1, shares,
                     net->vectors, deviation);
}

static void find_errors(const void *opaque, const struct detector_rows *rows, double *errors)
{
    const struct components *net = opaque;
    double *shares = memory_new(BLOCK * net->count, sizeof *shares);

    for (size_t first = 0; first < rows->rows; first += BLOCK) {
        double *block = errors + first * net->columns;
        size_t count = block_at(rows->rows, first);

        memcpy(block, rows->values + first * net->columns, count * net->columns * sizeof *block);
        take_mean_off(net, count, block);
        take_off(net, count, block, shares);
        for (size_t i = 0; i < count * net->columns; i++)
            block[i] *= block[i];
    }
    free(shares);
}

static void write_components(const void *opaque, struct text *bytes)
{
    const struct components *net = opaque;

    bytes_put_integer(bytes, net->count, 4);
    bytes_put_doubles(bytes, net->mean, net->columns);
    bytes_put_doubles(bytes, net->vectors, net->count * net->columns);
}

static int check_finite(const double *values, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i]))
            return error_set(error, ERROR_INPUT, "a number of the components is not finite");
    }
    return 0;
}

static int read_components(struct byte_reader *reader, size_t columns, void **opaque,
                           struct error *error)
{
    struct components *net = new_components(columns);
    uint64_t count;
    int result = bytes_get_integer(reader, 4, &count, error);

    if (result == 0 && (count >= columns || columns > COLUMNS_MOST))
        result = error_set(error, ERROR_INPUT, "%llu components of %zu metrics",
                           (unsigned long long)count, columns);
    net->count = result == 0 ? count : 0;
    if (result == 0)
        result = bytes_get_doubles(reader, columns, &net->mean, error);
    if (result == 0)
        result = bytes_get_doubles(reader, net->count * columns, &net->vectors, error);
    if (result == 0)
        result = check_finite(net->mean, columns, error);
    if (result == 0)
        result = check_finite(net->vectors, net->count * columns, error);
    if (result < 0) {
        free_components(net);
        return -1;
    }
    *opaque = net;
    return 0;
}

static const struct reconstructor components_reconstructor = {
    .fit = fit_components,
    .free_net = free_components,
    .errors = find_errors,
    .write = write_components,
    .read = read_components,
};

static int fit(const struct detector_training *training, const struct detector_setting *setting,
               void **state, struct error *error)
{
    if (blas_load(error) < 0)
        return -1;
    return reconstruction_fit(&components_reconstructor, training, setting,
                              setting->parameters[PARAMETER_QUANTILE], state, error);
}

static int read_state(const char *bytes, size_t length, size_t columns, size_t question_count,
                      const struct detector_setting *setting, void **state, struct error *error)
{
    (void)question_count;
    (void)setting;
    if (blas_load(error) < 0)
        return -1;
    return reconstruction_read(&components_reconstructor, bytes, length, columns, state, error);
}

const struct detector detector_pca = {
    .name = "pca",
    .summary = "principal components (unsupervised), a set for each resource group",
    .parameters = parameters,
    .scaling = "scaling",
    .fit = fit,
    .free_state = reconstruction_free,
    .score = reconstruction_score,
    .errors = reconstruction_errors,
    .describe_errors = reconstruction_describe_errors,
    .write = reconstruction_write,
    .read = read_state,
};
