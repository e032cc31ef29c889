/*
 * Adam (Kingma and Ba, 'Adam: a method for stochastic optimization', 2015, algorithm 1) with the
 * decay rates 0.9 and 0.999 and epsilon 1e-8 of the paper and of PyTorch.
 */
#ifndef ANALYSIS_ADAM_H
#define ANALYSIS_ADAM_H

#include <stddef.h>

struct adam {
    double learning_rate;
    size_t count; /* of weights */
    size_t steps; /* done */
    float *means;
    float *squares; /* decaying means of the gradient and of its square, per weight */
};

/* Release with adam_close. */
void adam_open(struct adam *adam, size_t count, double learning_rate);
void adam_close(struct adam *adam);

/* Moves `weights` one step against `gradient`; both have `count` values. */
void adam_step(struct adam *adam, const float *gradient, float *weights);

#endif
