/*
 * The LSTM autoencoder's net: against PyTorch (the stored reference, or the file
 * $TORCH_AUTOENCODER), and finite differences of its own error.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/adam.h"
#include "analysis/autoencoder_gradient.h"
#include "analysis/autoencoder_single.h"
#include "analysis/autoencoder_train.h"
#include "base/memory.h"
#include "tests/unit/autoencoder_fixture.h"

#define STORED "tests/unit/data/torch/autoencoder.txt"
#define TOLERANCE 1e-5

static double read_number(FILE *file)
{
    double number;

    assert_int_equal(fscanf(file, "%lf", &number), 1);
    return number;
}

static void read_floats(FILE *file, float *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (float)read_number(file);
}

/* The next net of the reference with its windows; false at its end. */
static bool read_fixture(FILE *file, struct autoencoder_fixture *fixture)
{
    char name[16];
    size_t sizes[8];
    struct autoencoder_shape shape;
    struct autoencoder *net;
    double *values;
    size_t *starts;

    if (fscanf(file, "%15s", name) != 1)
        return false;
    for (size_t i = 0; i < 8; i++)
        sizes[i] = (size_t)read_number(file);
    shape =
        (struct autoencoder_shape){sizes[0], sizes[1], {sizes[2], sizes[3], sizes[4], sizes[5]}};
    net = autoencoder_new(&shape, activation_find(name), 1);
    values = memory_new(sizes[6] * shape.features, sizeof *values);
    starts = memory_new(sizes[7], sizeof *starts);
    for (size_t i = 0; i < sizes[6] * shape.features; i++)
        values[i] = read_number(file);
    for (size_t i = 0; i < sizes[7]; i++)
        starts[i] = (size_t)read_number(file);
    read_floats(file, net->weights.values, net->weights.count);
    autoencoder_fixture_open(fixture, net, values, starts, sizes[7]);
    return true;
}

static void compare(FILE *file, const char *what, const float *ours, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double reference = read_number(file);

        if (!(fabs(ours[i] - reference) <= TOLERANCE))
            fail_msg("%s %zu: %.9g, PyTorch has %.9g", what, i, ours[i], reference);
    }
}

/* Windows scored singly, against the output that was compared with PyTorch's. */
static void check_single(const struct autoencoder_fixture *fixture)
{
    const struct autoencoder_shape *shape = &fixture->net->shape;
    size_t count = fixture->windows.count * shape->features;
    size_t last = (shape->steps - 1) * count;
    struct autoencoder_single *single = autoencoder_single_new(fixture->net);
    double *errors = memory_new(count, sizeof *errors);

    autoencoder_single_errors(single, &fixture->windows, errors);
    for (size_t i = 0; i < count; i++) {
        double error = (double)fixture->pass->output[last + i] - fixture->pass->input[last + i];

        if (!(fabs(sqrt(errors[i]) - fabs(error)) <= TOLERANCE))
            fail_msg("error %zu of a single window: %.9g, its output has %.9g", i, sqrt(errors[i]),
                     fabs(error));
    }
    autoencoder_single_free(single);
    free(errors);
}

static void forward_gradient_and_adam_equal_those_of_pytorch(void **state)
{
    const char *path = getenv("TORCH_AUTOENCODER");
    FILE *file = fopen(path != NULL ? path : STORED, "r");
    struct autoencoder_fixture fixture;
    size_t nets = 0;

    (void)state;
    assert_non_null(file);
    for (; read_fixture(file, &fixture); nets++) {
        struct autoencoder_weights *weights = &fixture.net->weights;
        float error = (float)autoencoder_gradient_fill(&fixture.gradient, fixture.pass);
        struct adam adam;

        adam_open(&adam, weights->count, 0.001);
        compare(file, "output", fixture.pass->output,
                fixture.net->shape.steps * fixture.windows.count * fixture.net->shape.features);
        check_single(&fixture);
        compare(file, "error", &error, 1);
        compare(file, "gradient", fixture.gradient.weights.values, weights->count);
        for (int step = 0; step < 3; step++) {
            autoencoder_gradient_fill(&fixture.gradient, fixture.pass);
            adam_step(&adam, fixture.gradient.weights.values, weights->values);
        }
        compare(file, "weight", weights->values, weights->count);
        adam_close(&adam);
        autoencoder_fixture_close(&fixture);
    }
    assert_int_equal(nets, 4);
    fclose(file);
}

/* The mean squared error with dropout drawn as `drawn` draws it. */
static double error_with(struct autoencoder_fixture *fixture, struct random drawn)
{
    const struct autoencoder_shape *shape = &fixture->net->shape;
    size_t count = shape->steps * fixture->windows.count * shape->features;
    double sum = 0;

    fixture->gradient.dropout.random = drawn;
    autoencoder_forward(fixture->pass, &fixture->gradient.dropout);
    for (size_t i = 0; i < count; i++)
        sum += pow((double)fixture->pass->output[i] - fixture->pass->input[i], 2);
    return sum / (double)count;
}

/* Central difference of the error for one weight. */
static double difference_by(struct autoencoder_fixture *fixture, struct random drawn, float *weight,
                            float step)
{
    float before = *weight;
    double difference;

    *weight = before + step;
    difference = error_with(fixture, drawn);
    *weight = before - step;
    difference -= error_with(fixture, drawn);
    *weight = before;
    return difference / (2 * (double)step);
}

/* Central differences of one array of weights against its gradient, relative to its length. */
static void check_differences(struct autoencoder_fixture *fixture, struct random drawn,
                              float *weights, const float *gradient, size_t count)
{
    double difference = 0;
    double length = 0;

    for (size_t i = 0; i < count; i++) {
        /* Floats need long steps; two of them, joined so that the error of their length goes
         * (Richardson). */
        double slope = (4 * difference_by(fixture, drawn, &weights[i], 0.0625F) -
                        difference_by(fixture, drawn, &weights[i], 0.125F)) /
                       3;

        difference += pow(slope - gradient[i], 2);
        length += pow(slope, 2);
    }
    if (!(sqrt(difference) <= 0.01 * sqrt(length) + 1e-6))
        fail_msg("differences of length %g are off by %g", sqrt(length), sqrt(difference));
}

static void check_gradient(const struct autoencoder_shape *shape, const char *activation,
                           double dropout)
{
    struct autoencoder_fixture fixture;
    struct autoencoder_weights *weights;
    struct autoencoder_weights *gradient;
    struct random drawn;

    autoencoder_fixture_make(&fixture, shape, activation, 6);
    weights = &fixture.net->weights;
    gradient = &fixture.gradient.weights;
    fixture.gradient.dropout.rate = dropout;
    drawn = fixture.gradient.dropout.random;
    autoencoder_gradient_fill(&fixture.gradient, fixture.pass);
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++) {
        const struct lstm *layer = &weights->layers[i];
        const struct lstm *slope = &gradient->layers[i];
        size_t columns = LSTM_GATES * layer->units;

        check_differences(&fixture, drawn, layer->input_kernel, slope->input_kernel,
                          layer->inputs * columns);
        check_differences(&fixture, drawn, layer->recurrent_kernel, slope->recurrent_kernel,
                          layer->units * columns);
        check_differences(&fixture, drawn, layer->bias, slope->bias, columns);
    }
    check_differences(&fixture, drawn, weights->output_kernel, gradient->output_kernel,
                      shape->units[DECODER_SECOND] * shape->features);
    check_differences(&fixture, drawn, weights->output_bias, gradient->output_bias,
                      shape->features);
    autoencoder_fixture_close(&fixture);
}

static void gradients_equal_finite_differences(void **state)
{
    static const struct autoencoder_shape shape = {5, 4, {4, 3, 4, 5}};
    static const struct autoencoder_shape wide = {2, 3, {9, 7, 2, 11}};
    static const struct autoencoder_shape one_row = {3, 1, {3, 2, 3, 3}};
    static const struct autoencoder_shape smallest = {1, 1, {1, 1, 1, 1}};

    (void)state;
    check_gradient(&shape, "linear", 0);
    check_gradient(&shape, "elu", 0);
    check_gradient(&shape, "tanh", 0);
    check_gradient(&shape, "linear", 0.5);
    check_gradient(&wide, "elu", 0.3);
    check_gradient(&one_row, "linear", 0.2);
    check_gradient(&smallest, "tanh", 0);
}

static void weights_start_as_promised(void **state)
{
    static const struct autoencoder_shape shape = {20, 3, {16, 12, 16, 20}};
    struct autoencoder *net = autoencoder_new(&shape, &activations[0], 5);

    (void)state;
    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++) {
        const struct lstm *layer = &net->weights.layers[i];
        size_t columns = LSTM_GATES * layer->units;
        float greatest = 0;

        for (size_t j = 0; j < layer->inputs * columns; j++)
            greatest = fmaxf(greatest, fabsf(layer->input_kernel[j]));
        assert_true(greatest <= sqrt(6.0 / (double)(layer->inputs + columns)) * 1.000001);
        assert_true(greatest >= sqrt(6.0 / (double)(layer->inputs + columns)) * 0.95);
        for (size_t a = 0; a < layer->units * layer->units; a++) {
            const float *row = layer->recurrent_kernel + a / layer->units * columns;
            const float *other = layer->recurrent_kernel + a % layer->units * columns;
            double sum = 0;

            for (size_t j = 0; j < columns; j++)
                sum += (double)row[j] * other[j];
            assert_true(fabs(sum - (a / layer->units == a % layer->units)) < 1e-6);
        }
        for (size_t j = 0; j < columns; j++)
            assert_true(layer->bias[j] == (j / layer->units == 1));
    }
    autoencoder_free(net);
}

static void sizes_are_parts_of_the_features(void **state)
{
    struct autoencoder_shape shape = {.features = 40};

    (void)state;
    autoencoder_set_units(&shape, autoencoder_default_parts);
    assert_int_equal(shape.units[ENCODER_FIRST], 32);
    assert_int_equal(shape.units[ENCODER_SECOND], 24);
    assert_int_equal(shape.units[DECODER_FIRST], 32);
    assert_int_equal(shape.units[DECODER_SECOND], 40);
    shape.features = 1;
    autoencoder_set_units(&shape, (double[]){0.1, 0.6, 2.4, 3.5});
    assert_int_equal(shape.units[ENCODER_FIRST], 1);
    assert_int_equal(shape.units[ENCODER_SECOND], 1);
    assert_int_equal(shape.units[DECODER_FIRST], 2);
    assert_int_equal(shape.units[DECODER_SECOND], 4);
}

static void dropout_keeps_the_expectation(void **state)
{
    static const struct autoencoder_shape shape = {8, 10, {40, 6, 30, 8}};
    struct autoencoder_fixture fixture;

    (void)state;
    autoencoder_fixture_make(&fixture, &shape, "linear", 50);
    fixture.gradient.dropout.rate = 0.3;
    autoencoder_forward(fixture.pass, &fixture.gradient.dropout);
    for (size_t part = 0; part < 2; part++) {
        const float *hidden = fixture.pass->layers[2 * part].hidden;
        size_t count = shape.steps * 50 * shape.units[2 * part];
        size_t zeros = 0;

        for (size_t i = 0; i < count; i++) {
            float mask = fixture.gradient.dropout.masks[part][i];

            zeros += mask == 0;
            assert_true(mask == 0 || fabs(mask - 1 / 0.7) < 1e-6);
            assert_true(fixture.gradient.dropout.dropped[part][i] == hidden[i] * mask);
        }
        /* Six standard deviations. */
        assert_true(fabs((double)zeros / (double)count - 0.3) < 6 * sqrt(0.21 / (double)count));
    }
    autoencoder_fixture_close(&fixture);
}

static void single_windows_have_the_errors_of_the_output(void **state)
{
    static const struct autoencoder_shape shapes[] = {
        {5, 4, {4, 3, 4, 5}},     {2, 3, {9, 17, 2, 33}},     {3, 1, {3, 2, 3, 3}},
        {1, 2, {1, 1, 1, 1}},     {40, 20, {64, 32, 32, 64}}, {70, 5, {56, 42, 56, 70}},
        {16, 7, {16, 48, 32, 16}}};

    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct autoencoder_fixture fixture;

        autoencoder_fixture_make(&fixture, &shapes[i], activations[i % activation_count].name, 4);
        autoencoder_forward(fixture.pass, NULL);
        check_single(&fixture);
        autoencoder_fixture_close(&fixture);
    }
}

static void errors_are_those_of_the_output_whatever_the_batch(void **state)
{
    static const struct autoencoder_shape shape = {4, 6, {5, 3, 4, 4}};
    static const size_t batches[] = {1, 3, 11, 64};
    struct autoencoder_fixture fixture;
    double *errors = memory_new(11 * shape.features, sizeof *errors);

    (void)state;
    autoencoder_fixture_make(&fixture, &shape, "elu", 11);
    autoencoder_forward(fixture.pass, NULL);
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
        struct autoencoder_pass *pass = autoencoder_pass_new(fixture.net, batches[i]);
        double mean = autoencoder_mean_error(pass, &fixture.windows);
        double sum = 0;

        autoencoder_last_errors(pass, &fixture.windows, errors);
        for (size_t j = 0; j < shape.steps * 11 * shape.features; j++) {
            size_t last = (shape.steps - 1) * 11 * shape.features;
            double error = pow((double)fixture.pass->output[j] - fixture.pass->input[j], 2);

            sum += error;
            assert_true(j < last || fabs(errors[j - last] - error) < 1e-6);
        }
        assert_true(fabs(mean - sum / (double)(shape.steps * 11 * shape.features)) < 1e-6);
        autoencoder_pass_free(pass);
    }
    free(errors);
    autoencoder_fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forward_gradient_and_adam_equal_those_of_pytorch),
        cmocka_unit_test(gradients_equal_finite_differences),
        cmocka_unit_test(weights_start_as_promised),
        cmocka_unit_test(sizes_are_parts_of_the_features),
        cmocka_unit_test(dropout_keeps_the_expectation),
        cmocka_unit_test(single_windows_have_the_errors_of_the_output),
        cmocka_unit_test(errors_are_those_of_the_output_whatever_the_batch),
    };

    return cmocka_run_group_tests_name("autoencoder", tests, autoencoder_fixture_blas, NULL);
}
