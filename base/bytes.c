#include "base/bytes.h"

#include <string.h>

void bytes_put_integer(struct text *bytes, uint64_t value, size_t size)
{
    char buffer[8];

    for (size_t i = 0; i < size; i++)
        buffer[i] = (char)(value >> 8 * i & 0xff);
    text_append_bytes(bytes, buffer, size);
}

uint64_t bytes_integer(const char *bytes, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)(unsigned char)bytes[i] << 8 * i;
    return value;
}

void bytes_put_float(struct text *bytes, float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    bytes_put_integer(bytes, bits, sizeof bits);
}

float bytes_float(const char *bytes)
{
    uint32_t bits = (uint32_t)bytes_integer(bytes, sizeof bits);
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}
