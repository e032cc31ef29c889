/*
 * Metrics and values of the proc collector from the answer of a real target,
 * tests/unit/data/proc/answer (kernel 6.18, two processors), and from answers that are not as they
 * should be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/collector_proc.h"

#define ANSWER "tests/unit/data/proc/answer"

static void read_answer(struct text *answer)
{
    struct error error = {0};

    if (file_read(ANSWER, 1 << 20, answer, &error) < 0)
        fail_msg("%s", error.what);
}

static size_t find(const struct metric_list *list, const char *name)
{
    size_t i = 0;

    while (i < list->count && strcmp(list->items[i].name, name) != 0)
        i++;
    if (i == list->count)
        fail_msg("no metric %s", name);
    return i;
}

static void metrics_have_types(void **state)
{
    static const struct {
        const char *name;
        bool counter;
        const char *group;
        const char *unit;
        double value;
    } rows[] = {
        {"stat.cpu.user", true, "cpu", "ticks", 2021455},
        {"stat.cpu1.idle", true, "cpu", "ticks", 4317886},
        {"stat.ctxt", true, "cpu", "events", 641698371},
        {"stat.softirq.NET_RX", true, "cpu", "events", 104203610},
        {"stat.processes", true, "process", "processes", 9958732},
        {"stat.procs_running", false, "process", "processes", 4},
        {"loadavg.15", false, "cpu", "load", 4.51},
        {"meminfo.MemAvailable", false, "memory", "kB", 23894764},
        {"meminfo.HugePages_Total", false, "memory", "pages", 0},
        {"vmstat.pgfault", true, "memory", "events", 1700877960},
        {"vmstat.nr_dirty", false, "memory", "pages", 110},
        {"vmstat.nr_dirtied", true, "memory", "pages", 32161894},
        {"vmstat.pgpgin", true, "memory", "kB", 274713581},
        {"diskstats.vda.sectors_written", true, "filesystem", "sectors", 700362016},
        {"diskstats.vda.in_flight", false, "filesystem", "requests", 0},
        {"diskstats.vda.flush_time", true, "filesystem", "ms", 35498},
        {"pressure.io.some.total", true, "filesystem", "us", 717767139},
        {"pressure.io.some.avg10", false, "filesystem", "%", 2.67},
        {"files.allocated", false, "filesystem", "files", 2849},
        {"net.eth0.receive.bytes", true, "network", "bytes", 433928546},
        {"net.eth0.transmit.packets", true, "network", "packets", 7852},
        {"snmp.Tcp.RetransSegs", true, "network", "events", 0},
        {"snmp.Tcp.CurrEstab", false, "network", "connections", 0},
        {"netstat.TcpExt.TCPTimeouts", true, "network", "events", 6},
        {"netstat.IpExt.InOctets", true, "network", "bytes", 433785819},
        {"sockstat.sockets.used", false, "network", "sockets", 14},
        {"sockstat.TCP.mem", false, "network", "pages", 128},
        {"softnet.processed", true, "network", "packets", 209170055},
        {"processes", false, "process", "tasks", 258},
    };
    struct text answer = {0};
    struct proc_metrics metrics;
    struct error error = {0};
    double *values;

    (void)state;
    read_answer(&answer);
    assert_int_equal(proc_metrics_list(&metrics, &answer, &error), 0);
    assert_true(metrics.list.count >= 150);
    values = memory_new(metrics.list.count, sizeof *values);
    assert_int_equal(proc_metrics_read(&metrics, &answer, values, &error), 0);
    for (size_t i = 0; i < metrics.list.count; i++) {
        assert_true(metrics.list.items[i].unit[0] != '\0' ||
                    strcmp(metrics.list.items[i].name, "snmp.Ip.Forwarding") == 0 ||
                    strcmp(metrics.list.items[i].name, "snmp.Tcp.RtoAlgorithm") == 0);
        assert_false(isnan(values[i]));
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t place = find(&metrics.list, rows[i].name);
        const struct store_metric *metric = &metrics.list.items[place];

        assert_int_equal(metric->counter, rows[i].counter);
        assert_string_equal(metric->resource_group, rows[i].group);
        assert_string_equal(metric->unit, rows[i].unit);
        assert_true(values[place] == rows[i].value);
    }
    free(values);
    proc_metrics_free(&metrics);
    text_free(&answer);
}

/* Lists the metrics of the first answer, and reads those of the second. */
static int read_after(const char *first, const char *second, double *values, struct error *error)
{
    struct text answer = {0};
    struct proc_metrics metrics;
    int result;

    text_append(&answer, first);
    result = proc_metrics_list(&metrics, &answer, error);
    text_free(&answer);
    if (result < 0)
        return -1;
    text_append(&answer, second);
    result = proc_metrics_read(&metrics, &answer, values, error);
    text_free(&answer);
    proc_metrics_free(&metrics);
    return result;
}

static void what_is_missing_is_unknown(void **state)
{
    struct error error = {0};
    double values[8] = {0};

    (void)state;
    assert_int_equal(read_after("==> /proc/meminfo <==\nA: 1 kB\nB: 2 kB\n\n==> processes <==\n7\n",
                                "==> /proc/meminfo <==\nC: 3 kB\nB: 4 kB\n\n==> processes <==\n8\n",
                                values, &error),
                     0);
    assert_true(isnan(values[0]));
    assert_true(values[1] == 4);
    assert_true(values[2] == 8);
}

static void a_file_that_is_gone_is_an_error(void **state)
{
    struct error error = {0};
    double values[8] = {0};

    (void)state;
    assert_int_equal(read_after("==> /proc/meminfo <==\nA: 1 kB\n\n==> processes <==\n7\n",
                                "==> processes <==\n8\n", values, &error),
                     -1);
    assert_int_equal(error.kind, ERROR_UNREACHABLE);
    assert_non_null(strstr(error.what, "nothing of /proc/meminfo any more"));
    /* Its name within a line is no head. */
    error_clear(&error);
    assert_int_equal(read_after("==> /proc/meminfo <==\nA: 1 kB\n\n==> processes <==\n7\n",
                                "x ==> /proc/meminfo <==\nA: 1 kB\n\n==> processes <==\n7\n",
                                values, &error),
                     -1);
}

static void names_are_plain_and_once(void **state)
{
    struct text answer = {0};
    struct proc_metrics metrics;
    struct error error = {0};

    (void)state;
    text_append(&answer,
                "==> /proc/meminfo <==\nA: 1 kB\nA: 2 kB\n\033[31m: 3 kB\n\xc3\xa4: 4 kB\n");
    assert_int_equal(proc_metrics_list(&metrics, &answer, &error), -1);
    text_append(&answer, "B: 5 kB\n");
    assert_int_equal(proc_metrics_list(&metrics, &answer, &error), 0);
    assert_int_equal(metrics.list.count, 2);
    assert_string_equal(metrics.list.items[1].name, "meminfo.B");
    proc_metrics_free(&metrics);
    text_free(&answer);
}

static void too_many_are_refused(void **state)
{
    struct text answer = {0};
    struct proc_metrics metrics;
    struct error error = {0};

    (void)state;
    text_append(&answer, "==> /proc/meminfo <==\n");
    for (int i = 0; i < PROC_MOST_METRICS + 5; i++)
        text_appendf(&answer, "K%d: 1 kB\n", i);
    assert_int_equal(proc_metrics_list(&metrics, &answer, &error), -1);
    assert_non_null(strstr(error.what, "more than 4096 values"));
    text_free(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_have_types),
        cmocka_unit_test(what_is_missing_is_unknown),
        cmocka_unit_test(a_file_that_is_gone_is_an_error),
        cmocka_unit_test(names_are_plain_and_once),
        cmocka_unit_test(too_many_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
