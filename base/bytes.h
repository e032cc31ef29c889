/* Numbers as little-endian bytes, the same on every machine, as files of models hold them. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* Bytes that are read from `at` on. */
struct byte_reader {
    const char *bytes;
    size_t length;
    size_t at;
};

/* Appends the lower `size` bytes, at most 8. */
void bytes_put_integer(struct text *bytes, uint64_t value, size_t size);
void bytes_put_float(struct text *bytes, float value);
void bytes_put_double(struct text *bytes, double value);
void bytes_put_doubles(struct text *bytes, const double *values, size_t count);

/* Whether `count` items of `size` bytes are left; ERROR_INPUT if not. */
int bytes_check_left(const struct byte_reader *reader, size_t count, size_t size,
                     struct error *error);

/* Each moves the reader on; ERROR_INPUT if the bytes end before. */
int bytes_get_integer(struct byte_reader *reader, size_t size, uint64_t *value,
                      struct error *error);
int bytes_get_float(struct byte_reader *reader, float *value, struct error *error);
int bytes_get_double(struct byte_reader *reader, double *value, struct error *error);

/* `*values` gets as many; caller frees, also after an error. */
int bytes_get_doubles(struct byte_reader *reader, size_t count, double **values,
                      struct error *error);

#endif
