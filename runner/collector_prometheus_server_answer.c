/* What a Prometheus server answers: JSON, of which anything can come. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_prometheus_server.h"
#include "runner/http_source.h"

enum { MOST_SERIES = 500000, MOST_LABELS = 200, MOST_WORDS = 240 };
#define LATEST_SECONDS 4.6e9

/* Words of the server's, as far as they can be printed. */
static void copy_words(const char *words, char *copy)
{
    size_t i;

    for (i = 0; i + 1 < MOST_WORDS && words[i] != '\0'; i++)
        copy[i] = (char)(words[i] < ' ' || words[i] > '~' ? '?' : words[i]);
    copy[i] = '\0';
}

static int refuse(const char *url, const struct http_response *response, const json_t *answer,
                  bool *too_much, struct error *error)
{
    const char *type = json_string_value(json_object_get(answer, "errorType"));
    const char *words = json_string_value(json_object_get(answer, "error"));
    bool is_bad = type != NULL && strcmp(type, "bad_data") == 0;
    char name[320];
    char copy[MOST_WORDS];

    if (words == NULL)
        return http_source_refuse_status(url, response->status,
                                         "the URL is that of the server without /api/v1", error);
    if (too_much != NULL)
        *too_much = response->status == 422;
    http_name_url(url, name, sizeof name);
    copy_words(words, copy);
    error_set(error, is_bad ? ERROR_INPUT : ERROR_UNREACHABLE, "%s says: %s", name, copy);
    return is_bad ? error_hint(error, "are the conditions in 'labels' such as it understands?")
                  : -1;
}

/* The answer as JSON, or NULL. */
static json_t *parse(const struct http_response *response, const char *name, struct error *error)
{
    json_error_t why;
    json_t *answer;
    char copy[MOST_WORDS];

    if (strncmp(response->content_type, "application/json", strlen("application/json")) != 0) {
        copy_words(response->content_type, copy);
        error_set(error, ERROR_UNREACHABLE, "%s answers with '%s', not JSON", name, copy);
        error_hint(error, "the URL is that of the server without /api/v1");
        return NULL;
    }
    answer = json_loadb(text_string(&response->body), response->body.length, 0, &why);
    if (answer == NULL) {
        copy_words(why.text, copy);
        error_set(error, ERROR_UNREACHABLE, "the answer of %s is malformed: %s", name, copy);
    }
    return answer;
}

int server_answer_read(const char *url, const struct http_response *response, json_t **data,
                       bool *too_much, struct error *error)
{
    char name[320];
    json_t *answer;
    const char *status;
    int result = 0;

    *data = NULL;
    http_name_url(url, name, sizeof name);
    answer = parse(response, name, error);
    if (response->status != 200)
        result = refuse(url, response, answer, too_much, error);
    else if (answer == NULL)
        result = -1;
    if (result == 0) {
        status = json_string_value(json_object_get(answer, "status"));
        *data = json_object_get(answer, "data");
        if (status == NULL || strcmp(status, "success") != 0)
            result = refuse(url, response, answer, too_much, error);
        else if (*data == NULL)
            result = error_set(error, ERROR_UNREACHABLE, "the answer of %s has no data", name);
    }
    *data = result == 0 ? json_incref(*data) : NULL;
    json_decref(answer);
    return result;
}

static int is_malformed(const char *what, struct error *error)
{
    return error_set(error, ERROR_UNREACHABLE, "the server's answer is malformed: %s", what);
}

static int compare(const void *one, const void *other)
{
    return strcmp(((const struct exposition_label *)one)->name,
                  ((const struct exposition_label *)other)->name);
}

static int read_labels(json_t *object, struct exposition_series *series, struct error *error)
{
    struct exposition_label *labels;

    if (!json_is_object(object) || json_object_size(object) > MOST_LABELS)
        return is_malformed("a series without labels, or with too many", error);
    *series = (struct exposition_series){.name = "", .unit = ""};
    labels = memory_new(json_object_size(object), sizeof *labels);
    series->labels = labels;
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
        const char *name = json_object_iter_key(at);
        const char *value = json_string_value(json_object_iter_value(at));

        if (value == NULL)
            return is_malformed("a label that is no string", error);
        if (strcmp(name, "__name__") == 0)
            series->name = value;
        else
            labels[series->label_count++] = (struct exposition_label){name, value};
    }
    if (series->name[0] == '\0')
        return is_malformed("a series without a name", error);
    if (series->label_count > 1)
        qsort(labels, series->label_count, sizeof *labels, compare);
    return 0;
}

/* One of a query's answer has its labels in 'metric'; one of a search is them. */
static int read_one(json_t *item, struct server_series *one, struct error *error)
{
    json_t *metric = json_object_get(item, "metric");

    one->samples = json_object_get(item, "values");
    if (one->samples != NULL && !json_is_array(one->samples))
        return is_malformed("values that are no list", error);
    return read_labels(metric != NULL && !json_is_string(metric) ? metric : item, &one->series,
                       error);
}

/* Series that a server makes of its own reading of a target, also when the target is gone: they say
 * nothing of the target. */
static bool is_servers_own(const char *name)
{
    return strcmp(name, "up") == 0 || strncmp(name, "scrape_", strlen("scrape_")) == 0;
}

int server_series_read(const json_t *data, struct server_series_list *list, struct error *error)
{
    const json_t *items = json_is_object(data) ? json_object_get(data, "result") : data;
    size_t count = json_array_size(items);

    *list = (struct server_series_list){0};
    if (!json_is_array(items) || count > MOST_SERIES)
        return is_malformed("no list of series, or too long a one", error);
    list->items = memory_new(count, sizeof *list->items);
    for (size_t i = 0; i < count; i++) {
        struct server_series *one = &list->items[list->count++];

        if (read_one(json_array_get(items, i), one, error) < 0)
            return -1;
        if (is_servers_own(one->series.name)) {
            free((struct exposition_label *)one->series.labels);
            *one = (struct server_series){0};
            list->count--;
        }
    }
    return 0;
}

void server_series_free(struct server_series_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free((struct exposition_label *)list->items[i].series.labels);
    free(list->items);
    *list = (struct server_series_list){0};
}

const char *server_series_label(const struct server_series *series, const char *label)
{
    if (strcmp(label, "__name__") == 0)
        return series->series.name;
    for (size_t i = 0; i < series->series.label_count; i++) {
        if (strcmp(series->series.labels[i].name, label) == 0)
            return series->series.labels[i].value;
    }
    return "";
}

/* A number as the server writes it: in a string, since JSON has neither NaN nor infinity. */
static bool read_number(const json_t *string, double *value)
{
    const char *text = json_string_value(string);
    char *end;

    if (text == NULL || strchr("+-.0123456789NI", text[0]) == NULL || text[0] == '\0')
        return false;
    *value = strtod(text, &end);
    return *end == '\0';
}

bool server_sample_read(const json_t *pair, int64_t *time, double *value)
{
    double seconds = json_number_value(json_array_get(pair, 0));

    if (json_array_size(pair) != 2 || !(seconds > 0 && seconds < LATEST_SECONDS))
        return false;
    /* A double holds milliseconds exactly, not nanoseconds. */
    *time = llround(seconds * 1000) * CLOCK_MILLISECOND;
    return read_number(json_array_get(pair, 1), value);
}

int server_time_read(const json_t *data, int64_t *time, struct error *error)
{
    double value;

    if (!server_sample_read(json_object_get(data, "result"), time, &value))
        return is_malformed("no instant", error);
    return 0;
}
