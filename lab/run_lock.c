#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "lab/host_process.h"
#include "lab/lab.h"

#define HUNDREDTHS 100

/* Hundredths of a second since this machine booted, which is the clock of its hosts too. */
static int64_t uptime_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * HUNDREDTHS + now.tv_nsec / (1000000000 / HUNDREDTHS);
}

/* What the contract of the injections writes: 'DEADLINE OWNER'. */
static void read_lock(const char *path, struct text *holder)
{
    struct text lock = {0};
    struct error ignored = {0};
    int64_t deadline;
    int owner = 0;

    if (file_read(path, 8192, &lock, &ignored) == 0 &&
        sscanf(text_string(&lock), "%" SCNd64 " %n", &deadline, &owner) == 1 && owner > 0 &&
        deadline > uptime_now()) {
        text_append(holder, lock.bytes + owner);
        text_trim(holder);
    }
    text_free(&lock);
}

void lab_host_lock_holder(const struct lab *lab, const struct lab_host *host, struct text *holder)
{
    pid_t process = host_process(lab, host);
    char *path;

    if (process == 0)
        return;
    path = memory_format("/proc/%ld/root/run/vnfault/lock", (long)process);
    read_lock(path, holder);
    free(path);
}
