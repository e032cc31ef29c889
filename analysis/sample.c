#include "analysis/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MOST_TERMS = 10000, HALVINGS = 100 };

void sample_add(struct sample *sample, double value, size_t experiment)
{
    if (isnan(value))
        return;
    sample->values =
        memory_grow(sample->values, sample->count, &sample->capacity, sizeof *sample->values);
    sample->experiments = memory_grow(sample->experiments, sample->count,
                                      &sample->experiment_capacity, sizeof *sample->experiments);
    sample->experiments[sample->count] = experiment;
    sample->values[sample->count++] = value;
}

void sample_free(struct sample *sample)
{
    free(sample->values);
    free(sample->experiments);
    memset(sample, 0, sizeof *sample);
}

double sample_mean(const struct sample *sample)
{
    double sum = 0;

    for (size_t i = 0; i < sample->count; i++)
        sum += sample->values[i];
    return sum / (double)sample->count;
}

/* Square of the standard error of the group's mean. */
static double error_of_mean(const struct sample *group)
{
    double mean = sample_mean(group);
    double sum = 0;

    for (size_t i = 0; i < group->count; i++)
        sum += (group->values[i] - mean) * (group->values[i] - mean);
    return sum / (double)(group->count - 1) / (double)group->count;
}

double sample_half_width(const struct sample *groups, size_t count)
{
    double sum = 0;
    double parts = 0;

    for (size_t i = 0; i < count; i++) {
        double error;

        if (groups[i].count < 2)
            return NAN;
        error = error_of_mean(&groups[i]);
        sum += error;
        parts += error * error / (double)(groups[i].count - 1);
    }
    if (count == 0)
        return NAN;
    return parts > 0 ? student_quantile(sum * sum / parts) * sqrt(sum) / (double)count : 0;
}

/* The continued fraction of the incomplete beta function by Lentz's method (Abramowitz and
 * Stegun, 26.5.8). */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    double value;

    d = 1 / (fabs(d) < tiny ? tiny : d);
    value = d;
    for (int m = 1; m < MOST_TERMS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double change;

        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        value *= c * d;
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        change = c * d;
        value *= change;
        if (fabs(change - 1) < 1e-15)
            break;
    }
    return value;
}

/* The regularised incomplete beta function. */
static double incomplete_beta(double a, double b, double x)
{
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));

    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a
                                     : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double student_quantile(double degrees)
{
    double low = 1;
    double high = 20; /* one degree of freedom has 12.7 */

    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        /* The share of both tails beyond the middle (Abramowitz and Stegun, 26.7.1 and 26.5.27). */
        double tails = incomplete_beta(degrees / 2, 0.5, degrees / (degrees + middle * middle));

        if (tails > 0.05)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}
