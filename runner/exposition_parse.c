/* Parses a page from its first line to its last. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "runner/exposition_parts.h"

enum { MOST_SERIES = 200000, MOST_LABELS = 64 };

struct parser {
    struct exposition_content *content;
    struct exposition_families *families;
    char *at;
    size_t line;
    size_t label_count;
    size_t label_capacity;
    size_t capacity;
    bool ended; /* by '# EOF' */
};

/* Each step returns what is wrong, or NULL. */
typedef const char *problem;

static bool is_first(char letter, bool colon)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' ||
           (colon && letter == ':');
}

/* Behind a name that begins at `at`, which is where it ends if there is none. */
static char *skip_name(char *at, bool colon)
{
    if (!is_first(*at, colon))
        return at;
    do {
        at++;
    } while (is_first(*at, colon) || (*at >= '0' && *at <= '9'));
    return at;
}

static void skip_blanks(struct parser *parser)
{
    parser->at = (char *)exposition_skip_blanks(parser->at);
}

/* Takes a quoted value and undoes its escapes in place. */
static problem read_value(struct parser *parser, const char **value)
{
    char *from = parser->at + 1;
    char *to = from;

    if (*parser->at != '"')
        return "a label's value is not in quotes";
    *value = to;
    for (; *from != '"'; from++) {
        if (*from == '\0' || *from == '\n')
            return "a label's value does not end";
        if (*from != '\\') {
            *to++ = *from;
            continue;
        }
        from++;
        if (*from != '\\' && *from != '"' && *from != 'n')
            return "a label's value has a backslash before a letter other than \\, \" and n";
        *to++ = *from;
        if (*from == 'n')
            to[-1] = '\n';
    }
    *to = '\0';
    parser->at = from + 1;
    return NULL;
}

static bool is_utf8(const char *text)
{
    uint32_t code;

    while (*text != '\0') {
        size_t length = (unsigned char)*text < 0x80 ? 1 : utf8_decode(text, &code);

        if (length == 0)
            return false;
        text += length;
    }
    return true;
}

static problem read_label(struct parser *parser)
{
    struct exposition_content *content = parser->content;
    struct exposition_label label = {.name = parser->at};
    char *end = skip_name(parser->at, false);
    problem found;

    if (end == label.name)
        return *end == '"' ? "a name in quotes, which are not known here" : "no name of a label";
    parser->at = end;
    skip_blanks(parser);
    if (*parser->at != '=')
        return "no = behind a label's name";
    parser->at++;
    skip_blanks(parser);
    *end = '\0';
    found = read_value(parser, &label.value);
    if (found != NULL)
        return found;
    if (!is_utf8(label.value))
        return "a label's value is not UTF-8";
    content->labels = memory_grow(content->labels, parser->label_count, &parser->label_capacity,
                                  sizeof *content->labels);
    content->labels[parser->label_count++] = label;
    return NULL;
}

static int compare_labels(const void *one, const void *other)
{
    return strcmp(((const struct exposition_label *)one)->name,
                  ((const struct exposition_label *)other)->name);
}

/* Sorts the labels from `first` on. */
static problem sort_labels(struct parser *parser, size_t first)
{
    struct exposition_label *labels = parser->content->labels + first;
    size_t count = parser->label_count - first;
    bool sorted = true;

    for (size_t i = 1; i < count; i++)
        sorted = sorted && strcmp(labels[i - 1].name, labels[i].name) < 0;
    if (sorted)
        return NULL;
    qsort(labels, count, sizeof *labels, compare_labels);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(labels[i - 1].name, labels[i].name) == 0)
            return "a label twice";
    }
    return NULL;
}

static problem read_labels(struct parser *parser, size_t *count)
{
    size_t first = parser->label_count;
    problem found;

    parser->at++;
    skip_blanks(parser);
    while (*parser->at != '}') {
        found = read_label(parser);
        if (found != NULL)
            return found;
        skip_blanks(parser);
        if (*parser->at != ',' && *parser->at != '}')
            return "no , or } behind a label";
        parser->at += *parser->at == ',';
        skip_blanks(parser);
        if (parser->label_count - first > MOST_LABELS)
            return "a sample with more than 64 labels";
    }
    parser->at++;
    *count = parser->label_count - first;
    return *count > 1 ? sort_labels(parser, first) : NULL;
}

static void make_room(struct parser *parser)
{
    struct exposition_content *content = parser->content;

    if (content->count < parser->capacity)
        return;
    parser->capacity = parser->capacity == 0 ? 256 : parser->capacity * 2;
    content->series = memory_resize(content->series, parser->capacity, sizeof *content->series);
    content->places = memory_resize(content->places, parser->capacity, sizeof *content->places);
    content->values = memory_resize(content->values, parser->capacity, sizeof *content->values);
    content->times = memory_resize(content->times, parser->capacity, sizeof *content->times);
}

static problem read_sample(struct parser *parser)
{
    struct exposition_content *content = parser->content;
    struct exposition_series series = {.name = parser->at};
    struct exposition_place place;
    char *end = skip_name(parser->at, true);
    const char *at;
    problem found = NULL;

    if (content->count == MOST_SERIES)
        return "more than 200000 samples";
    if (end == series.name)
        return "no name of a metric";
    parser->at = end;
    skip_blanks(parser);
    if (parser->at == end && *end != '{')
        return "no value behind a metric's name";
    if (*parser->at == '{')
        found = read_labels(parser, &series.label_count);
    if (found != NULL)
        return found;
    skip_blanks(parser);
    make_room(parser);
    place.value = (size_t)(parser->at - content->words);
    at = exposition_number(parser->at, &content->values[content->count]);
    if (at == NULL)
        return "no number where a sample's value should be";
    at = exposition_line_rest(at, content->format, &content->times[content->count]);
    if (at == NULL)
        return "what follows a sample's value is neither its time nor the end of the line";
    *end = '\0';
    parser->at = (char *)at;
    place.next_line = (size_t)(at - content->words);
    exposition_families_sort(parser->families, &series);
    content->series[content->count] = series;
    content->places[content->count++] = place;
    return NULL;
}

static problem read_comment(struct parser *parser)
{
    char *end = strchr(parser->at, '\n');
    char *line = parser->at + 1;

    /* '# EOF' alone may be without the end of its line. */
    if (end == NULL)
        end = line + strlen(line);
    parser->at = end + (*end == '\n');
    if (end[-1] == '\r')
        end--;
    *end = '\0';
    if (parser->content->format == EXPOSITION_OPENMETRICS && strcmp(line, " EOF") == 0) {
        parser->ended = true;
        return *parser->at == '\0' ? NULL : "something behind # EOF";
    }
    return exposition_families_comment(parser->families, parser->content->format, line);
}

static problem read_line(struct parser *parser)
{
    parser->line++;
    skip_blanks(parser);
    if (*parser->at == '#')
        return read_comment(parser);
    parser->at += parser->at[0] == '\r' && parser->at[1] == '\n';
    if (*parser->at == '\n')
        parser->at++;
    else if (*parser->at != '\0')
        return read_sample(parser);
    return NULL;
}

static problem read_page(struct parser *parser)
{
    struct exposition_content *content = parser->content;
    problem found = NULL;

    while (*parser->at != '\0' && found == NULL)
        found = read_line(parser);
    if (found != NULL)
        return found;
    if (parser->at != content->words + content->length)
        return "a NUL byte";
    if (content->format == EXPOSITION_OPENMETRICS && !parser->ended)
        return "the page ends without # EOF: it was cut off";
    if (content->format == EXPOSITION_TEXT && content->length > 0 &&
        content->bytes[content->length - 1] != '\n')
        return "the page ends within a line: it was cut off";
    return NULL;
}

/* Once the array of labels has its final place. */
static void point_to_labels(struct exposition_content *content)
{
    const struct exposition_label *label = content->labels;

    for (size_t i = 0; i < content->count; i++) {
        if (content->series[i].label_count == 0)
            continue;
        content->series[i].labels = label;
        label += content->series[i].label_count;
    }
}

int exposition_parse(struct exposition_content *content, enum exposition_format format,
                     const char *bytes, size_t length, struct error *error)
{
    struct parser parser = {.content = content, .families = exposition_families_new()};
    problem found;
    size_t repeated;

    *content = (struct exposition_content){.format = format, .length = length};
    content->bytes = memory_new(length + 1, 1);
    content->words = memory_new(length + 1, 1);
    memcpy(content->bytes, bytes, length);
    memcpy(content->words, bytes, length);
    parser.at = content->words;
    found = read_page(&parser);
    exposition_families_free(parser.families);
    if (found != NULL)
        return error_set(error, ERROR_UNREACHABLE, "line %zu of its metrics is malformed: %s",
                         parser.line, found);
    point_to_labels(content);
    repeated = exposition_repeated(content->series, content->count);
    if (repeated == content->count)
        return 0;
    return error_set(error, ERROR_UNREACHABLE, "its metrics hold a series of '%.100s' twice",
                     content->series[repeated].name);
}

void exposition_content_free(struct exposition_content *content)
{
    free(content->bytes);
    free(content->words);
    free(content->series);
    free(content->places);
    free(content->values);
    free(content->times);
    free(content->labels);
    *content = (struct exposition_content){0};
}
