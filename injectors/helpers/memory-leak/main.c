/*
 * memory-leak BYTES RATE
 *
 * Takes memory that stays resident, RATE bytes a second, until it has BYTES; then it just keeps it.
 * Runs on a target, where nothing of ours is installed: static.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define TICK_NS 50000000 /* between two pieces */

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Touches so much of it, from where it had come to: pages that differ, so that none is shared. */
static void grow(unsigned char *memory, size_t from, size_t to, size_t page)
{
    for (size_t at = from; at < to; at += page) {
        uint64_t word = at ^ (uint64_t)now();

        memcpy(memory + at, &word, sizeof word);
    }
}

static long long number_of(const char *text)
{
    char *end;
    long long number = strtoll(text, &end, 10);

    return end == text || *end != '\0' || number < 1 || number > 1LL << 50 ? -1 : number;
}

int main(int count, char **arguments)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    long long bytes = count == 3 ? number_of(arguments[1]) : -1;
    long long rate = count == 3 ? number_of(arguments[2]) : -1;
    int64_t start = now();
    void *room = NULL;
    unsigned char *memory;
    size_t taken = 0;

    if (bytes < 0 || rate < 0) {
        fputs("usage: memory-leak BYTES BYTES-A-SECOND\n", stderr);
        return 64;
    }
    bytes -= bytes % (long long)page;
    if (posix_memalign(&room, page, (size_t)bytes + page) != 0) {
        fputs("memory-leak: there is not so much memory\n", stderr);
        return 1;
    }
    memory = room;
    madvise(memory, (size_t)bytes, MADV_NOHUGEPAGE);
    while (taken < (size_t)bytes) {
        double due = (double)(now() - start) / 1e9 * (double)rate;
        size_t next = due < (double)bytes ? (size_t)due : (size_t)bytes;

        next -= next % page;
        if (next > taken)
            grow(memory, taken, next, page);
        taken = next > taken ? next : taken;
        nanosleep(&(struct timespec){.tv_nsec = TICK_NS}, NULL);
    }
    for (;;)
        pause();
}
