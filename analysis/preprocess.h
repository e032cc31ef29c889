/*
 * Preprocessing between a data set and a detector, fitted on training rows alone: metrics that are
 * constant there (or never known) are dropped, a missing value is replaced by the metric's
 * median there (the lower one of two), so that it is a value the detector has seen, and values are
 * scaled.
 */
#ifndef ANALYSIS_PREPROCESS_H
#define ANALYSIS_PREPROCESS_H

#include <stddef.h>

/* Onto 0 to 1 by the least and the greatest value, or to mean 0 and standard deviation 1 (of the
 * population); what was not seen in training can lie outside. */
enum scaling { SCALING_MINMAX, SCALING_STANDARD, SCALING_NONE };

struct preprocess {
    size_t columns; /* before */
    size_t kept;    /* after */
    size_t *source; /* per kept column: its column before */
    double *median; /* per kept column */
    double *offset; /* per kept column: what is taken off first, */
    double *scale;  /* and what it is divided by then */
};

/* Rows chosen out of a matrix (rows x columns, row-major), NaN where a value is missing. */
struct row_choice {
    const double *values;
    size_t columns;
    const size_t *rows;
    size_t count;
};

/* Release with preprocess_free. */
void preprocess_fit(const struct row_choice *training, enum scaling scaling,
                    struct preprocess *preprocess);
void preprocess_free(struct preprocess *preprocess);

/* Room for as many kept columns as there are; none is kept yet. */
void preprocess_open(struct preprocess *preprocess, size_t columns);

/* The chosen rows as the detector gets them (count x kept, row-major). Caller frees. */
double *preprocess_apply(const struct preprocess *preprocess, const struct row_choice *choice);

#endif
