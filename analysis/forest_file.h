/* A forest as bytes, the same on every machine; the layout is in docs/detectors.md. */
#ifndef ANALYSIS_FOREST_FILE_H
#define ANALYSIS_FOREST_FILE_H

#include "analysis/forest.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

/* Appends the forest; NULL is written as one without trees. */
void forest_write(const struct forest *forest, struct text *bytes);

/*
 * Reads a forest, of so many classes or, with 0, one that answers yes or no; NULL for one without
 * trees. Everything is checked (columns, children after their parents, values in range), so that
 * scoring with what was read is safe. ERROR_INPUT says what is wrong.
 */
int forest_read(struct byte_reader *reader, size_t columns, size_t classes, struct forest **forest,
                struct error *error);

#endif
