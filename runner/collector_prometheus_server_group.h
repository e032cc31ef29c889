/* The sources of one Prometheus server, and how it is asked: for the files
 * collector_prometheus_server.c, _ask.c and _past.c alone. */
#ifndef RUNNER_COLLECTOR_PROMETHEUS_SERVER_GROUP_H
#define RUNNER_COLLECTOR_PROMETHEUS_SERVER_GROUP_H

#include "runner/collector_prometheus_server.h"

struct server_group {
    char *url;       /* without a '/' at its end */
    int64_t timeout; /* of a request, ns */
    bool past;       /* only samples of the past are asked for */
    struct http_many *many;
    struct http_client *clock_client;
    struct http_client *types_client;
    struct server_source *sources;
    size_t source_count;
    struct server_query *queries; /* each source is in one */
    size_t query_count;
    struct server_types *types;
    struct error types_problem; /* of the last call for them */
    struct server_clock clock;
    struct error clock_problem; /* of the last call for it */
    int64_t answered;           /* when it was asked for, runner's clock */
    int64_t now;                /* what it was then */
};

/* What is asked of a server at once. Begin, add to it, and ask. */
struct server_ask {
    struct server_group *group;
    struct http_turn *turns;
    struct server_asked *asked;
    size_t count;
};

void server_ask_begin(struct server_group *group, struct server_ask *ask);
/* The server's clock, and kinds of metrics: into the group. */
void server_ask_clock(struct server_ask *ask);
void server_ask_types(struct server_ask *ask);
/* Into the query: the series that are there now; those that were there between the instants; the
 * samples of a length of time until `at`, or until now if that is SERVER_NO_TIME. */
void server_ask_series(struct server_ask *ask, size_t query);
void server_ask_series_between(struct server_ask *ask, size_t query, int64_t from, int64_t until);
void server_ask_samples(struct server_ask *ask, size_t query, int64_t length, int64_t at);

/* Asks all that was added, and ends the asking. Each has its own problem then. */
void server_ask_all(struct server_ask *ask, int64_t deadline, struct stop *stop);

/* collector_prometheus_server_past.c: the collector's read_past. */
void server_read_past(void *state, int64_t from, int64_t until, int64_t period,
                      const struct collector_reading *reading);

/* Takes the answer of the query to its sources; -1 if it has none, or one that is malformed. A
 * problem of one source is in `problems`, by its number in the query. */
int server_query_take(struct server_group *group, struct server_query *query,
                      const struct server_taking *taking, struct error *problems);

#endif
