#include "analysis/autoencoder_file.h"

#include <math.h>

#include "base/bytes.h"
#include "base/memory.h"

#define HEAD_BYTES ((3 + AUTOENCODER_LAYERS) * 4)

void autoencoder_write(const struct autoencoder *net, struct text *bytes)
{
    bytes_put_integer(bytes, (uint64_t)(net->activation - activations), 4);
    bytes_put_integer(bytes, net->shape.features, 4);
    bytes_put_integer(bytes, net->shape.steps, 4);
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++)
        bytes_put_integer(bytes, net->shape.units[i], 4);
    for (size_t i = 0; i < net->weights.count; i++)
        bytes_put_float(bytes, net->weights.values[i]);
}

static int short_file(struct error *error)
{
    return error_set(error, ERROR_INPUT, "it ends too early");
}

static int check_shape(const struct autoencoder_shape *shape, size_t features, struct error *error)
{
    if (shape->features != features)
        return error_set(error, ERROR_INPUT, "its net has %zu metrics rather than %zu",
                         shape->features, features);
    if (shape->steps < 1 || shape->steps > AUTOENCODER_MOST_STEPS)
        return error_set(error, ERROR_INPUT, "its windows have %zu rows rather than 1 to %d",
                         shape->steps, AUTOENCODER_MOST_STEPS);
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++) {
        if (shape->units[i] < 1 || shape->units[i] > AUTOENCODER_MOST_UNITS)
            return error_set(error, ERROR_INPUT, "a layer has %zu cells rather than 1 to %d",
                             shape->units[i], AUTOENCODER_MOST_UNITS);
    }
    return 0;
}

static int read_weights(const char *bytes, size_t *at, struct autoencoder_weights *weights,
                        struct error *error)
{
    for (size_t i = 0; i < weights->count; i++, *at += 4) {
        weights->values[i] = bytes_float(bytes + *at);
        if (!isfinite(weights->values[i]))
            return error_set(error, ERROR_INPUT, "weight %zu is not a finite number", i);
    }
    return 0;
}

int autoencoder_read(const char *bytes, size_t length, size_t *at, size_t features,
                     struct autoencoder **net, struct error *error)
{
    struct autoencoder_shape shape;
    const char *head = bytes + *at;
    size_t activation;

    *net = NULL;
    if (length < *at || length - *at < HEAD_BYTES)
        return short_file(error);
    activation = bytes_integer(head, 4);
    shape.features = bytes_integer(head + 4, 4);
    shape.steps = bytes_integer(head + 8, 4);
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++)
        shape.units[i] = bytes_integer(head + 12 + 4 * i, 4);
    if (activation >= activation_count)
        return error_set(error, ERROR_INPUT, "its activation %zu is not known", activation);
    if (check_shape(&shape, features, error) < 0)
        return -1;
    *at += HEAD_BYTES;
    if ((length - *at) / 4 < autoencoder_weight_count(&shape))
        return short_file(error);
    *net = memory_new(1, sizeof **net);
    (*net)->shape = shape;
    (*net)->activation = &activations[activation];
    autoencoder_weights_open(&(*net)->weights, &shape);
    if (read_weights(bytes, at, &(*net)->weights, error) == 0)
        return 0;
    autoencoder_free(*net);
    *net = NULL;
    return -1;
}
