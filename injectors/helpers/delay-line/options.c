#include "options.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_DELAY 60e6 /* us */

/* A number within its bounds; -1 if it is none. */
static double number_of(const char *text, double least, double most)
{
    char *end;
    double number = strtod(text, &end);

    return end == text || *end != '\0' || !(number >= least && number <= most) ? -1 : number;
}

static int word_of(const char *text, const char *const words[])
{
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0)
            return i;
    }
    return -1;
}

static bool set_time(int64_t *time, const char *text)
{
    double number = number_of(text, 0, LONGEST_DELAY);

    *time = (int64_t)(number * 1000);
    return number >= 0;
}

static bool set_share(double *share, const char *text)
{
    *share = number_of(text, 0, 1);
    return *share >= 0;
}

static bool set_delay(struct options *options, const char *text)
{
    return set_time(&options->effects.delay, text);
}

static bool set_jitter(struct options *options, const char *text)
{
    return set_time(&options->effects.jitter, text);
}

static bool set_distribution(struct options *options, const char *text)
{
    static const char *const words[] = {"uniform", "normal", "pareto", NULL};
    int word = word_of(text, words);

    options->effects.distribution = (enum distribution)(word > 0 ? word : 0);
    return word >= 0;
}

static bool set_order(struct options *options, const char *text)
{
    static const char *const words[] = {"free", "kept", NULL};

    options->effects.in_order = word_of(text, words) == 1;
    return word_of(text, words) >= 0;
}

static bool set_overtaking(struct options *options, const char *text)
{
    return set_share(&options->effects.overtaking, text);
}

static bool set_duplicated(struct options *options, const char *text)
{
    return set_share(&options->effects.duplicated, text);
}

static bool set_damaged(struct options *options, const char *text)
{
    return set_share(&options->effects.damaged, text);
}

static bool set_rate(struct options *options, const char *text)
{
    options->effects.rate = number_of(text, 1, 1e12);
    return options->effects.rate > 0;
}

static bool set_mark(struct options *options, const char *text)
{
    double number = number_of(text, 1, UINT32_MAX);

    options->mark = number > 0 ? (uint32_t)number : 0;
    return number > 0;
}

static const struct {
    const char *name;
    bool (*set)(struct options *options, const char *text);
} setters[] = {
    {"delay", set_delay},
    {"jitter", set_jitter},
    {"distribution", set_distribution},
    {"order", set_order},
    {"overtaking", set_overtaking},
    {"duplicated", set_duplicated},
    {"damaged", set_damaged},
    {"rate", set_rate},
    {"mark", set_mark},
};

static bool read_option(struct options *options, const char *text)
{
    size_t length = strcspn(text, "=");

    for (size_t i = 0; text[length] == '=' && i < sizeof setters / sizeof setters[0]; i++) {
        if (strlen(setters[i].name) == length && strncmp(setters[i].name, text, length) == 0)
            return setters[i].set(options, text + length + 1);
    }
    return false;
}

bool options_read(struct options *options, int count, char **arguments)
{
    double queue = count >= 4 ? number_of(arguments[1], 0, 65535) : -1;
    double limit = count >= 4 ? number_of(arguments[2], 1, 4000000) : -1;

    if (queue < 0 || limit < 0)
        return false;
    options->queue = (uint16_t)queue;
    options->limit = (size_t)limit;
    options->statistics = arguments[3];
    for (int i = 4; i < count; i++) {
        if (!read_option(options, arguments[i]))
            return false;
    }
    /* Without a mark the second ones would come back to the queue. */
    return options->effects.duplicated <= 0 || options->mark != 0;
}
