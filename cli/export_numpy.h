/* Data sets for numpy, as detectors get them. The arrays: docs/run-database.md. */
#ifndef CLI_EXPORT_NUMPY_H
#define CLI_EXPORT_NUMPY_H

#include "base/error.h"
#include "store/store.h"

/*
 * Writes the data set of the target, of every target if it is NULL, to a .npz file, whole or not at
 * all. ERROR_INPUT if the run has no such target, ERROR_INCONCLUSIVE if there is no observation to
 * write, else as error_unwritten.
 */
int export_numpy(struct store *store, const char *target, const char *path, struct error *error);

#endif
