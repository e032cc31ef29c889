/*
 * exp, the logistic function and tanh without branches and calls, so that loops over them become
 * vector instructions. Errors are about 1e-7: of exp relative to it, of the others absolute.
 */
#ifndef ANALYSIS_APPROXIMATION_H
#define ANALYSIS_APPROXIMATION_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "analysis/vector.h"

/* e^value; values beyond -most and most, which is at most 87, count as these. NaN stays NaN. */
VECTOR_BODY float approximate_exp_within(float value, float most)
{
    const float to_integer = 0x1.8p23F; /* a number added to it is rounded to an integer, which is
                                           in the sum's last bits */
    float bounded = value < -most ? -most : value;
    float shifted;
    float exponent;
    float rest;
    float series;
    float power;
    uint32_t bits;

    bounded = bounded > most ? most : bounded;
    shifted = bounded * 0x1.715476p0F + to_integer;
    exponent = shifted - to_integer;
    /* ln 2 in two parts, of which the first has so few bits that its multiple is exact. */
    rest = bounded - exponent * 0x1.62e4p-1F;
    rest = rest - exponent * 0x1.7f7d1cp-20F;
    /* Taylor's series, on at most half of ln 2 to either side. */
    series = 1 / 5040.0F;
    series = series * rest + 1 / 720.0F;
    series = series * rest + 1 / 120.0F;
    series = series * rest + 1 / 24.0F;
    series = series * rest + 1 / 6.0F;
    series = series * rest + 0.5F;
    series = series * rest + 1.0F;
    series = series * rest + 1.0F;
    /* 2^exponent: the bits of a float from its exponent's on. */
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 127) << 23;
    memcpy(&power, &bits, sizeof power);
    return series * power;
}

/* Within where float ends. */
VECTOR_BODY float approximate_exp(float value)
{
    return approximate_exp_within(value, 87.0F);
}

/* 1 / (1 + e^-value) */
VECTOR_BODY float approximate_logistic(float value)
{
    return 1.0F / (1.0F + approximate_exp(-value));
}

VECTOR_BODY float approximate_tanh(float value)
{
    return copysignf(1.0F - 2.0F / (1.0F + approximate_exp(2.0F * fabsf(value))), value);
}

#endif
