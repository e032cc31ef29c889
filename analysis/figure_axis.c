#include "analysis/figure_axis.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static double round_step(double span)
{
    double step = pow(10, floor(log10(span)));
    double multiple = span / step;

    if (multiple <= 1)
        return step;
    if (multiple <= 2)
        return 2 * step;
    return multiple <= 5 ? 5 * step : 10 * step;
}

void append_vertical_axis(struct text *body, double low, double high)
{
    double step;

    if (!(isfinite(low) && isfinite(high)) || high < low)
        low = high = 0;
    if (high > 0 && low <= high / 2)
        low = fmin(low, 0);
    else if (high < 0)
        high = 0;
    if (high - low < 1e-9 * fmax(fabs(high), 1e-3)) {
        low = fmin(low, 0);
        high = fmax(high, low < 0 ? 0 : low + 1e-3);
    }
    step = round_step((high - low) / 4);
    low = floor(low / step + 1e-9) * step;
    high = ceil(high / step - 1e-9) * step;
    text_appendf(body, "set yrange [%.9g:%.9g]\nset ytics %.9g, %.9g\n", low, high, low, step);
}

/* '0.01', '100', and with more zeros '10' and its power raised. */
static void append_power_of_ten(struct text *body, int power)
{
    static const char *const raised[] = {
        "\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",     "\xe2\x81\xb4",
        "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8", "\xe2\x81\xb9"};
    char digits[16];

    if (power >= -3 && power <= 3) {
        text_appendf(body, "%g", pow(10, power));
        return;
    }
    text_append(body, power < 0 ? "10\xe2\x81\xbb" : "10");
    snprintf(digits, sizeof digits, "%d", abs(power));
    for (const char *digit = digits; *digit != '\0'; digit++)
        text_append(body, raised[*digit - '0']);
}

void append_logarithmic_tics(struct text *body, const char *axis, int low, int high)
{
    int step = (high - low + 3) / 4;
    bool first = true;

    if (step < 1)
        step = 1;
    text_appendf(body, "set %stics (", axis);
    for (int power = low; power <= high; power++) {
        if (power % step != 0)
            continue;
        text_append(body, first ? "'" : ", '");
        append_power_of_ten(body, power);
        text_appendf(body, "' %d", power);
        first = false;
    }
    text_append(body, ")\n");
}
