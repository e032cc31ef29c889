#include "analysis/preprocess.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

/* The value that would be at `place` if the values were sorted (Hoare's selection). */
static double select_value(double *values, size_t count, size_t place)
{
    size_t first = 0;
    size_t last = count - 1;

    while (first < last) {
        double pivot = values[first + (last - first) / 2];
        size_t i = first;
        size_t j = last;

        for (;; i++, j--) {
            double value;

            while (values[i] < pivot)
                i++;
            while (pivot < values[j])
                j--;
            if (i >= j)
                break;
            value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
        if (place <= j)
            last = j;
        else
            first = j + 1;
    }
    return values[place];
}

/* Copies a column's known values; returns their number, and whether they differ. */
static size_t known_values(const struct row_choice *choice, size_t column, double *known,
                           bool *differ)
{
    size_t count = 0;

    *differ = false;
    for (size_t i = 0; i < choice->count; i++) {
        double value = choice->values[choice->rows[i] * choice->columns + column];

        if (isnan(value))
            continue;
        known[count++] = value;
        *differ = *differ || value != known[0];
    }
    return count;
}

void preprocess_fit(const struct row_choice *training, struct preprocess *preprocess)
{
    double *known = memory_new(training->count, sizeof *known);

    *preprocess = (struct preprocess){.columns = training->columns,
                                      .source = memory_new(training->columns, sizeof(size_t)),
                                      .median = memory_new(training->columns, sizeof(double))};
    for (size_t column = 0; column < training->columns; column++) {
        bool differ;
        size_t count = known_values(training, column, known, &differ);

        if (!differ)
            continue;
        preprocess->source[preprocess->kept] = column;
        preprocess->median[preprocess->kept++] = select_value(known, count, (count - 1) / 2);
    }
    free(known);
}

void preprocess_free(struct preprocess *preprocess)
{
    free(preprocess->source);
    free(preprocess->median);
}

double *preprocess_apply(const struct preprocess *preprocess, const struct row_choice *choice)
{
    double *result = memory_new(choice->count * preprocess->kept, sizeof *result);

    for (size_t i = 0; i < choice->count; i++) {
        const double *row = choice->values + choice->rows[i] * choice->columns;

        for (size_t j = 0; j < preprocess->kept; j++) {
            double value = row[preprocess->source[j]];

            result[i * preprocess->kept + j] = isnan(value) ? preprocess->median[j] : value;
        }
    }
    return result;
}
