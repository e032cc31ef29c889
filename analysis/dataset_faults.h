/* The names and injections of a run's valid experiments, as a data set needs them. */
#ifndef ANALYSIS_DATASET_FAULTS_H
#define ANALYSIS_DATASET_FAULTS_H

#include "analysis/dataset.h"

/* Fills experiment names, faults and whether they mix intensities, of `dataset`, which is zeroed
 * there. */
int dataset_read_faults(struct store *store, struct dataset *dataset, struct error *error);

void dataset_faults_free(struct dataset *dataset);

#endif
