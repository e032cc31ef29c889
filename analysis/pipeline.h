/*
 * What is made of observations before a detector's own preprocessing (analysis/preprocess.h): the
 * mean over longer periods, and features from the observations before. Nothing of it is fitted. A
 * model keeps it, so that what is scored goes the same way.
 */
#ifndef ANALYSIS_PIPELINE_H
#define ANALYSIS_PIPELINE_H

#include <stddef.h>
#include <stdint.h>

#define PIPELINE_MOST_LAGS 100

struct dataset;
struct record;

struct pipeline {
    int64_t
        resample_ns; /* one row a period of this length, the mean of its observations; 0: none */
    size_t lags;     /* each metric also as 1, 2, ... rows before; 0: none */
    int changes;     /* each metric also as its difference from the row before */
};

extern const struct record pipeline_record; /* analysis/record.h */

/* How many columns there are for each metric. */
size_t pipeline_factor(const struct pipeline *pipeline);

/* How many rows before its own a row is made of. */
size_t pipeline_history(const struct pipeline *pipeline);

/*
 * Fills `derived` (rows x columns * factor): the columns as they are, then those of lag 1, of lag
 * 2,
 * ..., then the changes. NaN where the sequence has no such row.
 */
void pipeline_derive(const struct pipeline *pipeline, const double *values, size_t rows,
                     size_t columns, const size_t *sequences, double *derived);

/* Puts a data set through all of it. A row of several labels is left out of training. */
void pipeline_apply(const struct pipeline *pipeline, struct dataset *dataset);

#endif
