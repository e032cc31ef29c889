#include "analysis/autoencoder.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

const double autoencoder_default_parts[AUTOENCODER_LAYERS] = {0.8, 0.6, 0.8, 1};

void autoencoder_set_units(struct autoencoder_shape *shape, const double *parts)
{
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++) {
        size_t units = (size_t)(parts[i] * (double)shape->features + 0.5);

        shape->units[i] = units > 0 ? units : 1;
    }
}

static size_t layer_inputs(const struct autoencoder_shape *shape, size_t layer)
{
    return layer == 0 ? shape->features : shape->units[layer - 1];
}

size_t autoencoder_weight_count(const struct autoencoder_shape *shape)
{
    size_t count = (shape->units[DECODER_SECOND] + 1) * shape->features;

    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++)
        count += LSTM_GATES * shape->units[i] * (layer_inputs(shape, i) + shape->units[i] + 1);
    return count;
}

static float *take(float **at, size_t count)
{
    float *taken = *at;

    *at += count;
    return taken;
}

void autoencoder_weights_open(struct autoencoder_weights *weights,
                              const struct autoencoder_shape *shape)
{
    float *at;

    weights->count = autoencoder_weight_count(shape);
    weights->values = memory_new(weights->count, sizeof(float));
    at = weights->values;
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++) {
        struct lstm *layer = &weights->layers[i];

        layer->inputs = layer_inputs(shape, i);
        layer->units = shape->units[i];
        layer->input_kernel = take(&at, layer->inputs * LSTM_GATES * layer->units);
        layer->recurrent_kernel = take(&at, layer->units * LSTM_GATES * layer->units);
        layer->bias = take(&at, LSTM_GATES * layer->units);
    }
    weights->output_kernel = take(&at, shape->units[DECODER_SECOND] * shape->features);
    weights->output_bias = take(&at, shape->features);
}

void autoencoder_weights_close(struct autoencoder_weights *weights)
{
    free(weights->values);
}

static void start_kernel(float *kernel, size_t rows, size_t columns, struct random *random)
{
    double limit = sqrt(6 / (double)(rows + columns));

    for (size_t i = 0; i < rows * columns; i++)
        kernel[i] = (float)(limit * (2 * random_unit(random) - 1));
}

/* A normally distributed number, by Marsaglia's polar method. */
static double random_normal(struct random *random)
{
    double x;
    double square;

    do {
        double y = 2 * random_unit(random) - 1;

        x = 2 * random_unit(random) - 1;
        square = x * x + y * y;
    } while (square >= 1 || square == 0);
    return x * sqrt(-2 * log(square) / square);
}

/* Takes from a row its part along another of length 1. */
static void take_part_away(double *row, const double *other, size_t columns)
{
    double part = 0;

    for (size_t i = 0; i < columns; i++)
        part += row[i] * other[i];
    for (size_t i = 0; i < columns; i++)
        row[i] -= part * other[i];
}

/* Orthonormal rows, any direction as likely as any other: Gram and Schmidt's method on normally
 * distributed numbers. */
static void start_recurrent_kernel(const struct lstm *layer, struct random *random)
{
    size_t columns = LSTM_GATES * layer->units;
    double *rows = memory_new(layer->units * columns, sizeof *rows);

    for (size_t row = 0; row < layer->units; row++) {
        double *values = rows + row * columns;
        double square = 0;

        for (size_t i = 0; i < columns; i++)
            values[i] = random_normal(random);
        for (size_t other = 0; other < row; other++)
            take_part_away(values, rows + other * columns, columns);
        for (size_t i = 0; i < columns; i++)
            square += values[i] * values[i];
        for (size_t i = 0; i < columns; i++) {
            values[i] /= sqrt(square);
            layer->recurrent_kernel[row * columns + i] = (float)values[i];
        }
    }
    free(rows);
}

struct autoencoder *autoencoder_new(const struct autoencoder_shape *shape,
                                    const struct activation *activation, uint64_t seed)
{
    struct autoencoder *net = memory_new(1, sizeof *net);
    struct random random;

    net->shape = *shape;
    net->activation = activation;
    autoencoder_weights_open(&net->weights, shape);
    random_seed(&random, seed);
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++) {
        const struct lstm *layer = &net->weights.layers[i];

        start_kernel(layer->input_kernel, layer->inputs, LSTM_GATES * layer->units, &random);
        start_recurrent_kernel(layer, &random);
        for (size_t unit = 0; unit < layer->units; unit++)
            layer->bias[layer->units + unit] = 1; /* the forget gates' */
    }
    start_kernel(net->weights.output_kernel, shape->units[DECODER_SECOND], shape->features,
                 &random);
    return net;
}

void autoencoder_free(struct autoencoder *net)
{
    if (net == NULL)
        return;
    autoencoder_weights_close(&net->weights);
    free(net);
}
