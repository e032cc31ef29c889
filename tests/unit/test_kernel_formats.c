/* The formats of control groups and of /proc, on lines as the kernel writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "runner/kernel_formats.h"

static void join(void *context, const char *key, double value)
{
    text_appendf(context, "%s=%g;", key, value);
}

static const struct {
    format_parse *parse;
    const char *file;
    const char *expected;
} rows[] = {
    {format_single, "4096\n", "=4096;"},
    {format_single, "max\n", "=nan;"},
    {format_single, "", ""},
    {format_keyed, "nr_periods 12\nthrottled_time 99\n", "nr_periods=12;throttled_time=99;"},
    {format_keyed, "a 1\nlonely\nb 2", "a=1;b=2;"},
    {format_list, "12 34 56 \n", "0=12;1=34;2=56;"},
    {format_table, "cpu user system\n0 1 2\n1 3 4\n", "0.user=1;0.system=2;1.user=3;1.system=4;"},
    {format_table, "cpu user system\n0 1\n", "0.user=1;0.system=nan;"},
    {format_numa, "total=5 N0=3 N1=2\nfile=1 N0=1\n",
     "total=5;total.N0=3;total.N1=2;file=1;file.N0=1;"},
    {format_numa, "anon N0=4096 N1=8192\n", "anon.N0=4096;anon.N1=8192;"},
    {format_blkio, "8:0 Read 10\n8:0 Write 5\n8:0 Total 15\n8:16 Read 1\n8:16 Total 1\nTotal 16\n",
     "Read=11;Write=5;Sync=0;Async=0;Discard=0;Total=16;"},
    {format_blkio, "Total 0\n", "Read=0;Write=0;Sync=0;Async=0;Discard=0;Total=0;"},
    {format_io,
     "8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0\n"
     "8:0 rbytes=100 wbytes=0 rios=8 wios=0 dbytes=50331648 dios=3021\n",
     "rbytes=1.4593e+06;wbytes=3.14774e+08;rios=200;wios=353;dbytes=5.03316e+07;dios=3021;"},
    {format_pressure,
     "some avg10=0.12 avg60=1.00 avg300=0.00 total=77\nfull avg10=0.00 avg60=0.00 avg300=0.50 "
     "total=3\n",
     "some.avg10=0.12;some.avg60=1;some.avg300=0;some.total=77;full.avg10=0;full.avg60=0;"
     "full.avg300=0.5;full.total=3;"},
    {format_stat_cpu, "cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3\nintr 5 0 1\nctxt 6\n",
     "cpu.user=1;cpu.nice=2;cpu.system=3;cpu.idle=4;cpu.iowait=5;cpu.irq=6;cpu.softirq=7;"
     "cpu.steal=8;cpu.guest=9;cpu.guest_nice=10;cpu0.user=1;cpu0.nice=2;cpu0.system=3;"},
    {format_stat_events, "cpu 1\nintr 5 0 1\nctxt 6\nbtime 7\nsoftirq 9 1 2 3 4 5 0 6 7 8 10\n",
     "intr=5;ctxt=6;softirq.total=9;softirq.HI=1;softirq.TIMER=2;softirq.NET_TX=3;"
     "softirq.NET_RX=4;softirq.BLOCK=5;softirq.IRQ_POLL=0;softirq.TASKLET=6;softirq.SCHED=7;"
     "softirq.HRTIMER=8;softirq.RCU=10;"},
    {format_stat_tasks, "ctxt 6\nprocesses 7\nprocs_running 2\nprocs_blocked 0\nprocs_lonely\n",
     "processes=7;procs_running=2;procs_blocked=0;"},
    {format_loadavg, "0.20 0.18 1.12 1/80 11206\n", "1=0.2;5=0.18;15=1.12;running=1;tasks=80;"},
    {format_loadavg, "0.20 0.18 1.12 x\n", "1=0.2;5=0.18;15=1.12;running=nan;"},
    {format_loadavg, "0.20", "1=0.2;"},
    {format_meminfo, "MemFree:  12 kB\nActive(anon): 3 kB\nHugePages_Total:   0\nnone\n",
     "MemFree=12;Active(anon)=3;HugePages_Total=0;"},
    {format_diskstats,
     " 7 0 loop0 1 2 3\n 254 0 vda 1 2 3 4 5 6 7 8 9 10 11\n 254 1 vda1 1 2 3\n 254 16 vdaa 4\n"
     " 259 0 nvme0n1 5\n 259 1 nvme0n1p1 6\n 259 2 nvme0n12 7\n 253 0 dm-0 8\n",
     "vda.reads=1;vda.reads_merged=2;vda.sectors_read=3;vda.read_time=4;vda.writes=5;"
     "vda.writes_merged=6;vda.sectors_written=7;vda.write_time=8;vda.in_flight=9;vda.io_time=10;"
     "vda.weighted_io_time=11;vdaa.reads=4;nvme0n1.reads=5;nvme0n12.reads=7;dm-0.reads=8;"},
    {format_file_handles, "4187\t0\t2466170\n", "allocated=4187;"},
    {format_net_dev,
     "Inter-|   Receive  |  Transmit\n face |bytes packets|bytes packets\n"
     "  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\neth0:1:7 8\n",
     "eth0.receive.bytes=1;eth0.receive.packets=2;eth0.receive.errors=3;eth0.receive.dropped=4;"
     "eth0.receive.fifo=5;eth0.receive.frame=6;eth0.receive.compressed=7;eth0.receive.multicast=8;"
     "eth0.transmit.bytes=9;eth0.transmit.packets=10;eth0.transmit.errors=11;"
     "eth0.transmit.dropped=12;eth0.transmit.fifo=13;eth0.transmit.collisions=14;"
     "eth0.transmit.carrier=15;eth0.transmit.compressed=16;eth0:1.receive.bytes=7;"
     "eth0:1.receive.packets=8;"},
    {format_net_snmp,
     "Tcp: RtoMin MaxConn\nTcp: 200 -1\nUdpLite: InDatagrams\nUdpLite: 0\nUdp: A B\nUdp: 1\n",
     "Tcp.RtoMin=200;Tcp.MaxConn=-1;Udp.A=1;"},
    {format_net_snmp, "Tcp: A\nUdp: 1\nUdp: B\nUdp: 2\n", ""},
    {format_sockstat, "sockets: used 15\nTCP: inuse 1 orphan 0 mem\n",
     "sockets.used=15;TCP.inuse=1;TCP.orphan=0;"},
    {format_softnet, "0000000a 00000001 00000002 0\n00000005 00000000 00000001 0\n",
     "processed=15;dropped=1;time_squeeze=3;"},
    {format_softnet, "", ""},
    {format_single, "inf\n", "=nan;"},
};

static void files_are_parsed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *file = memory_string(rows[i].file);
        struct text joined = {0};

        rows[i].parse(file, join, &joined);
        if (strcmp(text_string(&joined), rows[i].expected) != 0)
            fail_msg("%s gives %s, not %s", rows[i].file, text_string(&joined), rows[i].expected);
        text_free(&joined);
        free(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_parsed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
