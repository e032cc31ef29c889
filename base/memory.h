/*
 * Allocation that does not return on exhaustion. A program that can't get a few bytes can't
 * revert a fault over SSH either: it aborts, and the lease on the target undoes the fault.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* `count` zeroed items of `size` bytes; the caller frees. Overflow of the product aborts. */
void *memory_new(size_t count, size_t size);

/* Resizes to `count` items of `size` bytes; new bytes are not zeroed. */
void *memory_resize(void *items, size_t count, size_t size);

/* Makes room for one more item: returns `items`, moved if need be, and updates `*capacity`. */
void *memory_grow(void *items, size_t count, size_t *capacity, size_t size);

/* A copy of `string` (NULL stays NULL); the caller frees. */
char *memory_string(const char *string);

/* A formatted string; the caller frees. */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
