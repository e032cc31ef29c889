/* Nets for the tests of the LSTM autoencoder, with windows to run them on. */
#ifndef TESTS_UNIT_AUTOENCODER_FIXTURE_H
#define TESTS_UNIT_AUTOENCODER_FIXTURE_H

#include <stddef.h>

#include "analysis/autoencoder_gradient.h"

/* A net, windows for it, and what goes with them. */
struct autoencoder_fixture {
    struct autoencoder *net;
    double *values;
    size_t *starts;
    struct autoencoder_windows windows;
    struct autoencoder_pass *pass;
    struct autoencoder_gradient gradient;
};

/* Takes all that it is given; end it with autoencoder_fixture_close. */
void autoencoder_fixture_open(struct autoencoder_fixture *fixture, struct autoencoder *net,
                              double *values, size_t *starts, size_t count);
void autoencoder_fixture_close(struct autoencoder_fixture *fixture);

/* Random values, and windows that start at every row. */
void autoencoder_fixture_make(struct autoencoder_fixture *fixture,
                              const struct autoencoder_shape *shape, const char *activation,
                              size_t count);

/* Waves of a few frequencies, as sums of which the features differ; `shift` moves the phases of
 * neighbouring features against each other. */
struct autoencoder_fixture autoencoder_fixture_waves(size_t features, size_t rows, double shift);

/* The set-up of a group of tests: loads OpenBLAS. */
int autoencoder_fixture_blas(void **state);

#endif
