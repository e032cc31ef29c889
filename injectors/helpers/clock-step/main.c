/*
 * clock-step apply FILE MICROSECONDS
 * clock-step undo FILE
 *
 * Moves the time of day by so much (ahead, or behind if negative), and back by just as much: the
 * kernel adds the step to the running clock, so the time that passed meanwhile is kept. FILE says
 * what was done: 'OFFSET STEP', written before the step is made, empty once it is undone. OFFSET is
 * the time of day less the time since boot before the step, in ns; it tells whether a step that was
 * cut short was made, and whether somebody has set the clock since. Whoever comes second waits.
 * Runs on a target, where nothing of ours is installed: static.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#define LOOKS 16 /* at both clocks; the shortest counts */
#define LONGEST_STEP INT64_C(1000000000000000)

static int64_t read_clock(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Time of day less time since boot, ns: only who sets the clock changes it. */
static int64_t clock_offset(void)
{
    int64_t shortest = INT64_MAX;
    int64_t offset = 0;

    for (int i = 0; i < LOOKS; i++) {
        int64_t before = read_clock(CLOCK_BOOTTIME);
        int64_t now = read_clock(CLOCK_REALTIME);
        int64_t after = read_clock(CLOCK_BOOTTIME);

        if (after - before < shortest) {
            shortest = after - before;
            offset = now - before - shortest / 2;
        }
    }
    return offset;
}

static int complain(const char *what)
{
    fprintf(stderr, "clock-step: %s: %s\n", what, strerror(errno));
    return 1;
}

/* Adds to the running clock, in the kernel at once: nothing is lost between reading and setting. */
static int step_clock(int64_t microseconds)
{
    struct timex step = {.modes = ADJ_SETOFFSET};

    step.time.tv_sec = (time_t)(microseconds / 1000000);
    step.time.tv_usec = (suseconds_t)(microseconds % 1000000);
    if (step.time.tv_usec < 0) {
        step.time.tv_sec--;
        step.time.tv_usec += 1000000;
    }
    return adjtimex(&step) < 0 ? complain("can't set the clock") : 0;
}

static int apply(int file, int64_t step)
{
    char text[64];
    int length = snprintf(text, sizeof text, "%" PRId64 " %" PRId64 "\n", clock_offset(), step);

    if (lseek(file, 0, SEEK_END) != 0) {
        fputs("clock-step: there is a step already\n", stderr);
        return 1;
    }
    if (pwrite(file, text, (size_t)length, 0) != length)
        return complain("can't note the step");
    if (step_clock(step) == 0)
        return 0;
    return ftruncate(file, 0) < 0 ? complain("can't take the note back") : 1;
}

/* Whether the clock is nearer to where the step brought it than to where it was. */
static bool is_in(int64_t offset, int64_t step)
{
    int64_t shift = clock_offset() - offset;

    return llabs(shift - step * 1000) < llabs(shift);
}

static int undo(int file)
{
    char text[64] = "";
    int64_t offset;
    int64_t step;

    if (pread(file, text, sizeof text - 1, 0) < 0)
        return complain("can't read the note");
    /* Half of a note is of a step that was not made. */
    if (strchr(text, '\n') != NULL && sscanf(text, "%" SCNd64 " %" SCNd64, &offset, &step) == 2 &&
        is_in(offset, step) && step_clock(-step) != 0)
        return 1;
    return ftruncate(file, 0) < 0 ? complain("can't end the note") : 0;
}

static bool read_step(const char *text, int64_t *step)
{
    char *end;

    errno = 0;
    *step = strtoll(text, &end, 10);
    return end != text && *end == '\0' && errno == 0 && *step != 0 && *step <= LONGEST_STEP &&
           *step >= -LONGEST_STEP;
}

int main(int count, char **arguments)
{
    int64_t step = 0;
    bool applies =
        count == 4 && strcmp(arguments[1], "apply") == 0 && read_step(arguments[3], &step);
    int file;

    if (!applies && !(count == 3 && strcmp(arguments[1], "undo") == 0)) {
        fputs("usage: clock-step apply FILE MICROSECONDS | clock-step undo FILE\n", stderr);
        return 64;
    }
    file = open(arguments[2], O_RDWR | O_CLOEXEC | (applies ? O_CREAT : 0), 0600);
    if (file < 0)
        return complain(arguments[2]);
    while (flock(file, LOCK_EX) < 0) {
        if (errno != EINTR)
            return complain("can't lock the note");
    }
    return applies ? apply(file, step) : undo(file);
}
