/* The same work in several threads. */
#ifndef BASE_THREADS_H
#define BASE_THREADS_H

#include <stddef.h>

/* How many threads `count` asks for: itself, or with 0 one a processor. */
size_t threads_count(size_t count);

/*
 * Calls `work` in this thread and in others, `count` in all (0: one a processor) but no more than
 * there are pieces of work or than the machine gives, and returns when all have returned. They
 * share out the pieces through `argument`.
 */
void threads_run(size_t count, size_t pieces, void *(*work)(void *argument), void *argument);

#endif
