/*
 * The inner loop of products with panels (analysis/panels.h), as a part of vector functions
 * (analysis/vector.h) that go on with the result while the processor still multiplies.
 */
#ifndef ANALYSIS_PANEL_STRIPS_H
#define ANALYSIS_PANEL_STRIPS_H

#include <stddef.h>

#include "analysis/panels.h"
#include "analysis/vector.h"

#define PANEL_LANES (PANEL_COLUMNS / 4)

/* One row by one panel. */
struct panel_strip {
    const float *left;
    const float *panel;
    float *result; /* (PANEL_COLUMNS) */
};

/*
 * Adds two strips' products of `rows` terms, at least 1, to their results. Eight sums at once for
 * each lane of a vector: a processor begins on one while it adds to the others. Strips of the same
 * row or panel read it once; both may be the same.
 */
VECTOR_BODY void panel_strips_multiply(struct panel_strip one, struct panel_strip other,
                                       size_t rows)
{
#pragma omp simd
    for (size_t i = 0; i < PANEL_LANES; i++) {
        float a = one.result[i];
        float b = one.result[PANEL_LANES + i];
        float c = one.result[2 * PANEL_LANES + i];
        float d = one.result[3 * PANEL_LANES + i];
        float e = other.result[i];
        float f = other.result[PANEL_LANES + i];
        float g = other.result[2 * PANEL_LANES + i];
        float h = other.result[3 * PANEL_LANES + i];
        size_t row = 0;

        do {
            const float *weights = one.panel + row * PANEL_COLUMNS + i;
            const float *others = other.panel + row * PANEL_COLUMNS + i;

            a += one.left[row] * weights[0];
            b += one.left[row] * weights[PANEL_LANES];
            c += one.left[row] * weights[2 * PANEL_LANES];
            d += one.left[row] * weights[3 * PANEL_LANES];
            e += other.left[row] * others[0];
            f += other.left[row] * others[PANEL_LANES];
            g += other.left[row] * others[2 * PANEL_LANES];
            h += other.left[row] * others[3 * PANEL_LANES];
        } while (++row < rows);
        one.result[i] = a;
        one.result[PANEL_LANES + i] = b;
        one.result[2 * PANEL_LANES + i] = c;
        one.result[3 * PANEL_LANES + i] = d;
        other.result[i] = e;
        other.result[PANEL_LANES + i] = f;
        other.result[2 * PANEL_LANES + i] = g;
        other.result[3 * PANEL_LANES + i] = h;
    }
}

#endif
