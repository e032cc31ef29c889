/*
 * disk-writer FOLDER WORKERS BYTES RATE direct|fsync|buffered
 *
 * WORKERS processes that write, RATE bytes a second together, each round and round in a file of
 * BYTES bytes of its own. Runs on a target, where nothing of ours is installed: static.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PIECE 65536LL
#define ALIGNMENT 4096 /* of direct writes */

struct task {
    const char *folder;
    const char *mode;
    long workers;
    long long bytes;
    long long rate; /* of all */
};

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void sleep_until(int64_t instant)
{
    struct timespec time = {.tv_sec = instant / 1000000000, .tv_nsec = instant % 1000000000};

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
        ;
}

/* Some file systems know no direct writes: then it is as good as done with an fsync. */
static int open_file(const struct task *task, long worker, bool *syncs)
{
    char path[4096];
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
    int descriptor = -1;

    snprintf(path, sizeof path, "%s/writer-%ld", task->folder, worker);
    *syncs = strcmp(task->mode, "fsync") == 0;
    if (strcmp(task->mode, "direct") == 0) {
        descriptor = open(path, flags | O_DIRECT, 0600);
        *syncs = descriptor < 0;
    }
    return descriptor >= 0 ? descriptor : open(path, flags, 0600);
}

static int work(const struct task *task, long worker)
{
    static _Alignas(ALIGNMENT) unsigned char piece[PIECE];
    bool syncs;
    int descriptor = open_file(task, worker, &syncs);
    double interval = 1e9 * PIECE * (double)task->workers / (double)task->rate;
    double next = (double)now() + interval * (double)worker / (double)task->workers;
    long long at = 0;

    if (descriptor < 0) {
        perror(task->folder);
        return 1;
    }
    for (;;) {
        sleep_until((int64_t)next);
        memset(piece, (int)(now() & 0xff), sizeof piece);
        if (pwrite(descriptor, piece, sizeof piece, at) < 0 || (syncs && fsync(descriptor) < 0)) {
            perror(task->folder);
            return 1;
        }
        at = at + 2 * PIECE <= task->bytes ? at + PIECE : 0;
        /* What the disk could not do is not made up for. */
        next = next + interval < (double)now() ? (double)now() : next + interval;
    }
}

static long long number_of(const char *text, long long most)
{
    char *end;
    long long number = strtoll(text, &end, 10);

    return end == text || *end != '\0' || number < 1 || number > most ? -1 : number;
}

static bool read_arguments(struct task *task, int count, char **arguments)
{
    if (count != 6)
        return false;
    task->folder = arguments[1];
    task->workers = (long)number_of(arguments[2], 4096);
    task->bytes = number_of(arguments[3], 1LL << 40);
    task->rate = number_of(arguments[4], 1LL << 50);
    task->mode = arguments[5];
    return task->workers > 0 && task->bytes >= PIECE && task->rate > 0 &&
           (strcmp(task->mode, "direct") == 0 || strcmp(task->mode, "fsync") == 0 ||
            strcmp(task->mode, "buffered") == 0);
}

int main(int count, char **arguments)
{
    struct task task;

    if (!read_arguments(&task, count, arguments)) {
        fputs("usage: disk-writer FOLDER WORKERS BYTES BYTES-A-SECOND direct|fsync|buffered\n",
              stderr);
        return 64;
    }
    for (long i = 0; i < task.workers; i++) {
        pid_t child = fork();

        if (child == 0) {
            /* None stays behind alone. */
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            return work(&task, i);
        }
        if (child < 0)
            perror("disk-writer");
    }
    while (wait(NULL) > 0 || errno == EINTR)
        ;
    return 1;
}
