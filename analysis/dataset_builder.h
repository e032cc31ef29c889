/* Makes a data set from stored observations: labels, columns, rates, rows. */
#ifndef ANALYSIS_DATASET_BUILDER_H
#define ANALYSIS_DATASET_BUILDER_H

#include "analysis/dataset.h"
#include "analysis/raw_observations.h"

/* Fills `dataset`, which is zeroed but for its target. */
void dataset_build(struct dataset *dataset, const struct raw_observations *raw);

#endif
