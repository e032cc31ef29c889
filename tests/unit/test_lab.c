/* Names of a lab, its hosts and its testbed file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "lab/lab.h"
#include "lab/testbed_file.h"

static void test_good_names(void **state)
{
    static const char *const names[] = {"lab", "a", "0", "my-lab-2", "abcdefghijklmnopqrst"};
    struct lab lab;
    struct error error = {0};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(lab_open(&lab, names[i], &error), 0);
    assert_string_equal(lab.state, "/run/vnfault/labs/abcdefghijklmnopqrst");
    assert_string_equal(lab.data, "/var/lib/vnfault/labs/abcdefghijklmnopqrst");
}

/* A name becomes part of paths that are removed as a whole. */
static void test_bad_names(void **state)
{
    static const char *const names[] = {"",    ".",    "..",   "../x",
                                        "a/b", "A",    "-lab", "lab-",
                                        "l b", "lab;", "l\n",  "abcdefghijklmnopqrstu"};
    struct lab lab;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct error error = {0};

        assert_int_equal(lab_open(&lab, names[i], &error), -1);
        assert_int_equal(error.kind, ERROR_INPUT);
    }
}

static void test_names_of_parts(void **state)
{
    char name[LAB_NAME_SIZE];
    struct lab lab;
    struct error error = {0};

    (void)state;
    assert_int_equal(lab_open(&lab, "x", &error), 0);
    lab_namespace(&lab, "bono", name);
    assert_string_equal(name, "vnfault-x-bono");
    lab_group(&lab, "bono", name);
    assert_string_equal(name, "vnfault/x/bono");
    lab_group(&lab, NULL, name);
    assert_string_equal(name, "vnfault/x");
}

static void test_hosts_differ(void **state)
{
    (void)state;
    for (size_t i = 0; i < LAB_HOST_COUNT; i++) {
        assert_ptr_equal(lab_host_find(lab_hosts[i].name), &lab_hosts[i]);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(lab_hosts[i].address, lab_hosts[j].address);
            assert_string_not_equal(lab_hosts[i].management_address,
                                    lab_hosts[j].management_address);
            assert_string_not_equal(lab_hosts[i].mac, lab_hosts[j].mac);
            assert_string_not_equal(lab_hosts[i].management_mac, lab_hosts[j].management_mac);
        }
    }
    assert_null(lab_host_find("nobody"));
}

static void test_testbed_file(void **state)
{
    char folder[] = "/tmp/vnfault-lab.XXXXXX";
    struct lab lab;
    struct text text = {0};
    struct error error = {0};
    char *path;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(lab_open(&lab, "x", &error), 0);
    snprintf(lab.state, sizeof lab.state, "%s", folder);
    assert_int_equal(testbed_file_write(&lab, &error), 0);
    path = memory_format("%s/testbed.xml", folder);
    assert_int_equal(file_read(path, 65536, &text, &error), 0);
    assert_non_null(strstr(text_string(&text), "network-namespace=\"vnfault-x-control\""));
    assert_non_null(strstr(text_string(&text), "cgroup=\"vnfault/x/homestead\""));
    assert_non_null(strstr(text_string(&text), "<load-host name=\"load\" address=\"198.18.1.20\""));
    assert_int_equal(folder_remove(folder, &error), 0);
    text_free(&text);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_names),     cmocka_unit_test(test_bad_names),
        cmocka_unit_test(test_names_of_parts), cmocka_unit_test(test_hosts_differ),
        cmocka_unit_test(test_testbed_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
