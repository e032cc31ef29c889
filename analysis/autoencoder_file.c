#include "analysis/autoencoder_file.h"

#include <math.h>

#include "base/bytes.h"
#include "base/memory.h"

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

static int read_weights(struct byte_reader *reader, struct autoencoder_weights *weights,
                        struct error *error)
{
    for (size_t i = 0; i < weights->count; i++) {
        if (bytes_get_float(reader, &weights->values[i], error) < 0)
            return -1;
        if (!isfinite(weights->values[i]))
            return error_set(error, ERROR_INPUT, "weight %zu is not a finite number", i);
    }
    return 0;
}

static int read_size(struct byte_reader *reader, size_t *size, struct error *error)
{
    uint64_t value;

    if (bytes_get_integer(reader, 4, &value, error) < 0)
        return -1;
    *size = value;
    return 0;
}

static int read_head(struct byte_reader *reader, size_t features, struct autoencoder_shape *shape,
                     size_t *activation, struct error *error)
{
    if (read_size(reader, activation, error) < 0 ||
        read_size(reader, &shape->features, error) < 0 ||
        read_size(reader, &shape->steps, error) < 0)
        return -1;
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++) {
        if (read_size(reader, &shape->units[i], error) < 0)
            return -1;
    }
    if (*activation >= activation_count)
        return error_set(error, ERROR_INPUT, "its activation %zu is not known", *activation);
    return check_shape(shape, features, error);
}

int autoencoder_read(struct byte_reader *reader, size_t features, struct autoencoder **net,
                     struct error *error)
{
    struct autoencoder_shape shape;
    size_t activation;

    *net = NULL;
    if (read_head(reader, features, &shape, &activation, error) < 0 ||
        bytes_check_left(reader, autoencoder_weight_count(&shape), sizeof(float), error) < 0)
        return -1;
    *net = memory_new(1, sizeof **net);
    (*net)->shape = shape;
    (*net)->activation = &activations[activation];
    autoencoder_weights_open(&(*net)->weights, &shape);
    if (read_weights(reader, &(*net)->weights, error) == 0)
        return 0;
    autoencoder_free(*net);
    *net = NULL;
    return -1;
}
