/* Targets by kubectl: what it prints, and how a testbed file names them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "runner/access_kubectl.h"
#include "runner/campaign.h"
#include "tests/unit/testbed_text.h"

static int read_pods(const char *json, struct container_list *list)
{
    struct text text = {0};
    struct error error = {0};
    int result;

    text_append(&text, json);
    result = kubectl_read_pods(&text, list, &error);
    text_free(&text);
    return result;
}

static void containers_that_run_are_read(void **state)
{
    struct container_list list = {0};

    (void)state;
    assert_int_equal(
        read_pods("{\"items\": ["
                  "{\"metadata\": {\"name\": \"a-0\", \"namespace\": \"ims\", \"labels\": "
                  "{\"app\": \"a\"}}, \"status\": {\"containerStatuses\": ["
                  "{\"name\": \"one\", \"containerID\": \"cri-o://12ab\", "
                  "\"state\": {\"running\": {}}},"
                  "{\"name\": \"two\", \"state\": {\"waiting\": {}}},"
                  "{\"name\": \"x; rm\", \"containerID\": \"y\", \"state\": {\"running\": {}}}]}},"
                  "{\"metadata\": {\"name\": \"b\", \"namespace\": \"ims\", "
                  "\"deletionTimestamp\": \"now\"}, \"status\": {\"containerStatuses\": ["
                  "{\"name\": \"one\", \"containerID\": \"z\", \"state\": {\"running\": {}}}]}},"
                  "{\"metadata\": {\"name\": \"-n\", \"namespace\": \"ims\"}, \"status\": "
                  "{\"containerStatuses\": [{\"name\": \"one\", \"containerID\": \"z\", "
                  "\"state\": {\"running\": {}}}]}}, {\"metadata\": {}}, 5]}",
                  &list),
        0);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].pod, "a-0");
    assert_string_equal(list.items[0].pod_namespace, "ims");
    assert_string_equal(list.items[0].name, "one");
    assert_string_equal(list.items[0].id, "12ab");
    assert_int_equal(list.items[0].label_count, 1);
    assert_string_equal(list.items[0].labels[0], "app=a");
    container_list_free(&list);
}

static void what_is_no_list_is_refused(void **state)
{
    static const char *const outputs[] = {"", "[]", "{\"items\": 5}", "error: no", "{\"items\": ["};

    (void)state;
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        struct container_list list = {0};

        assert_int_equal(read_pods(outputs[i], &list), -1);
        assert_int_equal(list.count, 0);
    }
}

static struct testbed *read_testbed(const char *target, struct findings *findings)
{
    char *parts = memory_format("<ssh user=\"a\" sudo=\"true\" timeout=\"9s\"/>\n"
                                "<target name=\"t\" %s<source collector=\"cgroup\"/></target>\n",
                                target);
    struct testbed *testbed = testbed_text_read(parts, findings);

    free(parts);
    return testbed;
}

static void a_target_is_named(void **state)
{
    struct findings findings = {0};
    struct testbed *testbed =
        read_testbed("><kubectl kubeconfig=\"/k/c\" context=\"lab\" namespace=\"ims\" "
                     "label=\"app=a\" name=\"one\"/>",
                     &findings);
    const struct host *host;

    (void)state;
    assert_non_null(testbed);
    host = testbed_host(testbed, "t");
    assert_string_equal(host->access.method, "kubectl");
    assert_string_equal(host->access.cluster.kubeconfig, "/k/c");
    assert_string_equal(host->access.cluster.context, "lab");
    assert_string_equal(host->access.container.pod_namespace, "ims");
    assert_string_equal(host->access.container.label, "app=a");
    assert_string_equal(host->access.container.name, "one");
    assert_string_equal(host->access.user, "");
    assert_false(host->access.sudo);
    testbed_free(testbed);
}

static void expect_finding(const char *target, const char *what)
{
    struct findings findings = {0};

    assert_null(read_testbed(target, &findings));
    if (findings.count != 1 || findings.items[0].line != 3 ||
        strstr(findings.items[0].what, what) == NULL)
        fail_msg("%zu findings: %s", findings.count, findings.items[0].what);
    findings_free(&findings);
}

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    expect_finding("><kubectl namespace=\"ims\"/>", "nothing says which container");
    expect_finding("address=\"x\"><kubectl pod=\"p\"/>", "takes no address");
    expect_finding("reboot=\"x\"><kubectl pod=\"p\"/>", "takes no reboot");
    expect_finding("><kubectl pod=\"p\"/><kubectl pod=\"p\"/>", "more than one");
    expect_finding("><kubectl pod=\"p\" pods=\"p\"/>", "attribute \"pods\" is not allowed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(containers_that_run_are_read),
        cmocka_unit_test(what_is_no_list_is_refused),
        cmocka_unit_test(a_target_is_named),
        cmocka_unit_test(what_is_wrong_is_told),
    };

    setenv("VNFAULT_DATA", ".", 1);
    return cmocka_run_group_tests_name("kubectl", tests, NULL, NULL);
}
