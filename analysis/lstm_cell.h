/* What is done element by element at one step of an LSTM layer (analysis/lstm.h). */
#ifndef ANALYSIS_LSTM_CELL_H
#define ANALYSIS_LSTM_CELL_H

#include <stddef.h>

struct lstm_cell_step {
    size_t windows;
    size_t units;
    const float *bias;         /* (4 units) */
    float *gates;              /* (windows x 4 units) */
    const float *cells_before; /* (windows x units); at the first step NULL, for 0 */
    float *cells;              /* (windows x units) */
    float *cell_tanh;          /* (windows x units) */
    float *hidden;             /* (windows x units) */

    /* The way back only. */
    const float *hidden_gradient; /* (windows x units) */
    float *cell_carry;            /* (windows x units): the cell's gradient from the step after,
                                     and for the step before */
    float *bias_gradient;         /* (4 units): what comes from this step is added */
};

/* From the products in `gates` to the gates, and with them the cells and the output. */
void lstm_cell_forward(const struct lstm_cell_step *step);

/* From the gates in `gates` to the gradients of what went into them. */
void lstm_cell_backward(const struct lstm_cell_step *step);

#endif
