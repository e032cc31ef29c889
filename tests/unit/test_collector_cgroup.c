/* runner/collector_cgroup: recorded control groups of both versions (tests/unit/data). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "runner/collector.h"
#include "runner/collector_cgroup.h"
#include "tests/unit/fixture_run.h"

/* A copy of a recorded tree, opened. */
struct scene {
    char *folder;
    char *proc;
    struct cgroup_view *view;
    struct cgroup_mounts mounts;
    struct cgroup_source *source;
    const struct store_metric *metrics;
    size_t count;
    double *values;
    struct error error;
};

#define MUST(call) must((call), &scene->error)

static void must(int result, const struct error *error)
{
    if (result != 0)
        fail_msg("%s", error->what);
}

static const char *const v1_hierarchies[] = {"cpu", "cpuacct", "memory", "blkio", "pids", NULL};
static const char *const no_hierarchies[] = {NULL};

static int open_tree(struct scene *scene, const char *group)
{
    struct cgroup_place place = {
        .group = (char *)group,
        .interface = {.network_namespace = ""},
    };

    if (cgroup_source_open(&scene->mounts, &place, true, &scene->source, &scene->error) < 0)
        return -1;
    if (cgroup_source_list(scene->source, scene->view, &scene->error) == 0)
        return 0;
    cgroup_source_close(scene->source);
    return -1;
}

static void put_file(struct scene *scene, const char *name, const char *content)
{
    char *path = memory_format("%s/%s", scene->folder, name);

    MUST(file_write(path, content, strlen(content), &scene->error));
    free(path);
}

static struct scene *copy_tree(const char *tree, const char *const *hierarchies)
{
    struct scene *scene = memory_new(1, sizeof *scene);
    const char *copy[] = {"cp", "-r", NULL, NULL, NULL};
    char *from = memory_format("tests/unit/data/%s/.", tree);
    struct text mountinfo = {0};

    scene->folder = fixture_folder();
    copy[2] = from;
    copy[3] = scene->folder;
    MUST(process_check(copy, INT64_C(60000000000), &scene->error));
    text_append(&mountinfo, "20 1 0:1 / / rw - ext4 /dev/root rw\n");
    for (; *hierarchies != NULL; hierarchies++)
        text_appendf(&mountinfo, "21 20 0:2 / %s/%s rw,relatime - cgroup cgroup rw,%s\n",
                     scene->folder, *hierarchies, *hierarchies);
    text_appendf(&mountinfo, "22 20 0:3 / %s/unified rw shared:4 - cgroup2 cgroup2 rw\n",
                 scene->folder);
    MUST(cgroup_mounts_read(&scene->mounts, mountinfo.bytes, &scene->error));
    scene->proc = memory_format("%s/proc", scene->folder);
    scene->view = cgroup_view_here(scene->proc);
    scene->view->file_again = NULL; /* a descriptor of an ordinary file outlives its removal */
    text_free(&mountinfo);
    free(from);
    return scene;
}

static int set_up(void **state, const char *tree, const char *const *hierarchies)
{
    struct scene *scene = copy_tree(tree, hierarchies);

    MUST(open_tree(scene, "vnfault/lab/sprout"));
    scene->count = cgroup_source_metrics(scene->source, &scene->metrics);
    scene->values = memory_new(scene->count, sizeof *scene->values);
    *state = scene;
    return 0;
}

static int set_up_v1(void **state)
{
    return set_up(state, "cgroup-v1", v1_hierarchies);
}

static int set_up_v2(void **state)
{
    return set_up(state, "cgroup-v2", no_hierarchies);
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    cgroup_source_close(scene->source);
    MUST(folder_remove(scene->folder, &scene->error));
    scene->view->close(scene->view);
    cgroup_mounts_free(&scene->mounts);
    free(scene->folder);
    free(scene->proc);
    free(scene->values);
    free(scene);
    return 0;
}

static void read_all(struct scene *scene)
{
    MUST(cgroup_source_read(scene->source, scene->view, scene->values, &scene->error));
}

static size_t place_of(const struct scene *scene, const char *name)
{
    for (size_t i = 0; i < scene->count; i++) {
        if (strcmp(scene->metrics[i].name, name) == 0)
            return i;
    }
    fail_msg("no metric %s", name);
    return 0;
}

static double value_of(const struct scene *scene, const char *name)
{
    return scene->values[place_of(scene, name)];
}

struct expectation {
    const char *name;
    double value;
    bool counter;
    const char *resource_group;
    const char *unit;
};

static void expect(const struct scene *scene, const struct expectation *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct store_metric *metric = &scene->metrics[place_of(scene, rows[i].name)];

        if (value_of(scene, rows[i].name) != rows[i].value)
            fail_msg("%s is %.17g, not %.17g", rows[i].name, value_of(scene, rows[i].name),
                     rows[i].value);
        assert_int_equal(metric->counter, rows[i].counter);
        assert_string_equal(metric->resource_group, rows[i].resource_group);
        assert_string_equal(metric->unit, rows[i].unit);
        assert_string_equal(metric->layer, "virtual");
    }
}

static void all_metrics_are_known_and_named_once(const struct scene *scene)
{
    for (size_t i = 0; i < scene->count; i++) {
        if (isnan(scene->values[i]) && strstr(scene->metrics[i].name, "max") == NULL &&
            strstr(scene->metrics[i].name, "high") == NULL)
            fail_msg("%s is unknown", scene->metrics[i].name);
        assert_ptr_equal(&scene->metrics[place_of(scene, scene->metrics[i].name)],
                         &scene->metrics[i]);
    }
}

static void version_1_is_read(void **state)
{
    struct scene *scene = *state;
    const struct expectation rows[] = {
        {"memory.limit_in_bytes", 536870912, false, "memory", "bytes"},
        {"memory.stat.hierarchical_memory_limit", 536870912, false, "memory", "bytes"},
        {"memory.failcnt", 0, true, "memory", "events"},
        {"memory.oom_control.oom_kill", 0, true, "memory", "events"},
        {"memory.oom_control.under_oom", 0, false, "memory", ""},
        {"blkio.throttle.io_serviced_recursive.Total", 0, true, "filesystem", "events"},
        {"pids.events.max", 0, true, "process", "events"},
        {"process.count", 3, false, "process", "processes"},
        {"process.sleeping", 3, false, "process", "processes"},
        {"process.minor_faults", 48 + 556 + 1791, true, "memory", "events"},
        {"process.system_time", 1 + 0, true, "cpu", "ticks"},
    };

    read_all(scene);
    expect(scene, rows, sizeof rows / sizeof rows[0]);
    all_metrics_are_known_and_named_once(scene);
    /* The interface's 24 come on top. */
    assert_true(scene->count + 24 >= 150);
    assert_true(value_of(scene, "cpuacct.usage") >= value_of(scene, "cpuacct.usage_user"));
    assert_true(value_of(scene, "cpuacct.usage_all.0.user") > 0);
    assert_true(value_of(scene, "memory.numa_stat.hierarchical_total.N0") > 0);
    assert_true(scene->metrics[place_of(scene, "memory.stat.total_pgpgin")].counter);
    assert_true(scene->metrics[place_of(scene, "cpu.pressure.some.total")].counter);
    assert_false(scene->metrics[place_of(scene, "cpu.pressure.some.avg10")].counter);
}

static void version_2_is_read(void **state)
{
    struct scene *scene = *state;
    const struct expectation rows[] = {
        {"cpu.stat.usage_usec", 660000, true, "cpu", "us"},
        {"cpu.stat.nr_throttled", 13, true, "cpu", "events"},
        {"memory.stat.anon", 188416, false, "memory", "bytes"},
        {"memory.stat.pgfault", 979, true, "memory", "events"},
        {"memory.stat.workingset_refault_file", 0, true, "memory", "pages"},
        {"memory.max", 67108864, false, "memory", "bytes"},
        {"memory.events.oom_kill", 0, true, "memory", "events"},
        {"io.stat.rbytes", 0, true, "filesystem", "bytes"},
        {"io.stat.wios", 0, true, "filesystem", "events"},
        {"pids.current", 2, false, "process", "tasks"},
        {"process.count", 2, false, "process", "processes"},
        {"process.rchar", 9277588 + 3980, true, "filesystem", "bytes"},
    };

    read_all(scene);
    expect(scene, rows, sizeof rows / sizeof rows[0]);
    all_metrics_are_known_and_named_once(scene);
    assert_true(isnan(value_of(scene, "memory.high")));
    assert_true(scene->count + 24 >= 150);
}

static void keys_that_come_and_go_leave_the_list_alone(void **state)
{
    struct scene *scene = *state;
    size_t count = scene->count;

    put_file(scene, "unified/vnfault/lab/sprout/memory.events", "oom 3\nnew_in_7.0 5\nlow 1\n");
    read_all(scene);
    assert_int_equal(cgroup_source_metrics(scene->source, &scene->metrics), count);
    assert_true(value_of(scene, "memory.events.oom") == 3);
    assert_true(value_of(scene, "memory.events.low") == 1);
    assert_true(isnan(value_of(scene, "memory.events.high")));
    put_file(scene, "unified/vnfault/lab/sprout/memory.events", "");
    read_all(scene);
    assert_true(isnan(value_of(scene, "memory.events.oom")));
}

static void group_that_is_gone_is_unreachable(void **state)
{
    struct scene *scene = *state;
    char *path = memory_format("%s/memory/vnfault/lab/sprout", scene->folder);

    MUST(folder_remove(path, &scene->error));
    assert_int_equal(cgroup_source_read(scene->source, scene->view, scene->values, &scene->error),
                     -1);
    assert_int_equal(scene->error.kind, ERROR_UNREACHABLE);
    assert_non_null(strstr(scene->error.what, "/memory/vnfault/lab/sprout/"));
    free(path);
}

static void wrong_groups_are_told_apart(void **state)
{
    static const struct {
        const char *group;
        enum error_kind kind;
        const char *words;
    } rows[] = {
        {"", ERROR_INPUT, "not a path below"},
        {"/vnfault/lab/sprout", ERROR_INPUT, "not a path below"},
        {"vnfault/../../etc", ERROR_INPUT, "not a path below"},
        {"vnfault/lab/sprint", ERROR_UNREACHABLE, "no control group"},
    };
    struct scene *scene = *state;
    struct cgroup_source *opened = scene->source;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(open_tree(scene, rows[i].group), -1);
        assert_int_equal(scene->error.kind, rows[i].kind);
        assert_non_null(strstr(scene->error.what, rows[i].words));
    }
    scene->source = opened;
}

static void process_that_ended_stays_in_the_counters(void **state)
{
    struct scene *scene = *state;
    char *gone = memory_format("%s/proc/685", scene->folder);
    double before;

    read_all(scene);
    before = value_of(scene, "process.rchar");
    MUST(folder_remove(gone, &scene->error));
    read_all(scene);
    assert_true(value_of(scene, "process.rchar") == before);
    assert_true(value_of(scene, "process.count") == 1);
    assert_true(value_of(scene, "process.VmRSS") > 0);
    read_all(scene);
    assert_true(value_of(scene, "process.rchar") == before);
    free(gone);
}

/* As the kernel does with io when a process is waited for. */
static void what_another_process_took_over_is_counted_once(void **state)
{
    struct scene *scene = *state;
    char *gone = memory_format("%s/proc/686", scene->folder);

    put_file(scene, "proc/685/io", "rchar: 100\nwchar: 5\n");
    put_file(scene, "proc/686/io", "rchar: 3000\nwchar: 7\n");
    read_all(scene);
    assert_true(value_of(scene, "process.rchar") == 3100);
    MUST(folder_remove(gone, &scene->error));
    put_file(scene, "proc/685/io", "rchar: 3140\nwchar: 5\n");
    read_all(scene);
    assert_true(value_of(scene, "process.rchar") == 3140);
    assert_true(value_of(scene, "process.wchar") == 12);
    put_file(scene, "proc/685/io", "rchar: 3150\nwchar: 5\n");
    read_all(scene);
    assert_true(value_of(scene, "process.rchar") == 3150);
    assert_true(value_of(scene, "process.wchar") == 12);
    free(gone);
}

static void pid_that_is_used_again_is_another_process(void **state)
{
    struct scene *scene = *state;
    double before;

    read_all(scene);
    before = value_of(scene, "process.rchar");
    /* Started at 999 and not at 298; its program's name tries to pass for fields. */
    put_file(scene, "proc/685/stat",
             "685 (a) R 1 (b) D 1 0 0 0 -1 4194304 7 0 0 0 9 1 0 0 12 1 0 0 999 0 0\n");
    put_file(scene, "proc/685/io", "rchar: 10\n");
    read_all(scene);
    assert_true(value_of(scene, "process.rchar") == before + 10);
    assert_true(value_of(scene, "process.uninterruptible") == 1);
}

static void groups_below_count_too(void **state)
{
    struct scene *scene = *state;
    char *below = memory_format("%s/unified/vnfault/lab/sprout/inner", scene->folder);

    put_file(scene, "unified/vnfault/lab/sprout/cgroup.procs", "685\n");
    MUST(folder_make(below, &scene->error));
    put_file(scene, "unified/vnfault/lab/sprout/inner/cgroup.procs", "686\n0\n4194304\n");
    read_all(scene);
    assert_true(value_of(scene, "process.count") == 2);
    free(below);
}

static void hostile_text_is_left_out(void **state)
{
    struct scene *scene = *state;

    put_file(scene, "unified/vnfault/lab/sprout/cpu.stat", "usage_usec\nuser_usec x\n \n\n=\n");
    put_file(scene, "unified/vnfault/lab/sprout/io.stat", "8:0\n8:0 rbytes\n8:0 rbytes=z wios=\n");
    put_file(scene, "unified/vnfault/lab/sprout/cpu.pressure", "some\nsome avg10\nfull avg10=\n");
    put_file(scene, "proc/685/stat", "685 (sleep");
    put_file(scene, "proc/685/status", "VmRSS\nVmRSS:");
    put_file(scene, "proc/686/status", "FDSize: inf\nVmPeak: 1e300 kB\n");
    put_file(scene, "proc/685/schedstat", "");
    read_all(scene);
    assert_true(isnan(value_of(scene, "cpu.stat.user_usec")));
    assert_true(value_of(scene, "io.stat.rbytes") == 0);
    assert_true(isnan(value_of(scene, "process.FDSize")));
    assert_true(isnan(value_of(scene, "process.VmPeak")));
}

static void collectors_are_found_by_name(void **state)
{
    size_t count;
    const char *const *names = collector_names(&count);

    (void)state;
    assert_true(count > 0);
    assert_string_equal(names[0], "cgroup");
    assert_non_null(collector_find("cgroup"));
    assert_null(collector_find("crystal-ball"));
}

#define CASE(name, version) cmocka_unit_test_setup_teardown(name, set_up_##version, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(version_1_is_read, v1),
        CASE(version_2_is_read, v2),
        CASE(keys_that_come_and_go_leave_the_list_alone, v2),
        CASE(group_that_is_gone_is_unreachable, v1),
        CASE(wrong_groups_are_told_apart, v1),
        CASE(process_that_ended_stays_in_the_counters, v2),
        CASE(what_another_process_took_over_is_counted_once, v2),
        CASE(pid_that_is_used_again_is_another_process, v2),
        CASE(groups_below_count_too, v2),
        CASE(hostile_text_is_left_out, v2),
        cmocka_unit_test(collectors_are_found_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
