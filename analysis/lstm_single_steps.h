/* The steps of one window through a layer (analysis/lstm_single.h), in one go: while the units of
 * some panels get their gates, the processor already multiplies for the next. */
#ifndef ANALYSIS_LSTM_SINGLE_STEPS_H
#define ANALYSIS_LSTM_SINGLE_STEPS_H

#include <stddef.h>

#include "analysis/panels.h"

struct lstm_single_steps {
    const struct panels *kernel; /* the recurrent one; a panel has the gates of some units */
    size_t steps;
    float *gates;  /* (steps x the kernel's columns): what the inputs and the bias give; used up */
    float *cells;  /* (units), rounded up to panels */
    float *hidden; /* (steps x units), likewise: the output */
};

void lstm_single_step_all(const struct lstm_single_steps *steps);

#endif
