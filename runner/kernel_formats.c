/* The formats of the files of a control group: docs cgroup-v1 and cgroup-v2 of the kernel. */
#include "runner/kernel_formats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double format_number(const char *word)
{
    char *end;
    double value = strtod(word, &end);

    return end == word || *end != '\0' || !isfinite(value) ? (double)NAN : value;
}

char *format_line(char **at)
{
    char *line;

    do
        line = strsep(at, "\n");
    while (line != NULL && *line == '\0');
    return line;
}

char *format_word(char **at)
{
    char *word;

    do
        word = strsep(at, " \t");
    while (word != NULL && *word == '\0');
    return word;
}

void format_single(char *text, format_value *value, void *context)
{
    char *line = format_line(&text);

    if (line != NULL)
        value(context, "", format_number(line));
}

void format_keyed(char *text, format_value *value, void *context)
{
    char *line;

    while ((line = format_line(&text)) != NULL) {
        char *key = format_word(&line);
        char *word = format_word(&line);

        if (key != NULL && word != NULL)
            value(context, key, format_number(word));
    }
}

void format_list(char *text, format_value *value, void *context)
{
    char *line = format_line(&text);
    char *word;
    char key[16];

    for (int i = 0; (word = format_word(&line)) != NULL; i++) {
        snprintf(key, sizeof key, "%d", i);
        value(context, key, format_number(word));
    }
}

void format_table(char *text, format_value *value, void *context)
{
    char *names[8];
    size_t count = 0;
    char *line = format_line(&text);
    char key[64];

    while (count < 8 && (names[count] = format_word(&line)) != NULL)
        count++;
    while ((line = format_line(&text)) != NULL) {
        char *row = format_word(&line);

        for (size_t i = 1; row != NULL && i < count; i++) {
            char *word = format_word(&line);

            snprintf(key, sizeof key, "%s.%s", row, names[i]);
            value(context, key, word != NULL ? format_number(word) : (double)NAN);
        }
    }
}

void format_numa(char *text, format_value *value, void *context)
{
    char *line;
    char key[96];

    while ((line = format_line(&text)) != NULL) {
        char *total = format_word(&line);
        char *name = strsep(&total, "=");
        char *node;

        if (name == NULL)
            continue;
        if (total != NULL)
            value(context, name, format_number(total));
        while ((node = format_word(&line)) != NULL) {
            char *word = node;

            node = strsep(&word, "=");
            snprintf(key, sizeof key, "%s.%s", name, node);
            if (word != NULL)
                value(context, key, format_number(word));
        }
    }
}

/* Fixed keys, whose values are summed over the devices; a device appears with its first use. */
struct device_sums {
    const char *const *keys;
    size_t count;
    double sums[8];
};

static void add_to(struct device_sums *sums, const char *key, const char *word)
{
    double value = format_number(word);

    for (size_t i = 0; i < sums->count && !isnan(value); i++) {
        if (strcmp(sums->keys[i], key) == 0)
            sums->sums[i] += value;
    }
}

static void give_sums(const struct device_sums *sums, format_value *value, void *context)
{
    for (size_t i = 0; i < sums->count; i++)
        value(context, sums->keys[i], sums->sums[i]);
}

void format_blkio(char *text, format_value *value, void *context)
{
    static const char *const keys[] = {"Read", "Write", "Sync", "Async", "Discard", "Total"};
    struct device_sums sums = {.keys = keys, .count = sizeof keys / sizeof keys[0]};
    char *line;

    while ((line = format_line(&text)) != NULL) {
        format_word(&line);
        char *operation = format_word(&line);
        char *word = format_word(&line);

        /* The last line, 'Total 12', has no device. */
        if (operation != NULL && word != NULL)
            add_to(&sums, operation, word);
    }
    give_sums(&sums, value, context);
}

void format_io(char *text, format_value *value, void *context)
{
    static const char *const keys[] = {"rbytes", "wbytes", "rios", "wios", "dbytes", "dios"};
    struct device_sums sums = {.keys = keys, .count = sizeof keys / sizeof keys[0]};
    char *line;
    char *word;

    while ((line = format_line(&text)) != NULL) {
        format_word(&line);
        while ((word = format_word(&line)) != NULL) {
            char *key = strsep(&word, "=");

            if (word != NULL)
                add_to(&sums, key, word);
        }
    }
    give_sums(&sums, value, context);
}

void format_pressure(char *text, format_value *value, void *context)
{
    char *line;
    char *word;
    char name[64];

    while ((line = format_line(&text)) != NULL) {
        char *share = format_word(&line);

        while (share != NULL && (word = format_word(&line)) != NULL) {
            char *key = strsep(&word, "=");

            snprintf(name, sizeof name, "%s.%s", share, key);
            if (word != NULL)
                value(context, name, format_number(word));
        }
    }
}
