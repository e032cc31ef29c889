/*
 * Training of an autoencoder on windows of normal observations (SYRROCA, section III-B): Adam on
 * batches in random order, until the error on windows held out no longer falls.
 */
#ifndef ANALYSIS_AUTOENCODER_TRAIN_H
#define ANALYSIS_AUTOENCODER_TRAIN_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/autoencoder_pass.h"
#include "base/error.h"
#include "base/stop.h"

struct autoencoder_setting {
    size_t epochs;           /* at most; an epoch is once through all windows */
    size_t batch;            /* windows a step, at least 1 */
    size_t patience;         /* epochs without a lesser error before it stops, at least 1 */
    double learning_rate;    /* Adam's */
    double dropout;          /* rate, 0 to below 1 */
    double validation_share; /* of the windows, the last in order, held out; 0 for none */
    uint64_t seed;           /* of the order and of dropout */
    struct stop *stop;       /* looked at between batches; NULL for none */
};

/* 100 epochs, batch 32, patience 5, learning rate 0.001, dropout 0.2, validation share 0.1. */
extern const struct autoencoder_setting autoencoder_default_setting;

struct autoencoder_training {
    size_t epochs;     /* done */
    size_t best_epoch; /* whose weights the net has, counted from 1 */
    size_t trained_windows;
    size_t validation_windows;
    double training_error;   /* mean squared error in the best epoch, with dropout on */
    double validation_error; /* and on the windows held out; NaN if there are none */
};

/*
 * Trains `net` and leaves it with the weights of the epoch of the least error on the windows held
 * out, or if there are none on those trained on. Held out are the last windows rather than any,
 * since neighbours share rows; windows that share rows with these are left out of training. Windows
 * are in the order of their starts. Same net, windows and setting, same weights: it works in the
 * calling thread alone.
 *
 * ERROR_INCONCLUSIVE if nothing is left to train on or the error is not a number from the first
 * epoch on, as with a much too great learning rate. ERROR_UNREACHABLE without OpenBLAS.
 * ERROR_INTERRUPTED after a stop.
 */
int autoencoder_train(struct autoencoder *net, const struct autoencoder_windows *windows,
                      const struct autoencoder_setting *setting,
                      struct autoencoder_training *training, struct error *error);

#endif
