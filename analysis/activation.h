/* What the output of a net goes through: one line each in the table of analysis/activation.c. */
#ifndef ANALYSIS_ACTIVATION_H
#define ANALYSIS_ACTIVATION_H

#include <stddef.h>

struct activation {
    const char *name;

    /* Replaces each of `count` values by the function of it. */
    void (*apply)(float *values, size_t count);

    /* Multiplies each gradient by the function's slope, told from the function's output. */
    void (*slope)(const float *outputs, float *gradients, size_t count);
};

/* The place in the table is what files of models hold: new ones come last. */
extern const struct activation activations[];
extern const size_t activation_count;

/* The activation of this name, or NULL. */
const struct activation *activation_find(const char *name);

#endif
