/*
 * Reads sources as `vnfault detect` does, for the shell tests of collectors:
 *
 *   collector_probe TESTBED TARGET[,TARGET ...] [NAME ...]
 *
 * Reads once, and again for each line on standard input. A reading prints 'TARGET NAME VALUE' for
 * each of the metrics of those names (shell patterns; none: all), 'TARGET missed: WHY', or 'TARGET
 * changed', and then 'read'. A word of the form '@GROUP' instead lists the metrics of that resource
 * group once: 'TARGET NAME KIND GROUP LAYER UNIT'. An error goes to stderr and its exit status is
 * vnfault's.
 */
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/stop.h"
#include "runner/campaign.h"
#include "runner/live_sources.h"

enum { MOST_TARGETS = 1000 };

struct probe {
    struct live_sources sources;
    char **patterns; /* ends with NULL */
};

static bool is_wanted(const struct probe *probe, const char *name)
{
    bool named = false;

    for (char **pattern = probe->patterns; *pattern != NULL; pattern++) {
        if ((*pattern)[0] == '@')
            continue;
        named = true;
        if (fnmatch(*pattern, name, 0) == 0)
            return true;
    }
    return !named;
}

static void take_sample(void *context, size_t index, const struct collected_sample *sample)
{
    const struct probe *probe = context;
    const struct live_source *source = &probe->sources.items[index];

    for (size_t i = 0; i < source->metric_count; i++) {
        if (is_wanted(probe, source->metrics[i].name))
            printf("%s %s %.17g\n", source->target->name, source->metrics[i].name,
                   sample->values[i]);
    }
}

static void take_missed(void *context, size_t index, const struct error *error)
{
    const struct probe *probe = context;

    printf("%s missed: %s\n", probe->sources.items[index].target->name, error->what);
}

static void take_changed(void *context, size_t index)
{
    const struct probe *probe = context;

    printf("%s changed\n", probe->sources.items[index].target->name);
}

static void list_group(const struct probe *probe, const char *group)
{
    for (size_t i = 0; i < probe->sources.count; i++) {
        const struct live_source *source = &probe->sources.items[i];

        for (size_t j = 0; j < source->metric_count; j++) {
            const struct store_metric *metric = &source->metrics[j];

            if (strcmp(metric->resource_group, group) == 0)
                printf("%s %s %s %s %s %s\n", source->target->name, metric->name,
                       metric->counter ? "counter" : "gauge", metric->resource_group, metric->layer,
                       metric->unit);
        }
    }
}

static int64_t patience(void)
{
    const char *seconds = getenv("DEADLINE");

    return strtoll(seconds != NULL ? seconds : "20", NULL, 10) * CLOCK_SECOND;
}

static int read_all(struct probe *probe, struct error *error)
{
    const struct live_receiver receiver = {probe, take_sample, take_missed, take_changed};
    struct stop stop;
    char line[16];

    if (stop_open(&stop, error) < 0)
        return -1;
    for (char **pattern = probe->patterns; *pattern != NULL; pattern++) {
        if ((*pattern)[0] == '@')
            list_group(probe, *pattern + 1);
    }
    do {
        live_sources_read(&probe->sources, clock_now() + patience(), &stop, &receiver);
        puts("read");
        fflush(stdout);
    } while (fgets(line, sizeof line, stdin) != NULL);
    stop_close(&stop);
    return 0;
}

static int probe_targets(const struct testbed *testbed, char *targets, char **patterns,
                         struct error *error)
{
    const char *names[MOST_TARGETS];
    size_t count = 0;
    char *rest = NULL;
    struct probe probe = {.patterns = patterns};
    int result;

    for (char *name = strtok_r(targets, ",", &rest); name != NULL && count < MOST_TARGETS;
         name = strtok_r(NULL, ",", &rest))
        names[count++] = name;
    if (live_sources_open(testbed, names, count, &probe.sources, error) < 0)
        return -1;
    result = read_all(&probe, error);
    live_sources_close(&probe.sources);
    return result;
}

int main(int count, char **arguments)
{
    struct findings findings = {0};
    struct error error = {0};
    struct testbed *testbed;

    if (count < 3) {
        fputs("usage: see the head of the source\n", stderr);
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    log_set_level(LOG_ERROR);
    testbed = testbed_read(arguments[1], &findings);
    if (testbed == NULL)
        error_set(&error, ERROR_INPUT, "%s: %s", arguments[1],
                  findings.count > 0 ? findings.items[0].what : "can't be read");
    else
        probe_targets(testbed, arguments[2], arguments + 3, &error);
    findings_free(&findings);
    testbed_free(testbed);
    if (error.kind != ERROR_NONE)
        error_print(&error, stderr);
    return error_exit_status(&error);
}
