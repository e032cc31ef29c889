#include "analysis/activation.h"

#include <string.h>

#include "analysis/approximation.h"

static void apply_linear(float *values, size_t count)
{
    (void)values;
    (void)count;
}

static void slope_linear(const float *outputs, float *gradients, size_t count)
{
    (void)outputs;
    (void)gradients;
    (void)count;
}

static void apply_elu(float *values, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        float negative = approximate_exp(values[i]) - 1;

        values[i] = values[i] > 0 ? values[i] : negative;
    }
}

static void slope_elu(const float *outputs, float *gradients, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        gradients[i] *= outputs[i] > 0 ? 1 : outputs[i] + 1;
}

static void apply_tanh(float *values, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        values[i] = approximate_tanh(values[i]);
}

static void slope_tanh(const float *outputs, float *gradients, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        gradients[i] *= 1 - outputs[i] * outputs[i];
}

const struct activation activations[] = {
    {"linear", apply_linear, slope_linear},
    {"elu", apply_elu, slope_elu}, /* e^x - 1 below 0 (Clevert et al., 2016) */
    {"tanh", apply_tanh, slope_tanh},
};

const size_t activation_count = sizeof activations / sizeof *activations;

const struct activation *activation_find(const char *name)
{
    for (size_t i = 0; i < activation_count; i++) {
        if (strcmp(activations[i].name, name) == 0)
            return &activations[i];
    }
    return NULL;
}
