/* Queries: what one asks for, and which of its answer is whose. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_prometheus_server.h"

/* More make an answer long to wait for. */
enum { MOST_SOURCES = 32 };
#define NO_PIVOT SIZE_MAX

static bool is_same(const struct label_condition *one, const struct label_condition *other)
{
    return strcmp(one->label, other->label) == 0 && strcmp(one->value, other->value) == 0 &&
           one->negated == other->negated && one->pattern == other->pattern;
}

static bool can_be_pivot(const struct label_condition *one, const struct label_condition *other)
{
    return strcmp(one->label, other->label) == 0 && !one->negated && !one->pattern &&
           !other->negated && !other->pattern && one->value[0] != '\0' && other->value[0] != '\0';
}

/* The one condition in which they differ, so that one query can ask for both; NO_PIVOT if there is
 * none. */
static size_t find_pivot(const struct label_selection *one, const struct label_selection *other)
{
    size_t count = label_selection_count(one);
    size_t pivot = NO_PIVOT;

    if (label_selection_count(other) != count)
        return NO_PIVOT;
    for (size_t i = 0; i < count; i++) {
        struct label_condition first = label_selection_condition(one, i);
        struct label_condition second = label_selection_condition(other, i);

        if (is_same(&first, &second))
            continue;
        if (pivot != NO_PIVOT || !can_be_pivot(&first, &second))
            return NO_PIVOT;
        pivot = i;
    }
    return pivot;
}

static void add_source(struct server_query *query, const struct label_selection *selection,
                       size_t source)
{
    query->sources = memory_resize(query->sources, query->count + 1, sizeof *query->sources);
    query->values = memory_resize(query->values, query->count + 1, sizeof *query->values);
    query->sources[query->count] = source;
    query->values[query->count++] =
        query->pivot == NO_PIVOT ? "" : label_selection_condition(selection, query->pivot).value;
}

void server_query_start(struct server_query *query, struct label_selection *selection,
                        size_t source)
{
    *query = (struct server_query){
        .selection = selection, .pivot = NO_PIVOT, .answered = SERVER_NO_TIME};
    add_source(query, selection, source);
}

bool server_query_join(struct server_query *query, const struct label_selection *selection,
                       size_t source)
{
    size_t pivot = find_pivot(query->selection, selection);

    if (pivot == NO_PIVOT || query->count == MOST_SOURCES ||
        (query->pivot != NO_PIVOT && query->pivot != pivot))
        return false;
    query->pivot = pivot;
    query->values[0] = label_selection_condition(query->selection, pivot).value;
    add_source(query, selection, source);
    return true;
}

void server_query_close(struct server_query *query)
{
    http_close(query->client);
    json_decref(query->data);
    free(query->sources);
    free(query->values);
}

/* In a string of the query language. */
static void append_quoted(struct text *text, const char *value)
{
    for (; *value != '\0'; value++) {
        if (*value == '\n')
            text_append(text, "\\n");
        else if (*value == '\\' || *value == '"')
            text_appendf(text, "\\%c", *value);
        else
            text_append_bytes(text, value, 1);
    }
}

/* As a part of a regular expression that is matched by just that. */
static void append_literal(struct text *text, const char *value)
{
    struct text literal = {0};

    for (; *value != '\0'; value++) {
        if (strchr("\\.+*?()|[]{}^$", *value) != NULL)
            text_append(&literal, "\\");
        text_append_bytes(&literal, value, 1);
    }
    append_quoted(text, text_string(&literal));
    text_free(&literal);
}

void server_query_selector(const struct server_query *query, struct text *text)
{
    size_t count = label_selection_count(query->selection);

    text_append(text, "{");
    for (size_t i = 0; i < count; i++) {
        struct label_condition condition = label_selection_condition(query->selection, i);

        text_appendf(text, "%s%s", i > 0 ? "," : "", condition.label);
        text_append(text, condition.negated ? "!" : "=");
        if (i == query->pivot)
            condition.pattern = true;
        text_append(text, condition.pattern ? "~\"" : condition.negated ? "=\"" : "\"");
        if (i != query->pivot)
            append_quoted(text, condition.value);
        for (size_t j = 0; i == query->pivot && j < query->count; j++) {
            text_append(text, j > 0 ? "|" : "");
            append_literal(text, query->values[j]);
        }
        text_append(text, "\"");
    }
    text_append(text, "}");
}

void server_append_field(struct text *body, const char *name, const char *value)
{
    text_appendf(body, "%s%s=", body->length > 0 ? "&" : "", name);
    for (; *value != '\0'; value++) {
        bool plain = (*value >= 'a' && *value <= 'z') || (*value >= 'A' && *value <= 'Z') ||
                     (*value >= '0' && *value <= '9') || *value == '_' || *value == '.';

        if (plain)
            text_append_bytes(body, value, 1);
        else
            text_appendf(body, "%%%02X", (unsigned)(unsigned char)*value);
    }
}

struct server_series_list server_query_own(const struct server_query *query, size_t number,
                                           const struct server_series_list *list)
{
    struct server_series_list own = {.items = memory_new(list->count, sizeof *own.items)};
    const char *label = query->pivot == NO_PIVOT
                            ? NULL
                            : label_selection_condition(query->selection, query->pivot).label;

    for (size_t i = 0; i < list->count; i++) {
        if (label == NULL ||
            strcmp(server_series_label(&list->items[i], label), query->values[number]) == 0)
            own.items[own.count++] = list->items[i];
    }
    return own;
}
