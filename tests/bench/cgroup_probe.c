/*
 * CPU that an observation of a control group on this machine takes, of a group with one process and
 * an interface: with the files kept open, and opened each time. Needs root.
 */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "runner/collector_cgroup.h"

enum { READINGS = 500, ROUNDS = 8 };

static char group[64];

static void fail(const struct error *error)
{
    error_print(error, stderr);
    exit(error_exit_status(error));
}

static void each_group(const struct cgroup_mounts *mounts, void (*act)(const char *folder))
{
    for (size_t i = 0; i < mounts->count; i++) {
        char *folder = memory_format("%s/%s", mounts->items[i].folder, group);

        act(folder);
        free(folder);
    }
}

static void make_group(const char *folder)
{
    (void)mkdir(folder, 0755);
}

static void remove_group(const char *folder)
{
    (void)rmdir(folder);
}

/* A hierarchy may refuse, as that of cpuset does. */
static void join_group(const char *folder)
{
    char *path = memory_format("%s/cgroup.procs", folder);
    FILE *file = fopen(path, "we");

    if (file != NULL) {
        fprintf(file, "%ld", (long)getpid());
        fclose(file);
    }
    free(path);
}

static pid_t start_process(const struct cgroup_mounts *mounts)
{
    pid_t child = fork();

    if (child != 0)
        return child;
    each_group(mounts, join_group);
    for (;;)
        pause();
}

static int64_t used(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * CLOCK_SECOND + time.tv_nsec;
}

/* Microseconds of CPU an observation. */
static double measure(const struct cgroup_mounts *mounts, bool kept, size_t *count)
{
    const struct cgroup_place place = {group, {.name = "lo", .network_namespace = ""}};
    struct cgroup_view *view = cgroup_view_here("/proc");
    const struct store_metric *metrics;
    struct cgroup_source *source;
    struct error error;
    double *values;
    int64_t began;

    if (!kept)
        view->file_again = NULL;
    if (cgroup_source_open(mounts, &place, true, &source, &error) < 0 ||
        cgroup_source_list(source, view, &error) < 0)
        fail(&error);
    *count = cgroup_source_metrics(source, &metrics);
    values = memory_new(*count, sizeof *values);
    if (cgroup_source_read(source, view, values, &error) < 0)
        fail(&error);
    began = used();
    for (int i = 0; i < READINGS; i++) {
        if (cgroup_source_read(source, view, values, &error) < 0)
            fail(&error);
    }
    began = used() - began;
    free(values);
    cgroup_source_close(source);
    view->close(view);
    return (double)began / 1e3 / READINGS;
}

/* The best of some rounds, in turn, so that both have the same machine. */
static void compare(const struct cgroup_mounts *mounts)
{
    double kept = INFINITY;
    double anew = INFINITY;
    size_t count = 0;

    for (int i = 0; i < ROUNDS; i++) {
        kept = fmin(kept, measure(mounts, true, &count));
        anew = fmin(anew, measure(mounts, false, &count));
    }
    printf("%zu metrics of a group, an interface and a process, CPU an observation:\n"
           "files kept open       %6.0f us\nopened each time      %6.0f us\nratio                 "
           "%6.2f\n",
           count, kept, anew, anew / kept);
}

int main(void)
{
    struct cgroup_mounts mounts;
    struct text mountinfo = {0};
    struct error error;
    pid_t process;

    snprintf(group, sizeof group, "vnfault-bench-%ld", (long)getpid());
    if (file_read("/proc/self/mountinfo", 4 << 20, &mountinfo, &error) < 0 ||
        cgroup_mounts_read(&mounts, mountinfo.bytes, &error) < 0)
        fail(&error);
    each_group(&mounts, make_group);
    process = start_process(&mounts);
    compare(&mounts);
    if (process > 0) {
        kill(process, SIGKILL);
        waitpid(process, NULL, 0);
    }
    each_group(&mounts, remove_group);
    cgroup_mounts_free(&mounts);
    text_free(&mountinfo);
    return 0;
}
