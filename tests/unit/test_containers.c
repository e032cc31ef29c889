/* Containers: what engines print, which one is chosen, and how a testbed file says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "runner/campaign.h"
#include "runner/container_engine.h"
#include "tests/unit/testbed_text.h"

static void read_as(const char *engine, const char *output, struct container_list *list)
{
    struct text text = {0};
    struct error error = {0};

    text_append(&text, output);
    assert_int_equal(container_engine_find(engine)->read(&text, list, &error), 0);
    text_free(&text);
}

static void expect_unreadable(const char *engine, const char *output)
{
    struct container_list list = {0};
    struct text text = {0};
    struct error error = {0};

    text_append(&text, output);
    assert_int_equal(container_engine_find(engine)->read(&text, &list, &error), -1);
    assert_int_equal(error.kind, ERROR_UNREACHABLE);
    text_free(&text);
    container_list_free(&list);
}

static const char inspected[] =
    "[{\"Id\": \"0123456789abcdef0123456789abcdef\", \"Name\": \"/pcscf\", \"State\": {\"Pid\": 7},"
    "  \"Config\": {\"Labels\": {\"app\": \"pcscf\", \"side\": \"left\", \"odd\": 3}}},"
    " {\"Id\": \"fedcba\", \"Name\": \"scscf\", \"Config\": {\"Labels\": null}},"
    " {\"Id\": \"a b; rm\", \"Name\": \"hostile\"}, {\"Name\": \"nameless\"}, 5]";

/* docker has a '/' before the name. */
static void what_inspect_prints(void **state)
{
    struct container_list list = {0};

    (void)state;
    read_as("podman", "", &list);
    read_as("docker", "[]", &list);
    assert_int_equal(list.count, 0);
    read_as("docker", inspected, &list);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].id, "0123456789abcdef0123456789abcdef");
    assert_string_equal(list.items[0].key, "0123456789abcdef01234567");
    assert_string_equal(list.items[0].name, "pcscf");
    assert_string_equal(list.items[0].pod, "");
    assert_int_equal(list.items[0].label_count, 2);
    assert_string_equal(list.items[1].name, "scscf");
    assert_int_equal(list.items[1].label_count, 0);
    container_list_free(&list);
    expect_unreadable("podman", "Error: no such thing");
    expect_unreadable("podman", "{\"Id\": \"a\"}");
}

#define POD(UID, NAME)                                                                             \
    "\"io.kubernetes.pod.uid\": \"" UID "\", \"io.kubernetes.pod.name\": \"" NAME                  \
    "\", \"io.kubernetes.pod.namespace\": \"ims\""

static const char infos[] =
    "{\"ID\": \"aaa\", \"Labels\": {\"io.cri-containerd.kind\": \"container\","
    " \"io.kubernetes.container.name\": \"kamailio\", " POD(
        "1-2",
        "pcscf-0") "}}\n"
                   "{\"ID\": \"bbb\", \"Labels\": {\"io.cri-containerd.kind\": \"container\","
                   " \"io.kubernetes.container.name\": \"rtpengine\", " POD(
                       "1-2",
                       "pcscf-0") "}}\n"
                                  "{\"ID\": \"ccc\", \"Labels\": {\"io.cri-containerd.kind\": "
                                  "\"sandbox\", \"app\": \"pcscf\", " POD(
                                      "1-2",
                                      "pcscf-0") "}}\n"
                                                 "{\"ID\": \"ddd\", \"Labels\": "
                                                 "{\"io.cri-containerd.kind\": \"container\","
                                                 " \"io.kubernetes.container.name\": "
                                                 "\"kamailio\", " POD(
                                                     "../x", "scscf-0") "}}\n"
                                                                        "{\"ID\": \"plain\"}\n";

static void what_containerd_prints(void **state)
{
    struct container_list list = {0};

    (void)state;
    read_as("containerd", "", &list);
    read_as("containerd", infos, &list);
    assert_int_equal(list.count, 4);
    assert_string_equal(list.items[0].id, "aaa");
    assert_string_equal(list.items[0].key, "1-2.kamailio");
    assert_string_equal(list.items[0].name, "kamailio");
    assert_string_equal(list.items[0].pod, "pcscf-0");
    assert_string_equal(list.items[0].pod_namespace, "ims");
    /* What isn't fit for a path is none of the folder's name. */
    assert_string_equal(list.items[2].key, "ddd");
    assert_string_equal(list.items[3].name, "plain");
    container_list_free(&list);
    expect_unreadable("containerd", "{\"ID\": \"aaa\"} and more");
}

static const char *chosen(const struct container_list *list, struct container_choice choice,
                          struct error *error)
{
    const struct container *container = container_choose(list, &choice, error);

    return container != NULL ? container->id : NULL;
}

static void just_one_is_chosen(void **state)
{
    struct container_list list = {0};
    struct error error = {0};

    (void)state;
    read_as("containerd", infos, &list);
    assert_string_equal(
        chosen(&list, (struct container_choice){"containerd", "plain", "", "", ""}, &error),
        "plain");
    assert_string_equal(
        chosen(&list, (struct container_choice){"containerd", "kamailio", "ims", "", "app=pcscf"},
               &error),
        "aaa");
    assert_string_equal(
        chosen(&list, (struct container_choice){"containerd", "", "ims", "scscf-0", ""}, &error),
        "ddd");

    assert_null(
        chosen(&list, (struct container_choice){"containerd", "", "ims", "", "app=pcscf"}, &error));
    assert_int_equal(error.kind, ERROR_UNREACHABLE);
    assert_string_equal(error.what,
                        "2 containers of containerd are namespace=\"ims\" label=\"app=pcscf\"");
    assert_non_null(strstr(error.hint, "ims/pcscf-0/kamailio, ims/pcscf-0/rtpengine"));
    assert_null(strstr(error.hint, "plain"));

    assert_null(
        chosen(&list, (struct container_choice){"containerd", "kamaili", "", "", ""}, &error));
    assert_string_equal(error.what, "no container of containerd that runs is name=\"kamaili\"");
    assert_non_null(strstr(error.hint, "ims/scscf-0/kamailio, plain"));
    container_list_free(&list);
    assert_null(chosen(&list, (struct container_choice){"podman", "a", "", "", ""}, &error));
    assert_string_equal(error.hint, "none runs at all");
}

static void all_labels_must_be_there(void **state)
{
    struct container_list list = {0};
    struct error error = {0};

    (void)state;
    read_as("podman", inspected, &list);
    assert_non_null(chosen(
        &list, (struct container_choice){"podman", "", "", "", "side=left,app=pcscf"}, &error));
    assert_null(chosen(&list, (struct container_choice){"podman", "", "", "", "app=pcscf,side=le"},
                       &error));
    assert_null(
        chosen(&list, (struct container_choice){"podman", "", "", "", "app=pcscf,a=b"}, &error));
    container_list_free(&list);
}

/* --- testbed files --- */

#define SOURCE "<source collector=\"cgroup\"/></target>\n"

static void a_target_is_on_its_node(void **state)
{
    struct findings findings = {0};
    struct testbed *testbed = testbed_text_read(
        "<ssh user=\"a\" port=\"23\" timeout=\"9s\"/>\n"
        "<node name=\"n1\" address=\"192.0.2.1\"><ssh user=\"b\" port=\"24\"/></node>\n"
        "<target name=\"t1\" node=\"n1\"><ssh port=\"25\"/><container engine=\"containerd\""
        " namespace=\"ims\" pod=\"p\" label=\"app=x,b=\" name=\"c\"/>" SOURCE,
        &findings);
    const struct host *host;

    (void)state;
    assert_non_null(testbed);
    host = testbed_host(testbed, "t1");
    assert_string_equal(host->access.method, "container");
    assert_string_equal(host->access.address, "192.0.2.1");
    assert_string_equal(host->access.user, "b");
    assert_int_equal(host->access.port, 25);
    assert_string_equal(host->access.container.engine, "containerd");
    assert_string_equal(host->access.container.pod_namespace, "ims");
    assert_string_equal(host->access.container.pod, "p");
    assert_string_equal(host->access.container.label, "app=x,b=");
    assert_string_equal(host->access.container.name, "c");
    assert_string_equal(host->reboot, "");
    assert_null(testbed_host(testbed, "n1"));
    testbed_free(testbed);
}

/* The one finding of a testbed with a node n1 and this target, which begins on line 3. */
static void expect_finding(const char *target, const char *what, const char *hint)
{
    struct findings findings = {0};
    char *parts = memory_format("<node name=\"n1\" address=\"192.0.2.1\"/>\n%s" SOURCE, target);

    assert_null(testbed_text_read(parts, &findings));
    assert_int_equal(findings.count, 1);
    assert_int_equal(findings.items[0].line, 3);
    if (strstr(findings.items[0].what, what) == NULL ||
        strstr(findings.items[0].hint, hint) == NULL)
        fail_msg("%s: %s", findings.items[0].what, findings.items[0].hint);
    findings_free(&findings);
    free(parts);
}

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    expect_finding("<target name=\"t\">", "has no address", "a node and a <container>");
    expect_finding("<target name=\"t\" node=\"n1\">", "no <container>", "add a <container");
    expect_finding("<target name=\"t\" node=\"n2\"><container engine=\"podman\" name=\"c\"/>",
                   "unknown node \"n2\"", "did you mean \"n1\"?");
    expect_finding("<target name=\"t\" address=\"a\" node=\"n1\"><container engine=\"podman\""
                   " name=\"c\"/>",
                   "an address and a node", "its node's address");
    expect_finding("<target name=\"t\" address=\"a\"><container engine=\"podman\" name=\"c\"/>",
                   "a <container> and no node", "");
    expect_finding("<target name=\"t\" node=\"n1\"><container engine=\"podmann\" name=\"c\"/>",
                   "unknown container engine \"podmann\"", "known: podman, docker, containerd");
    expect_finding("<target name=\"t\" node=\"n1\"><container engine=\"podman\" name=\"c\""
                   " namespace=\"x\"/>",
                   "unknown attribute \"namespace\"", "known: name, label");
    expect_finding("<target name=\"t\" node=\"n1\"><container engine=\"containerd\""
                   " namespace=\"x\"/>",
                   "nothing says which container", "");
    expect_finding("<target name=\"t\" node=\"n1\"><container engine=\"podman\" label=\"x\"/>",
                   "label", "labels like app=pcscf");
    expect_finding("<target name=\"t\" node=\"n1\"><container engine=\"podman\" name=\"c\"/>"
                   "<container engine=\"podman\" name=\"c\"/>",
                   "<container> is there already", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_inspect_prints),     cmocka_unit_test(what_containerd_prints),
        cmocka_unit_test(just_one_is_chosen),      cmocka_unit_test(all_labels_must_be_there),
        cmocka_unit_test(a_target_is_on_its_node), cmocka_unit_test(what_is_wrong_is_told),
    };

    setenv("VNFAULT_DATA", ".", 1);
    return cmocka_run_group_tests_name("containers", tests, NULL, NULL);
}
