/*
 * The LSTM autoencoder: against PyTorch (the stored reference, or the file $TORCH_AUTOENCODER),
 * finite differences of its own error, and what training and files promise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/adam.h"
#include "analysis/autoencoder_file.h"
#include "analysis/autoencoder_gradient.h"
#include "analysis/autoencoder_train.h"
#include "analysis/blas.h"
#include "base/memory.h"

#define STORED "tests/unit/data/torch/autoencoder.txt"
#define TOLERANCE 1e-5

/* A net, windows for it, and what goes with them. */
struct fixture {
    struct autoencoder *net;
    double *values;
    size_t *starts;
    struct autoencoder_windows windows;
    struct autoencoder_pass *pass;
    struct autoencoder_gradient gradient;
};

static void open_fixture(struct fixture *fixture, struct autoencoder *net, double *values,
                         size_t *starts, size_t count)
{
    *fixture = (struct fixture){.net = net, .values = values, .starts = starts};
    fixture->windows = (struct autoencoder_windows){values, starts, count};
    fixture->pass = autoencoder_pass_new(net, count);
    autoencoder_gradient_open(&fixture->gradient, fixture->pass, 0, 1);
    autoencoder_gather(fixture->pass, &fixture->windows);
}

static void close_fixture(struct fixture *fixture)
{
    autoencoder_gradient_close(&fixture->gradient);
    autoencoder_pass_free(fixture->pass);
    autoencoder_free(fixture->net);
    free(fixture->values);
    free(fixture->starts);
}

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
static bool read_fixture(FILE *file, struct fixture *fixture)
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
    open_fixture(fixture, net, values, starts, sizes[7]);
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

static void forward_gradient_and_adam_equal_those_of_pytorch(void **state)
{
    const char *path = getenv("TORCH_AUTOENCODER");
    FILE *file = fopen(path != NULL ? path : STORED, "r");
    struct fixture fixture;
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
        compare(file, "error", &error, 1);
        compare(file, "gradient", fixture.gradient.weights.values, weights->count);
        for (int step = 0; step < 3; step++) {
            autoencoder_gradient_fill(&fixture.gradient, fixture.pass);
            adam_step(&adam, fixture.gradient.weights.values, weights->values);
        }
        compare(file, "weight", weights->values, weights->count);
        adam_close(&adam);
        close_fixture(&fixture);
    }
    assert_int_equal(nets, 4);
    fclose(file);
}

/* Random values, and windows that start at every row. */
static void make_fixture(struct fixture *fixture, const struct autoencoder_shape *shape,
                         const char *activation, size_t count)
{
    size_t rows = count + shape->steps - 1;
    double *values = memory_new(rows * shape->features, sizeof *values);
    size_t *starts = memory_new(count, sizeof *starts);
    struct random random;

    random_seed(&random, rows);
    for (size_t i = 0; i < rows * shape->features; i++)
        values[i] = random_unit(&random);
    for (size_t i = 0; i < count; i++)
        starts[i] = i;
    open_fixture(fixture, autoencoder_new(shape, activation_find(activation), rows), values, starts,
                 count);
}

/* The mean squared error with dropout drawn as `drawn` draws it. */
static double error_with(struct fixture *fixture, struct random drawn)
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
static double difference_by(struct fixture *fixture, struct random drawn, float *weight, float step)
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
static void check_differences(struct fixture *fixture, struct random drawn, float *weights,
                              const float *gradient, size_t count)
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
    struct fixture fixture;
    struct autoencoder_weights *weights;
    struct autoencoder_weights *gradient;
    struct random drawn;

    make_fixture(&fixture, shape, activation, 6);
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
    close_fixture(&fixture);
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
    struct fixture fixture;

    (void)state;
    make_fixture(&fixture, &shape, "linear", 50);
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
    close_fixture(&fixture);
}

static void errors_are_those_of_the_output_whatever_the_batch(void **state)
{
    static const struct autoencoder_shape shape = {4, 6, {5, 3, 4, 4}};
    static const size_t batches[] = {1, 3, 11, 64};
    struct fixture fixture;
    double *errors = memory_new(11 * shape.features, sizeof *errors);

    (void)state;
    make_fixture(&fixture, &shape, "elu", 11);
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
    close_fixture(&fixture);
}

/* Waves of a few frequencies, as sums of which the features differ; `shift` moves the phases of
 * neighbouring features against each other. */
static struct fixture make_waves(size_t features, size_t rows, double shift)
{
    struct autoencoder_shape shape = {.features = features, .steps = 10};
    size_t count = rows - shape.steps + 1;
    double *values = memory_new(rows * features, sizeof *values);
    size_t *starts = memory_new(count, sizeof *starts);
    struct fixture fixture;

    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < features; i++)
            values[row * features + i] =
                0.5 + 0.3 * sin(0.3 * (double)row + (double)i + shift * (double)(i * i)) +
                0.15 * sin(0.11 * (double)row + 2 * (double)i);
    }
    for (size_t i = 0; i < count; i++)
        starts[i] = i;
    autoencoder_set_units(&shape, autoencoder_default_parts);
    open_fixture(&fixture, autoencoder_new(&shape, &activations[0], 3), values, starts, count);
    return fixture;
}

static void it_learns_what_is_normal(void **state)
{
    struct fixture normal = make_waves(10, 700, 0);
    struct fixture other = make_waves(10, 700, 0.7);
    struct autoencoder_setting setting = autoencoder_default_setting;
    struct autoencoder_training training;
    struct error error = {0};
    double before = autoencoder_mean_error(normal.pass, &normal.windows);
    double after;

    (void)state;
    setting.epochs = 40;
    setting.learning_rate = 0.005;
    setting.dropout = 0;
    assert_int_equal(autoencoder_train(normal.net, &normal.windows, &setting, &training, &error),
                     0);
    after = autoencoder_mean_error(normal.pass, &normal.windows);
    assert_true(after < before / 10);
    assert_true(autoencoder_mean_error(normal.pass, &other.windows) > 3 * after);
    assert_int_equal(training.validation_windows, 69);
    /* The ten rows before the first window held out are in a window with it. */
    assert_int_equal(training.trained_windows, 691 - 69 - 9);
    close_fixture(&normal);
    close_fixture(&other);
}

static struct text train_to_bytes(uint64_t seed)
{
    struct fixture fixture = make_waves(6, 200, 0);
    struct autoencoder_setting setting = autoencoder_default_setting;
    struct autoencoder_training training;
    struct error error = {0};
    struct text bytes = {0};

    setting.epochs = 3;
    setting.seed = seed;
    if (autoencoder_train(fixture.net, &fixture.windows, &setting, &training, &error) == 0)
        autoencoder_write(fixture.net, &bytes);
    close_fixture(&fixture);
    return bytes;
}

static void *train_in_thread(void *bytes)
{
    *(struct text *)bytes = train_to_bytes(7);
    return NULL;
}

static void same_seed_gives_same_bytes_in_any_thread(void **state)
{
    struct text first = train_to_bytes(7);
    struct text other = train_to_bytes(8);
    struct text again[3] = {0};
    pthread_t threads[3];

    (void)state;
    assert_true(first.length > 0 && other.length == first.length);
    assert_memory_not_equal(first.bytes, other.bytes, first.length);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, train_in_thread, &again[i]), 0);
    for (size_t i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(again[i].length, first.length);
        assert_memory_equal(again[i].bytes, first.bytes, first.length);
        text_free(&again[i]);
    }
    text_free(&first);
    text_free(&other);
}

static void it_stops_early_and_keeps_the_best(void **state)
{
    struct fixture fixture = make_waves(5, 120, 0);
    struct autoencoder_setting setting = autoencoder_default_setting;
    struct autoencoder_windows held_out;
    struct autoencoder_training training;
    struct error error = {0};

    (void)state;
    /* So large steps that the error goes up and down. */
    setting.learning_rate = 0.3;
    setting.patience = 3;
    setting.validation_share = 0.25;
    setting.epochs = 1000;
    assert_int_equal(autoencoder_train(fixture.net, &fixture.windows, &setting, &training, &error),
                     0);
    assert_true(training.epochs < setting.epochs);
    assert_int_equal(training.epochs, training.best_epoch + 3);
    held_out = (struct autoencoder_windows){
        fixture.values, fixture.starts + fixture.windows.count - training.validation_windows,
        training.validation_windows};
    assert_int_equal(training.validation_windows, 28);
    assert_true(fabs(autoencoder_mean_error(fixture.pass, &held_out) - training.validation_error) <
                1e-6);
    close_fixture(&fixture);
}

static void what_cannot_be_trained_is_said(void **state)
{
    struct fixture fixture = make_waves(3, 40, 0);
    struct autoencoder_setting setting = autoencoder_default_setting;
    struct autoencoder_training training;
    struct error error = {0};

    (void)state;
    fixture.windows.count = 9; /* each shares rows with the one held out */
    assert_int_equal(autoencoder_train(fixture.net, &fixture.windows, &setting, &training, &error),
                     -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    setting.validation_share = 0;
    setting.epochs = 2;
    assert_int_equal(autoencoder_train(fixture.net, &fixture.windows, &setting, &training, &error),
                     0);
    assert_int_equal(training.trained_windows, 9);
    assert_true(isnan(training.validation_error));
    fixture.net->weights.values[0] = NAN;
    assert_int_equal(autoencoder_train(fixture.net, &fixture.windows, &setting, &training, &error),
                     -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    close_fixture(&fixture);
}

static void files_are_read_back_and_damaged_ones_refused(void **state)
{
    static const struct autoencoder_shape shape = {3, 4, {2, 1, 2, 3}};
    struct autoencoder *net = autoencoder_new(&shape, activation_find("elu"), 1);
    struct autoencoder *read;
    struct text bytes = {0};
    struct text again = {0};
    struct error error = {0};
    struct byte_reader reader;

    (void)state;
    autoencoder_write(net, &bytes);
    assert_int_equal(bytes.length, 28 + 4 * net->weights.count);
    reader = (struct byte_reader){bytes.bytes, bytes.length, 0};
    assert_int_equal(autoencoder_read(&reader, 3, &read, &error), 0);
    assert_int_equal(reader.at, bytes.length);
    assert_string_equal(read->activation->name, "elu");
    autoencoder_write(read, &again);
    assert_memory_equal(again.bytes, bytes.bytes, bytes.length);
    autoencoder_free(read);
    reader.at = 0;
    assert_int_equal(autoencoder_read(&reader, 2, &read, &error), -1);
    for (size_t length = 0; length < bytes.length; length++) {
        reader = (struct byte_reader){bytes.bytes, length, 0};
        error_clear(&error);
        assert_int_equal(autoencoder_read(&reader, 3, &read, &error), -1);
        assert_null(read);
        assert_int_equal(error.kind, ERROR_INPUT);
    }
    autoencoder_free(net);
    text_free(&bytes);
    text_free(&again);
}

/* Whatever byte is wrong: refused, or safe to score with. */
static void wrong_bytes_do_no_harm(void **state)
{
    static const struct autoencoder_shape shape = {3, 4, {2, 1, 2, 3}};
    struct autoencoder *net = autoencoder_new(&shape, activation_find("tanh"), 1);
    double *values = memory_new(AUTOENCODER_MOST_STEPS * shape.features, sizeof *values);
    size_t start = 0;
    struct autoencoder_windows windows = {values, &start, 1};
    struct text bytes = {0};
    double errors[3];

    (void)state;
    autoencoder_write(net, &bytes);
    autoencoder_free(net);
    for (size_t i = 0; i < bytes.length * 8; i++) {
        char *byte = &bytes.bytes[i / 8];
        struct error error = {0};
        struct byte_reader reader = {bytes.bytes, bytes.length, 0};

        *byte = (char)(*byte ^ (1 << i % 8));
        if (autoencoder_read(&reader, 3, &net, &error) == 0) {
            struct autoencoder_pass *pass = autoencoder_pass_new(net, 1);

            autoencoder_last_errors(pass, &windows, errors);
            autoencoder_pass_free(pass);
            autoencoder_free(net);
        }
        *byte = (char)(*byte ^ (1 << i % 8));
    }
    free(values);
    text_free(&bytes);
}

static int load(void **state)
{
    struct error error = {0};

    (void)state;
    if (blas_load(&error) == 0)
        return 0;
    error_print(&error, stderr);
    return -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forward_gradient_and_adam_equal_those_of_pytorch),
        cmocka_unit_test(gradients_equal_finite_differences),
        cmocka_unit_test(weights_start_as_promised),
        cmocka_unit_test(sizes_are_parts_of_the_features),
        cmocka_unit_test(dropout_keeps_the_expectation),
        cmocka_unit_test(errors_are_those_of_the_output_whatever_the_batch),
        cmocka_unit_test(it_learns_what_is_normal),
        cmocka_unit_test(same_seed_gives_same_bytes_in_any_thread),
        cmocka_unit_test(it_stops_early_and_keeps_the_best),
        cmocka_unit_test(what_cannot_be_trained_is_said),
        cmocka_unit_test(files_are_read_back_and_damaged_ones_refused),
        cmocka_unit_test(wrong_bytes_do_no_harm),
    };

    return cmocka_run_group_tests_name("autoencoder", tests, load, NULL);
}
