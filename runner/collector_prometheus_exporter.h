/* Parts of the Prometheus exporter collector: for the files collector_prometheus_exporter*.c and
 * their tests; what a series is as a metric, for collector_prometheus_server*.c too. */
#ifndef RUNNER_COLLECTOR_PROMETHEUS_EXPORTER_H
#define RUNNER_COLLECTOR_PROMETHEUS_EXPORTER_H

#include "base/text.h"
#include "runner/collector.h"
#include "runner/exposition.h"
#include "runner/http_many.h"
#include "runner/label_selection.h"
#include "runner/server_clock.h"

/* A page that is asked for once, however many sources are in it. */
struct exporter_page {
    char *key; /* what its sources have in common */
    char *url;
    struct http_client *client;
    struct exposition *exposition;
    struct server_clock clock;
    int64_t began; /* of the last answer, runner's clock */
    int64_t ended;
    bool changed;         /* the last answer had other series than the one before */
    bool has_times;       /* it says when values were so */
    struct error problem; /* why there was no answer the last time, or none that can be used */
};

/* ERROR_INPUT if an attribute is wrong. Nothing is sent. Close it after an error, too. */
int exporter_page_open(const struct source *source, struct exporter_page *page,
                       struct error *error);
void exporter_page_close(struct exporter_page *page);

/* Takes an answer, or the error that came instead; the other is NULL. */
void exporter_page_take(struct exporter_page *page, const struct http_response *response,
                        const struct error *error);

/*
 * Asks those servers what their clock says just when a second of it may end, whose pages say
 * when values were so and whose clocks are not well known: what is possible is halved, once a
 * server. Nothing is asked that could not be answered by `deadline`; returns how many were asked.
 */
size_t exporter_clocks_narrow(struct http_many *many, struct exporter_page *pages, size_t count,
                              int64_t deadline, struct stop *stop);

/* Metrics of a source, sorted by name, and where in the page each is. */
struct exporter_metrics {
    struct store_metric *items;
    size_t *places;
    size_t count;
};

/* The series of the page that the selection matches, as metrics; a label that is selected by is
 * left out of the name. ERROR_UNREACHABLE if there is none, or if two get the same name. */
int exporter_metrics_find(const struct exposition *exposition,
                          const struct label_selection *selection, struct exporter_metrics *metrics,
                          struct error *error);
void exporter_metrics_free(struct exporter_metrics *metrics);
bool exporter_metrics_are_same(const struct exporter_metrics *one,
                               const struct exporter_metrics *other);

/* A series as a page writes it, with the labels that are not selected by. Caller frees. */
char *exporter_metric_name(const struct exposition_series *series,
                           const struct label_selection *selection);

/* Kind, resource group, layer and unit of the series, by its name and what was said of it. */
void exporter_metric_sort(const struct exposition_series *series, struct store_metric *metric);

/* Whether the series only tells the time at which the page was asked for, and is no metric:
 * cAdvisor has one of each container, whose time is that, too, so that each page would seem to be
 * new. */
bool exporter_is_clock(const struct exposition_series *series);

/* A source: some series of a page. */
struct exporter_source {
    const struct host *target;
    size_t page; /* index */
    struct label_selection *selection;
    struct exporter_metrics metrics; /* those that were told last */
    struct exporter_metrics next;    /* those to be told; none if they are the same */
    struct error problem;            /* why the page is of no use to it */
    struct collected_sample last;
    bool given;     /* there is a last one, of these metrics */
    double *values; /* of the last one */
    int64_t *times; /* by the page, of those values that it showed with a time */
    int64_t newest; /* of these */
};

int exporter_source_open(const struct collected_source *one, struct exporter_source *source,
                         struct error *error);
void exporter_source_close(struct exporter_source *source);

/* Looks its series up in the page, which has changed. */
void exporter_source_find(struct exporter_source *source, const struct exporter_page *page);

/* Makes what was found its metrics: nobody knows others yet. */
void exporter_source_start(struct exporter_source *source);

/* Gives the sink what the page, just taken, says of the source, whose index that is. */
void exporter_source_give(struct exporter_source *source, size_t index,
                          const struct exporter_page *page, const struct collector_sink *sink);

/* Why the source can't be read just now, or NULL. */
const struct error *exporter_source_problem(const struct exporter_source *source,
                                            const struct exporter_page *page);

#endif
