/* A vertical axis with a few round tics, for panels that are too low for gnuplot's own choice. */
#ifndef ANALYSIS_FIGURE_AXIS_H
#define ANALYSIS_FIGURE_AXIS_H

#include "base/text.h"

/* Appends gnuplot commands for an axis that holds `low` to `high` in two to four steps of 1, 2 or
 * 5 times a power of ten. It begins at 0 unless values are far from it (low over half of high). */
void append_vertical_axis(struct text *body, double low, double high);

/* Appends gnuplot commands that show an axis ('x', 'y', 'cb') of logarithms to base ten from `low`
 * to `high`, whole numbers, as what they are logarithms of: 'tics' at five powers of ten at most, 1
 * among them if it is in the range. */
void append_logarithmic_tics(struct text *body, const char *axis, int low, int high);

#endif
