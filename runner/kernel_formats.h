/*
 * Formats in which Linux tells figures: the files of control groups and those of /proc. A parser
 * gives each value with its key and leaves out what it doesn't understand.
 */
#ifndef RUNNER_KERNEL_FORMATS_H
#define RUNNER_KERNEL_FORMATS_H

/* Takes one value of a file; the key is "" where the file is a single number. */
typedef void format_value(void *context, const char *key, double value);

/* Parses a file's text, which it may change. */
typedef void format_parse(char *text, format_value *value, void *context);

/* --- of control groups, and of several ----------------------------------------------------------
 */

format_parse format_single;   /* '123', 'max' (NaN) */
format_parse format_keyed;    /* 'nr_periods 12' a line */
format_parse format_list;     /* '12 34': keys 0, 1, ... */
format_parse format_table;    /* 'cpu user system', then a row a processor: keys '0.user' */
format_parse format_numa;     /* 'file=12 N0=12' or 'file N0=12' a line: keys 'file', 'file.N0' */
format_parse format_blkio;    /* '8:0 Read 12' a line: summed over devices, fixed keys */
format_parse format_io;       /* '8:0 rbytes=1 wbytes=2' a line: summed over devices, fixed keys */
format_parse format_pressure; /* 'some avg10=0.00 ... total=0': keys 'some.avg10' */

/* --- of /proc ------------------------------------------------------------------------------------
 */

format_parse format_stat_cpu;     /* the 'cpu' lines of stat: keys 'cpu.user', 'cpu0.user' */
format_parse format_stat_events;  /* intr, ctxt, softirq of stat, by kind: keys 'softirq.NET_RX' */
format_parse format_stat_tasks;   /* processes, procs_running, procs_blocked of stat */
format_parse format_loadavg;      /* keys '1', '5', '15', 'running', 'tasks' */
format_parse format_meminfo;      /* 'MemFree:  12 kB' a line: keys 'MemFree' */
format_parse format_diskstats;    /* keys 'vda.reads'; of whole disks */
format_parse format_file_handles; /* file-nr, '12 0 99': key 'allocated' */
format_parse format_net_dev;      /* keys 'eth0.receive.bytes' */
format_parse format_net_snmp;     /* a line of names, one of values: keys 'Tcp.InSegs' */
format_parse format_sockstat;     /* 'TCP: inuse 1 orphan 0' a line: keys 'TCP.inuse' */
format_parse format_softnet;      /* hexadecimal, a line a processor: sums, fixed keys */

/* --- for parsers
 * ---------------------------------------------------------------------------------- */

/* The next line of the text, or NULL; empty ones are left out. */
char *format_line(char **at);

/* The next word of the line, or NULL. */
char *format_word(char **at);

/* The number that the word is, or NaN. */
double format_number(const char *word);

#endif
