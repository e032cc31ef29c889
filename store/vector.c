#include "store/vector.h"

#include <stdint.h>
#include <string.h>

void vector_encode(const double *values, size_t count, unsigned char *blob)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;

        memcpy(&bits, &values[i], sizeof bits);
        for (int byte = 0; byte < 8; byte++)
            blob[8 * i + (size_t)byte] = (unsigned char)(bits >> (8 * byte));
    }
}

void vector_decode(const unsigned char *blob, size_t count, double *values)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = 0;

        for (int byte = 0; byte < 8; byte++)
            bits |= (uint64_t)blob[8 * i + (size_t)byte] << (8 * byte);
        memcpy(&values[i], &bits, sizeof bits);
    }
}
