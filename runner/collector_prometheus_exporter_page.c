/* A page of an exporter: how it is asked for, and what came. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/quantity.h"
#include "runner/collector_prometheus_exporter.h"

/* More than any true page has. */
enum { MOST_BYTES = 32 << 20 };
#define STANDARD_TIMEOUT "10s"
#define LATEST_TIME (INT64_C(1) << 62)
#define LONGEST_TIMEOUT (600 * CLOCK_SECOND)

void exporter_page_key(const struct source *source, struct text *key)
{
    static const char *const attributes[] = {"url",           "ca-file",           "certificate",
                                             "key",           "token-file",        "user",
                                             "password-file", "network-namespace", "timeout"};

    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++)
        text_appendf(key, "%s\n", source_attribute(source, attributes[i], ""));
}

static int read_timeout(const struct source *source, int64_t *timeout, struct error *error)
{
    const char *text = source_attribute(source, "timeout", STANDARD_TIMEOUT);
    double value;

    if (quantity_read(QUANTITY_DURATION, text, &value, error) < 0)
        return -1;
    if (value < (double)CLOCK_MILLISECOND || value > (double)LONGEST_TIMEOUT)
        return error_set(error, ERROR_INPUT, "a timeout is from 1ms to 10min, not %s", text);
    *timeout = (int64_t)value;
    return 0;
}

static int read_url(const struct source *source, struct exporter_page *page, struct error *error)
{
    page->url = memory_string(source_attribute(source, "url", ""));
    if (page->url[0] != '\0')
        return http_check_url(page->url, error);
    error_set(error, ERROR_INPUT, "source prometheus-exporter: the attribute url is missing");
    return error_hint(error, "write it so: url=\"http://198.18.0.11:9100/metrics\"");
}

int exporter_page_open(const struct source *source, struct exporter_page *page, struct error *error)
{
    struct http_options options = {
        .ca_file = source_attribute(source, "ca-file", ""),
        .certificate = source_attribute(source, "certificate", ""),
        .key = source_attribute(source, "key", ""),
        .token_file = source_attribute(source, "token-file", ""),
        .user = source_attribute(source, "user", ""),
        .password_file = source_attribute(source, "password-file", ""),
        .network_namespace = source_attribute(source, "network-namespace", ""),
        .most_bytes = MOST_BYTES,
    };
    struct text key = {0};

    *page = (struct exporter_page){.exposition = exposition_new()};
    exporter_page_key(source, &key);
    page->key = key.bytes;
    if (read_url(source, page, error) < 0 || read_timeout(source, &page->timeout, error) < 0)
        return -1;
    options.timeout = page->timeout;
    return http_open(&options, &page->client, error);
}

void exporter_page_close(struct exporter_page *page)
{
    http_close(page->client);
    exposition_free(page->exposition);
    free(page->key);
    free(page->url);
}

static int refuse_status(const struct exporter_page *page, long status, struct error *error)
{
    char name[320];

    http_name_url(page->url, name, sizeof name);
    error_set(error, ERROR_UNREACHABLE, "%s answers with status %ld", name, status);
    if (status == 401 || status == 403)
        return error_hint(error,
                          "'token-file', or 'user' and 'password-file', say who asks; it must "
                          "be allowed to read metrics there");
    if (status == 404)
        return error_hint(error, "is the path right? Most exporters have /metrics");
    return status >= 300 && status < 400
               ? error_hint(error, "no redirect is followed: write the URL that it leads to")
               : -1;
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
        return refuse_status(page, response->status, error);
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
