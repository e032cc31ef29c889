/*
 * ROC and precision-recall curves of scores, as scikit-learn's roc_curve (with
 * drop_intermediate=False), precision_recall_curve, auc and average_precision_score.
 */
#ifndef ANALYSIS_CURVES_H
#define ANALYSIS_CURVES_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/evaluation.h"

struct curves {
    struct curve roc;
    struct curve precision_recall;
    double average_precision; /* sum over the thresholds of precision times the rise of recall */
};

/*
 * `positive` has 0 or 1 for each of `count` scores; there is at least one of each, and no score
 * is NaN. A point for every distinct score as threshold (a score at the threshold is called
 * positive), in order of falling thresholds, after a first point where nothing is called positive:
 * threshold highest score + 1, recall 0, precision 1 by convention. Free with curves_free.
 */
void curves_make(const double *scores, const uint8_t *positive, size_t count,
                 struct curves *curves);
void curves_free(struct curves *curves);

/* The figures alone, by the same sums. */
struct curve_areas {
    double roc;
    double precision_recall;
    double average_precision;
};
struct curve_areas curves_areas(const double *scores, const uint8_t *positive, size_t count);

/*
 * The figures of scores that count several times each, as scikit-learn's with sample_weight; the
 * scores fall. NaN without a positive or without a negative that counts.
 */
struct curve_areas curves_weighted_areas(const double *scores, const uint8_t *positive,
                                         const uint32_t *weights, size_t count);

/* Fills `order` by the indices of all scores, highest score first, equal ones as they stand. No
 * score is NaN. */
void curves_order(const double *scores, size_t count, size_t *order);

#endif
