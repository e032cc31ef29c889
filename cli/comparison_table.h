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

/* A figure's value with its unit as people read it: '12.3 %', '0.981'. */
void comparison_append_value(struct text *text, size_t figure, double value);

#endif
