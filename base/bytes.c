#include "base/bytes.h"

#include <string.h>

#include "base/memory.h"

void bytes_put_integer(struct text *bytes, uint64_t value, size_t size)
{
    char buffer[8];

    for (size_t i = 0; i < size; i++)
        buffer[i] = (char)(value >> 8 * i & 0xff);
    text_append_bytes(bytes, buffer, size);
}

void bytes_put_float(struct text *bytes, float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    bytes_put_integer(bytes, bits, 4);
}

void bytes_put_double(struct text *bytes, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    bytes_put_integer(bytes, bits, 8);
}

void bytes_put_doubles(struct text *bytes, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bytes_put_double(bytes, values[i]);
}

int bytes_check_left(const struct byte_reader *reader, size_t count, size_t size,
                     struct error *error)
{
    if (count > (reader->length - reader->at) / size)
        return error_set(error, ERROR_INPUT, "it ends too early");
    return 0;
}

int bytes_get_integer(struct byte_reader *reader, size_t size, uint64_t *value, struct error *error)
{
    if (bytes_check_left(reader, size, 1, error) < 0)
        return -1;
    *value = 0;
    for (size_t i = 0; i < size; i++)
        *value |= (uint64_t)(unsigned char)reader->bytes[reader->at++] << 8 * i;
    return 0;
}

int bytes_get_float(struct byte_reader *reader, float *value, struct error *error)
{
    uint64_t wide;
    uint32_t bits;

    if (bytes_get_integer(reader, 4, &wide, error) < 0)
        return -1;
    bits = (uint32_t)wide;
    memcpy(value, &bits, sizeof bits);
    return 0;
}

int bytes_get_double(struct byte_reader *reader, double *value, struct error *error)
{
    uint64_t bits;

    if (bytes_get_integer(reader, 8, &bits, error) < 0)
        return -1;
    memcpy(value, &bits, sizeof bits);
    return 0;
}

int bytes_get_doubles(struct byte_reader *reader, size_t count, double **values,
                      struct error *error)
{
    *values = NULL;
    if (bytes_check_left(reader, count, sizeof(double), error) < 0)
        return -1;
    *values = memory_new(count, sizeof(double));
    for (size_t i = 0; i < count; i++)
        bytes_get_double(reader, &(*values)[i], error);
    return 0;
}
