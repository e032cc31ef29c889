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

void preprocess_open(struct preprocess *preprocess, size_t columns)
{
    *preprocess = (struct preprocess){.columns = columns,
                                      .source = memory_new(columns, sizeof(size_t)),
                                      .median = memory_new(columns, sizeof(double)),
                                      .offset = memory_new(columns, sizeof(double)),
                                      .scale = memory_new(columns, sizeof(double))};
}

static void fit_range(const double *known, size_t count, double *offset, double *scale)
{
    double least = known[0];
    double most = known[0];

    for (size_t i = 1; i < count; i++) {
        least = known[i] < least ? known[i] : least;
        most = known[i] > most ? known[i] : most;
    }
    *offset = least;
    *scale = most - least;
}

static void fit_deviation(const double *known, size_t count, double *offset, double *scale)
{
    double mean = 0;
    double sum = 0;

    /* Divided first: a sum of great values can be infinite. */
    for (size_t i = 0; i < count; i++)
        mean += known[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        sum += (known[i] - mean) * (known[i] - mean) / (double)count;
    *offset = mean;
    *scale = sqrt(sum);
}

static void fit_nothing(const double *known, size_t count, double *offset, double *scale)
{
    (void)known;
    (void)count;
    *offset = 0;
    *scale = 1;
}

/* By enum scaling. */
static void (*const fit_scaling[])(const double *known, size_t count, double *offset,
                                   double *scale) = {
    [SCALING_MINMAX] = fit_range,
    [SCALING_STANDARD] = fit_deviation,
    [SCALING_NONE] = fit_nothing,
};

void preprocess_fit(const struct row_choice *training, enum scaling scaling,
                    struct preprocess *preprocess)
{
    double *known = memory_new(training->count, sizeof *known);

    preprocess_open(preprocess, training->columns);
    for (size_t column = 0; column < training->columns; column++) {
        size_t place = preprocess->kept;
        bool differ;
        size_t count = known_values(training, column, known, &differ);

        if (!differ)
            continue;
        fit_scaling[scaling](known, count, &preprocess->offset[place], &preprocess->scale[place]);
        /* Values so near to each other, or so far apart, that their distance is no number. */
        if (!(preprocess->scale[place] > 0) || !isfinite(preprocess->scale[place]))
            continue;
        preprocess->source[place] = column;
        preprocess->median[place] = select_value(known, count, (count - 1) / 2);
        preprocess->kept++;
    }
    free(known);
}

void preprocess_free(struct preprocess *preprocess)
{
    free(preprocess->source);
    free(preprocess->median);
    free(preprocess->offset);
    free(preprocess->scale);
}

double *preprocess_apply(const struct preprocess *preprocess, const struct row_choice *choice)
{
    double *result = memory_new(choice->count * preprocess->kept, sizeof *result);

    for (size_t i = 0; i < choice->count; i++) {
        const double *row = choice->values + choice->rows[i] * choice->columns;

        for (size_t j = 0; j < preprocess->kept; j++) {
            double value = row[preprocess->source[j]];

            value = isnan(value) ? preprocess->median[j] : value;
            result[i * preprocess->kept + j] =
                (value - preprocess->offset[j]) / preprocess->scale[j];
        }
    }
    return result;
}
