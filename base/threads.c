#include "base/threads.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

size_t threads_count(size_t count)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (count > 0)
        return count;
    return processors > 0 ? (size_t)processors : 1;
}

void threads_run(size_t count, size_t pieces, void *(*work)(void *argument), void *argument)
{
    pthread_t *threads;
    size_t started = 0;

    count = threads_count(count);
    count = count < pieces ? count : pieces;
    threads = memory_new(count + 1, sizeof *threads);
    while (started + 1 < count && pthread_create(&threads[started], NULL, work, argument) == 0)
        started++;
    work(argument);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
}
