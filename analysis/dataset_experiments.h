/* What the plan says of the experiments that a data set's rows come from. */
#ifndef ANALYSIS_DATASET_EXPERIMENTS_H
#define ANALYSIS_DATASET_EXPERIMENTS_H

#include "analysis/dataset.h"

/* Fills in intensities and repetitions of the rows. */
int dataset_read_experiments(struct store *store, struct dataset *dataset, struct error *error);

#endif
