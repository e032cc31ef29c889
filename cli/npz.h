/*
 * A .npz file, as numpy.load reads it: a zip of arrays in the format .npy 1.0, not compressed. The
 * same arrays give the same bytes.
 */
#ifndef CLI_NPZ_H
#define CLI_NPZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Texts that have more characters are refused: each text of an array takes the room of its longest.
 */
enum { NPZ_LONGEST_TEXT = 1024 };

struct npz;

/* Begins a file, of which nothing is seen before npz_close. End with npz_close or npz_discard.
 * Errors as error_unwritten. */
int npz_open(const char *path, struct npz **npz, struct error *error);

/*
 * Each adds one array under a name of its own, which is valid UTF-8. `values` come from malloc and
 * are freed by the npz, also after an error. (rows x columns) are row-major.
 */
int npz_add_doubles(struct npz *npz, const char *name, double *values, size_t rows, size_t columns,
                    struct error *error);
int npz_add_integers(struct npz *npz, const char *name, int64_t *values, size_t count,
                     struct error *error);
int npz_add_flags(struct npz *npz, const char *name, bool *values, size_t count,
                  struct error *error);

/* The texts, UTF-8 but for bytes that become U+FFFD, stay the caller's. */
int npz_add_texts(struct npz *npz, const char *name, const char *const *texts, size_t count,
                  struct error *error);

/* Writes the file, whole or not at all. Frees the npz in either case. Errors as error_unwritten. */
int npz_close(struct npz *npz, struct error *error);

/* Frees the npz; a file that was there stays as it was. */
void npz_discard(struct npz *npz);

#endif
