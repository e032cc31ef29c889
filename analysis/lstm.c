#include "analysis/lstm.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/blas.h"
#include "analysis/lstm_cell.h"
#include "base/memory.h"

void lstm_pass_open(struct lstm_pass *pass, size_t units, size_t steps, size_t windows)
{
    size_t count = steps * windows * units;

    pass->gates = memory_new(count, LSTM_GATES * sizeof(float));
    pass->cells = memory_new(count, sizeof(float));
    pass->cell_tanh = memory_new(count, sizeof(float));
    pass->hidden = memory_new(count, sizeof(float));
    pass->cell_carry = memory_new(windows * units, sizeof(float));
    pass->recurrent_transposed = memory_new(LSTM_GATES * units * units, sizeof(float));
}

void lstm_pass_close(struct lstm_pass *pass)
{
    free(pass->gates);
    free(pass->cells);
    free(pass->cell_tanh);
    free(pass->hidden);
    free(pass->cell_carry);
    free(pass->recurrent_transposed);
}

/* The part of a pass that belongs to one step. */
static struct lstm_cell_step step_at(const struct lstm *layer, size_t windows,
                                     const struct lstm_pass *pass, size_t step)
{
    size_t size = windows * layer->units;
    size_t at = step * size;

    return (struct lstm_cell_step){.windows = windows,
                                   .units = layer->units,
                                   .bias = layer->bias,
                                   .gates = pass->gates + LSTM_GATES * at,
                                   .cells_before = step > 0 ? pass->cells + at - size : NULL,
                                   .cells = pass->cells + at,
                                   .cell_tanh = pass->cell_tanh + at,
                                   .hidden = pass->hidden + at};
}

/* Fills the gates of all steps by the products of the inputs with their kernel. */
static void multiply_inputs(const struct lstm *layer, const struct lstm_extent *extent,
                            const float *input, struct lstm_pass *pass)
{
    size_t inputs = extent->windows * (extent->repeated ? 1 : extent->steps);
    size_t size = extent->windows * LSTM_GATES * layer->units;

    blas_product(BLAS_PLAIN, (struct blas_sizes){inputs, layer->inputs, LSTM_GATES * layer->units},
                 input, layer->input_kernel, false, pass->gates);
    for (size_t step = 1; extent->repeated && step < extent->steps; step++)
        memcpy(pass->gates + step * size, pass->gates, size * sizeof(float));
}

void lstm_forward(const struct lstm *layer, const struct lstm_extent *extent, const float *input,
                  struct lstm_pass *pass)
{
    struct blas_sizes recurrent = {extent->windows, layer->units, LSTM_GATES * layer->units};
    size_t size = extent->windows * layer->units;

    multiply_inputs(layer, extent, input, pass);
    for (size_t i = 0; i < extent->steps; i++) {
        struct lstm_cell_step step = step_at(layer, extent->windows, pass, i);

        if (i > 0)
            blas_product(BLAS_PLAIN, recurrent, step.hidden - size, layer->recurrent_kernel, true,
                         step.gates);
        lstm_cell_forward(&step);
    }
}

/* For small products OpenBLAS is slower with a transposed factor, so it is transposed once for all
 * steps. */
static void transpose_recurrent(const struct lstm *layer, float *transposed)
{
    size_t columns = LSTM_GATES * layer->units;

    for (size_t row = 0; row < layer->units; row++) {
        for (size_t column = 0; column < columns; column++)
            transposed[column * layer->units + row] =
                layer->recurrent_kernel[row * columns + column];
    }
}

/* Turns the gates into the gradients of their sums, from the last step to the first. */
static void unroll_back(const struct lstm *layer, const struct lstm_extent *extent,
                        struct lstm_pass *pass, float *hidden_gradient, float *bias_gradient)
{
    struct blas_sizes recurrent = {extent->windows, LSTM_GATES * layer->units, layer->units};
    size_t size = extent->windows * layer->units;

    transpose_recurrent(layer, pass->recurrent_transposed);
    memset(pass->cell_carry, 0, size * sizeof(float));
    memset(bias_gradient, 0, LSTM_GATES * layer->units * sizeof(float));
    for (size_t i = extent->steps; i-- > 0;) {
        struct lstm_cell_step step = step_at(layer, extent->windows, pass, i);

        step.hidden_gradient = hidden_gradient + i * size;
        step.cell_carry = pass->cell_carry;
        step.bias_gradient = bias_gradient;
        lstm_cell_backward(&step);
        if (i > 0)
            blas_product(BLAS_PLAIN, recurrent, step.gates, pass->recurrent_transposed, true,
                         hidden_gradient + (i - 1) * size);
    }
}

/* Adds the gradients of all steps to those of the first, as a repeated input gets them all. */
static void add_steps(const struct lstm *layer, const struct lstm_extent *extent,
                      struct lstm_pass *pass)
{
    size_t size = extent->windows * LSTM_GATES * layer->units;

    for (size_t step = 1; step < extent->steps; step++) {
        const float *gates = pass->gates + step * size;

#pragma omp simd
        for (size_t i = 0; i < size; i++)
            pass->gates[i] += gates[i];
    }
}

void lstm_backward(const struct lstm *layer, const struct lstm_extent *extent, const float *input,
                   struct lstm_pass *pass, float *hidden_gradient, struct lstm *gradient,
                   float *input_gradient)
{
    size_t columns = LSTM_GATES * layer->units;
    size_t inputs = extent->windows * (extent->repeated ? 1 : extent->steps);
    size_t later = extent->windows * (extent->steps - 1);

    unroll_back(layer, extent, pass, hidden_gradient, gradient->bias);
    if (later > 0)
        blas_product(BLAS_LEFT_TRANSPOSED, (struct blas_sizes){layer->units, later, columns},
                     pass->hidden, pass->gates + extent->windows * columns, false,
                     gradient->recurrent_kernel);
    else
        memset(gradient->recurrent_kernel, 0, layer->units * columns * sizeof(float));
    if (extent->repeated)
        add_steps(layer, extent, pass);
    blas_product(BLAS_LEFT_TRANSPOSED, (struct blas_sizes){layer->inputs, inputs, columns}, input,
                 pass->gates, false, gradient->input_kernel);
    if (input_gradient != NULL)
        blas_product(BLAS_RIGHT_TRANSPOSED, (struct blas_sizes){inputs, columns, layer->inputs},
                     pass->gates, layer->input_kernel, false, input_gradient);
}
