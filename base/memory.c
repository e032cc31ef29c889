#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *pointer)
{
    if (pointer == NULL) {
        fputs("vnfault: out of memory; leases on the targets end the faults\n", stderr);
        abort();
    }
    return pointer;
}

void *memory_new(size_t count, size_t size)
{
    return checked(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *memory_resize(void *items, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return checked(NULL);
    return checked(realloc(items, count * size > 0 ? count * size : 1));
}

void *memory_grow(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity > 0 ? *capacity * 2 : 8;
    return memory_resize(items, *capacity, size);
}

char *memory_string(const char *string)
{
    return string == NULL ? NULL : checked(strdup(string));
}

char *memory_format(const char *format, ...)
{
    va_list arguments;
    char *string = NULL;
    int length;

    va_start(arguments, format);
    length = vasprintf(&string, format, arguments);
    va_end(arguments);
    return checked(length < 0 ? NULL : string);
}
