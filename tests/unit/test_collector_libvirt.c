/*
 * What virsh says of domains: an answer of libvirt 9.0 with QEMU 7.2,
 * tests/unit/data/libvirt/answer, of a domain that runs, one that is shut off and one that isn't
 * there; and answers that are made up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "runner/collector_libvirt.h"

#define ANSWER "tests/unit/data/libvirt/answer"

static void read_answer(struct text *answer)
{
    struct error error = {0};

    if (file_read(ANSWER, 1 << 20, answer, &error) < 0)
        fail_msg("%s", error.what);
}

static size_t find(const struct domain_stats *stats, const char *name)
{
    size_t i = 0;

    while (i < stats->list.count && strcmp(stats->list.items[i].name, name) != 0)
        i++;
    if (i == stats->list.count)
        fail_msg("no metric %s", name);
    return i;
}

static void is_value(const struct domain_stats *stats, const char *name, double value)
{
    double found = stats->values[find(stats, name)];

    if (isnan(value) ? !isnan(found) : found != value)
        fail_msg("%s is %g", name, found);
}

static void metrics_have_types(void **state)
{
    static const struct {
        const char *name;
        bool counter;
        const char *group;
        const char *unit;
    } rows[] = {
        {"state.state", false, "process", "code"},
        {"cpu.time", true, "cpu", "ns"},
        {"cpu.system", true, "cpu", "ns"},
        {"vcpu.current", false, "cpu", "processors"},
        {"vcpu.0.time", true, "cpu", "ns"},
        {"vcpu.0.delay", true, "cpu", "ns"},
        {"vcpu.0.state", false, "cpu", "code"},
        {"balloon.rss", false, "memory", "kB"},
        {"net.count", false, "network", "interfaces"},
        {"net.tap-sprout.rx.bytes", true, "network", "bytes"},
        {"net.tap-sprout.tx.drop", true, "network", "packets"},
        {"block.hda.rd.reqs", true, "filesystem", "requests"},
        {"block.hda.wr.times", true, "filesystem", "ns"},
        {"block.hda.capacity", false, "filesystem", "bytes"},
    };
    struct domain_stats stats = {0};
    struct text answer = {0};
    bool changed;

    (void)state;
    read_answer(&answer);
    assert_true(domain_stats_read(&stats, &answer, "sprout", &changed));
    assert_true(changed);
    assert_true(stats.list.count >= 40);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct store_metric *metric = &stats.list.items[find(&stats, rows[i].name)];

        assert_int_equal(metric->counter, rows[i].counter);
        assert_string_equal(metric->resource_group, rows[i].group);
        assert_string_equal(metric->unit, rows[i].unit);
        assert_string_equal(metric->layer, "virtual");
    }
    is_value(&stats, "state.state", 1);
    is_value(&stats, "balloon.maximum", 16384);
    is_value(&stats, "block.hda.capacity", 1048576);
    assert_true(domain_stats_read(&stats, &answer, "sprout", &changed));
    assert_false(changed);
    domain_stats_free(&stats);
    text_free(&answer);
}

/* It has what it had while it ran, unknown; one that wasn't there has nothing. */
static void a_domain_may_be_off(void **state)
{
    struct domain_stats stats = {0};
    struct text answer = {0};
    bool changed;

    (void)state;
    read_answer(&answer);
    assert_true(domain_stats_read(&stats, &answer, "bono", &changed));
    is_value(&stats, "state.state", 5);
    assert_false(domain_stats_read(&stats, &answer, "homestead", &changed));
    assert_false(domain_stats_read(&stats, &answer, "spr", &changed));
    domain_stats_free(&stats);
    text_free(&answer);
}

static bool read_text(struct domain_stats *stats, const char *text, bool *changed)
{
    struct text answer = {0};
    bool result;

    text_append(&answer, text);
    result = domain_stats_read(stats, &answer, "d", changed);
    text_free(&answer);
    return result;
}

static void what_comes_later_is_added(void **state)
{
    struct domain_stats stats = {0};
    bool changed;

    (void)state;
    assert_true(read_text(&stats, "Domain: 'd'\n  a.x=1\n  a.y=2\n", &changed));
    assert_true(read_text(&stats, "Domain: 'd'\n  a.y=3\n  a.z=4\n", &changed));
    assert_true(changed);
    assert_int_equal(stats.list.count, 3);
    is_value(&stats, "a.x", (double)NAN);
    is_value(&stats, "a.y", 3);
    is_value(&stats, "a.z", 4);
    domain_stats_free(&stats);
}

static void devices_keep_their_names(void **state)
{
    struct domain_stats stats = {0};
    bool changed;

    (void)state;
    assert_true(read_text(&stats,
                          "Domain: 'd'\n  block.count=2\n  block.0.name=vda\n  block.0.rd.reqs=1\n"
                          "  block.1.name=vdb\n  block.1.rd.reqs=2\n  net.0.name=vnet7\n"
                          "  net.0.rx.pkts=3\n  net.1.name=tap1\n  net.1.rx.pkts=4\n",
                          &changed));
    is_value(&stats, "block.vda.rd.reqs", 1);
    is_value(&stats, "net.0.rx.pkts", 3);
    is_value(&stats, "net.tap1.rx.pkts", 4);
    assert_true(read_text(&stats,
                          "Domain: 'd'\n  block.count=1\n  block.0.name=vdb\n  block.0.rd.reqs=5\n"
                          "  net.0.name=vnet9\n  net.0.rx.pkts=6\n",
                          &changed));
    assert_false(changed);
    is_value(&stats, "block.vda.rd.reqs", (double)NAN);
    is_value(&stats, "block.vdb.rd.reqs", 5);
    is_value(&stats, "net.0.rx.pkts", 6);
    domain_stats_free(&stats);
}

static void hostile_text_is_left_out(void **state)
{
    struct domain_stats stats = {0};
    bool changed;

    (void)state;
    assert_true(
        read_text(&stats,
                  "Domain: 'd'\n  =1\n  lonely=2\n  a.\033[31m=3\n  a.path=/x\n  a.b=inf\n"
                  "  block.0.name=\033[0m\n  block.0.n=4\n  block.99999999999999999999.n=5\n"
                  "  block.-1.n=6\n  vcpu.0.halted=yes\n\n=\n",
                  &changed));
    is_value(&stats, "block.0.n", 4);
    is_value(&stats, "vcpu.0.halted", 1);
    assert_int_equal(stats.list.count, 4);
    domain_stats_free(&stats);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_have_types),        cmocka_unit_test(a_domain_may_be_off),
        cmocka_unit_test(what_comes_later_is_added), cmocka_unit_test(devices_keep_their_names),
        cmocka_unit_test(hostile_text_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
