#include "cli/verb.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum { MOST_OPTIONS = 32 };

static size_t option_names(const struct verb *verb, const char *names[MOST_OPTIONS])
{
    size_t count = 0;

    names[count++] = "--help";
    for (const struct option_row *row = verb->options; row != NULL && row->name != NULL; row++) {
        if (count < MOST_OPTIONS)
            names[count++] = row->name;
    }
    return count;
}

static const struct option_row *find_option(const struct verb *verb, const char *word,
                                            size_t length)
{
    for (const struct option_row *row = verb->options; row != NULL && row->name != NULL; row++) {
        if (strlen(row->name) == length && strncmp(row->name, word, length) == 0)
            return row;
    }
    return NULL;
}

static int unknown_option(const struct verb *verb, const char *word, size_t length,
                          struct error *error)
{
    const char *names[MOST_OPTIONS];
    size_t count = option_names(verb, names);
    char name[64];
    const char *nearest;

    snprintf(name, sizeof name, "%.*s", (int)length, word);
    nearest = string_nearest(name, names, count);
    error_set(error, ERROR_INPUT, "unknown option %s", name);
    if (nearest != NULL)
        return error_hint(error, "did you mean %s?", nearest);
    return error_hint(error, "see 'vnfault %s --help'", verb->name);
}

static int set_number(const struct option_row *row, const char *argument, struct error *error)
{
    char *end;
    double number;

    errno = 0;
    number =
        row->kind == OPTION_COUNT ? (double)strtoll(argument, &end, 10) : strtod(argument, &end);
    if (end == argument || *end != '\0' || errno != 0 || !(number >= row->least) ||
        !(number <= row->most))
        return error_set(error, ERROR_INPUT, "%s takes a %snumber from %g to %g, not '%s'",
                         row->name, row->kind == OPTION_COUNT ? "whole " : "", row->least,
                         row->most, argument);
    if (row->kind == OPTION_COUNT)
        *(int64_t *)row->value = strtoll(argument, NULL, 10);
    else
        *(double *)row->value = number;
    return 0;
}

static void add_to_list(struct option_list *list, const char *argument)
{
    list->items = memory_grow(list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = argument;
}

static int set_option(const struct option_row *row, const char *argument, struct error *error)
{
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)row->value = true;
        return 0;
    case OPTION_TEXT:
        *(const char **)row->value = argument;
        return 0;
    case OPTION_LIST:
        add_to_list(row->value, argument);
        return 0;
    case OPTION_COUNT:
    case OPTION_NUMBER:
        break;
    }
    return set_number(row, argument, error);
}

/* Takes the option at words[*at], and its argument, which may be joined to it by '='. */
static int take_option(const struct verb *verb, const char *const words[], size_t count, size_t *at,
                       struct error *error)
{
    const char *word = words[*at];
    const char *equals = strchr(word, '=');
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    const struct option_row *row = find_option(verb, word, length);

    if (row == NULL)
        return unknown_option(verb, word, length, error);
    if (row->kind == OPTION_FLAG) {
        if (equals != NULL)
            return error_set(error, ERROR_INPUT, "%s takes no argument", row->name);
        return set_option(row, NULL, error);
    }
    if (equals != NULL)
        return set_option(row, equals + 1, error);
    if (*at + 1 >= count)
        return error_set(error, ERROR_INPUT, "%s needs an argument: %s", row->name, row->argument);
    *at += 1;
    return set_option(row, words[*at], error);
}

int verb_parse(const struct verb *verb, const char *const words[], size_t count,
               const char *operands[], size_t *operand_count, struct error *error)
{
    bool only_operands = false;

    *operand_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!only_operands && strcmp(words[i], "--") == 0) {
            only_operands = true;
        } else if (!only_operands && words[i][0] == '-' && words[i][1] != '\0') {
            if (take_option(verb, words, count, &i, error) < 0)
                return -1;
        } else {
            operands[(*operand_count)++] = words[i];
        }
    }
    if (*operand_count < verb->least_operands || *operand_count > verb->most_operands) {
        error_set(error, ERROR_INPUT, "%s operands: vnfault %s %s",
                  *operand_count < verb->least_operands ? "too few" : "too many", verb->name,
                  verb->operands);
        return error_hint(error, "see 'vnfault %s --help'", verb->name);
    }
    return 0;
}

void verb_print_help(const struct verb *verb)
{
    printf("usage: vnfault %s%s%s%s\n\n%s", verb->name,
           verb->options != NULL && verb->options[0].name != NULL ? " [OPTION ...]" : "",
           verb->operands[0] != '\0' ? " " : "", verb->operands, verb->description);
    if (verb->options == NULL || verb->options[0].name == NULL)
        return;
    fputs("\nOptions:\n", stdout);
    for (const struct option_row *row = verb->options; row->name != NULL; row++) {
        char left[48];

        snprintf(left, sizeof left, "%s%s%s", row->name, row->argument != NULL ? " " : "",
                 row->argument != NULL ? row->argument : "");
        printf("  %-24s %s\n", left, row->help);
    }
}
