/* A comparison for people. */
#ifndef CLI_COMPARISON_TABLE_H
#define CLI_COMPARISON_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/comparison.h"
#include "base/text.h"

/* Prints what differs between the runs, then their figures: of each figure that over all faults and
 * those that are the furthest apart, or all. */
void comparison_table_print(const struct comparison *comparison, bool all, FILE *stream);

/* 'cpu high on sprout', 'nominal', 'all faults', 'binary on sprout, by experiment'; appended. */
void comparison_append_place(struct text *text, const struct compared_row *row);

/* The corrected p down to which a row is said to differ. */
extern const double comparison_significance;

/* The rows of one figure, in the order in which they are shown: that over all faults, then those
 * that are the furthest apart. The caller frees the list. */
const struct compared_row **comparison_rows_of(const struct comparison *comparison, size_t figure,
                                               size_t *count);

/* A figure's value without its unit, with as many digits as a column of figures wants; appended. */
void comparison_append_figure(struct text *text, size_t figure, double value);

/* A figure's value with its unit as people read it: '12.3 %', '0.981'. */
void comparison_append_value(struct text *text, size_t figure, double value);

#endif
