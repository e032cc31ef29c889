/*
 * Preprocessing between a data set and a detector, fitted on training rows alone: metrics that are
 * constant there (or never known) are dropped, and a missing value is replaced by the metric's
 * median there (the lower one of two), so that it is a value the detector has seen.
 */
#ifndef ANALYSIS_PREPROCESS_H
#define ANALYSIS_PREPROCESS_H

#include <stddef.h>

struct preprocess {
    size_t columns; /* before */
    size_t kept;    /* after */
    size_t *source; /* per kept column: its column before */
    double *median; /* per kept column */
};

/* Rows chosen out of a matrix (rows x columns, row-major), NaN where a value is missing. */
struct row_choice {
    const double *values;
    size_t columns;
    const size_t *rows;
    size_t count;
};

/* Release with preprocess_free. */
void preprocess_fit(const struct row_choice *training, struct preprocess *preprocess);
void preprocess_free(struct preprocess *preprocess);

/* The chosen rows as the detector gets them (count x kept, row-major). Caller frees. */
double *preprocess_apply(const struct preprocess *preprocess, const struct row_choice *choice);

#endif
