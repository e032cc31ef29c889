/* Weights of classes, inversely proportional to their frequency. */
#ifndef ANALYSIS_FOREST_WEIGHTS_H
#define ANALYSIS_FOREST_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Fills the weight of a row of each class (0 to `class_count` - 1, FOREST_CLASSES_MOST of them at
 * most), 1 of a class without rows. They are whole numbers, so that sums of them are exact and
 * equally good splits are seen to be equal; only their ratio matters. It is exact if the rows then
 * weigh no more than `most` in all, else as near to it as whole numbers are that weigh that much.
 */
void forest_weights(const uint8_t *classes, size_t rows, size_t class_count, uint64_t most,
                    double *weights);

#endif
