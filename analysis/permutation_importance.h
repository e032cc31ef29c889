/*
 * Permutation importance (Breiman, 2001, section 10): how much worse a detector finds faults that
 * it wasn't trained on if one metric's values are dealt out anew among the tested observations.
 */
#ifndef ANALYSIS_PERMUTATION_IMPORTANCE_H
#define ANALYSIS_PERMUTATION_IMPORTANCE_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/dataset.h"
#include "analysis/model.h"

enum { PERMUTATION_REPEATS = 5 };

/*
 * Adds to `decrease`, one a column of the data set, the decrease of the average precision of the
 * binary question on the tested rows, mean over PERMUTATION_REPEATS shuffles. Returns false, with
 * `decrease` as it was, if the rows have one class only. The same seed gives the same figures.
 */
bool permutation_importance(const struct model *model, const struct dataset *dataset,
                            const size_t *rows, size_t count, uint64_t seed, double *decrease);

#endif
