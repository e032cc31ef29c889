/* A page of an exporter: how it is asked for, and what came. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_prometheus_exporter.h"
#include "runner/http_source.h"

/* More than any true page has. */
enum { MOST_BYTES = 32 << 20 };
#define LATEST_TIME (INT64_C(1) << 62)

int exporter_page_open(const struct source *source, struct exporter_page *page, struct error *error)
{
    struct http_options options;
    struct text key = {0};
    const char *url;
    int result = http_source_url(source, "http://198.18.0.11:9100/metrics", &url, error);

    *page = (struct exporter_page){.exposition = exposition_new(), .url = memory_string(url)};
    http_source_key(source, &key);
    page->key = key.bytes;
    if (result < 0 || http_source_options(source, MOST_BYTES, &options, error) < 0)
        return -1;
    return http_open(&options, &page->client, error);
}

void exporter_page_close(struct exporter_page *page)
{
    http_close(page->client);
    exposition_free(page->exposition);
    free(page->key);
    free(page->url);
}

/* The newest time on the page, EXPOSITION_NO_TIME if it has none. */
static int find_newest(const struct exposition *exposition, int64_t *newest, struct error *error)
{
    const struct exposition_series *series;
    const int64_t *times = exposition_times(exposition);

    *newest = EXPOSITION_NO_TIME;
    for (size_t i = exposition_series(exposition, &series); i > 0; i--) {
        int64_t time = times[i - 1];

        if (time != EXPOSITION_NO_TIME && (time < 0 || time >= LATEST_TIME))
            return error_set(error, ERROR_UNREACHABLE,
                             "the time of a sample of '%.100s' is before 1970 or after 2116",
                             series[i - 1].name);
        *newest = time > *newest ? time : *newest;
    }
    return 0;
}

static int read_answer(struct exporter_page *page, const struct http_response *response,
                       struct error *error)
{
    enum exposition_format format = exposition_format(response->content_type);
    int64_t newest;
    char name[320];

    if (response->status != 200)
        return http_source_refuse_status(page->url, response->status,
                                         "is the path right? Most exporters have /metrics", error);
    if (exposition_read(page->exposition, format, text_string(&response->body),
                        response->body.length, &page->changed, error) < 0 ||
        find_newest(page->exposition, &newest, error) < 0) {
        http_name_url(page->url, name, sizeof name);
        return error_where(error, "%s", name);
    }
    page->has_times = newest != EXPOSITION_NO_TIME;
    page->began = response->began;
    page->ended = response->ended;
    server_clock_note(&page->clock, response, newest);
    return 0;
}

void exporter_page_take(struct exporter_page *page, const struct http_response *response,
                        const struct error *error)
{
    page->changed = false;
    error_clear(&page->problem);
    if (error != NULL)
        page->problem = *error;
    else
        read_answer(page, response, &page->problem);
}
