/* Monitoring hosts of a testbed file, and the sources that name them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/campaign.h"
#include "tests/unit/testbed_text.h"

static void monitoring_hosts_are_reached_as_others(void **state)
{
    struct findings findings = {0};
    struct testbed *testbed = testbed_text_read(
        "<ssh user=\"a\" port=\"23\" jump=\"gate\"/>\n"
        "<jump-host name=\"gate\" address=\"192.0.2.1\"/>\n"
        "<target name=\"one\" address=\"192.0.2.3\">"
        "<source collector=\"libvirt\" host=\"kvm2\" domain=\"one\"/>"
        "<source collector=\"libvirt\" domain=\"one\" uri=\"test:///default\"/></target>\n"
        "<monitoring-host name=\"kvm1\" address=\"192.0.2.4\"><ssh jump=\"none\"/>"
        "</monitoring-host>\n"
        "<monitoring-host name=\"kvm2\" address=\"192.0.2.5\"><ssh user=\"b\" sudo=\"true\"/>"
        "</monitoring-host>\n",
        &findings);
    const struct host *host;

    (void)state;
    assert_non_null(testbed);
    assert_int_equal(testbed->host_count, 1);
    assert_int_equal(testbed->monitoring_host_count, 2);
    host = &testbed->monitoring_hosts[0];
    assert_string_equal(host->name, "kvm1");
    assert_int_equal(host->kind, HOST_MONITORING);
    assert_string_equal(host->access.address, "192.0.2.4");
    assert_string_equal(host->access.user, "a");
    assert_null(host->access.jump);
    host = &testbed->monitoring_hosts[1];
    assert_string_equal(host->access.user, "b");
    assert_int_equal(host->access.port, 23);
    assert_true(host->access.sudo);
    assert_string_equal(host->access.jump->name, "gate");
    assert_ptr_equal(testbed->hosts[0].sources[0].host, host);
    assert_null(testbed->hosts[0].sources[1].host);
    assert_null(testbed_host(testbed, "kvm1"));
    assert_ptr_equal(testbed_any_host(testbed, 0), &testbed->hosts[0]);
    assert_ptr_equal(testbed_any_host(testbed, 1), &testbed->jump_hosts[0]);
    assert_ptr_equal(testbed_any_host(testbed, 3), host);
    assert_null(testbed_any_host(testbed, 4));
    testbed_free(testbed);
}

/* The one finding of a testbed with a monitoring host kvm1 on line 2, and this from line 3 on. */
static void expect_finding(const char *more, const char *what, const char *hint)
{
    testbed_text_expect("<monitoring-host name=\"kvm1\" address=\"192.0.2.1\"/>", more, what, hint);
}

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    expect_finding("<monitoring-host name=\"kvm1\" address=\"192.0.2.2\"/>",
                   "the name \"kvm1\" is taken by the monitoring host on line 2", "");
    expect_finding("<monitoring-host name=\"kvm2\"/>", "attribute \"address\" is missing", "");
    expect_finding("<monitoring-host name=\"k\" address=\"a\"><source collector=\"cgroup\"/>"
                   "</monitoring-host>",
                   "<source> is not allowed", "");
    expect_finding("<target name=\"t\" address=\"a\">"
                   "<source collector=\"libvirt\" domain=\"d\" host=\"kvm2\"/></target>",
                   "unknown monitoring host \"kvm2\"", "did you mean \"kvm1\"?");
    expect_finding("<target name=\"t\" address=\"a\">"
                   "<source collector=\"proc\" host=\"kvm1\"/></target>",
                   "unknown attribute \"host\"", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(monitoring_hosts_are_reached_as_others),
        cmocka_unit_test(what_is_wrong_is_told),
    };

    setenv("VNFAULT_DATA", ".", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
