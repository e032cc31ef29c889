/* How a testbed file says that hosts are reached: <ssh> and <jump-host>. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "runner/campaign.h"
#include "tests/unit/testbed_text.h"

static void jump_hosts_form_a_chain(void **state)
{
    struct findings findings = {0};
    struct testbed *testbed =
        testbed_text_read("<ssh user=\"a\" port=\"23\" jump=\"inner\"/>\n"
                          "<jump-host name=\"inner\" address=\"192.0.2.1\"><ssh jump=\"outer\" "
                          "port=\"24\"/></jump-host>\n"
                          "<jump-host name=\"outer\" address=\"192.0.2.2\"><ssh user=\"b\"/>"
                          "</jump-host>\n"
                          "<load-host name=\"far\" address=\"192.0.2.3\"/>\n"
                          "<load-host name=\"middle\" address=\"192.0.2.4\"><ssh jump=\"outer\"/>"
                          "</load-host>\n"
                          "<load-host name=\"near\" address=\"fe80::1%eth0\"><ssh jump=\"none\"/>"
                          "</load-host>\n",
                          &findings);
    const struct host *inner;
    const struct host *outer;

    (void)state;
    assert_non_null(testbed);
    assert_int_equal(testbed->host_count, 3);
    assert_int_equal(testbed->jump_host_count, 2);
    inner = testbed_host(testbed, "far")->access.jump;
    assert_non_null(inner);
    assert_string_equal(inner->name, "inner");
    assert_string_equal(inner->access.address, "192.0.2.1");
    assert_string_equal(inner->access.user, "a");
    assert_int_equal(inner->access.port, 24);
    outer = inner->access.jump;
    assert_non_null(outer);
    assert_string_equal(outer->access.user, "b");
    assert_int_equal(outer->access.port, 23);
    assert_null(outer->access.jump);
    assert_ptr_equal(testbed_host(testbed, "middle")->access.jump, outer);
    assert_null(testbed_host(testbed, "near")->access.jump);
    assert_string_equal(testbed_host(testbed, "near")->access.address, "fe80::1%eth0");
    assert_null(testbed_host(testbed, "inner"));
    testbed_free(testbed);
}

static void a_certificate_goes_with_its_key(void **state)
{
    struct findings findings = {0};
    struct testbed *testbed =
        testbed_text_read("<ssh key=\"/k/a\" certificate=\"/k/a-cert.pub\"/>\n"
                          "<load-host name=\"same\" address=\"x\"><ssh user=\"b\"/></load-host>\n"
                          "<load-host name=\"own\" address=\"x\"><ssh key=\"/k/b\"/></load-host>\n"
                          "<load-host name=\"other\" address=\"x\"><ssh certificate=\"/k/c\"/>"
                          "</load-host>\n",
                          &findings);

    (void)state;
    assert_non_null(testbed);
    assert_string_equal(testbed_host(testbed, "same")->access.certificate, "/k/a-cert.pub");
    assert_string_equal(testbed_host(testbed, "own")->access.key, "/k/b");
    assert_string_equal(testbed_host(testbed, "own")->access.certificate, "");
    assert_string_equal(testbed_host(testbed, "other")->access.key, "/k/a");
    assert_string_equal(testbed_host(testbed, "other")->access.certificate, "/k/c");
    testbed_free(testbed);
}

/* The one finding of a testbed with a jump host g1 on line 2, and this from line 3 on. */
static void expect_finding(const char *more, const char *what, const char *hint)
{
    testbed_text_expect("<jump-host name=\"g1\" address=\"192.0.2.1\"/>", more, what, hint);
}

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    expect_finding("<ssh jump=\"g2\"/>", "unknown jump host \"g2\"", "did you mean \"g1\"?");
    expect_finding("<jump-host name=\"g1\" address=\"192.0.2.2\"/>",
                   "the name \"g1\" is taken by the jump host on line 2", "");
    expect_finding("<jump-host name=\"none\" address=\"192.0.2.2\"/>", "stands for no jump host",
                   "another");
    expect_finding("<jump-host name=\"g2\" address=\"192.0.2.2\"><ssh jump=\"g2\"/></jump-host>",
                   "go in a circle", "without another");
    expect_finding("<jump-host name=\"g2\"/>", "attribute \"address\" is missing", "");
    expect_finding("<jump-host name=\"g2\" address=\"a\"><source collector=\"cgroup\"/>"
                   "</jump-host>",
                   "<source> is not allowed", "");
}

static void a_longer_circle_is_told_of_each(void **state)
{
    struct findings findings = {0};

    (void)state;
    assert_null(
        testbed_text_read("<jump-host name=\"a\" address=\"x\"><ssh jump=\"b\"/></jump-host>\n"
                          "<jump-host name=\"b\" address=\"y\"><ssh jump=\"a\"/></jump-host>\n"
                          "<load-host name=\"h\" address=\"z\"/>\n",
                          &findings));
    assert_int_equal(findings.count, 2);
    assert_int_equal(findings.items[0].line, 2);
    assert_int_equal(findings.items[1].line, 3);
    findings_free(&findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jump_hosts_form_a_chain),
        cmocka_unit_test(a_certificate_goes_with_its_key),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(a_longer_circle_is_told_of_each),
    };

    setenv("VNFAULT_DATA", ".", 1);
    return cmocka_run_group_tests_name("testbed ssh", tests, NULL, NULL);
}
