/* Numbers as little-endian bytes, the same on every machine, as files of models hold them. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Appends the `size` lower bytes of `value`, at most 8. */
void bytes_put_integer(struct text *bytes, uint64_t value, size_t size);
uint64_t bytes_integer(const char *bytes, size_t size);

/* The 4 bytes of a float. */
void bytes_put_float(struct text *bytes, float value);
float bytes_float(const char *bytes);

#endif
