/* The gradient of an autoencoder's error over a batch of windows, with dropout. */
#ifndef ANALYSIS_AUTOENCODER_GRADIENT_H
#define ANALYSIS_AUTOENCODER_GRADIENT_H

#include "analysis/autoencoder_pass.h"

/* Memory for the gradients of one pass. */
struct autoencoder_gradient {
    struct autoencoder_weights weights; /* the gradient of each */
    struct autoencoder_dropout dropout;
    float *flows[2]; /* (steps x windows x most units or features): by turns a layer's output's
                        gradient and its input's */
    double *squares; /* (features): sums of squared errors */
};

/* For the passes of `pass`; `seed` starts the dropout. Release with autoencoder_gradient_close. */
void autoencoder_gradient_open(struct autoencoder_gradient *gradient,
                               const struct autoencoder_pass *pass, double dropout_rate,
                               uint64_t seed);
void autoencoder_gradient_close(struct autoencoder_gradient *gradient);

/*
 * Of the mean squared error over steps, windows and features (section III-C, equation 2, for all
 * rows of the windows), which is returned. The windows are gathered in the pass.
 */
double autoencoder_gradient_fill(struct autoencoder_gradient *gradient,
                                 struct autoencoder_pass *pass);

#endif
