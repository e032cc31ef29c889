/* Control groups of the lab on made-up hierarchies: version 1, version 2 and hybrid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "lab/cgroup.h"

static const char top_pattern[] = "/tmp/vnfault-cgroup.XXXXXX";
static char top[sizeof top_pattern];

static char *path_of(const char *relative)
{
    return memory_format("%s/%s", top, relative);
}

static void put(const char *relative, const char *value)
{
    char *path = path_of(relative);
    char *folder = path_beside(path, ".");
    struct error error = {0};

    assert_int_equal(folder_make(folder, &error), 0);
    assert_int_equal(file_write(path, value, strlen(value), &error), 0);
    free(folder);
    free(path);
}

static void assert_holds(const char *relative, const char *value)
{
    char *path = path_of(relative);
    struct text text = {0};
    struct error error = {0};

    assert_int_equal(file_read(path, 4096, &text, &error), 0);
    assert_string_equal(text_string(&text), value);
    text_free(&text);
    free(path);
}

static int make_top(void **state)
{
    (void)state;
    memcpy(top, top_pattern, sizeof top);
    return mkdtemp(top) == NULL;
}

static int remove_top(void **state)
{
    struct error error = {0};

    (void)state;
    return folder_remove(top, &error);
}

/* Reads a mountinfo file in which @ stands for the folder of the test. */
static int read_layout(const char *mountinfo, struct cgroup_layout *layout, struct error *error)
{
    struct text text = {0};
    char *path = path_of("mountinfo");
    int result;

    for (const char *at = mountinfo; *at != '\0'; at++) {
        if (*at == '@')
            text_append(&text, top);
        else
            text_append_bytes(&text, at, 1);
    }
    put("mountinfo", text_string(&text));
    result = cgroup_layout_read(layout, path, "/", error);
    snprintf(layout->disk, sizeof layout->disk, "254:0");
    text_free(&text);
    free(path);
    return result;
}

static const char hybrid[] =
    "23 1 0:22 / /sys rw,relatime - sysfs sysfs rw\n"
    "31 23 0:28 / @ rw,relatime - tmpfs tmpfs rw,mode=755\n"
    "32 31 0:29 / @/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
    "34 31 0:31 / @/cpuset rw,relatime - cgroup cgroup rw,cpuset\n"
    "35 31 0:32 / @/memory rw,relatime - cgroup cgroup rw,memory\n"
    "38 31 0:35 / @/blkio rw,relatime - cgroup cgroup rw,blkio\n"
    "39 31 0:36 / @/pids rw,relatime - cgroup cgroup rw,pids\n"
    "40 31 0:37 / @/systemd rw,relatime - cgroup cgroup rw,name=systemd\n"
    "41 31 0:38 / @/unified rw,relatime - cgroup2 cgroup2 rw\n"
    "42 31 0:32 / /other/memory rw,relatime - cgroup cgroup rw,memory\n";

static const char unified[] =
    "23 1 0:22 / /sys rw,relatime - sysfs sysfs rw\n"
    "31 23 0:28 / @ rw,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

static void test_hybrid_has_limits_in_version_1(void **state)
{
    struct cgroup_layout layout;
    struct error error = {0};

    (void)state;
    assert_int_equal(read_layout(hybrid, &layout, &error), 0);
    assert_ptr_equal(layout.version, &cgroup_v1);
    assert_int_equal(layout.count, 5);
    assert_ptr_equal(cgroup_hierarchy_of(&layout, "cpu"), cgroup_hierarchy_of(&layout, "cpuacct"));
    assert_string_equal(cgroup_hierarchy_of(&layout, "cpu")->controllers, "cpu,cpuacct");
    assert_non_null(cgroup_hierarchy_of(&layout, ""));
    assert_null(cgroup_hierarchy_of(&layout, "cpuset"));
    assert_non_null(strstr(cgroup_hierarchy_of(&layout, "memory")->mount, top));
}

static const char *const version_1_files[] = {
    "cpu,cpuacct/vnfault/x/bono/cpu.cfs_period_us",
    "cpu,cpuacct/vnfault/x/bono/cpu.cfs_quota_us",
    "cpu,cpuacct/vnfault/x/bono/cpu.shares",
    "memory/vnfault/x/bono/memory.limit_in_bytes",
    "blkio/vnfault/x/bono/blkio.throttle.read_bps_device",
    "blkio/vnfault/x/bono/blkio.throttle.write_bps_device"};

static void test_version_1_limits(void **state)
{
    const struct cgroup_limits limits = {
        .cores = 0.3, .memory = 512 << 20, .disk_rate = 20 << 20, .weight = 16};
    const struct cgroup_limits none = {0};
    struct cgroup_layout layout;
    struct error error = {0};

    (void)state;
    assert_int_equal(read_layout(hybrid, &layout, &error), 0);
    for (size_t i = 0; i < sizeof version_1_files / sizeof *version_1_files; i++)
        put(version_1_files[i], "");
    assert_int_equal(cgroup_make(&layout, "vnfault/x/bono", &limits, &error), 0);
    assert_holds(version_1_files[0], "10000");
    assert_holds(version_1_files[1], "3000");
    assert_holds(version_1_files[2], "16384");
    assert_holds(version_1_files[3], "536870912");
    assert_holds(version_1_files[4], "254:0 20971520");
    assert_holds(version_1_files[5], "254:0 20971520");

    /* A kernel that accounts swap has its limit set too. */
    put("memory/vnfault/x/bono/memory.memsw.limit_in_bytes", "");
    assert_int_equal(cgroup_make(&layout, "vnfault/x/bono", &limits, &error), 0);
    assert_holds("memory/vnfault/x/bono/memory.memsw.limit_in_bytes", "536870912");

    assert_int_equal(cgroup_make(&layout, "vnfault/x/bono", &none, &error), 0);
    assert_holds(version_1_files[1], "-1");
    assert_holds(version_1_files[2], "1024");
    assert_holds(version_1_files[3], "-1");
    assert_holds(version_1_files[5], "254:0 0");
}

static void put_version_2(void)
{
    static const char *const files[] = {
        "cgroup.subtree_control",           "vnfault/cgroup.subtree_control",
        "vnfault/x/cgroup.subtree_control", "vnfault/x/bono/cpu.max",
        "vnfault/x/bono/cpu.weight",        "vnfault/x/bono/memory.max",
        "vnfault/x/bono/memory.swap.max",   "vnfault/x/bono/io.max"};

    put("cgroup.controllers", "cpuset cpu io memory hugetlb pids\n");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        put(files[i], "");
}

static void test_version_2_limits(void **state)
{
    const struct cgroup_limits limits = {
        .cores = 1.5, .memory = 512 << 20, .disk_rate = 20 << 20, .weight = 16};
    const struct cgroup_limits none = {0};
    struct cgroup_layout layout;
    struct error error = {0};

    (void)state;
    put_version_2();
    assert_int_equal(read_layout(unified, &layout, &error), 0);
    assert_ptr_equal(layout.version, &cgroup_v2);
    assert_int_equal(cgroup_make(&layout, "vnfault/x/bono", &limits, &error), 0);
    assert_holds("cgroup.subtree_control", "+cpu +memory +io +pids");
    assert_holds("vnfault/cgroup.subtree_control", "+cpu +memory +io +pids");
    assert_holds("vnfault/x/cgroup.subtree_control", "+cpu +memory +io +pids");
    assert_holds("vnfault/x/bono/cpu.max", "15000 10000");
    assert_holds("vnfault/x/bono/cpu.weight", "1600");
    assert_holds("vnfault/x/bono/memory.max", "536870912");
    assert_holds("vnfault/x/bono/memory.swap.max", "0");
    assert_holds("vnfault/x/bono/io.max", "254:0 rbps=20971520 wbps=20971520");

    assert_int_equal(cgroup_make(&layout, "vnfault/x/bono", &none, &error), 0);
    assert_holds("vnfault/x/bono/cpu.max", "max 10000");
    assert_holds("vnfault/x/bono/cpu.weight", "100");
    assert_holds("vnfault/x/bono/memory.max", "max");
    assert_holds("vnfault/x/bono/memory.swap.max", "max");
    assert_holds("vnfault/x/bono/io.max", "254:0 rbps=max wbps=max");
}

static void test_no_disk_no_disk_limit(void **state)
{
    const struct cgroup_limits limits = {.cores = 1, .memory = 1 << 20, .disk_rate = 1 << 20};
    struct cgroup_layout layout;
    struct error error = {0};

    (void)state;
    put_version_2();
    assert_int_equal(read_layout(unified, &layout, &error), 0);
    layout.disk[0] = '\0';
    assert_int_equal(cgroup_make(&layout, "vnfault/x/bono", &limits, &error), 0);
    assert_holds("vnfault/x/bono/io.max", "");
}

static void test_missing_controllers_are_named(void **state)
{
    struct cgroup_layout layout;
    struct error error = {0};

    (void)state;
    put("cgroup.controllers", "cpuset cpu memory pids\n");
    assert_int_equal(read_layout(unified, &layout, &error), -1);
    assert_int_equal(error.kind, ERROR_UNREACHABLE);
    assert_string_equal(error.what, "no cgroup controller for io");
    assert_int_equal(
        read_layout("35 31 0:32 / @/memory rw - cgroup cgroup rw,memory\n", &layout, &error), -1);
    assert_string_equal(error.what, "no cgroup controller for cpu");
    assert_int_equal(read_layout("23 1 0:22 / /sys rw - sysfs sysfs rw\n", &layout, &error), -1);
    assert_string_equal(error.what, "no cgroup hierarchy is mounted");
}

static void test_usage_is_read(void **state)
{
    struct cgroup_layout layout;
    struct error error = {0};

    (void)state;
    put_version_2();
    assert_int_equal(read_layout(unified, &layout, &error), 0);
    put("vnfault/x/bono/memory.current", "12345678\n");
    put("vnfault/x/bono/cgroup.procs", "2000000001\n2000000002\n");
    put("vnfault/x/bono/fault/cgroup.procs", "2000000003\n");
    assert_int_equal(cgroup_memory(&layout, "vnfault/x/bono"), 12345678);
    assert_int_equal(cgroup_processes(&layout, "vnfault/x/bono"), 3);
    assert_int_equal(cgroup_processes(&layout, "vnfault/x/absent"), 0);
    assert_int_equal(cgroup_memory(&layout, "vnfault/x/absent"), 0);
}

static void test_removal_of_what_is_not_there(void **state)
{
    struct cgroup_layout layout;
    struct error error = {0};

    (void)state;
    put_version_2();
    assert_int_equal(read_layout(unified, &layout, &error), 0);
    assert_int_equal(cgroup_kill(&layout, "vnfault/y", &error), 0);
    assert_int_equal(cgroup_remove(&layout, "vnfault/y", true, &error), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_top, remove_top)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_hybrid_has_limits_in_version_1),
        TEST(test_version_1_limits),
        TEST(test_version_2_limits),
        TEST(test_no_disk_no_disk_limit),
        TEST(test_missing_controllers_are_named),
        TEST(test_usage_is_read),
        TEST(test_removal_of_what_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
