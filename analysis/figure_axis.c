#include "analysis/figure_axis.h"

#include <math.h>

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
