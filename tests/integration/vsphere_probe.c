/*
 * Drives the vSphere collector for tests/integration/test_vsphere.sh.
 *
 *   vsphere_probe WATCHED NAME=VALUE ... -- VM ...
 *
 * The attributes are those of all sources; each VM is one, and its target is called target-0,
 * target-1 and so on. Each line on standard input is a command, 'read [MILLISECONDS]' (until the
 * deadline), 'metrics SOURCE' or 'reopen SOURCE', and ends with a line 'done'. A sample is printed
 * as
 *
 *   sample SOURCE INSTANT BOUND KNOWN COUNT VALUE
 *
 * instant and bound in ns, how many of its values are known, and the watched metric's.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "runner/collector.h"

struct probe {
    const struct collector *collector;
    const char *watched;
    void *state;
    struct collected_source *sources;
    size_t count;
};

static size_t watched_place(const struct store_metric *metrics, size_t count, const char *watched)
{
    size_t place = 0;

    while (place < count && strcmp(metrics[place].name, watched) != 0)
        place++;
    return place;
}

static void print_sample(void *context, const struct collected_sample *sample)
{
    const struct probe *probe = context;
    const struct store_metric *metrics;
    size_t count = probe->collector->metrics(probe->state, sample->source, &metrics);
    size_t place = watched_place(metrics, count, probe->watched);
    size_t known = 0;

    for (size_t i = 0; i < count; i++)
        known += !isnan(sample->values[i]);
    printf("sample %zu %" PRId64 " %" PRId64 " %zu %zu ", sample->source,
           sample->from + (sample->until - sample->from) / 2, (sample->until - sample->from) / 2,
           known, count);
    if (place < count)
        printf("%.17g\n", sample->values[place]);
    else
        printf("none\n");
}

static void print_error(const char *what, size_t source, const struct error *error)
{
    printf("%s %zu %s%s%s (%s) %s\n", what, source, error->where,
           error->where[0] != '\0' ? ": " : "", error->what, error->target, error->hint);
}

static void print_missed(void *context, size_t source, const struct error *error)
{
    (void)context;
    print_error("missed", source, error);
}

static void print_changed(void *context, size_t source)
{
    const struct probe *probe = context;
    const struct store_metric *metrics;

    printf("changed %zu %zu\n", source, probe->collector->metrics(probe->state, source, &metrics));
}

static void read_once(struct probe *probe, const char *rest)
{
    const struct collector_sink sink = {probe, print_sample, print_missed, print_changed};
    int64_t milliseconds = strtoll(rest, NULL, 10);
    struct collector_reading reading = {.instant = clock_now(), .sink = &sink};
    int64_t began = clock_now();

    reading.deadline = began + (milliseconds > 0 ? milliseconds : 60000) * CLOCK_MILLISECOND;
    probe->collector->read(probe->state, &reading);
    printf("took %.1f ms\n", (double)(clock_now() - began) / (double)CLOCK_MILLISECOND);
}

static void print_metrics(struct probe *probe, size_t source)
{
    const struct store_metric *metrics;
    size_t count = probe->collector->metrics(probe->state, source, &metrics);

    for (size_t i = 0; i < count; i++)
        printf("metric %s %s %s %s '%s'\n", metrics[i].name,
               metrics[i].counter ? "counter" : "gauge", metrics[i].resource_group,
               metrics[i].layer, metrics[i].unit);
}

static void reopen_source(struct probe *probe, size_t source)
{
    struct error error;

    if (probe->collector->reopen(probe->state, source, &error) < 0)
        print_error("error", source, &error);
}

static void take_command(struct probe *probe, const char *line)
{
    size_t source = strtoul(line + strcspn(line, " \n"), NULL, 10);

    if (strncmp(line, "read", 4) == 0)
        read_once(probe, line + 4);
    else if (strncmp(line, "metrics", 7) == 0 && source < probe->count)
        print_metrics(probe, source);
    else if (strncmp(line, "reopen", 6) == 0 && source < probe->count)
        reopen_source(probe, source);
    printf("done\n");
    fflush(stdout);
}

/* A source with the attributes NAME=VALUE and the attribute vm. */
static struct source *make_source(char **attributes, size_t count, char *machine)
{
    struct source *source = memory_new(1, sizeof *source);

    source->collector = (char *)"vsphere";
    source->names = memory_new(count + 1, sizeof *source->names);
    source->values = memory_new(count + 1, sizeof *source->values);
    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(attributes[i], "=");

        source->names[i] = memory_format("%.*s", (int)length, attributes[i]);
        source->values[i] = attributes[i] + length + 1;
    }
    source->names[count] = memory_string("vm");
    source->values[count] = machine;
    source->attribute_count = count + 1;
    return source;
}

static void add_machine(struct probe *probe, char **attributes, size_t count, char *machine)
{
    struct host *target = memory_new(1, sizeof *target);

    target->name = memory_format("target-%zu", probe->count);
    probe->sources[probe->count++] = (struct collected_source){
        .target = target, .source = make_source(attributes, count, machine)};
}

static void free_sources(struct probe *probe)
{
    for (size_t i = 0; i < probe->count; i++) {
        struct source *source = (struct source *)probe->sources[i].source;

        for (size_t k = 0; k < source->attribute_count; k++)
            free(source->names[k]);
        free(source->names);
        free(source->values);
        free(source);
        free(probe->sources[i].target->name);
        free((struct host *)probe->sources[i].target);
    }
    free(probe->sources);
}

int main(int count, char **arguments)
{
    struct probe probe = {.collector = collector_find("vsphere")};
    struct error error;
    char line[64];
    int at = 2;
    int result;

    log_set_level(LOG_DEBUG);
    while (at < count && strcmp(arguments[at], "--") != 0)
        at++;
    if (at + 1 >= count)
        return 64;
    probe.watched = arguments[1];
    probe.sources = memory_new((size_t)count, sizeof *probe.sources);
    for (int i = at + 1; i < count; i++)
        add_machine(&probe, arguments + 2, (size_t)at - 2, arguments[i]);
    result = probe.collector->open(probe.sources, probe.count, &probe.state, &error);
    if (result < 0)
        error_print(&error, stdout);
    else
        printf("done\n");
    fflush(stdout);
    while (result == 0 && fgets(line, sizeof line, stdin) != NULL)
        take_command(&probe, line);
    if (result == 0)
        probe.collector->close(probe.state);
    free_sources(&probe);
    return result < 0 ? error_exit_status(&error) : 0;
}
