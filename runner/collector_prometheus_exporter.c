/*
 * The Prometheus exporter collector: pages of metrics over HTTP, of node_exporter, cAdvisor or any
 * other, all asked for at once. Attributes and metrics: docs/collectors.md.
 */
#include "runner/collector_prometheus_exporter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/memory.h"
#include "runner/http_many.h"
#include "runner/http_source.h"
#include "runner/source_failures.h"

/* A connection, and while it is made what looks its name up. */
enum { DESCRIPTORS_A_PAGE = 3 };

struct exporter_group {
    struct http_many *many;
    struct exporter_page *pages;
    size_t page_count;
    struct exporter_source *sources;
    size_t source_count;
};

static void close_group(void *state)
{
    struct exporter_group *group = state;

    for (size_t i = 0; i < group->source_count; i++)
        exporter_source_close(&group->sources[i]);
    for (size_t i = 0; i < group->page_count; i++)
        exporter_page_close(&group->pages[i]);
    http_many_close(group->many);
    free(group->sources);
    free(group->pages);
    free(group);
}

/* The page of the source, opened if it is the first one in it. */
static int find_page(struct exporter_group *group, const struct source *source, size_t *index,
                     struct error *error)
{
    struct text key = {0};

    http_source_key(source, &key);
    *index = 0;
    while (*index < group->page_count && strcmp(group->pages[*index].key, key.bytes) != 0)
        (*index)++;
    text_free(&key);
    if (*index < group->page_count)
        return 0;
    return exporter_page_open(source, &group->pages[group->page_count++], error);
}

/* What is asked for together: all pages, or only that of one source. */
struct asking {
    struct exporter_group *group;
    size_t first_page;
    const struct collector_sink *sink; /* NULL: only look */
};

static void take_answer(void *context, size_t turn, struct http_response *response,
                        const struct error *error)
{
    const struct asking *asking = context;
    struct exporter_group *group = asking->group;
    size_t index = asking->first_page + turn;
    struct exporter_page *page = &group->pages[index];

    exporter_page_take(page, response, error);
    for (size_t i = 0; i < group->source_count; i++) {
        if (group->sources[i].page != index)
            continue;
        if (page->changed)
            exporter_source_find(&group->sources[i], page);
        if (asking->sink != NULL)
            exporter_source_give(&group->sources[i], i, page, asking->sink);
    }
}

static void ask_pages(struct asking *asking, size_t count, int64_t deadline, struct stop *stop)
{
    /* The text format has what OpenMetrics has for us, and less to read. */
    static const char *const headers[] = {
        "Accept: "
        "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1",
        NULL};
    struct http_turn *turns = memory_new(count, sizeof *turns);

    for (size_t i = 0; i < count; i++) {
        const struct exporter_page *page = &asking->group->pages[asking->first_page + i];

        turns[i].client = page->client;
        turns[i].request = (struct http_request){.url = page->url, .headers = headers};
    }
    http_many_ask(asking->group->many, turns, count, deadline, stop, take_answer, asking);
    free(turns);
}

/* Whether the source could be read when its page was last asked for. */
static int check_source(const struct exporter_group *group, size_t index, struct error *error)
{
    const struct exporter_source *source = &group->sources[index];
    const struct error *problem = exporter_source_problem(source, &group->pages[source->page]);

    if (problem == NULL)
        return 0;
    *error = *problem;
    return error_target(error, source->target->name);
}

static int open_sources(struct exporter_group *group, const struct collected_source *sources,
                        size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        struct exporter_source *source = &group->sources[group->source_count++];

        if (exporter_source_open(&sources[i], source, error) < 0 ||
            find_page(group, sources[i].source, &source->page, error) < 0)
            return error_target(error, sources[i].target->name);
    }
    return 0;
}

static int allow_connections(const struct exporter_group *group, struct error *error)
{
    char what[64];

    snprintf(what, sizeof what, "connections to %zu exporters", group->page_count);
    return descriptors_allow(group->page_count, group->page_count * DESCRIPTORS_A_PAGE, what,
                             error);
}

/* Every one that can't be read is told. */
static int start_sources(struct exporter_group *group, struct error *error)
{
    struct source_failures failures = {0};

    for (size_t i = 0; i < group->source_count; i++) {
        struct error failure = {0};

        if (check_source(group, i, &failure) < 0)
            source_failures_add(&failures, &failure);
        exporter_source_start(&group->sources[i]);
    }
    return source_failures_end(&failures, group->source_count, "sources", error);
}

static int open_group(const struct collected_source *sources, size_t count, void **state,
                      struct error *error)
{
    struct exporter_group *group = memory_new(1, sizeof *group);
    struct asking asking = {.group = group};
    int result = http_many_open(&group->many, error);

    group->pages = memory_new(count, sizeof *group->pages);
    group->sources = memory_new(count, sizeof *group->sources);
    if (result == 0)
        result = open_sources(group, sources, count, error);
    if (result == 0)
        result = allow_connections(group, error);
    if (result == 0)
        ask_pages(&asking, group->page_count, INT64_MAX, NULL);
    if (result == 0)
        result = start_sources(group, error);
    if (result < 0)
        close_group(group);
    else
        *state = group;
    return result;
}

static size_t list_metrics(void *state, size_t source, const struct store_metric **metrics)
{
    const struct exporter_group *group = state;

    *metrics = group->sources[source].metrics.items;
    return group->sources[source].metrics.count;
}

static void read_group(void *state, const struct collector_reading *reading)
{
    struct exporter_group *group = state;
    struct asking asking = {.group = group, .sink = reading->sink};

    ask_pages(&asking, group->page_count, reading->deadline, reading->stop);
    exporter_clocks_narrow(group->many, group->pages, group->page_count, reading->deadline,
                           reading->stop);
}

static bool tell_clock(void *state, size_t source, int64_t *offset, int64_t *bound)
{
    const struct exporter_group *group = state;

    return server_clock_offset(&group->pages[group->sources[source].page].clock, offset, bound);
}

static int reopen_source(void *state, size_t source, struct error *error)
{
    struct exporter_group *group = state;
    struct asking asking = {.group = group, .first_page = group->sources[source].page};

    ask_pages(&asking, 1, INT64_MAX, NULL);
    return check_source(group, source, error);
}

static const char *const attributes[] = {
    "url",  "labels",        "ca-file",           "certificate", "key", "token-file",
    "user", "password-file", "network-namespace", "timeout",     NULL};

static const char *const files[] = {"ca-file",    "certificate",   "key",
                                    "token-file", "password-file", NULL};

const struct collector collector_prometheus_exporter = {
    .name = "prometheus-exporter",
    .summary = "a page of metrics over HTTP, as node_exporter, cAdvisor and others show",
    .attributes = attributes,
    .files = files,
    .open = open_group,
    .metrics = list_metrics,
    .read = read_group,
    .clock = tell_clock,
    .reopen = reopen_source,
    .close = close_group,
};
