/* Requests to a Prometheus server, all that belong to one call at once. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_prometheus_server_group.h"

enum asked_kind { ASKED_CLOCK, ASKED_TYPES, ASKED_QUERY };

struct server_asked {
    enum asked_kind kind;
    struct server_query *query;
    char *url;
    struct text body;
};

void server_ask_begin(struct server_group *group, struct server_ask *ask)
{
    *ask = (struct server_ask){
        .group = group,
        .turns = memory_new(group->query_count + 2, sizeof *ask->turns),
        .asked = memory_new(group->query_count + 2, sizeof *ask->asked),
    };
}

static struct server_asked *add(struct server_ask *ask, enum asked_kind kind,
                                struct http_client *client, const char *path)
{
    struct server_asked *asked = &ask->asked[ask->count];

    asked->kind = kind;
    asked->url = memory_format("%s%s", ask->group->url, path);
    ask->turns[ask->count++].client = client;
    return asked;
}

/* So that the server gives up, too. */
static void append_timeout(const struct server_ask *ask, struct text *body)
{
    char timeout[32];

    snprintf(timeout, sizeof timeout, "%" PRId64 "ms", ask->group->timeout / CLOCK_MILLISECOND);
    server_append_field(body, "timeout", timeout);
}

static void append_instant(struct text *body, const char *name, int64_t instant)
{
    char text[40];

    snprintf(text, sizeof text, "%" PRId64 ".%03d", instant / CLOCK_SECOND,
             (int)(instant % CLOCK_SECOND / CLOCK_MILLISECOND));
    server_append_field(body, name, text);
}

void server_ask_clock(struct server_ask *ask)
{
    struct server_asked *asked = add(ask, ASKED_CLOCK, ask->group->clock_client, "/api/v1/query");

    server_append_field(&asked->body, "query", "time()");
    append_timeout(ask, &asked->body);
}

void server_ask_types(struct server_ask *ask)
{
    add(ask, ASKED_TYPES, ask->group->types_client, "/api/v1/metadata");
}

static struct server_asked *add_query(struct server_ask *ask, size_t query, const char *path)
{
    struct server_query *of = &ask->group->queries[query];
    struct server_asked *asked = add(ask, ASKED_QUERY, of->client, path);

    asked->query = of;
    json_decref(of->data);
    of->data = NULL;
    of->too_much = false;
    error_clear(&of->problem);
    return asked;
}

void server_ask_series(struct server_ask *ask, size_t query)
{
    struct server_asked *asked = add_query(ask, query, "/api/v1/query");
    struct text selector = {0};

    server_query_selector(asked->query, &selector);
    server_append_field(&asked->body, "query", text_string(&selector));
    append_timeout(ask, &asked->body);
    text_free(&selector);
}

void server_ask_series_between(struct server_ask *ask, size_t query, int64_t from, int64_t until)
{
    struct server_asked *asked = add_query(ask, query, "/api/v1/series");
    struct text selector = {0};

    server_query_selector(asked->query, &selector);
    server_append_field(&asked->body, "match[]", text_string(&selector));
    append_instant(&asked->body, "start", from);
    append_instant(&asked->body, "end", until);
    text_free(&selector);
}

void server_ask_samples(struct server_ask *ask, size_t query, int64_t length, int64_t at)
{
    struct server_asked *asked = add_query(ask, query, "/api/v1/query");
    struct text selector = {0};

    server_query_selector(asked->query, &selector);
    text_appendf(&selector, "[%" PRId64 "ms]", length / CLOCK_MILLISECOND + 1);
    server_append_field(&asked->body, "query", text_string(&selector));
    if (at != SERVER_NO_TIME)
        append_instant(&asked->body, "time", at);
    append_timeout(ask, &asked->body);
    text_free(&selector);
}

static void take_clock(struct server_group *group, const struct http_response *response,
                       const json_t *data)
{
    if (server_time_read(data, &group->now, &group->clock_problem) < 0)
        return;
    /* It was so at some instant between the request and the answer, to the millisecond. */
    group->clock =
        (struct server_clock){group->now - response->ended,
                              group->now + CLOCK_MILLISECOND - response->began, response->ended};
    group->answered = response->ended;
}

static struct error *problem_of(struct server_group *group, const struct server_asked *asked)
{
    if (asked->kind == ASKED_QUERY)
        return &asked->query->problem;
    return asked->kind == ASKED_CLOCK ? &group->clock_problem : &group->types_problem;
}

static void take_answer(void *context, size_t turn, struct http_response *response,
                        const struct error *error)
{
    const struct server_ask *ask = context;
    struct server_group *group = ask->group;
    const struct server_asked *asked = &ask->asked[turn];
    struct error *problem = problem_of(group, asked);
    bool too_much = false;
    json_t *data = NULL;

    error_clear(problem);
    if (error != NULL)
        *problem = *error;
    else if (server_answer_read(asked->url, response, &data, &too_much, problem) == 0 &&
             asked->kind == ASKED_CLOCK)
        take_clock(group, response, data);
    if (asked->kind == ASKED_QUERY) {
        asked->query->data = json_incref(data);
        asked->query->too_much = too_much;
    } else if (asked->kind == ASKED_TYPES && data != NULL) {
        server_types_free(group->types);
        group->types = server_types_read(data);
    }
    json_decref(data);
}

void server_ask_all(struct server_ask *ask, int64_t deadline, struct stop *stop)
{
    static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded",
                                          "Accept: application/json", NULL};

    for (size_t i = 0; i < ask->count; i++) {
        ask->turns[i].request = (struct http_request){.url = ask->asked[i].url, .headers = headers};
        if (ask->asked[i].kind != ASKED_TYPES)
            ask->turns[i].request.body = text_string(&ask->asked[i].body);
    }
    http_many_ask(ask->group->many, ask->turns, ask->count, deadline, stop, take_answer, ask);
    for (size_t i = 0; i < ask->count; i++) {
        free(ask->asked[i].url);
        text_free(&ask->asked[i].body);
    }
    free(ask->turns);
    free(ask->asked);
}
