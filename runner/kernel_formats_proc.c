/* The formats of the files of /proc: proc(5), and the kernel's filesystems/proc and iostats. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "runner/kernel_formats.h"

enum { LONGEST_KEY = 128 };

/* Gives the words that are left of the line, one after the other, as 'NAME.FIELD'. */
static void give_fields(const char *name, char *line, const char *const *fields, size_t count,
                        format_value *value, void *context)
{
    char key[LONGEST_KEY];

    for (size_t i = 0; i < count; i++) {
        char *word = format_word(&line);

        if (word == NULL)
            return;
        snprintf(key, sizeof key, "%s.%s", name, fields[i]);
        value(context, key, format_number(word));
    }
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- stat and loadavg --- */

void format_stat_cpu(char *text, format_value *value, void *context)
{
    static const char *const fields[] = {"user", "nice",    "system", "idle",  "iowait",
                                         "irq",  "softirq", "steal",  "guest", "guest_nice"};
    char *line;

    while ((line = format_line(&text)) != NULL) {
        char *name = format_word(&line);

        if (name != NULL && string_starts_with(name, "cpu"))
            give_fields(name, line, fields, COUNT(fields), value, context);
    }
}

void format_stat_events(char *text, format_value *value, void *context)
{
    static const char *const softirqs[] = {"total",  "HI",      "TIMER",    "NET_TX",
                                           "NET_RX", "BLOCK",   "IRQ_POLL", "TASKLET",
                                           "SCHED",  "HRTIMER", "RCU"};
    char *line;

    while ((line = format_line(&text)) != NULL) {
        char *name = format_word(&line);

        if (name == NULL)
            continue;
        if (strcmp(name, "softirq") == 0)
            give_fields(name, line, softirqs, COUNT(softirqs), value, context);
        else if (strcmp(name, "intr") == 0 || strcmp(name, "ctxt") == 0) {
            char *word = format_word(&line); /* after that intr has one a line of the hardware */

            if (word != NULL)
                value(context, name, format_number(word));
        }
    }
}

void format_stat_tasks(char *text, format_value *value, void *context)
{
    char *line;

    while ((line = format_line(&text)) != NULL) {
        char *name = format_word(&line);
        char *word = format_word(&line);

        if (word != NULL && (string_starts_with(name, "procs_") || strcmp(name, "processes") == 0))
            value(context, name, format_number(word));
    }
}

/* '0.20 0.18 0.12 1/80 11206': the last is the youngest process. */
void format_loadavg(char *text, format_value *value, void *context)
{
    static const char *const fields[] = {"1", "5", "15"};
    char *line = format_line(&text);
    char *word;

    for (size_t i = 0; i < COUNT(fields) && (word = format_word(&line)) != NULL; i++)
        value(context, fields[i], format_number(word));
    word = format_word(&line);
    if (word != NULL) {
        char *running = strsep(&word, "/");

        value(context, "running", format_number(running));
        if (word != NULL)
            value(context, "tasks", format_number(word));
    }
}

/* --- memory, disks, files --- */

void format_meminfo(char *text, format_value *value, void *context)
{
    char *line;

    while ((line = format_line(&text)) != NULL) {
        char *key = strsep(&line, ":");
        char *word = format_word(&line);

        if (word != NULL)
            value(context, key, format_number(word));
    }
}

/* True if the name is the disk's and a number: vda1 of vda, nvme0n1p1 of nvme0n1. */
static bool is_partition_of(const char *name, const char *disk)
{
    size_t length = strlen(disk);
    const char *at = name + length;

    if (length == 0 || strncmp(name, disk, length) != 0)
        return false;
    if (isdigit((unsigned char)disk[length - 1]) && *at++ != 'p')
        return false;
    return *at != '\0' && at[strspn(at, "0123456789")] == '\0';
}

void format_diskstats(char *text, format_value *value, void *context)
{
    static const char *const fields[] = {
        "reads",           "reads_merged",      "sectors_read",     "read_time",
        "writes",          "writes_merged",     "sectors_written",  "write_time",
        "in_flight",       "io_time",           "weighted_io_time", "discards",
        "discards_merged", "sectors_discarded", "discard_time",     "flushes",
        "flush_time"};
    char *line;
    const char *disk = "";

    while ((line = format_line(&text)) != NULL) {
        format_word(&line);
        format_word(&line);
        char *name = format_word(&line);

        /* Partitions come after their disk, which counts what they do. */
        if (name == NULL || string_starts_with(name, "loop") || string_starts_with(name, "ram") ||
            is_partition_of(name, disk))
            continue;
        disk = name;
        give_fields(name, line, fields, COUNT(fields), value, context);
    }
}

/* 'allocated 0 most': the middle one is always 0. */
void format_file_handles(char *text, format_value *value, void *context)
{
    char *line = format_line(&text);
    char *allocated = format_word(&line);

    if (allocated != NULL)
        value(context, "allocated", format_number(allocated));
}

/* --- network --- */

void format_net_dev(char *text, format_value *value, void *context)
{
    static const char *const fields[] = {
        "receive.bytes",  "receive.packets",     "receive.errors",     "receive.dropped",
        "receive.fifo",   "receive.frame",       "receive.compressed", "receive.multicast",
        "transmit.bytes", "transmit.packets",    "transmit.errors",    "transmit.dropped",
        "transmit.fifo",  "transmit.collisions", "transmit.carrier",   "transmit.compressed"};
    char *line;

    while ((line = format_line(&text)) != NULL) {
        char *colon = strrchr(line, ':'); /* an alias has one in its name */
        char *name;

        if (colon == NULL)
            continue; /* the two lines at the head */
        *colon++ = '\0';
        name = format_word(&line);
        if (name != NULL)
            give_fields(name, colon, fields, COUNT(fields), value, context);
    }
}

/* 'Tcp: RtoMin InSegs', then 'Tcp: 200 12'. */
void format_net_snmp(char *text, format_value *value, void *context)
{
    char key[LONGEST_KEY];
    char *names;
    char *values;

    while ((names = format_line(&text)) != NULL && (values = format_line(&text)) != NULL) {
        char *protocol = strsep(&names, ":");
        char *again = strsep(&values, ":");
        char *name;
        char *word;

        if (names == NULL || values == NULL || strcmp(protocol, again) != 0)
            return;
        if (strcmp(protocol, "MPTcpExt") == 0 || strcmp(protocol, "UdpLite") == 0)
            continue; /* nothing of a network function uses them */
        while ((name = format_word(&names)) != NULL && (word = format_word(&values)) != NULL) {
            snprintf(key, sizeof key, "%s.%s", protocol, name);
            value(context, key, format_number(word));
        }
    }
}

void format_sockstat(char *text, format_value *value, void *context)
{
    char key[LONGEST_KEY];
    char *line;

    while ((line = format_line(&text)) != NULL) {
        char *protocol = strsep(&line, ":");
        char *name;
        char *word;

        while ((name = format_word(&line)) != NULL && (word = format_word(&line)) != NULL) {
            snprintf(key, sizeof key, "%s.%s", protocol, name);
            value(context, key, format_number(word));
        }
    }
}

void format_softnet(char *text, format_value *value, void *context)
{
    static const char *const fields[] = {"processed", "dropped", "time_squeeze"};
    double sums[COUNT(fields)] = {0};
    char *line;
    char *word;
    bool any = false;

    while ((line = format_line(&text)) != NULL) {
        for (size_t i = 0; i < COUNT(fields) && (word = format_word(&line)) != NULL; i++) {
            char *end;
            unsigned long count = strtoul(word, &end, 16);

            sums[i] += *end == '\0' ? (double)count : (double)NAN;
            any = true;
        }
    }
    for (size_t i = 0; any && i < COUNT(fields); i++)
        value(context, fields[i], sums[i]);
}
