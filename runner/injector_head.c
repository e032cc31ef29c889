#include "runner/injector_head.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "base/words.h"

#define WHITE " \t"
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

typedef int head_reader(struct injector *injector, char *value, struct error *error);

static int bad(struct error *error, const char *what, const char *value)
{
    return error_set(error, ERROR_INPUT, "%s: '%s'", what, value);
}

static bool is_name(const char *word)
{
    return word[0] >= 'a' && word[0] <= 'z' && strlen(word) < 48 &&
           word[strspn(word, NAME_LETTERS)] == '\0';
}

static int set_string(char **member, const char *value, struct error *error)
{
    if (*member != NULL)
        return bad(error, "the line is there twice", value);
    *member = memory_string(value);
    return 0;
}

static int read_name(struct injector *injector, char *value, struct error *error)
{
    if (!is_name(value))
        return bad(error, "a name is of small letters, digits and '-'", value);
    return set_string(&injector->name, value, error);
}

static int read_summary(struct injector *injector, char *value, struct error *error)
{
    return set_string(&injector->summary, value, error);
}

static int read_unit(struct injector *injector, char *value, struct error *error)
{
    return set_string(&injector->unit, value, error);
}

static int read_owns(struct injector *injector, char *value, struct error *error)
{
    if (!is_name(value))
        return bad(error, "what it owns is a word of small letters, digits and '-'", value);
    return set_string(&injector->owns, value, error);
}

/* A figure that takes up all of `text` and is not negative. */
static bool read_figure(const char *text, double *figure)
{
    char *end;

    *figure = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*figure) && *figure >= 0;
}

static int read_range(struct injector *injector, char *value, struct error *error)
{
    char *dots = strstr(value, "..");

    if (dots != NULL)
        *dots = '\0';
    if (dots == NULL || !read_figure(value, &injector->least) ||
        !read_figure(dots + 2, &injector->most) || injector->most < injector->least)
        return bad(error, "a range is written LEAST..MOST, without a sign", value);
    injector->has_range = true;
    return 0;
}

static int read_words(char ***member, char *value, struct error *error)
{
    if (*member != NULL)
        return bad(error, "the line is there twice", value);
    *member = words_split(value, WHITE, NULL);
    return 0;
}

static int read_tools(struct injector *injector, char *value, struct error *error)
{
    return read_words(&injector->tools, value, error);
}

static int read_helpers(struct injector *injector, char *value, struct error *error)
{
    return read_words(&injector->helpers, value, error);
}

static int read_ends(struct injector *injector, char *value, struct error *error)
{
    if (strcmp(value, "connection") != 0)
        return bad(error, "a fault may end the 'connection', nothing else", value);
    injector->ends_connection = true;
    return 0;
}

static int read_level_time(struct injector *injector, char *value, struct error *error)
{
    double nanoseconds;

    if (quantity_read(QUANTITY_DURATION, value, &nanoseconds, error) < 0)
        return -1;
    injector->level_time = (int64_t)nanoseconds;
    return 0;
}

/* Ends the first word of `*rest`, returns it and moves `*rest` on to the next; NULL if none. */
static char *next_word(char **rest)
{
    char *word = *rest + strspn(*rest, WHITE);
    size_t length = strcspn(word, WHITE);

    if (length == 0)
        return NULL;
    *rest = word + length;
    if (**rest != '\0')
        *(*rest)++ = '\0';
    return word;
}

/* NAME VALUES DEFAULT "SUMMARY". */
static int read_parameter(struct injector *injector, char *value, struct error *error)
{
    struct injector_parameter *parameter;
    char *name = next_word(&value);
    char *values = name != NULL ? next_word(&value) : NULL;
    char *standard = values != NULL ? next_word(&value) : NULL;
    size_t length;

    value += strspn(value, WHITE);
    length = strlen(value);
    if (standard == NULL || !is_name(name) || length < 2 || value[0] != '"' ||
        value[length - 1] != '"')
        return bad(error, "a parameter is written NAME VALUES DEFAULT \"SUMMARY\"", value);
    injector->parameters = memory_resize(injector->parameters, injector->parameter_count + 1,
                                         sizeof *injector->parameters);
    parameter = &injector->parameters[injector->parameter_count++];
    memset(parameter, 0, sizeof *parameter);
    parameter->name = memory_string(name);
    parameter->standard = memory_string(standard);
    parameter->summary = memory_format("%.*s", (int)(length - 2), value + 1);
    return injector_parameter_declare(parameter, values, error);
}

static const struct {
    const char *key;
    head_reader *read;
} readers[] = {
    {"name", read_name},           {"summary", read_summary},
    {"unit", read_unit},           {"range", read_range},
    {"tools", read_tools},         {"helpers", read_helpers},
    {"parameter", read_parameter}, {"owns", read_owns},
    {"ends", read_ends},           {"level-time", read_level_time},
};

/* One line '# KEY: VALUE'; other comments are passed over. */
static int read_line(struct injector *injector, char *line, struct error *error)
{
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        size_t length = strlen(readers[i].key);

        if (strncmp(line, "# ", 2) != 0 || strncmp(line + 2, readers[i].key, length) != 0 ||
            line[2 + length] != ':')
            continue;
        line += 3 + length;
        line += strspn(line, WHITE);
        if (*line == '\0')
            return bad(error, "the line says nothing", readers[i].key);
        return readers[i].read(injector, line, error);
    }
    return 0;
}

static int check_complete(struct injector *injector, const char *name, struct error *error)
{
    const char *missing = injector->name == NULL      ? "name"
                          : injector->summary == NULL ? "summary"
                          : injector->unit == NULL    ? "unit"
                          : !injector->has_range      ? "range"
                                                      : NULL;

    if (missing != NULL)
        return error_set(error, ERROR_INPUT, "the head of the injector lacks its %s", missing);
    if (strcmp(injector->name, name) != 0)
        return error_set(error, ERROR_INPUT, "the injector is called '%s', its file '%s.sh'",
                         injector->name, name);
    if (injector->tools == NULL)
        injector->tools = memory_new(1, sizeof *injector->tools);
    if (injector->helpers == NULL)
        injector->helpers = memory_new(1, sizeof *injector->helpers);
    return 0;
}

int injector_head_read(struct injector *injector, const char *name, struct error *error)
{
    char *text = memory_string(injector->script);
    char *line = text;
    int number = 1;
    int result = 0;

    /* The head ends at the first line that is no comment. */
    while (result == 0 && *line == '#') {
        char *end = line + strcspn(line, "\n");
        char *next = *end != '\0' ? end + 1 : end;

        *end = '\0';
        result = read_line(injector, line, error);
        if (result < 0)
            error_where(error, "%s:%d", injector->path, number);
        line = next;
        number++;
    }
    free(text);
    if (result == 0 && check_complete(injector, name, error) < 0) {
        error_where(error, "%s", injector->path);
        error_hint(error, "see injectors/README.md");
        result = -1;
    }
    return result;
}
