#include "analysis/autoencoder_single.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/lstm_single.h"
#include "base/memory.h"

struct autoencoder_single {
    size_t features;
    size_t steps;
    size_t most_units; /* of a layer, rounded up */
    const struct activation *activation;
    struct lstm_single layers[AUTOENCODER_LAYERS];
    struct panels output_kernel;
    float *output_bias; /* as many as the kernel has columns */
};

/* Memory of one window on its way. */
struct journey {
    float *memory;
    float *input;     /* (steps x features) */
    float *hidden[2]; /* (steps x units), of one layer and the next */
    float *output;    /* as many as the output's kernel has columns */
    struct lstm_single_scratch scratch;
};

struct autoencoder_single *autoencoder_single_new(const struct autoencoder *net)
{
    struct autoencoder_single *single = memory_new(1, sizeof *single);
    const struct autoencoder_weights *weights = &net->weights;
    size_t units = net->shape.units[DECODER_SECOND];

    single->features = net->shape.features;
    single->steps = net->shape.steps;
    single->activation = net->activation;
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++) {
        struct lstm_single *layer = &single->layers[i];

        lstm_single_open(layer, &weights->layers[i]);
        single->most_units = layer->units > single->most_units ? layer->units : single->most_units;
    }
    panels_open(&single->output_kernel, units, single->features);
    for (size_t row = 0; row < units; row++)
        panels_set(&single->output_kernel, row, 0, weights->output_kernel + row * single->features,
                   single->features);
    single->output_bias = memory_new(single->output_kernel.columns, sizeof(float));
    memcpy(single->output_bias, weights->output_bias, single->features * sizeof(float));
    return single;
}

void autoencoder_single_free(struct autoencoder_single *single)
{
    if (single == NULL)
        return;
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++)
        lstm_single_close(&single->layers[i]);
    panels_close(&single->output_kernel);
    free(single->output_bias);
    free(single);
}

static float *take(float **at, size_t count)
{
    float *taken = *at;

    *at += count;
    return taken;
}

static void open_journey(const struct autoencoder_single *single, struct journey *journey)
{
    size_t units = single->most_units;
    size_t count = single->steps * (single->features + (2 + LSTM_GATES) * units) + units +
                   single->output_kernel.columns;
    float *at = memory_resize(NULL, count, sizeof *at);

    journey->memory = at;
    journey->scratch.gates = take(&at, single->steps * LSTM_GATES * units);
    journey->scratch.cells = take(&at, units);
    journey->hidden[0] = take(&at, single->steps * units);
    journey->hidden[1] = take(&at, single->steps * units);
    journey->output = take(&at, single->output_kernel.columns);
    journey->input = take(&at, single->steps * single->features);
}

/* Through all layers of cells; returns the decoder's output at the last step. */
static const float *pass_layers(const struct autoencoder_single *single,
                                const struct journey *journey)
{
    const float *input = journey->input;
    size_t stride = single->features;
    size_t last = single->steps - 1;

    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++) {
        const struct lstm_single *layer = &single->layers[i];
        float *hidden = journey->hidden[i % 2];

        lstm_single_forward(layer, single->steps, input, stride, &journey->scratch, hidden);
        /* Of the encoder's output the last step alone goes on, to all steps of the decoder. */
        stride = i == ENCODER_SECOND ? 0 : layer->units;
        input = i == ENCODER_SECOND ? hidden + last * layer->units : hidden;
    }
    return input + last * stride;
}

/* From the rows of a window to the reconstruction of its last. */
static void reconstruct(const struct autoencoder_single *single, const double *rows,
                        const struct journey *journey)
{
    size_t count = single->steps * single->features;
    const float *hidden;

#pragma omp simd
    for (size_t i = 0; i < count; i++)
        journey->input[i] = (float)rows[i];
    hidden = pass_layers(single, journey);
    memcpy(journey->output, single->output_bias,
           single->output_kernel.columns * sizeof *journey->output);
    panels_multiply(&(struct panel_product){
        .right = &single->output_kernel, .left = hidden, .rows = 1, .result = journey->output});
    single->activation->apply(journey->output, single->features);
}

void autoencoder_single_errors(const struct autoencoder_single *single,
                               const struct autoencoder_windows *windows, double *errors)
{
    size_t features = single->features;
    struct journey journey;

    open_journey(single, &journey);
    for (size_t window = 0; window < windows->count; window++) {
        const double *rows = windows->values + windows->starts[window] * features;
        const float *last = journey.input + (single->steps - 1) * features;

        reconstruct(single, rows, &journey);
        for (size_t i = 0; i < features; i++) {
            double error = journey.output[i] - last[i];

            errors[window * features + i] = error * error;
        }
    }
    free(journey.memory);
}
