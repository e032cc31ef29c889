/*
 * Windows through an autoencoder: reconstruction and its errors. Windows are told by the row they
 * start at and may overlap; they are gathered a batch at a time. Needs blas_load.
 */
#ifndef ANALYSIS_AUTOENCODER_PASS_H
#define ANALYSIS_AUTOENCODER_PASS_H

#include <stddef.h>

#include "analysis/autoencoder.h"
#include "base/random.h"

/* Windows of rows of `values`, which are normalised and finite; none reaches past the end. */
struct autoencoder_windows {
    const double *values; /* (rows x features), row-major */
    const size_t *starts; /* first row of each window */
    size_t count;
};

/* Memory for windows on their way through one net, used by one thread at a time. */
struct autoencoder_pass {
    const struct autoencoder *net;
    size_t batch;   /* windows at most */
    size_t windows; /* in it now */
    float *input;   /* (steps x windows x features) */
    float *output;  /* (steps x windows x features) */
    struct lstm_pass layers[AUTOENCODER_LAYERS];
};

/*
 * Dropout in training (Srivastava et al., 2014): each output of the first layer of the encoder and
 * of the decoder is 0 with probability `rate`, from 0 to below 1, else divided by 1 - rate, so that
 * its expectation stays.
 */
struct autoencoder_dropout {
    double rate;
    struct random random;
    float *masks[2];   /* encoder, decoder: (steps x windows x units), 0 or 1 / (1 - rate) */
    float *dropped[2]; /* the outputs times the mask */
};

/* Memory for batches of up to `batch` windows; the net must outlive it. Free with
 * autoencoder_pass_free. */
struct autoencoder_pass *autoencoder_pass_new(const struct autoencoder *net, size_t batch);
void autoencoder_pass_free(struct autoencoder_pass *pass);

/* Gathers windows, at most a batch, as floats in `input`. */
void autoencoder_gather(struct autoencoder_pass *pass, const struct autoencoder_windows *windows);

/* From `input` to `output`, the reconstruction; NULL for no dropout. */
void autoencoder_forward(struct autoencoder_pass *pass, struct autoencoder_dropout *dropout);

/* The encoder's output for the windows in the pass, (windows x units of its second layer). */
const float *autoencoder_code(const struct autoencoder_pass *pass);

/* The mean squared error over all steps, windows and features, of any number of windows. */
double autoencoder_mean_error(struct autoencoder_pass *pass,
                              const struct autoencoder_windows *windows);

/*
 * The squared error of each feature at the last row of each window (section III-C, SE(i, t)), of
 * any number of windows: fills `errors` (windows x features).
 */
void autoencoder_last_errors(struct autoencoder_pass *pass,
                             const struct autoencoder_windows *windows, double *errors);

#endif
