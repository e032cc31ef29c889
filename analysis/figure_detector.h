/* Figures of an evaluation: ROC and PR curves (Figures 2 and 3 of the first paper), confusion
 * matrix, metric importance. Each fills a figure that the caller draws and frees. */
#ifndef ANALYSIS_FIGURE_DETECTOR_H
#define ANALYSIS_FIGURE_DETECTOR_H

#include "analysis/evaluation.h"
#include "analysis/figure.h"

enum curve_kind { CURVE_ROC, CURVE_PRECISION_RECALL };

/* What a split is called in text ('stratified 10-fold', 'by experiment'). */
void append_split_name(struct text *text, const struct split_result *split);

/* One curve for binary and for each class, of the scores of all folds, with its area in the key. */
void figure_curves(struct figure *figure, const struct target_result *target,
                   const struct split_result *split, enum curve_kind kind);

/* Shares of the true class (rows), with the counts written in. */
void figure_confusion(struct figure *figure, const struct target_result *target,
                      const struct split_result *split);

/* The `most` most important metrics by one measure, coloured by resource group. */
enum importance_kind { IMPORTANCE_IMPURITY, IMPORTANCE_PERMUTATION };
void figure_importance(struct figure *figure, const struct target_result *target,
                       enum importance_kind kind, size_t most);

#endif
