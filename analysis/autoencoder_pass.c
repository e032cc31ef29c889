#include "analysis/autoencoder_pass.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/blas.h"
#include "base/memory.h"

struct autoencoder_pass *autoencoder_pass_new(const struct autoencoder *net, size_t batch)
{
    struct autoencoder_pass *pass = memory_new(1, sizeof *pass);
    size_t count = net->shape.steps * batch * net->shape.features;

    pass->net = net;
    pass->batch = batch;
    pass->input = memory_new(count, sizeof(float));
    pass->output = memory_new(count, sizeof(float));
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++)
        lstm_pass_open(&pass->layers[i], net->shape.units[i], net->shape.steps, batch);
    return pass;
}

void autoencoder_pass_free(struct autoencoder_pass *pass)
{
    if (pass == NULL)
        return;
    free(pass->input);
    free(pass->output);
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++)
        lstm_pass_close(&pass->layers[i]);
    free(pass);
}

void autoencoder_gather(struct autoencoder_pass *pass, const struct autoencoder_windows *windows)
{
    size_t features = pass->net->shape.features;
    float *to = pass->input;

    pass->windows = windows->count;
    for (size_t step = 0; step < pass->net->shape.steps; step++) {
        for (size_t window = 0; window < windows->count; window++, to += features) {
            const double *from = windows->values + (windows->starts[window] + step) * features;

#pragma omp simd
            for (size_t i = 0; i < features; i++)
                to[i] = (float)from[i];
        }
    }
}

/* One layer; returns its output at all steps. */
static const float *pass_layer(struct autoencoder_pass *pass, enum autoencoder_layer layer,
                               bool repeated, const float *input)
{
    struct lstm_extent extent = {pass->net->shape.steps, pass->windows, repeated};

    lstm_forward(&pass->net->weights.layers[layer], &extent, input, &pass->layers[layer]);
    return pass->layers[layer].hidden;
}

/* Draws a mask; 16 bits decide about each value. */
static void draw_mask(struct autoencoder_dropout *dropout, float *mask, size_t count)
{
    uint64_t bound = (uint64_t)(dropout->rate * 0x1p16);
    float kept = (float)(1 / (1 - dropout->rate));
    uint64_t bits = 0;

    for (size_t i = 0; i < count; i++) {
        bits = i % 4 == 0 ? random_next(&dropout->random) : bits >> 16;
        mask[i] = (bits & UINT16_MAX) < bound ? 0 : kept;
    }
}

static const float *drop(const struct autoencoder_pass *pass, enum autoencoder_layer layer,
                         struct autoencoder_dropout *dropout)
{
    size_t part = layer == ENCODER_FIRST ? 0 : 1;
    size_t count = pass->net->shape.steps * pass->windows * pass->net->shape.units[layer];
    const float *hidden = pass->layers[layer].hidden;
    float *mask = dropout->masks[part];
    float *dropped = dropout->dropped[part];

    draw_mask(dropout, mask, count);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        dropped[i] = hidden[i] * mask[i];
    return dropped;
}

const float *autoencoder_code(const struct autoencoder_pass *pass)
{
    const struct autoencoder_shape *shape = &pass->net->shape;

    return pass->layers[ENCODER_SECOND].hidden +
           (shape->steps - 1) * pass->windows * shape->units[ENCODER_SECOND];
}

/* Through all layers of cells; returns the decoder's output. */
static const float *pass_layers(struct autoencoder_pass *pass, struct autoencoder_dropout *dropout)
{
    const float *hidden = pass_layer(pass, ENCODER_FIRST, false, pass->input);

    if (dropout != NULL)
        hidden = drop(pass, ENCODER_FIRST, dropout);
    pass_layer(pass, ENCODER_SECOND, false, hidden);
    hidden = pass_layer(pass, DECODER_FIRST, true, autoencoder_code(pass));
    if (dropout != NULL)
        hidden = drop(pass, DECODER_FIRST, dropout);
    return pass_layer(pass, DECODER_SECOND, false, hidden);
}

/* The linear layer on `rows` rows of the decoder's output, and the activation. */
static void finish(const struct autoencoder *net, const float *hidden, size_t rows, float *output)
{
    size_t features = net->shape.features;

    for (size_t row = 0; row < rows; row++)
        memcpy(output + row * features, net->weights.output_bias, features * sizeof(float));
    blas_product(BLAS_PLAIN, (struct blas_sizes){rows, net->shape.units[DECODER_SECOND], features},
                 hidden, net->weights.output_kernel, true, output);
    net->activation->apply(output, rows * features);
}

void autoencoder_forward(struct autoencoder_pass *pass, struct autoencoder_dropout *dropout)
{
    const float *hidden = pass_layers(pass, dropout);

    finish(pass->net, hidden, pass->net->shape.steps * pass->windows, pass->output);
}

/* Part of the windows from `first` on: a batch, or what is left. */
static struct autoencoder_windows batch_at(const struct autoencoder_pass *pass,
                                           const struct autoencoder_windows *windows, size_t first)
{
    size_t left = windows->count - first;

    return (struct autoencoder_windows){windows->values, windows->starts + first,
                                        left < pass->batch ? left : pass->batch};
}

double autoencoder_mean_error(struct autoencoder_pass *pass,
                              const struct autoencoder_windows *windows)
{
    size_t row_count = pass->net->shape.steps * pass->net->shape.features;
    double sum = 0;

    for (size_t first = 0; first < windows->count; first += pass->batch) {
        struct autoencoder_windows batch = batch_at(pass, windows, first);

        autoencoder_gather(pass, &batch);
        autoencoder_forward(pass, NULL);
        for (size_t i = 0; i < batch.count * row_count; i++) {
            double error = pass->output[i] - pass->input[i];

            sum += error * error;
        }
    }
    return sum / (double)(windows->count * row_count);
}

void autoencoder_last_errors(struct autoencoder_pass *pass,
                             const struct autoencoder_windows *windows, double *errors)
{
    const struct autoencoder_shape *shape = &pass->net->shape;

    for (size_t first = 0; first < windows->count; first += pass->batch) {
        struct autoencoder_windows batch = batch_at(pass, windows, first);
        size_t last = (shape->steps - 1) * batch.count;
        size_t count = batch.count * shape->features;
        const float *input = pass->input + last * shape->features;
        const float *hidden;

        autoencoder_gather(pass, &batch);
        hidden = pass_layers(pass, NULL) + last * shape->units[DECODER_SECOND];
        finish(pass->net, hidden, batch.count, pass->output);
        for (size_t i = 0; i < count; i++) {
            double error = pass->output[i] - input[i];

            errors[first * shape->features + i] = error * error;
        }
    }
}
