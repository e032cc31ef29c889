/* Two data sets of the same metrics as one: to train on a run and test on another. */
#ifndef ANALYSIS_DATASET_JOIN_H
#define ANALYSIS_DATASET_JOIN_H

#include "analysis/dataset.h"

/*
 * The rows of `training` and then those of `test`, with `sources` 0 and 1 and labels brought
 * together by name; what a data set counts is left 0. ERROR_INPUT names the first metric that only
 * one of them has. Free with dataset_free.
 */
int dataset_join(const struct dataset *training, const struct dataset *test,
                 struct dataset **joined, struct error *error);

#endif
