/*
 * One layer of LSTM cells (Hochreiter and Schmidhuber, 1997, with forget gates), as Keras and
 * PyTorch compute it:
 *   input, forget, output gate = logistic(x W + h U + b), candidate = tanh(x W + h U + b)
 *   cell = forget * cell before + input * candidate;  h = output * tanh(cell)
 * The four stand side by side in the kernels' columns, in the order input, forget, candidate,
 * output. h and the cell are 0 before the first step.
 *
 * The products with the inputs of all steps are one product. Needs blas_load.
 */
#ifndef ANALYSIS_LSTM_H
#define ANALYSIS_LSTM_H

#include <stdbool.h>
#include <stddef.h>

#define LSTM_GATES 4

/* The weights of a layer, or their gradient; the memory is owned by who made the layer. */
struct lstm {
    size_t inputs;
    size_t units;
    float *input_kernel;     /* (inputs x 4 units): W */
    float *recurrent_kernel; /* (units x 4 units): U */
    float *bias;             /* (4 units): b */
};

/* What goes through a layer at once. */
struct lstm_extent {
    size_t steps;
    size_t windows;
    bool repeated; /* the input is the same at all steps, and given once: (windows x inputs) */
};

/* What a pass leaves behind for the pass back. */
struct lstm_pass {
    float *gates;      /* (steps x windows x 4 units); after the pass back the gradient of the sums
                          that went into them */
    float *cells;      /* (steps x windows x units) */
    float *cell_tanh;  /* (steps x windows x units) */
    float *hidden;     /* (steps x windows x units): h, the layer's output */
    float *cell_carry; /* (windows x units): the cell's gradient on its way back */
    float *recurrent_transposed; /* (4 units x units) */
};

/* Memory for up to `windows` windows; release with lstm_pass_close. */
void lstm_pass_open(struct lstm_pass *pass, size_t units, size_t steps, size_t windows);
void lstm_pass_close(struct lstm_pass *pass);

/* Fills `pass`. `input` is (steps x windows x inputs). */
void lstm_forward(const struct lstm *layer, const struct lstm_extent *extent, const float *input,
                  struct lstm_pass *pass);

/*
 * Back through time, after lstm_forward with the same input. `hidden_gradient` (steps x windows x
 * units) is the gradient of the output; it is used up. Fills `gradient`, and unless NULL
 * `input_gradient`, of the shape of the input.
 */
void lstm_backward(const struct lstm *layer, const struct lstm_extent *extent, const float *input,
                   struct lstm_pass *pass, float *hidden_gradient, struct lstm *gradient,
                   float *input_gradient);

#endif
