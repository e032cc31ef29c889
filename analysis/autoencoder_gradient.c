#include "analysis/autoencoder_gradient.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/blas.h"
#include "base/memory.h"

static size_t widest(const struct autoencoder_shape *shape)
{
    size_t most = shape->features;

    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++)
        most = shape->units[i] > most ? shape->units[i] : most;
    return most;
}

void autoencoder_gradient_open(struct autoencoder_gradient *gradient,
                               const struct autoencoder_pass *pass, double dropout_rate,
                               uint64_t seed)
{
    const struct autoencoder_shape *shape = &pass->net->shape;
    size_t rows = shape->steps * pass->batch;
    size_t units[] = {shape->units[ENCODER_FIRST], shape->units[DECODER_FIRST]};

    autoencoder_weights_open(&gradient->weights, shape);
    gradient->squares = memory_new(shape->features, sizeof *gradient->squares);
    gradient->dropout.rate = dropout_rate;
    random_seed(&gradient->dropout.random, seed);
    for (size_t i = 0; i < 2; i++) {
        gradient->dropout.masks[i] = memory_new(rows * units[i], sizeof(float));
        gradient->dropout.dropped[i] = memory_new(rows * units[i], sizeof(float));
        gradient->flows[i] = memory_new(rows * widest(shape), sizeof(float));
    }
}

void autoencoder_gradient_close(struct autoencoder_gradient *gradient)
{
    autoencoder_weights_close(&gradient->weights);
    free(gradient->squares);
    for (size_t i = 0; i < 2; i++) {
        free(gradient->dropout.masks[i]);
        free(gradient->dropout.dropped[i]);
        free(gradient->flows[i]);
    }
}

/* Fills `flow` by the gradient of the output before its activation. Returns the mean error. */
static double start_flow(const struct autoencoder_gradient *gradient,
                         const struct autoencoder_pass *pass, float *flow)
{
    size_t features = pass->net->shape.features;
    size_t count = pass->net->shape.steps * pass->windows * features;
    double *squares = gradient->squares;
    float factor = 2 / (float)count;
    double sum = 0;

    memset(squares, 0, features * sizeof *squares);
    for (size_t row = 0; row < count; row += features) {
#pragma omp simd
        for (size_t i = 0; i < features; i++) {
            float error = pass->output[row + i] - pass->input[row + i];

            flow[row + i] = factor * error;
            squares[i] += error * error;
        }
    }
    for (size_t i = 0; i < features; i++)
        sum += squares[i];
    pass->net->activation->slope(pass->output, flow, count);
    return sum / (double)count;
}

/* From the gradient of the output, (rows x features), to that of the decoder's last layer. */
static void output_backward(struct autoencoder_gradient *gradient,
                            const struct autoencoder_pass *pass, const float *output_flow,
                            float *hidden_flow)
{
    size_t rows = pass->net->shape.steps * pass->windows;
    size_t features = pass->net->shape.features;
    size_t units = pass->net->shape.units[DECODER_SECOND];
    float *bias = gradient->weights.output_bias;

    memset(bias, 0, features * sizeof *bias);
    for (size_t row = 0; row < rows; row++) {
#pragma omp simd
        for (size_t i = 0; i < features; i++)
            bias[i] += output_flow[row * features + i];
    }
    blas_product(BLAS_LEFT_TRANSPOSED, (struct blas_sizes){units, rows, features},
                 pass->layers[DECODER_SECOND].hidden, output_flow, false,
                 gradient->weights.output_kernel);
    blas_product(BLAS_RIGHT_TRANSPOSED, (struct blas_sizes){rows, features, units}, output_flow,
                 pass->net->weights.output_kernel, false, hidden_flow);
}

static void layer_backward(struct autoencoder_gradient *gradient, struct autoencoder_pass *pass,
                           enum autoencoder_layer layer, const float *input, float *hidden_flow,
                           float *input_flow)
{
    struct lstm_extent extent = {pass->net->shape.steps, pass->windows, layer == DECODER_FIRST};

    lstm_backward(&pass->net->weights.layers[layer], &extent, input, &pass->layers[layer],
                  hidden_flow, &gradient->weights.layers[layer], input_flow);
}

/* The second layer of the encoder or decoder and the dropout before it. */
static void second_backward(struct autoencoder_gradient *gradient, struct autoencoder_pass *pass,
                            enum autoencoder_layer layer, float *hidden_flow, float *input_flow)
{
    size_t part = layer == ENCODER_SECOND ? 0 : 1;
    size_t count = pass->net->shape.steps * pass->windows * pass->net->shape.units[layer - 1];
    const float *mask = gradient->dropout.masks[part];

    layer_backward(gradient, pass, layer, gradient->dropout.dropped[part], hidden_flow, input_flow);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        input_flow[i] *= mask[i];
}

double autoencoder_gradient_fill(struct autoencoder_gradient *gradient,
                                 struct autoencoder_pass *pass)
{
    const struct autoencoder_shape *shape = &pass->net->shape;
    size_t before_code = (shape->steps - 1) * pass->windows * shape->units[ENCODER_SECOND];
    float *one = gradient->flows[0];
    float *other = gradient->flows[1];
    double error;

    autoencoder_forward(pass, &gradient->dropout);
    error = start_flow(gradient, pass, one);
    output_backward(gradient, pass, one, other);
    second_backward(gradient, pass, DECODER_SECOND, other, one);
    /* Of the encoder's output only the last step goes on. */
    layer_backward(gradient, pass, DECODER_FIRST, autoencoder_code(pass), one, other + before_code);
    memset(other, 0, before_code * sizeof *other);
    second_backward(gradient, pass, ENCODER_SECOND, other, one);
    layer_backward(gradient, pass, ENCODER_FIRST, pass->input, one, NULL);
    return error;
}
