/* Values of one figure, one an experiment, and what is known of their mean. */
#ifndef ANALYSIS_SAMPLE_H
#define ANALYSIS_SAMPLE_H

#include <stddef.h>

struct sample {
    double *values;
    size_t *experiments; /* of each value: the number of its experiment in its run */
    size_t count;
    size_t capacity;
    size_t experiment_capacity;
};

/* NaN is no value and is not added. */
void sample_add(struct sample *sample, double value, size_t experiment);
void sample_free(struct sample *sample);

/* Of one value at least. */
double sample_mean(const struct sample *sample);

/*
 * Half the width of the interval that holds the mean of the groups' means with 95 %: Student's t on
 * the standard error, its degrees of freedom by Welch and Satterthwaite (Welch, Biometrika 1947);
 * of one group that is Student's own interval (Georges et al., OOPSLA 2007, take it for few
 * repetitions). NaN if a group has less than two values.
 */
double sample_half_width(const struct sample *groups, size_t count);

/* The value that Student's t of so many degrees of freedom (1 or more, any fraction) exceeds on
 * either side with 5 % in all. */
double student_quantile(double degrees);

#endif
