#include "runner/label_selection.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct condition {
    char *label;
    char *value;
    bool negated;
    bool pattern;
    regex_t expression; /* of a pattern */
};

struct label_selection {
    struct condition *items;
    size_t count;
    size_t capacity;
};

/* The longer ones first. */
static const struct {
    const char *text;
    bool negated;
    bool pattern;
} operators[] = {
    {"!~", true, true},
    {"!=", true, false},
    {"=~", false, true},
    {"=", false, false},
};

static const char *const label_letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

/* Length of the condition at `text`: up to a comma that is not in quotes. */
static size_t condition_length(const char *text)
{
    bool quoted = false;
    size_t length = 0;

    for (; text[length] != '\0' && (quoted || text[length] != ','); length++)
        quoted = text[length] == '\'' ? !quoted : quoted;
    return length;
}

/* The copy of `length` bytes without the white space around them. */
static char *trimmed(const char *text, size_t length)
{
    while (length > 0 && strchr(" \t\n", text[0]) != NULL) {
        text++;
        length--;
    }
    while (length > 0 && strchr(" \t\n", text[length - 1]) != NULL)
        length--;
    return memory_format("%.*s", (int)length, text);
}

/* Takes the quotes off; false if there is only one, or something beside them. */
static bool unquote(char *value)
{
    size_t length = strlen(value);

    if (strchr(value, '\'') == NULL)
        return true;
    if (length < 2 || value[0] != '\'' || strchr(value + 1, '\'') != value + length - 1)
        return false;
    memmove(value, value + 1, length - 2);
    value[length - 2] = '\0';
    return true;
}

/* Splits 'label=value' into the condition's parts. */
static bool split(const char *text, struct condition *condition)
{
    size_t length = strspn(text, label_letters);
    const char *sign = text + length + strspn(text + length, " \t\n");

    if (length == 0 || (text[0] >= '0' && text[0] <= '9'))
        return false;
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        size_t width = strlen(operators[i].text);

        if (strncmp(sign, operators[i].text, width) != 0)
            continue;
        condition->label = trimmed(text, length);
        condition->value = trimmed(sign + width, strlen(sign + width));
        condition->negated = operators[i].negated;
        condition->pattern = operators[i].pattern;
        return unquote(condition->value);
    }
    return false;
}

static int compile(struct condition *condition, struct error *error)
{
    char *whole = memory_format("^(%s)$", condition->value);
    int number = regcomp(&condition->expression, whole, REG_EXTENDED | REG_NOSUB);
    char why[160];

    free(whole);
    if (number == 0)
        return 0;
    condition->pattern = false; /* there is none to free */
    regerror(number, &condition->expression, why, sizeof why);
    error_set(error, ERROR_INPUT, "'%s' is not a regular expression: %s", condition->value, why);
    return error_hint(error,
                      "a label is matched by extended regular expressions, as grep -E has them");
}

static int add_condition(struct label_selection *selection, const char *text, struct error *error)
{
    struct condition *condition;

    selection->items = memory_grow(selection->items, selection->count, &selection->capacity,
                                   sizeof *selection->items);
    condition = &selection->items[selection->count++];
    *condition = (struct condition){0};
    if (!split(text, condition)) {
        condition->pattern = false;
        error_set(error, ERROR_INPUT, "'%s' is not a condition on a label", text);
        return error_hint(error,
                          "write name=value, name!=value, name=~pattern or name!~pattern, with "
                          "commas between them; 'quote' a value with a comma");
    }
    return condition->pattern ? compile(condition, error) : 0;
}

int label_selection_read(const char *text, struct label_selection **selection, struct error *error)
{
    bool empty = text[strspn(text, " \t\n")] == '\0';
    int result = 0;

    *selection = memory_new(1, sizeof **selection);
    while (result == 0 && !empty) {
        size_t length = condition_length(text);
        char *condition = trimmed(text, length);

        result = add_condition(*selection, condition, error);
        free(condition);
        empty = text[length] == '\0';
        text += length + !empty;
    }
    if (result == 0)
        return 0;
    label_selection_free(*selection);
    *selection = NULL;
    return -1;
}

void label_selection_free(struct label_selection *selection)
{
    if (selection == NULL)
        return;
    for (size_t i = 0; i < selection->count; i++) {
        free(selection->items[i].label);
        free(selection->items[i].value);
        if (selection->items[i].pattern)
            regfree(&selection->items[i].expression);
    }
    free(selection->items);
    free(selection);
}

static const char *label_value(const struct exposition_series *series, const char *label)
{
    for (size_t i = 0; i < series->label_count; i++) {
        if (strcmp(series->labels[i].name, label) == 0)
            return series->labels[i].value;
    }
    return "";
}

bool label_selection_matches(const struct label_selection *selection,
                             const struct exposition_series *series)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct condition *condition = &selection->items[i];
        const char *value = label_value(series, condition->label);
        bool holds = condition->pattern ? regexec(&condition->expression, value, 0, NULL, 0) == 0
                                        : strcmp(condition->value, value) == 0;

        if (holds == condition->negated)
            return false;
    }
    return true;
}

size_t label_selection_count(const struct label_selection *selection)
{
    return selection->count;
}

struct label_condition label_selection_condition(const struct label_selection *selection, size_t i)
{
    const struct condition *condition = &selection->items[i];

    return (struct label_condition){condition->label, condition->value, condition->negated,
                                    condition->pattern};
}

bool label_selection_names(const struct label_selection *selection, const char *label)
{
    for (size_t i = 0; i < selection->count; i++) {
        if (strcmp(selection->items[i].label, label) == 0)
            return true;
    }
    return false;
}
