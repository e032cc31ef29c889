/*
 * The Prometheus server collector: what a monitoring system that is there already keeps of the
 * targets, read as it comes or afterwards. Attributes and metrics: docs/collectors.md.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_prometheus_server_group.h"
#include "runner/http_source.h"

/* More than an answer to what is asked for at once has. */
enum { MOST_BYTES = 32 << 20 };
/* What may come to be known of a time before, since the target was slow to answer. */
#define LEAST_OVERLAP (2 * CLOCK_SECOND)
#define MOST_OVERLAP (60 * CLOCK_SECOND)
/* Whoever was not read for longer has a gap. */
#define LONGEST_CATCH_UP (600 * CLOCK_SECOND)
/* After a reset a server needs to ask the target again. */
#define REOPEN_PATIENCE (120 * CLOCK_SECOND)

static void append_key(const struct host *target, const struct source *source, struct text *key)
{
    (void)target;
    http_source_key(source, key);
}

static void close_group(void *state)
{
    struct server_group *group = state;

    for (size_t i = 0; i < group->query_count; i++)
        server_query_close(&group->queries[i]);
    for (size_t i = 0; i < group->source_count; i++)
        server_source_close(&group->sources[i]);
    http_close(group->clock_client);
    http_close(group->types_client);
    http_many_close(group->many);
    server_types_free(group->types);
    free(group->queries);
    free(group->sources);
    free(group->url);
    free(group);
}

static void add_to_query(struct server_group *group, size_t source)
{
    struct label_selection *selection = group->sources[source].selection;

    for (size_t i = 0; i < group->query_count; i++) {
        if (server_query_join(&group->queries[i], selection, source))
            return;
    }
    server_query_start(&group->queries[group->query_count++], selection, source);
}

/* What all sources of one server have in common. */
static int open_clients(struct server_group *group, const struct source *source,
                        struct error *error)
{
    struct http_options options;
    const char *url;
    size_t length;

    if (http_source_url(source, "http://198.18.0.9:9090", &url, error) < 0 ||
        http_source_options(source, MOST_BYTES, &options, error) < 0)
        return -1;
    for (length = strlen(url); length > 0 && url[length - 1] == '/';)
        length--;
    if (strchr(url, '?') != NULL)
        return error_set(error, ERROR_INPUT,
                         "the URL of a Prometheus server has no query: what is behind the '?'");
    group->url = memory_format("%.*s", (int)length, url);
    group->timeout = options.timeout;
    if (http_open(&options, &group->clock_client, error) < 0 ||
        http_open(&options, &group->types_client, error) < 0)
        return -1;
    for (size_t i = 0; i < group->query_count; i++) {
        if (http_open(&options, &group->queries[i].client, error) < 0)
            return -1;
    }
    return 0;
}

static int open_sources(struct server_group *group, const struct collected_source *sources,
                        size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        group->source_count++;
        if (server_source_open(&sources[i], &group->sources[i], error) < 0)
            return error_target(error, sources[i].target->name);
        add_to_query(group, i);
    }
    return open_clients(group, sources[0].source, error) < 0
               ? error_target(error, sources[0].target->name)
               : 0;
}

/* Makes what the server has now the metrics of the query's sources. */
static int find_metrics(struct server_group *group, struct server_query *query, struct error *error)
{
    struct server_series_list list;
    int result;

    if (query->data == NULL)
        *error = query->problem;
    if (query->data == NULL)
        return error_target(error, group->sources[query->sources[0]].target->name);
    result = server_series_read(query->data, &list, error);
    for (size_t i = 0; result == 0 && i < query->count; i++) {
        struct server_source *source = &group->sources[query->sources[i]];
        struct server_series_list own = server_query_own(query, i, &list);

        if (own.count == 0 && !group->past) {
            error_set(error, ERROR_UNREACHABLE,
                      "the server has no series now that 'labels' selects");
            error_hint(error, "does the server read the target's exporter, and are the labels "
                              "right?");
            result = error_target(error, source->target->name);
        } else {
            server_source_find(source, &own, group->types, group->now);
        }
        free(own.items);
    }
    server_series_free(&list);
    return result;
}

static int find_all(struct server_group *group, struct error *error)
{
    struct server_ask ask;
    int result = 0;

    server_ask_begin(group, &ask);
    server_ask_clock(&ask);
    server_ask_types(&ask);
    for (size_t i = 0; i < group->query_count; i++)
        server_ask_series(&ask, i);
    server_ask_all(&ask, INT64_MAX, NULL);
    if (group->clock_problem.kind != ERROR_NONE)
        *error = group->clock_problem;
    else if (group->types_problem.kind != ERROR_NONE)
        *error = group->types_problem;
    if (error->kind != ERROR_NONE)
        return error_target(error, group->sources[0].target->name);
    for (size_t i = 0; result == 0 && i < group->query_count; i++)
        result = find_metrics(group, &group->queries[i], error);
    return result;
}

static int open_group(const struct collected_source *sources, size_t count, void **state,
                      struct error *error)
{
    struct server_group *group = memory_new(1, sizeof *group);
    int result;

    group->past = sources[0].past;
    group->sources = memory_new(count, sizeof *group->sources);
    group->queries = memory_new(count, sizeof *group->queries);
    error_clear(error);
    result = http_many_open(&group->many, error);
    if (result == 0)
        result = open_sources(group, sources, count, error);
    if (result == 0)
        result = find_all(group, error);
    if (result < 0)
        close_group(group);
    else
        *state = group;
    return result;
}

static size_t list_metrics(void *state, size_t source, const struct store_metric **metrics)
{
    const struct server_group *group = state;

    *metrics = group->sources[source].metrics.items;
    return group->sources[source].metrics.count;
}

int server_query_take(struct server_group *group, struct server_query *query,
                      const struct server_taking *taking, struct error *problems)
{
    struct server_series_list list = {0};
    int result = query->data == NULL ? -1 : server_series_read(query->data, &list, &query->problem);

    for (size_t i = 0; result == 0 && i < query->count; i++) {
        struct server_series_list own = server_query_own(query, i, &list);

        error_clear(&problems[i]);
        server_source_take(&group->sources[query->sources[i]], query->sources[i], &own, taking,
                           &problems[i]);
        free(own.items);
    }
    server_series_free(&list);
    json_decref(query->data);
    query->data = NULL;
    return result;
}

/* How far back a query asks: to what it answered last, and a little further. */
static int64_t find_length(const struct server_group *group, const struct server_query *query,
                           int64_t first)
{
    int64_t overlap = LEAST_OVERLAP;
    int64_t since;

    if (query->answered == SERVER_NO_TIME)
        return first;
    for (size_t i = 0; i < query->count; i++) {
        int64_t spacing = group->sources[query->sources[i]].spacing;

        overlap = spacing > overlap ? spacing : overlap;
    }
    overlap = overlap < MOST_OVERLAP ? overlap : MOST_OVERLAP;
    since = clock_now() + group->clock.most - query->answered;
    since = since > 0 ? since : 0;
    return (since < LONGEST_CATCH_UP ? since : LONGEST_CATCH_UP) + overlap;
}

static void miss_all(struct server_group *group, const struct server_query *query,
                     const struct error *error, const struct collector_sink *sink)
{
    for (size_t i = 0; i < query->count; i++)
        server_source_miss(&group->sources[query->sources[i]], query->sources[i], error, sink);
}

/* Gives what an answer has; false if one of the sources has no sample at all so far. */
static bool give_answer(struct server_group *group, struct server_query *query,
                        const struct server_taking *taking)
{
    struct error *problems = memory_new(query->count, sizeof *problems);
    bool all = true;

    if (group->clock_problem.kind != ERROR_NONE) {
        miss_all(group, query, &group->clock_problem, taking->sink);
    } else if (server_query_take(group, query, taking, problems) < 0) {
        miss_all(group, query, &query->problem, taking->sink);
    } else {
        for (size_t i = 0; i < query->count; i++) {
            struct server_source *source = &group->sources[query->sources[i]];

            if (problems[i].kind != ERROR_NONE && !source->told)
                server_source_miss(source, query->sources[i], &problems[i], taking->sink);
            all = all && (source->told || source->newest != SERVER_NO_TIME);
        }
        if (all)
            query->answered = taking->now;
    }
    free(problems);
    return all;
}

/* Asks the queries that are not done for samples, of this length if they had none before. */
static void ask_samples(struct server_group *group, bool *done, int64_t first,
                        const struct collector_reading *reading)
{
    struct server_taking taking = {
        .clock = &group->clock, .types = group->types, .until = INT64_MAX, .sink = reading->sink};
    struct server_ask ask;

    server_ask_begin(group, &ask);
    server_ask_clock(&ask);
    for (size_t i = 0; i < group->query_count; i++) {
        if (!done[i])
            server_ask_samples(&ask, i, find_length(group, &group->queries[i], first),
                               SERVER_NO_TIME);
    }
    server_ask_all(&ask, reading->deadline, reading->stop);
    taking.answered = clock_now();
    taking.now = group->now;
    for (size_t i = 0; i < group->query_count; i++) {
        if (!done[i])
            done[i] = give_answer(group, &group->queries[i], &taking);
    }
}

static bool are_done(const bool *done, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!done[i])
            return false;
    }
    return true;
}

/* Asks for the newest samples; of sources that have none yet, for those of a longer time. */
static void read_group(void *state, const struct collector_reading *reading)
{
    static const int64_t first[] = {16 * CLOCK_SECOND, 65 * CLOCK_SECOND, SERVER_LOOKBACK};
    struct server_group *group = state;
    bool *done = memory_new(group->query_count, sizeof *done);

    for (size_t i = 0; i < group->source_count; i++)
        group->sources[i].told = false;
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        if (!are_done(done, group->query_count))
            ask_samples(group, done, first[i], reading);
    }
    for (size_t i = 0; i < group->source_count; i++) {
        if (!group->sources[i].told)
            server_source_wait(&group->sources[i], i, group->now, reading->sink);
    }
    free(done);
}

/* The query that asks for the source, and its number in that. */
static size_t query_of(const struct server_group *group, size_t source, size_t *number)
{
    *number = 0;
    for (size_t i = 0; i < group->query_count; i++) {
        for (*number = 0; *number < group->queries[i].count; (*number)++) {
            if (group->queries[i].sources[*number] == source)
                return i;
        }
    }
    return 0;
}

static bool tell_clock(void *state, size_t source, int64_t *offset, int64_t *bound)
{
    (void)source;
    return server_clock_offset(&((const struct server_group *)state)->clock, offset, bound);
}

/* Whether the server has series of the source now; else the error says why not. */
static bool is_there(struct server_group *group, size_t source, struct error *error)
{
    struct server_series_list list = {0};
    struct server_series_list own;
    struct server_ask ask;
    size_t number;
    size_t query = query_of(group, source, &number);

    server_ask_begin(group, &ask);
    server_ask_types(&ask);
    server_ask_series(&ask, query);
    server_ask_all(&ask, INT64_MAX, NULL);
    error_set(error, ERROR_UNREACHABLE, "the server has no series of it after the reset");
    if (group->queries[query].data == NULL)
        *error = group->queries[query].problem;
    else
        server_series_read(group->queries[query].data, &list, error);
    own = server_query_own(&group->queries[query], number, &list);
    free(own.items);
    server_series_free(&list);
    return own.count > 0;
}

/* The server may not have asked the target again yet. */
static int reopen_source(void *state, size_t source, struct error *error)
{
    struct server_group *group = state;
    int64_t latest = clock_now() + REOPEN_PATIENCE;

    if (group->past)
        return 0;
    while (!is_there(group, source, error)) {
        if (clock_now() > latest)
            return -1;
        clock_sleep(CLOCK_SECOND);
    }
    return 0;
}

static const char *const attributes[] = {
    "url",  "labels",        "ca-file",           "certificate", "key",  "token-file",
    "user", "password-file", "network-namespace", "timeout",     "read", NULL};

static const char *const files[] = {"ca-file",    "certificate",   "key",
                                    "token-file", "password-file", NULL};

const struct collector collector_prometheus_server = {
    .name = "prometheus-server",
    .summary = "a Prometheus server that reads the targets already, as it comes or afterwards",
    .attributes = attributes,
    .files = files,
    .together = append_key,
    .open = open_group,
    .metrics = list_metrics,
    .read = read_group,
    .read_past = server_read_past,
    .clock = tell_clock,
    .reopen = reopen_source,
    .close = close_group,
};
