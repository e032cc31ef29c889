/* Inside the store room: metric vectors as blobs of little-endian float64. */
#ifndef STORE_VECTOR_H
#define STORE_VECTOR_H

#include <stddef.h>

/* `blob` has 8 bytes for each of `count` values, at any alignment. */
void vector_encode(const double *values, size_t count, unsigned char *blob);
void vector_decode(const unsigned char *blob, size_t count, double *values);

#endif
