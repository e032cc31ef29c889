/*
 * The proc collector: what a target says of itself, without anything installed there. A shell on
 * the target, over its open connection, prints files of its /proc when it is asked. Metrics:
 * docs/collectors.md.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector.h"
#include "runner/collector_proc.h"
#include "runner/dialogue.h"

/* More than any machine's /proc has, intr lines of hundreds of processors among them. */
#define MOST_ANSWER ((size_t)1024 * 1024)

/* Prints the files that are its arguments, and a mark, for each line of input. One program is
 * started for each answer: shells read files byte by byte. */
static const char script[] = DIALOGUE_SHELL "count() { echo $#; }\n"
                                            "while read -r mark; do\n"
                                            "    head -n 100000 \"$@\" 2>/dev/null\n"
                                            "    echo\n"
                                            "    echo '==> processes <=='\n"
                                            "    count /proc/[0-9]*\n"
                                            "    echo \"$mark\"\n"
                                            "done\n";

struct proc_source {
    const struct host *target;
    struct dialogue *dialogue;
    struct proc_metrics metrics;
    double *values;
};

struct proc_group {
    const char *argv[PROC_MOST_FILES + 8];
    struct proc_source *items;
    size_t count;
};

/* Each target is asked by a thread of its own. */
static void append_key(const struct host *target, const struct source *source, struct text *key)
{
    (void)source;
    text_append(key, target->name);
}

static void close_group(void *state)
{
    struct proc_group *group = state;

    for (size_t i = 0; i < group->count; i++) {
        dialogue_free(group->items[i].dialogue);
        proc_metrics_free(&group->items[i].metrics);
        free(group->items[i].values);
    }
    free(group->items);
    free(group);
}

static void make_command(struct proc_group *group)
{
    size_t count = 0;

    group->argv[count++] = "sh";
    group->argv[count++] = "-c";
    group->argv[count++] = script;
    group->argv[count++] = "vnfault-proc";
    count += proc_files(group->argv + count);
    group->argv[count] = NULL;
}

/* Bound of what isn't part of a monitoring period. */
static int64_t own_deadline(const struct proc_source *source)
{
    return clock_now() + source->target->access.timeout;
}

static int open_source(struct proc_group *group, const struct collected_source *one,
                       struct error *error)
{
    struct proc_source *source = &group->items[group->count++];
    const struct dialogue_answer *answer;

    source->target = one->target;
    source->dialogue = dialogue_new(one->access, "sh", group->argv, MOST_ANSWER);
    if (dialogue_ask(source->dialogue, "", own_deadline(source), NULL, &answer, error) < 0 ||
        proc_metrics_list(&source->metrics, &answer->output, error) < 0)
        return error_target(error, one->target->name);
    source->values = memory_new(source->metrics.list.count, sizeof *source->values);
    return 0;
}

static int open_group(const struct collected_source *sources, size_t count, void **state,
                      struct error *error)
{
    struct proc_group *group = memory_new(1, sizeof *group);

    make_command(group);
    group->items = memory_new(count, sizeof *group->items);
    for (size_t i = 0; i < count; i++) {
        if (open_source(group, &sources[i], error) < 0) {
            close_group(group);
            return -1;
        }
    }
    *state = group;
    return 0;
}

static size_t list_metrics(void *state, size_t source, const struct store_metric **metrics)
{
    const struct proc_group *group = state;

    *metrics = group->items[source].metrics.list.items;
    return group->items[source].metrics.list.count;
}

static int read_source(struct proc_source *source, int64_t deadline, struct stop *stop,
                       struct collected_sample *sample, struct error *error)
{
    const struct dialogue_answer *answer;

    if (dialogue_ask(source->dialogue, "", deadline, stop, &answer, error) < 0 ||
        proc_metrics_read(&source->metrics, &answer->output, source->values, error) < 0)
        return -1;
    sample->from = answer->from;
    sample->until = answer->until;
    sample->values = source->values;
    return 0;
}

static void read_group(void *state, const struct collector_reading *reading)
{
    struct proc_group *group = state;
    const struct collector_sink *sink = reading->sink;

    for (size_t i = 0; i < group->count; i++) {
        struct collected_sample sample = {.source = i};
        struct error error = {0};

        if (read_source(&group->items[i], reading->deadline, reading->stop, &sample, &error) < 0)
            sink->missed(sink->context, i, &error);
        else
            sink->sample(sink->context, &sample);
    }
}

/* After a reboot the command runs no more: this starts it before the next reading is due. */
static int reopen_source(void *state, size_t source, struct error *error)
{
    struct proc_source *one = &((struct proc_group *)state)->items[source];
    struct collected_sample sample;

    return read_source(one, own_deadline(one), NULL, &sample, error);
}

static const char *const attributes[] = {NULL};

const struct collector collector_proc = {
    .name = "proc",
    .summary = "/proc of the target, over its own connection: CPU, memory, disks, network",
    .attributes = attributes,
    .access = COLLECTOR_ACCESS_TARGET,
    .together = append_key,
    .open = open_group,
    .metrics = list_metrics,
    .read = read_group,
    .reopen = reopen_source,
    .close = close_group,
};
