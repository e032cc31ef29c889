/* The formats of control group files, on lines as the kernel's documentation has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_cgroup.h"

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
