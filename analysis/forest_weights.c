#include "analysis/forest_weights.h"

#include <math.h>

#include "analysis/forest.h"

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

/* Least common multiple of the counts that are not 0; 0 if it is above `most`. */
static uint64_t common_multiple(const uint64_t *counts, size_t count, uint64_t most)
{
    uint64_t multiple = 1;

    for (size_t i = 0; i < count; i++) {
        uint64_t factor;

        if (counts[i] == 0)
            continue;
        factor = counts[i] / greatest_common_divisor(multiple, counts[i]);
        if (factor > most / multiple)
            return 0;
        multiple *= factor;
    }
    return multiple;
}

void forest_weights(const uint8_t *classes, size_t rows, size_t class_count, uint64_t most,
                    double *weights)
{
    uint64_t counts[FOREST_CLASSES_MOST] = {0};
    uint64_t present = 0;
    uint64_t multiple;

    for (size_t row = 0; row < rows; row++)
        counts[classes[row]]++;
    for (size_t i = 0; i < class_count; i++)
        present += counts[i] > 0;
    if (present > 0)
        most /= present;
    multiple = common_multiple(counts, class_count, most);
    for (size_t i = 0; i < class_count; i++) {
        uint64_t exact = counts[i] > 0 ? multiple / counts[i] : 0;

        if (present < 2 || counts[i] == 0)
            weights[i] = 1;
        else if (multiple > 0)
            weights[i] = (double)exact;
        else
            weights[i] = fmax(1, round((double)most / (double)counts[i]));
    }
}
