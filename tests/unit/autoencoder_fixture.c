#include "tests/unit/autoencoder_fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/blas.h"
#include "base/memory.h"

void autoencoder_fixture_open(struct autoencoder_fixture *fixture, struct autoencoder *net,
                              double *values, size_t *starts, size_t count)
{
    *fixture = (struct autoencoder_fixture){.net = net, .values = values, .starts = starts};
    fixture->windows = (struct autoencoder_windows){values, starts, count};
    fixture->pass = autoencoder_pass_new(net, count);
    autoencoder_gradient_open(&fixture->gradient, fixture->pass, 0, 1);
    autoencoder_gather(fixture->pass, &fixture->windows);
}

void autoencoder_fixture_close(struct autoencoder_fixture *fixture)
{
    autoencoder_gradient_close(&fixture->gradient);
    autoencoder_pass_free(fixture->pass);
    autoencoder_free(fixture->net);
    free(fixture->values);
    free(fixture->starts);
}

void autoencoder_fixture_make(struct autoencoder_fixture *fixture,
                              const struct autoencoder_shape *shape, const char *activation,
                              size_t count)
{
    size_t rows = count + shape->steps - 1;
    double *values = memory_new(rows * shape->features, sizeof *values);
    size_t *starts = memory_new(count, sizeof *starts);
    struct random random;

    random_seed(&random, rows);
    for (size_t i = 0; i < rows * shape->features; i++)
        values[i] = random_unit(&random);
    for (size_t i = 0; i < count; i++)
        starts[i] = i;
    autoencoder_fixture_open(fixture, autoencoder_new(shape, activation_find(activation), rows),
                             values, starts, count);
}

struct autoencoder_fixture autoencoder_fixture_waves(size_t features, size_t rows, double shift)
{
    struct autoencoder_shape shape = {.features = features, .steps = 10};
    size_t count = rows - shape.steps + 1;
    double *values = memory_new(rows * features, sizeof *values);
    size_t *starts = memory_new(count, sizeof *starts);
    struct autoencoder_fixture fixture;

    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < features; i++)
            values[row * features + i] =
                0.5 + 0.3 * sin(0.3 * (double)row + (double)i + shift * (double)(i * i)) +
                0.15 * sin(0.11 * (double)row + 2 * (double)i);
    }
    for (size_t i = 0; i < count; i++)
        starts[i] = i;
    autoencoder_set_units(&shape, autoencoder_default_parts);
    autoencoder_fixture_open(&fixture, autoencoder_new(&shape, &activations[0], 3), values, starts,
                             count);
    return fixture;
}

int autoencoder_fixture_blas(void **state)
{
    struct error error = {0};

    (void)state;
    if (blas_load(&error) == 0)
        return 0;
    error_print(&error, stderr);
    return -1;
}
