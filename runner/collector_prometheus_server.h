/* Parts of the Prometheus server collector: for the files collector_prometheus_server*.c and their
 * tests alone. Instants are by the server's clock unless said. */
#ifndef RUNNER_COLLECTOR_PROMETHEUS_SERVER_H
#define RUNNER_COLLECTOR_PROMETHEUS_SERVER_H

#include <jansson.h>

#include "base/text.h"
#include "runner/collector.h"
#include "runner/exposition.h"
#include "runner/http_many.h"
#include "runner/label_selection.h"
#include "runner/server_clock.h"

#define SERVER_NO_TIME INT64_MIN
/* How far back a server looks for a series that is there now. */
#define SERVER_LOOKBACK (300 * CLOCK_SECOND)

/* --- answers: collector_prometheus_server_answer.c --- */

/* The part 'data' of an answer to the URL; the caller drops it with json_decref. ERROR_UNREACHABLE
 * if it is none that can be used; `too_much` is set if the server says that it was asked for more
 * than it gives at once; may be NULL. ERROR_INPUT if it can't make sense of what it was asked. */
int server_answer_read(const char *url, const struct http_response *response, json_t **data,
                       bool *too_much, struct error *error);

/* A series that an answer is about. Its strings are the answer's. */
struct server_series {
    struct exposition_series series; /* neither sorted by kind nor with a unit */
    const json_t *samples;           /* of a range; NULL if the answer has none */
};

/* The series of an answer to a query or to a search for series, without those that the server makes
 * itself. Free them, also after an error. */
struct server_series_list {
    struct server_series *items;
    size_t count;
};
int server_series_read(const json_t *data, struct server_series_list *list, struct error *error);
void server_series_free(struct server_series_list *list);

/* Value of a label, or "". */
const char *server_series_label(const struct server_series *series, const char *label);

/* One pair of instant and value; false if it is none. */
bool server_sample_read(const json_t *pair, int64_t *time, double *value);

/* The answer to the query 'time()'. */
int server_time_read(const json_t *data, int64_t *time, struct error *error);

/* --- kinds of metrics: collector_prometheus_server_types.c --- */

/* What the server was told of metrics by those that it asks. */
struct server_types;
struct server_types *server_types_read(const json_t *metadata);
void server_types_free(struct server_types *types); /* NULL is allowed */

/* Kind, resource group, layer and unit of a series. */
void server_types_sort(struct server_types *types, const struct exposition_series *series,
                       struct store_metric *metric);

/* --- metrics of a source: collector_prometheus_server_metrics.c --- */

/* Sorted by name. */
struct server_metrics {
    struct store_metric *items; /* names are owned */
    int64_t *seen;              /* when there was a value last */
    size_t count;
};

/* A series with its name as a metric. */
struct server_named {
    char *name;
    const struct server_series *series;
};

/* The series of the list sorted by those names. Returns how many; free with server_named_free. */
size_t server_name_series(const struct server_series_list *list,
                          const struct label_selection *selection, struct server_named **named);
void server_named_free(struct server_named *named, size_t count);

/* Those of before that a server would still show at that instant, and the named ones, which it
 * shows. */
void server_metrics_join(const struct server_metrics *before, const struct server_named *named,
                         size_t count, struct server_types *types, int64_t seen,
                         struct server_metrics *metrics);
void server_metrics_free(struct server_metrics *metrics);

/* Index of the metric of that name, or SIZE_MAX. */
size_t server_metrics_place(const struct server_metrics *metrics, const char *name);

/* --- a source: collector_prometheus_server_source.c --- */

struct server_source {
    const struct host *target;
    struct label_selection *selection;
    struct server_metrics metrics;
    int64_t newest;  /* instant of the last sample that was given, or SERVER_NO_TIME */
    int64_t spacing; /* between its newest samples; 0 until it is known */
    size_t filled;   /* values that the last one had */
    size_t missed;   /* readings since */
    bool told;       /* what came of the reading under way */
    struct collected_sample last;
    double *values; /* of the last one */
};

/* ERROR_INPUT if 'labels' are none that say which series. */
int server_source_open(const struct collected_source *one, struct server_source *source,
                       struct error *error);
void server_source_close(struct server_source *source);

/* Makes the series of the list, which are its own, its metrics. Returns whether they are others
 * than before. */
bool server_source_find(struct server_source *source, const struct server_series_list *list,
                        struct server_types *types, int64_t seen);

/* Forgets what was given, before another time is read. */
void server_source_restart(struct server_source *source, int64_t newest);

/* How samples are to be taken from an answer. */
struct server_taking {
    struct server_types *types;
    const struct server_clock *clock;
    int64_t answered; /* runner's clock */
    int64_t now;      /* newer ones there are none */
    int64_t period;   /* at most one sample in about this time; 0: in that since the last */
    int64_t until;    /* none from after it */
    bool whole;       /* nothing is added to the newest sample any more */
    const struct collector_sink *sink;
};

/* Gives the samples of the series, which are the source's own, that are newer than what was given.
 * ERROR_UNREACHABLE if they are malformed or can't be told apart. */
int server_source_take(struct server_source *source, size_t index,
                       const struct server_series_list *list, const struct server_taking *taking,
                       struct error *error);

/* For a reading that brought nothing new: gives the last sample again, or tells that it is missed
 * where it is too old. */
void server_source_wait(struct server_source *source, size_t index, int64_t now,
                        const struct collector_sink *sink);

/* Tells that it could not be read. */
void server_source_miss(struct server_source *source, size_t index, const struct error *error,
                        const struct collector_sink *sink);

/* --- queries: collector_prometheus_server_query.c --- */

/* Sources that one query asks for: they differ in the value of one label, if at all. */
struct server_query {
    struct label_selection *selection; /* of the first source */
    size_t pivot;                      /* the condition in which they differ */
    size_t *sources;                   /* indices */
    const char **values;               /* of the label of the pivot */
    size_t count;
    struct http_client *client;
    int64_t answered; /* instant of the last good answer, or SERVER_NO_TIME */
    size_t series;    /* in the last search */
    /* Of the call under way. */
    json_t *data;
    bool too_much;
    struct error problem;
};

/* Puts the source into the query, if one query can ask for it too. */
bool server_query_join(struct server_query *query, const struct label_selection *selection,
                       size_t source);
void server_query_start(struct server_query *query, struct label_selection *selection,
                        size_t source);
void server_query_close(struct server_query *query);

/* Appends the selector: '{job="node",instance=~"a|b"}'. */
void server_query_selector(const struct server_query *query, struct text *text);

/* Appends 'NAME=VALUE' for the body of a request. */
void server_append_field(struct text *body, const char *name, const char *value);

/* The series of the list that are those of the query's source of that number. Shares their labels:
 * free its items alone. */
struct server_series_list server_query_own(const struct server_query *query, size_t number,
                                           const struct server_series_list *list);

#endif
