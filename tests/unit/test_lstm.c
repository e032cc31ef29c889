/* One LSTM layer against the same written plainly in doubles, and what it approximates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/approximation.h"
#include "analysis/blas.h"
#include "analysis/lstm.h"
#include "analysis/lstm_single.h"
#include "base/memory.h"
#include "base/random.h"

#define TOLERANCE 2e-6

static void assert_near(double ours, double right, double tolerance)
{
    if (!(fabs(ours - right) <= tolerance))
        fail_msg("%.9g rather than %.9g", ours, right);
}

static void approximations_are_near(void **state)
{
    (void)state;
    for (size_t i = 0; i <= 353000; i++) {
        float rounded = (float)(-30 + 1.7e-4 * (double)i);
        double exact = rounded;

        assert_near(approximate_exp(rounded) / exp(exact), 1, 1.5e-7);
        assert_near(approximate_logistic(rounded), 1 / (1 + exp(-exact)), 1.5e-7);
        assert_near(approximate_tanh(rounded), tanh(exact), 1.5e-7);
    }
    assert_near(approximate_exp(87) / exp(87), 1, 1.5e-7);
    assert_near(approximate_logistic(1e30F), 1, 0);
    assert_near(approximate_logistic(-INFINITY), 0, 1e-37);
    assert_near(approximate_tanh(-1e30F), -1, 0);
    assert_true(approximate_tanh(0) == 0);
    assert_true(isnan(approximate_exp(NAN)));
    assert_true(isnan(approximate_tanh(NAN)));
}

static float *random_floats(size_t count, struct random *random)
{
    float *values = memory_new(count, sizeof *values);

    for (size_t i = 0; i < count; i++)
        values[i] = (float)(2 * random_unit(random) - 1);
    return values;
}

static struct lstm new_layer(size_t inputs, size_t units, struct random *random)
{
    return (struct lstm){.inputs = inputs,
                         .units = units,
                         .input_kernel = random_floats(inputs * LSTM_GATES * units, random),
                         .recurrent_kernel = random_floats(units * LSTM_GATES * units, random),
                         .bias = random_floats(LSTM_GATES * units, random)};
}

static void free_layer(struct lstm *layer)
{
    free(layer->input_kernel);
    free(layer->recurrent_kernel);
    free(layer->bias);
}

/* The sum that goes into a gate. */
static double gate_sum(const struct lstm *layer, const float *input, const double *hidden,
                       size_t column)
{
    size_t columns = LSTM_GATES * layer->units;
    double sum = layer->bias[column];

    for (size_t i = 0; i < layer->inputs; i++)
        sum += (double)input[i] * layer->input_kernel[i * columns + column];
    for (size_t i = 0; i < layer->units; i++)
        sum += hidden[i] * layer->recurrent_kernel[i * columns + column];
    return sum;
}

static double logistic(double value)
{
    return 1 / (1 + exp(-value));
}

/* One step of one window, plainly; `hidden` and `cells` are those before and become those after. */
static void plain_step(const struct lstm *layer, const float *input, double *hidden, double *cells)
{
    size_t units = layer->units;
    double *after = memory_new(units, sizeof *after);

    for (size_t i = 0; i < units; i++) {
        double gate = logistic(gate_sum(layer, input, hidden, i));
        double forget = logistic(gate_sum(layer, input, hidden, units + i));
        double candidate = tanh(gate_sum(layer, input, hidden, 2 * units + i));
        double output = logistic(gate_sum(layer, input, hidden, 3 * units + i));

        cells[i] = forget * cells[i] + gate * candidate;
        after[i] = output * tanh(cells[i]);
    }
    memcpy(hidden, after, units * sizeof *hidden);
    free(after);
}

static void check_forward(size_t inputs, size_t units, size_t steps, size_t windows)
{
    struct random random;
    struct lstm layer;
    struct lstm_extent extent = {steps, windows, false};
    struct lstm_pass pass;
    float *input;
    double *hidden = memory_new(units, sizeof *hidden);
    double *cells = memory_new(units, sizeof *cells);

    random_seed(&random, inputs + units);
    layer = new_layer(inputs, units, &random);
    input = random_floats(steps * windows * inputs, &random);
    lstm_pass_open(&pass, units, steps, windows);
    lstm_forward(&layer, &extent, input, &pass);
    for (size_t window = 0; window < windows; window++) {
        memset(hidden, 0, units * sizeof *hidden);
        memset(cells, 0, units * sizeof *cells);
        for (size_t step = 0; step < steps; step++) {
            size_t row = step * windows + window;

            plain_step(&layer, input + row * inputs, hidden, cells);
            for (size_t i = 0; i < units; i++)
                assert_near(pass.hidden[row * units + i], hidden[i], TOLERANCE);
        }
    }
    lstm_pass_close(&pass);
    free_layer(&layer);
    free(input);
    free(hidden);
    free(cells);
}

static void forward_equals_plain_steps(void **state)
{
    (void)state;
    check_forward(1, 1, 1, 1);
    check_forward(3, 5, 6, 2);
    check_forward(7, 16, 3, 33);
    check_forward(40, 37, 20, 3);
}

/* One window by itself, its input times `scale`. */
static void check_single(size_t inputs, size_t units, size_t steps, float scale)
{
    struct random random;
    struct lstm layer;
    struct lstm_single single;
    struct lstm_single_scratch scratch;
    float *input;
    float *output;
    double *hidden = memory_new(units, sizeof *hidden);
    double *cells = memory_new(units, sizeof *cells);

    random_seed(&random, inputs + units);
    layer = new_layer(inputs, units, &random);
    input = random_floats(steps * inputs, &random);
    for (size_t i = 0; i < steps * inputs; i++)
        input[i] *= scale;
    lstm_single_open(&single, &layer);
    scratch.gates = memory_new(steps * LSTM_GATES * single.units, sizeof(float));
    scratch.cells = memory_new(single.units, sizeof(float));
    output = memory_new(steps * single.units, sizeof *output);
    lstm_single_forward(&single, steps, input, inputs, &scratch, output);
    for (size_t step = 0; step < steps; step++) {
        plain_step(&layer, input + step * inputs, hidden, cells);
        for (size_t i = 0; i < single.units; i++)
            assert_near(output[step * single.units + i], i < units ? hidden[i] : 0, TOLERANCE);
    }
    lstm_single_close(&single);
    free_layer(&layer);
    free(scratch.gates);
    free(scratch.cells);
    free(input);
    free(output);
    free(hidden);
    free(cells);
}

/* Gates of single windows are cut off where floats would end. */
static void a_single_window_equals_plain_steps(void **state)
{
    (void)state;
    check_single(1, 1, 1, 1);
    check_single(3, 5, 6, 1);
    check_single(7, 16, 3, 1);
    check_single(40, 37, 20, 1);
    check_single(4, 33, 5, 0);
    check_single(2, 17, 4, 100);
    check_single(1, 4, 3, 1e30F);
}

static void repeat(const float *once, size_t count, size_t times, float *repeated)
{
    for (size_t i = 0; i < times; i++)
        memcpy(repeated + i * count, once, count * sizeof *once);
}

/* What a layer makes of an input: output and all gradients. */
struct outcome {
    struct lstm_pass pass;
    struct lstm gradient;
    float *input_gradient;
};

static struct outcome go_through(const struct lstm *layer, const struct lstm_extent *extent,
                                 const float *input, const float *hidden_gradient,
                                 struct random *random)
{
    size_t count = extent->steps * extent->windows * layer->units;
    float *flow = memory_new(count, sizeof *flow);
    struct outcome outcome = {.gradient = new_layer(layer->inputs, layer->units, random),
                              .input_gradient = memory_new(
                                  extent->steps * extent->windows * layer->inputs, sizeof(float))};

    memcpy(flow, hidden_gradient, count * sizeof *flow);
    lstm_pass_open(&outcome.pass, layer->units, extent->steps, extent->windows);
    lstm_forward(layer, extent, input, &outcome.pass);
    lstm_backward(layer, extent, input, &outcome.pass, flow, &outcome.gradient,
                  outcome.input_gradient);
    free(flow);
    return outcome;
}

static void free_outcome(struct outcome *outcome)
{
    lstm_pass_close(&outcome->pass);
    free_layer(&outcome->gradient);
    free(outcome->input_gradient);
}

static void assert_all_near(const float *ours, const float *right, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_near(ours[i], right[i], 1e-5);
}

static void a_repeated_input_is_as_the_same_at_all_steps(void **state)
{
    enum { INPUTS = 5, UNITS = 6, STEPS = 4, WINDOWS = 3 };
    struct lstm_extent once = {STEPS, WINDOWS, true};
    struct lstm_extent each = {STEPS, WINDOWS, false};
    float all[STEPS * WINDOWS * INPUTS];
    struct random random;
    struct lstm layer;
    float *input;
    float *flow;
    struct outcome ours;
    struct outcome right;

    (void)state;
    random_seed(&random, 3);
    layer = new_layer(INPUTS, UNITS, &random);
    input = random_floats((size_t)WINDOWS * INPUTS, &random);
    flow = random_floats((size_t)STEPS * WINDOWS * UNITS, &random);
    repeat(input, (size_t)WINDOWS * INPUTS, STEPS, all);
    ours = go_through(&layer, &once, input, flow, &random);
    right = go_through(&layer, &each, all, flow, &random);
    assert_all_near(ours.pass.hidden, right.pass.hidden, (size_t)STEPS * WINDOWS * UNITS);
    assert_all_near(ours.gradient.input_kernel, right.gradient.input_kernel,
                    (size_t)INPUTS * LSTM_GATES * UNITS);
    assert_all_near(ours.gradient.recurrent_kernel, right.gradient.recurrent_kernel,
                    (size_t)UNITS * LSTM_GATES * UNITS);
    assert_all_near(ours.gradient.bias, right.gradient.bias, (size_t)LSTM_GATES * UNITS);
    for (size_t i = 0; i < (size_t)WINDOWS * INPUTS; i++) {
        double sum = 0;

        for (size_t step = 0; step < STEPS; step++)
            sum += right.input_gradient[step * WINDOWS * INPUTS + i];
        assert_near(ours.input_gradient[i], sum, 1e-5);
    }
    free_outcome(&ours);
    free_outcome(&right);
    free_layer(&layer);
    free(input);
    free(flow);
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
        cmocka_unit_test(approximations_are_near),
        cmocka_unit_test(forward_equals_plain_steps),
        cmocka_unit_test(a_single_window_equals_plain_steps),
        cmocka_unit_test(a_repeated_input_is_as_the_same_at_all_steps),
    };

    return cmocka_run_group_tests_name("lstm", tests, load, NULL);
}
