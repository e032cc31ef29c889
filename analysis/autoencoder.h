/*
 * The deep LSTM autoencoder of the second paper (SYRROCA, section IV-B, figure 4): an encoder and a
 * decoder of two LSTM layers each, with dropout between the two. It learns to give back windows of
 * normal observations; on others its error is greater (section III-C).
 *
 *   window (steps x features) -> LSTM -> dropout -> LSTM, its last output, repeated at every step
 *     -> LSTM -> dropout -> LSTM -> linear at every step -> activation -> (steps x features)
 *
 * The paper gives neither sizes nor rates; the defaults here are choices. Arithmetic is in floats.
 * This is the net itself; analysis/autoencoder_pass.h scores, analysis/autoencoder_train.h trains.
 */
#ifndef ANALYSIS_AUTOENCODER_H
#define ANALYSIS_AUTOENCODER_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/activation.h"
#include "analysis/lstm.h"

enum autoencoder_layer {
    ENCODER_FIRST,
    ENCODER_SECOND,
    DECODER_FIRST,
    DECODER_SECOND,
    AUTOENCODER_LAYERS
};

#define AUTOENCODER_MOST_STEPS 4096
#define AUTOENCODER_MOST_UNITS 65536 /* in a layer; features likewise */

struct autoencoder_shape {
    size_t features;
    size_t steps; /* rows of a window */
    size_t units[AUTOENCODER_LAYERS];
};

/* All weights, or their gradient, as parts of one array. */
struct autoencoder_weights {
    float *values; /* of all, in the order of the layers and of their fields; owned */
    size_t count;
    struct lstm layers[AUTOENCODER_LAYERS];
    float *output_kernel; /* (units of the last layer x features) */
    float *output_bias;   /* (features) */
};

struct autoencoder {
    struct autoencoder_shape shape;
    const struct activation *activation; /* of the output */
    struct autoencoder_weights weights;
};

/* Sizes of layers as parts of the number of features, rounded, at least 1. */
extern const double autoencoder_default_parts[AUTOENCODER_LAYERS]; /* 0.8, 0.6, 0.8, 1 */
void autoencoder_set_units(struct autoencoder_shape *shape, const double *parts);

/* How many weights a net of this shape has. */
size_t autoencoder_weight_count(const struct autoencoder_shape *shape);

/* Weights of 0; release with autoencoder_weights_close. */
void autoencoder_weights_open(struct autoencoder_weights *weights,
                              const struct autoencoder_shape *shape);
void autoencoder_weights_close(struct autoencoder_weights *weights);

/*
 * A net with weights as Keras starts them: input kernels and output kernel uniform within
 * sqrt(6 / (rows + columns)) (Glorot and Bengio, 2010), rows of recurrent kernels orthonormal (Saxe
 * et al., 2014), biases 0 but those of forget gates 1. Same seed, same weights. Free with
 * autoencoder_free.
 */
struct autoencoder *autoencoder_new(const struct autoencoder_shape *shape,
                                    const struct activation *activation, uint64_t seed);
void autoencoder_free(struct autoencoder *net);

#endif
