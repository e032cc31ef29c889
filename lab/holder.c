#include "lab/holder.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "lab/boot.h"
#include "lab/init.h"
#include "lab/network.h"

/* A host that ends sooner than this after its start is not started again at once. */
#define SHORTEST_LIFE CLOCK_SECOND

/* Where the first boot is reported, in the holder and in the host's first process; -1 later. */
static int report_end = -1;

struct holder {
    const struct lab *lab;
    const struct lab_host *host;
    const struct cgroup_layout *layout;
    struct boot_files files;
};

/* Closes the report: an empty one says that the host was booted. */
static void report_booted(void)
{
    if (report_end >= 0)
        close(report_end);
    report_end = -1;
}

/* To whoever waits for the first boot; later to the console. */
static void report_failure(const struct error *error)
{
    if (report_end < 0 || write(report_end, error, sizeof *error) < 0)
        error_print(error, stderr);
}

static void first_process(const struct holder *holder)
{
    struct error error = {0};
    char name[16];

    /* The host must not run on unheld. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    snprintf(name, sizeof name, "init-%s", holder->host->name);
    prctl(PR_SET_NAME, name);
    if (boot_host(holder->lab, holder->host, holder->layout, &holder->files, &error) < 0) {
        report_failure(&error);
        _exit(EXIT_FAILURE);
    }
    report_booted();
    _exit(init_run(holder->host));
}

/* Empties a folder of the host's data, or makes it, with that mode. */
static int renew_folder(const struct holder *holder, const char *name, mode_t mode,
                        struct error *error)
{
    char path[160];

    snprintf(path, sizeof path, "%s/%s/%s", holder->lab->data, holder->host->name, name);
    if (folder_remove(path, error) < 0 || folder_make(path, error) < 0)
        return -1;
    if (chmod(path, mode) < 0)
        return error_system(error, ERROR_INTERNAL, "can't set the mode of %s", path);
    return 0;
}

/* Makes anew what a boot finds made: cgroup with its counters at zero, network, empty /tmp. */
static int prepare(const struct holder *holder, struct error *error)
{
    char group[LAB_NAME_SIZE];

    lab_group(holder->lab, holder->host->name, group);
    if (cgroup_kill(holder->layout, group, error) < 0 ||
        cgroup_remove(holder->layout, group, true, error) < 0 ||
        cgroup_make(holder->layout, group, &holder->host->limits, error) < 0)
        return -1;
    if (renew_folder(holder, "tmp", 01777, error) < 0)
        return -1;
    return network_plug(holder->lab, holder->host, error);
}

static int boot(const struct holder *holder, pid_t *process, struct error *error)
{
    const unsigned long flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | SIGCHLD;
    char path[160];
    char number[32];

    if (prepare(holder, error) < 0)
        return -1;
    *process = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
    if (*process < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't make the host's namespaces");
    if (*process == 0)
        first_process(holder);
    snprintf(path, sizeof path, "%s/%s/init.pid", holder->lab->state, holder->host->name);
    snprintf(number, sizeof number, "%ld\n", (long)*process);
    return file_write(path, number, strlen(number), error);
}

static void hold(const struct holder *holder)
{
    struct error error = {0};

    for (;;) {
        int64_t started = clock_now();
        pid_t process = -1;
        int64_t lived;

        if (boot(holder, &process, &error) < 0)
            report_failure(&error);
        report_booted();
        while (process > 0 && waitpid(process, NULL, 0) < 0 && errno == EINTR)
            ;
        fprintf(stderr, "host %s ended; starting it again\n", holder->host->name);
        lived = clock_now() - started;
        if (lived < SHORTEST_LIFE)
            usleep((useconds_t)((SHORTEST_LIFE - lived) / 1000));
    }
}

/* Leaves the caller's session, signal settings, cgroup and descriptors. */
static int detach(const struct holder *holder, struct error *error)
{
    char path[160];
    char group[LAB_NAME_SIZE];
    int console;
    int null;

    setsid();
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (chdir("/") < 0)
        return error_system(error, ERROR_INTERNAL, "can't go to /");
    snprintf(path, sizeof path, "%s/%s/console", holder->lab->state, holder->host->name);
    console = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (console < 0 || null < 0)
        return error_system(error, ERROR_INTERNAL, "can't open %s", path);
    dup2(null, STDIN_FILENO);
    dup2(console, STDOUT_FILENO);
    dup2(console, STDERR_FILENO);
    lab_group(holder->lab, "holders", group);
    if (cgroup_join(holder->layout, group, error) < 0)
        return -1;
    /* The caller's lock on the lab among them: should the caller be killed, whoever takes the lock
     * next finds all holders in their group. */
    syscall(SYS_close_range, STDERR_FILENO + 1, report_end - 1, 0);
    syscall(SYS_close_range, report_end + 1, ~0U, 0);
    return 0;
}

static void holder_main(struct holder *holder, int report)
{
    struct error error = {0};
    char name[16];

    /* Away from the caller, so that nobody has to wait for it. */
    if (fork() != 0)
        _exit(EXIT_SUCCESS);
    snprintf(name, sizeof name, "hold-%s", holder->host->name);
    prctl(PR_SET_NAME, name);
    report_end = report;
    if (boot_files_read(&holder->files, holder->lab, holder->host, &error) < 0 ||
        detach(holder, &error) < 0) {
        report_failure(&error);
        _exit(EXIT_FAILURE);
    }
    hold(holder);
}

int holder_start(const struct lab *lab, const struct lab_host *host,
                 const struct cgroup_layout *layout, int *report, struct error *error)
{
    struct holder holder = {.lab = lab, .host = host, .layout = layout};
    int ends[2];
    pid_t process;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return error_system(error, ERROR_INTERNAL, "can't make a pipe");
    fflush(NULL);
    process = fork();
    if (process == 0)
        holder_main(&holder, ends[1]);
    close(ends[1]);
    *report = ends[0];
    if (process < 0) {
        close(ends[0]);
        return error_system(error, ERROR_INTERNAL, "can't start a process");
    }
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR)
        ;
    return 0;
}

int holder_wait(int report, const struct lab_host *host, struct error *error)
{
    struct error failure;
    ssize_t length;

    while ((length = read(report, &failure, sizeof failure)) < 0 && errno == EINTR)
        ;
    close(report);
    if (length == 0)
        return 0;
    if (length != (ssize_t)sizeof failure)
        return error_set(error, ERROR_INTERNAL, "the holder of %s gave no proper report",
                         host->name);
    *error = failure;
    return error_target(error, host->name);
}
