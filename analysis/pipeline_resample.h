/* The mean of observations over longer periods. */
#ifndef ANALYSIS_PIPELINE_RESAMPLE_H
#define ANALYSIS_PIPELINE_RESAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dataset;

/* Sums of the known values of the rows of one period. */
struct resample_sums {
    size_t columns;
    double *sums;
    size_t *counts; /* per column: values known */
    size_t rows;
};

void resample_open(struct resample_sums *sums, size_t columns);
void resample_close(struct resample_sums *sums);
void resample_add(struct resample_sums *sums, const double *row);

/* The means, NaN of what was never known; the sums start anew. */
void resample_take(struct resample_sums *sums, double *row);

/*
 * Makes one row of each period of `period_ns` (from the first row of an experiment on) in which
 * there is one. Its time is that of the last of its rows; its label theirs if they agree, else it
 * is left out. Rows are in one sequence while no period is empty.
 */
void pipeline_resample(struct dataset *dataset, int64_t period_ns);

#endif
