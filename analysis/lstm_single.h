/*
 * One window through a layer of LSTM cells (analysis/lstm.h), for which nothing has to be kept for
 * a way back: weights are laid out once, so that the next window costs its products alone. Units
 * are rounded up to whole vectors; those beyond the layer's own have weights of 0 and output 0.
 */
#ifndef ANALYSIS_LSTM_SINGLE_H
#define ANALYSIS_LSTM_SINGLE_H

#include "analysis/lstm.h"
#include "analysis/panels.h"

struct lstm_single {
    size_t units; /* rounded up: the stride of the output's rows */
    struct panels input_kernel;
    struct panels recurrent_kernel;
    float *bias; /* as many as the kernels have columns */
};

/* Memory of one window on its way, which layers use one after the other. */
struct lstm_single_scratch {
    float *gates; /* (steps x 4 units) */
    float *cells; /* (units) */
};

/* The layer's weights, laid out; release with lstm_single_close. */
void lstm_single_open(struct lstm_single *single, const struct lstm *layer);
void lstm_single_close(struct lstm_single *single);

/*
 * Fills `hidden` (steps x units). `input` has rows `input_stride` apart, one a step, or with a
 * stride of 0 one for all.
 */
void lstm_single_forward(const struct lstm_single *single, size_t steps, const float *input,
                         size_t input_stride, const struct lstm_single_scratch *scratch,
                         float *hidden);

#endif
