/* The figures on the page of a comparison: tables with intervals, as numbers and drawn. */
#ifndef CLI_COMPARISON_FIGURES_H
#define CLI_COMPARISON_FIGURES_H

#include "analysis/comparison.h"
#include "analysis/report_page.h"

/* The section with all figures. */
void comparison_write_figures(struct report *report, const struct comparison *comparison);

/* Four cells: both values with their intervals, the change, the corrected p. */
void comparison_write_values(struct report *report, const struct compared_row *row);

#endif
