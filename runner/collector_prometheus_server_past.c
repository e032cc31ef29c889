/* Samples of the past from a Prometheus server, in parts that it is able to give at once. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_prometheus_server_group.h"

/* Samples that are asked for at once, about. */
enum { MOST_SAMPLES = 100000 };
#define SHORTEST_PART CLOCK_SECOND
#define LONGEST_PART (3600 * CLOCK_SECOND)
#define LEAST_SETTLING (2 * CLOCK_SECOND)

/* What is under way. */
struct past {
    struct server_group *group;
    int64_t from; /* the server's clock */
    int64_t until;
    int64_t period;
    const struct collector_reading *reading;
};

static int ask_clock(const struct past *past)
{
    struct server_ask ask;

    server_ask_begin(past->group, &ask);
    server_ask_clock(&ask);
    server_ask_types(&ask);
    server_ask_all(&ask, past->reading->deadline, past->reading->stop);
    if (past->group->clock_problem.kind == ERROR_NONE)
        past->group->clock_problem = past->group->types_problem;
    return past->group->clock_problem.kind == ERROR_NONE ? 0 : -1;
}

static int64_t server_time(const struct server_group *group, int64_t instant)
{
    return instant + group->clock.least / 2 + group->clock.most / 2;
}

static int64_t longest_spacing(const struct server_group *group)
{
    int64_t spacing = 0;

    for (size_t i = 0; i < group->source_count; i++) {
        if (group->sources[i].spacing > spacing)
            spacing = group->sources[i].spacing;
    }
    return spacing;
}

/* The last target that is asked before the end may be slow to answer. */
static void wait_until_settled(const struct past *past, int64_t until)
{
    int64_t spacing = longest_spacing(past->group);
    int64_t settled = until + (spacing > LEAST_SETTLING ? spacing : LEAST_SETTLING);

    if (past->reading->stop != NULL)
        stop_wait_until(past->reading->stop, settled);
    while (past->reading->stop == NULL && clock_now() < settled)
        clock_sleep(settled - clock_now());
}

static void miss_rest(const struct past *past, const struct server_query *query,
                      const struct error *error)
{
    for (size_t i = 0; i < query->count; i++)
        server_source_miss(&past->group->sources[query->sources[i]], query->sources[i], error,
                           past->reading->sink);
}

/* The series that were there in that time are the metrics of the query's sources. */
static int find_metrics(const struct past *past, size_t number, struct error *error)
{
    struct server_query *query = &past->group->queries[number];
    const struct collector_sink *sink = past->reading->sink;
    struct server_series_list list = {0};
    struct server_ask ask;
    int result;

    server_ask_begin(past->group, &ask);
    server_ask_series_between(&ask, number, past->from, past->until);
    server_ask_all(&ask, past->reading->deadline, past->reading->stop);
    *error = query->problem;
    result = query->data == NULL ? -1 : server_series_read(query->data, &list, error);
    query->series = list.count;
    for (size_t i = 0; result == 0 && i < query->count; i++) {
        struct server_source *source = &past->group->sources[query->sources[i]];
        struct server_series_list own = server_query_own(query, i, &list);

        server_source_restart(source, past->from - 1);
        if (own.count > 0 && server_source_find(source, &own, past->group->types, past->until))
            sink->changed(sink->context, query->sources[i]);
        free(own.items);
    }
    server_series_free(&list);
    return result;
}

/* Gives what the part from..until has. */
static int read_part(const struct past *past, size_t number, int64_t from, int64_t until,
                     struct error *error)
{
    struct server_query *query = &past->group->queries[number];
    struct error *problems = memory_new(query->count, sizeof *problems);
    struct server_taking taking = {
        .types = past->group->types,
        .clock = &past->group->clock,
        .answered = clock_now(),
        .now = until,
        .period = past->period,
        .until = past->until,
        .whole = until == past->until,
        .sink = past->reading->sink,
    };
    struct server_ask ask;
    int result;

    server_ask_begin(past->group, &ask);
    server_ask_samples(&ask, number, until - from, until);
    server_ask_all(&ask, past->reading->deadline, past->reading->stop);
    result = server_query_take(past->group, query, &taking, problems);
    if (result < 0)
        *error = query->problem;
    for (size_t i = 0; result == 0 && i < query->count; i++) {
        if (problems[i].kind != ERROR_NONE)
            server_source_miss(&past->group->sources[query->sources[i]], query->sources[i],
                               &problems[i], past->reading->sink);
    }
    free(problems);
    return result;
}

/* How long a part is at first. */
static int64_t part_length(const struct past *past, const struct server_query *query)
{
    int64_t spacing = longest_spacing(past->group);
    int64_t length =
        (spacing > 0 ? spacing : CLOCK_SECOND) * (MOST_SAMPLES / (int64_t)(query->series + 1));

    length = length > SHORTEST_PART ? length : SHORTEST_PART;
    return length < LONGEST_PART ? length : LONGEST_PART;
}

/* Each part begins a little before the end of the one before: what was given is not given again. */
static int read_parts(const struct past *past, size_t number, struct error *error)
{
    struct server_query *query = &past->group->queries[number];
    int64_t length = part_length(past, query);
    int64_t from = past->from;

    while (from < past->until) {
        int64_t until = past->until - from > length ? from + length : past->until;
        int64_t overlap = longest_spacing(past->group) + CLOCK_SECOND;

        if (read_part(past, number, from - overlap > past->from ? from - overlap : past->from,
                      until, error) == 0) {
            from = until;
        } else if (query->too_much && length >= 2 * SHORTEST_PART) {
            error_clear(error);
            length /= 2;
        } else {
            return -1;
        }
    }
    return 0;
}

static void read_query(const struct past *past, size_t number)
{
    struct server_query *query = &past->group->queries[number];
    struct error error = {0};

    for (size_t i = 0; i < query->count; i++)
        past->group->sources[query->sources[i]].told = false;
    if (find_metrics(past, number, &error) < 0 || read_parts(past, number, &error) < 0) {
        miss_rest(past, query, &error);
        return;
    }
    error_set(&error, ERROR_UNREACHABLE, "the server has no sample of that time");
    for (size_t i = 0; i < query->count; i++) {
        struct server_source *source = &past->group->sources[query->sources[i]];

        if (!source->told)
            server_source_miss(source, query->sources[i], &error, past->reading->sink);
    }
}

void server_read_past(void *state, int64_t from, int64_t until, int64_t period,
                      const struct collector_reading *reading)
{
    struct past past = {.group = state, .period = period, .reading = reading};

    wait_until_settled(&past, until);
    if (ask_clock(&past) < 0) {
        for (size_t i = 0; i < past.group->query_count; i++)
            miss_rest(&past, &past.group->queries[i], &past.group->clock_problem);
        return;
    }
    past.from = server_time(past.group, from);
    past.until = server_time(past.group, until);
    for (size_t i = 0; i < past.group->query_count; i++)
        read_query(&past, i);
}
