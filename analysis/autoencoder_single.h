/*
 * An autoencoder that scores one window at a time, as observations come from a running testbed. It
 * gives what analysis/autoencoder_pass.h gives, up to the rounding of sums.
 */
#ifndef ANALYSIS_AUTOENCODER_SINGLE_H
#define ANALYSIS_AUTOENCODER_SINGLE_H

#include "analysis/autoencoder_pass.h"

/* A net's weights, laid out for this; any number of threads may use it at once. */
struct autoencoder_single;

/* A copy of the weights that the net has now. Free with autoencoder_single_free. */
struct autoencoder_single *autoencoder_single_new(const struct autoencoder *net);
void autoencoder_single_free(struct autoencoder_single *single);

/* The same as autoencoder_last_errors. Does not need blas_load. */
void autoencoder_single_errors(const struct autoencoder_single *single,
                               const struct autoencoder_windows *windows, double *errors);

#endif
