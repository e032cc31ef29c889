/*
 * runner/collector_cgroup on this machine's own control groups and network: a process that works
 * is seen to work, a process that ends stays in the sums, packets are counted the target's way
 * round. Needs root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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
#include "base/process.h"
#include "runner/collector_cgroup.h"
#include "tests/unit/one_source.h"

enum { WORK_BYTES = 32 << 20 };

struct scene {
    char *group;     /* also the prefix of the network namespaces */
    char *interface; /* the host's end */
    struct cgroup_mounts mounts;
    char *namespace; /* the host's */
    struct host target;
    char *names[3];
    char *values[3];
    struct source source;
    struct one_source one;
    struct error error;
};

#define MUST(call) must((call), &scene->error)

static void must(int result, const struct error *error)
{
    if (result != 0)
        fail_msg("%s", error->what);
}

static void skip_unless_root(void)
{
    if (geteuid() != 0) {
        print_message("needs root\n");
        skip();
    }
}

/* Runs a command of words parted by spaces. */
static int run(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int run(const char *format, ...)
{
    const char *words[32] = {NULL};
    struct error error = {0};
    char line[512];
    char *at = line;
    va_list arguments;
    size_t count = 0;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    while (count < 31 && (words[count] = strsep(&at, " ")) != NULL)
        count++;
    return process_check(words, 60 * CLOCK_SECOND, &error);
}

static void each_group(const struct scene *scene, int (*act)(const char *path))
{
    for (size_t i = 0; i < scene->mounts.count; i++) {
        char *path = memory_format("%s/%s", scene->mounts.items[i].folder, scene->group);

        act(path);
        free(path);
    }
}

static int make_group(const char *path)
{
    return mkdir(path, 0755);
}

static int set_up(void **state)
{
    struct scene *scene = memory_new(1, sizeof *scene);
    struct text mountinfo = {0};

    *state = scene;
    scene->group = memory_format("vnfault-test-%ld", (long)getpid());
    scene->interface = memory_format("vt%ld", (long)getpid());
    scene->namespace = memory_format("%s-host", scene->group);
    if (geteuid() != 0)
        return 0;
    MUST(file_read("/proc/self/mountinfo", 4 << 20, &mountinfo, &scene->error));
    MUST(cgroup_mounts_read(&scene->mounts, mountinfo.bytes, &scene->error));
    text_free(&mountinfo);
    each_group(scene, make_group);
    run("ip netns add %s-host", scene->group);
    run("ip netns add %s-guest", scene->group);
    run("ip link add %s netns %s-host type veth peer name eth0 netns %s-guest", scene->interface,
        scene->group, scene->group);
    run("ip -n %s-host link set %s up", scene->group, scene->interface);
    run("ip -n %s-guest link set eth0 up", scene->group);
    run("ip -n %s-guest address add 198.18.0.2/24 dev eth0", scene->group);
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    one_source_close(&scene->one);
    each_group(scene, rmdir);
    if (geteuid() == 0) {
        run("ip netns delete %s-host", scene->group);
        run("ip netns delete %s-guest", scene->group);
    }
    cgroup_mounts_free(&scene->mounts);
    free(scene->group);
    free(scene->interface);
    free(scene->namespace);
    free(scene);
    return 0;
}

static int open_source(struct scene *scene, char *interface, char *namespace)
{
    scene->target = (struct host){.name = (char *)"sprout", .access = {.method = (char *)"ssh"}};
    scene->names[0] = (char *)"cgroup";
    scene->names[1] = (char *)"interface";
    scene->names[2] = (char *)"network-namespace";
    scene->values[0] = scene->group;
    scene->values[1] = interface;
    scene->values[2] = namespace;
    scene->source = (struct source){.collector = (char *)"cgroup",
                                    .attribute_count = 3,
                                    .names = scene->names,
                                    .values = scene->values};
    return one_source_open(&scene->one, "cgroup", &scene->target, &scene->source, &scene->error);
}

static void open_own(struct scene *scene)
{
    MUST(open_source(scene, scene->interface, scene->namespace));
}

static double value_of(const struct scene *scene, const char *name)
{
    return one_source_value(&scene->one, name);
}

static void read_all(struct scene *scene)
{
    MUST(one_source_read(&scene->one, &scene->error));
}

/* A hierarchy may refuse (a new group of cpuset has no CPU); those that matter are checked by what
 * is read later. */
static void join_groups(const struct scene *scene)
{
    for (size_t i = 0; i < scene->mounts.count; i++) {
        char path[512];
        FILE *file;

        snprintf(path, sizeof path, "%s/%s/cgroup.procs", scene->mounts.items[i].folder,
                 scene->group);
        file = fopen(path, "w");
        if (file != NULL) {
            fprintf(file, "%ld", (long)getpid());
            fclose(file);
        }
    }
}

/* A process in the group that uses memory and a fifth of a second of CPU, says so, and waits. */
static pid_t start_worker(const struct scene *scene)
{
    int ready[2];
    char byte;
    pid_t child;

    assert_int_equal(pipe(ready), 0);
    child = fork();
    if (child == 0) {
        volatile char *bytes;
        struct timespec used = {0};

        join_groups(scene);
        bytes = malloc(WORK_BYTES);
        for (size_t i = 0; bytes != NULL && i < WORK_BYTES; i += 1024)
            bytes[i] = 1;
        while (used.tv_sec == 0 && used.tv_nsec < 200000000)
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
        if (write(ready[1], "", 1) != 1)
            _exit(1);
        pause();
        _exit(bytes == NULL ? 1 : 0);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

static void work_is_seen_from_outside(void **state)
{
    struct scene *scene = *state;
    bool first_version;
    double before;
    double memory;
    double own;
    pid_t worker;

    skip_unless_root();
    open_own(scene);
    first_version = strcmp(scene->mounts.version->name, "version 1") == 0;
    read_all(scene);
    before = value_of(scene, first_version ? "cpuacct.usage" : "cpu.stat.usage_usec");
    assert_true(value_of(scene, "process.count") == 0);
    worker = start_worker(scene);
    read_all(scene);
    own = value_of(scene, "process.run_time");
    memory = value_of(scene, first_version ? "memory.stat.rss" : "memory.stat.anon");
    assert_true(value_of(scene, "process.count") == 1);
    assert_true(value_of(scene, "process.RssAnon") >= WORK_BYTES / 1024.0);
    assert_true(memory >= WORK_BYTES);
    assert_true(own >= 1e8);
    assert_true(value_of(scene, first_version ? "cpuacct.usage" : "cpu.stat.usage_usec") - before >=
                (first_version ? 1e8 : 1e5));
    /* A kernel without PSI has fewer. */
    assert_true(scene->one.count >= (file_exists("/proc/pressure") ? 150 : 130));
    kill(worker, SIGKILL);
    waitpid(worker, NULL, 0);
    read_all(scene);
    assert_true(value_of(scene, "process.count") == 0);
    assert_true(value_of(scene, "process.run_time") >= own);
}

static void packets_count_the_targets_way_round(void **state)
{
    struct scene *scene = *state;
    double sent;
    double received;

    skip_unless_root();
    open_own(scene);
    read_all(scene);
    sent = value_of(scene, "network.transmit.bytes");
    received = value_of(scene, "network.receive.bytes");
    /* To a neighbour that isn't there: nothing comes back. */
    MUST(run("ip -n %s-guest neighbour add 198.18.0.9 lladdr 02:00:00:00:00:09 dev eth0",
             scene->group));
    /* A word of the command can't have a space: IFS stands for it. */
    MUST(run("ip netns exec %s-guest bash -c exec>/dev/udp/198.18.0.9/9;printf${IFS}%%4000d",
             scene->group));
    read_all(scene);
    assert_true(value_of(scene, "network.transmit.bytes") - sent >= 4000);
    assert_true(value_of(scene, "network.receive.bytes") - received < 4000);
}

static void group_made_anew_is_found_again(void **state)
{
    struct scene *scene = *state;

    skip_unless_root();
    open_own(scene);
    read_all(scene);
    each_group(scene, rmdir);
    assert_int_equal(one_source_read(&scene->one, &scene->error), -1);
    assert_int_equal(scene->error.kind, ERROR_UNREACHABLE);
    assert_int_equal(scene->one.collector->reopen(scene->one.state, 0, &scene->error), -1);
    each_group(scene, make_group);
    read_all(scene);
}

/* As a container that is restarted is: nobody looked while it was away, and files are kept open. */
static void what_was_made_anew_meanwhile_is_what_is_read(void **state)
{
    struct scene *scene = *state;
    const char *time;
    double before;
    pid_t worker;

    skip_unless_root();
    open_own(scene);
    time = strcmp(scene->mounts.version->name, "version 1") == 0 ? "cpuacct.usage"
                                                                 : "cpu.stat.usage_usec";
    worker = start_worker(scene);
    MUST(run("ip netns exec %s-guest bash -c exec>/dev/udp/198.18.0.9/9;printf${IFS}%%4000d",
             scene->group));
    read_all(scene);
    before = value_of(scene, time);
    kill(worker, SIGKILL);
    waitpid(worker, NULL, 0);
    each_group(scene, rmdir);
    each_group(scene, make_group);
    read_all(scene);
    assert_true(value_of(scene, time) < before / 2);
    before = value_of(scene, "network.transmit.packets");
    assert_true(before > 0);
    run("ip -n %s-host link delete %s", scene->group, scene->interface);
    run("ip link add %s netns %s-host type veth peer name eth0 netns %s-guest", scene->interface,
        scene->group, scene->group);
    read_all(scene);
    assert_true(value_of(scene, "network.transmit.packets") < before);
}

static void missing_interface_is_named(void **state)
{
    struct scene *scene = *state;

    skip_unless_root();
    assert_int_equal(open_source(scene, (char *)"vnone", scene->namespace), -1);
    assert_int_equal(scene->error.kind, ERROR_UNREACHABLE);
    assert_string_equal(scene->error.target, "sprout");
    assert_non_null(strstr(scene->error.what, "no interface vnone"));
    assert_int_equal(open_source(scene, (char *)"vnone", (char *)"vnfault-no-such-namespace"), -1);
    assert_non_null(strstr(scene->error.what, "vnfault-no-such-namespace"));
}

/* The group of the scene and an interface, as one of the views shows it. */
struct seen {
    struct cgroup_view *view;
    struct cgroup_source *source;
    const struct store_metric *metrics;
    size_t count;
    double *values;
};

static int ask(struct seen *seen, struct error *error)
{
    struct text request = {0};
    int result;

    cgroup_source_request(seen->source, &request);
    result = seen->view->ask(seen->view, text_string(&request), clock_now() + 60 * CLOCK_SECOND,
                             NULL, error);
    text_free(&request);
    return result;
}

static void look(struct scene *scene, struct cgroup_view *view, bool here, struct seen *seen)
{
    const struct cgroup_place place = {scene->group, {.name = "lo", .network_namespace = ""}};

    *seen = (struct seen){.view = view};
    MUST(cgroup_source_open(&scene->mounts, &place, here, &seen->source, &scene->error));
    MUST(ask(seen, &scene->error));
    MUST(cgroup_source_list(seen->source, view, &scene->error));
    seen->count = cgroup_source_metrics(seen->source, &seen->metrics);
    seen->values = memory_new(seen->count, sizeof *seen->values);
    MUST(ask(seen, &scene->error));
    MUST(cgroup_source_read(seen->source, view, seen->values, &scene->error));
}

static void forget(struct seen *seen)
{
    cgroup_source_close(seen->source);
    seen->view->close(seen->view);
    free(seen->values);
}

/* What grows or is averaged meanwhile; all else of a process that waits stays as it is. */
static bool is_moving(const char *name)
{
    static const char *const parts[] = {"avg", "usage", "stat", "network", "pressure"};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strstr(name, parts[i]) != NULL)
            return true;
    }
    return false;
}

static void check_same(const struct seen *here, const struct seen *there)
{
    assert_int_equal(here->count, there->count);
    for (size_t i = 0; i < here->count; i++) {
        const struct store_metric *one = &here->metrics[i];
        const struct store_metric *other = &there->metrics[i];

        assert_string_equal(one->name, other->name);
        assert_string_equal(one->resource_group, other->resource_group);
        assert_string_equal(one->unit, other->unit);
        assert_int_equal(one->counter, other->counter);
        assert_int_equal(isnan(here->values[i]) != 0, isnan(there->values[i]) != 0);
        if (!is_moving(one->name) && !isnan(here->values[i]) && here->values[i] != there->values[i])
            fail_msg("%s is %g here and %g there", one->name, here->values[i], there->values[i]);
    }
}

static void a_node_tells_the_same_as_this_machine(void **state)
{
    struct scene *scene = *state;
    struct access *access;
    struct seen here;
    struct seen there;
    int64_t from;
    int64_t until;
    pid_t worker;

    skip_unless_root();
    MUST(access_open(&access_this_machine, &access, &scene->error));
    worker = start_worker(scene);
    look(scene, cgroup_view_node(access), false, &there);
    look(scene, cgroup_view_here("/proc"), true, &here);
    check_same(&here, &there);
    there.view->window(there.view, &from, &until);
    assert_true(from > 0 && from <= until && until <= clock_now());
    forget(&here);
    forget(&there);
    kill(worker, SIGKILL);
    waitpid(worker, NULL, 0);
    access_close(access);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(work_is_seen_from_outside),      CASE(packets_count_the_targets_way_round),
        CASE(group_made_anew_is_found_again), CASE(what_was_made_anew_meanwhile_is_what_is_read),
        CASE(missing_interface_is_named),     CASE(a_node_tells_the_same_as_this_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
