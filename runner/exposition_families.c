/* Families of series: what the comments TYPE and UNIT say, and which samples that is about. */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/exposition_parts.h"

enum family_type {
    TYPE_UNKNOWN = 1,
    TYPE_COUNTER = 2,
    TYPE_GAUGE = 4,
    TYPE_HISTOGRAM = 8,
    TYPE_SUMMARY = 16,
    TYPE_GAUGE_HISTOGRAM = 32,
    TYPE_INFO = 64,
    TYPE_STATE_SET = 128
};

static const struct {
    const char *word;
    enum family_type type;
} type_words[] = {
    {"counter", TYPE_COUNTER},
    {"gauge", TYPE_GAUGE},
    {"histogram", TYPE_HISTOGRAM},
    {"summary", TYPE_SUMMARY},
    {"untyped", TYPE_UNKNOWN},
    {"unknown", TYPE_UNKNOWN},
    {"gaugehistogram", TYPE_GAUGE_HISTOGRAM},
    {"info", TYPE_INFO},
    {"stateset", TYPE_STATE_SET},
};

/* Samples of a family that have a longer name than it. */
static const struct {
    const char *suffix;
    unsigned types;
    unsigned counters; /* those of the types in which they count */
} suffixes[] = {
    {"_total", TYPE_COUNTER, TYPE_COUNTER},
    {"_created", TYPE_COUNTER | TYPE_HISTOGRAM | TYPE_SUMMARY, 0},
    {"_bucket", TYPE_HISTOGRAM | TYPE_GAUGE_HISTOGRAM, TYPE_HISTOGRAM},
    {"_count", TYPE_HISTOGRAM | TYPE_SUMMARY, TYPE_HISTOGRAM | TYPE_SUMMARY},
    {"_sum", TYPE_HISTOGRAM | TYPE_SUMMARY, TYPE_HISTOGRAM | TYPE_SUMMARY},
    {"_gcount", TYPE_GAUGE_HISTOGRAM, 0},
    {"_gsum", TYPE_GAUGE_HISTOGRAM, 0},
    {"_info", TYPE_INFO, 0},
};

struct family {
    const char *name;
    unsigned type; /* 0: not said */
    const char *unit;
    bool has_samples;
};

/* A balanced tree: names that a server chose to be alike make it no slower. */
struct exposition_families {
    void *tree;
};

static int compare(const void *one, const void *other)
{
    return strcmp(((const struct family *)one)->name, ((const struct family *)other)->name);
}

struct exposition_families *exposition_families_new(void)
{
    return memory_new(1, sizeof(struct exposition_families));
}

void exposition_families_free(struct exposition_families *families)
{
    tdestroy(families->tree, free);
    free(families);
}

static struct family *find(const struct exposition_families *families, const char *name)
{
    const struct family key = {.name = name};
    struct family *const *found = tfind(&key, &families->tree, compare);

    return found == NULL ? NULL : *found;
}

static struct family *find_or_add(struct exposition_families *families, const char *name)
{
    struct family *family = find(families, name);

    if (family != NULL)
        return family;
    family = memory_new(1, sizeof *family);
    family->name = name;
    family->unit = "";
    if (tsearch(family, &families->tree, compare) == NULL)
        abort();
    return family;
}

/* Cuts the word off that `*at` is at, and moves on to what follows it. */
static char *take_word(char **at)
{
    char *word = *at + strspn(*at, " \t");
    char *end = word + strcspn(word, " \t");

    *at = end + (*end != '\0');
    *end = '\0';
    return word;
}

static const char *read_type(struct family *family, char *at)
{
    const char *word = take_word(&at);

    if (family->type != 0)
        return "a second TYPE of a metric";
    if (family->has_samples)
        return "a metric's TYPE comes after its samples";
    if (at[strspn(at, " \t")] != '\0')
        return "words behind a TYPE";
    for (size_t i = 0; i < sizeof type_words / sizeof type_words[0]; i++) {
        if (strcmp(type_words[i].word, word) == 0)
            family->type = type_words[i].type;
    }
    return family->type == 0 ? "an unknown TYPE" : NULL;
}

static bool is_name(const char *name)
{
    return *name != '\0' && (*name < '0' || *name > '9') &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:")] ==
               '\0';
}

const char *exposition_families_comment(struct exposition_families *families,
                                        enum exposition_format format, char *line)
{
    bool open_metrics = format == EXPOSITION_OPENMETRICS;
    const char *keyword = take_word(&line);
    const char *name;
    bool type = strcmp(keyword, "TYPE") == 0;
    bool unit = open_metrics && strcmp(keyword, "UNIT") == 0;

    if (!type && !unit && strcmp(keyword, "HELP") != 0)
        return open_metrics ? "a comment that is not HELP, TYPE, UNIT or EOF" : NULL;
    name = take_word(&line);
    if (!is_name(name))
        return "a HELP, TYPE or UNIT without the name of a metric";
    if (type)
        return read_type(find_or_add(families, name), line);
    if (unit)
        find_or_add(families, name)->unit = take_word(&line);
    return NULL;
}

static void sort_into(struct family *family, bool counter, struct exposition_series *series)
{
    family->has_samples = true;
    series->counter = counter;
    series->untyped = family->type == 0 || family->type == TYPE_UNKNOWN;
    series->unit = family->unit;
}

/* Whether the sample is one of those that its family, of a shorter name, has. */
static bool sort_by_suffix(struct exposition_families *families, struct exposition_series *series,
                           size_t i)
{
    size_t length = strlen(series->name);
    size_t shorter = length - strlen(suffixes[i].suffix);
    struct family *family;
    char *end;

    if (strlen(suffixes[i].suffix) >= length ||
        strcmp(series->name + shorter, suffixes[i].suffix) != 0)
        return false;
    /* The name is in the words of the page being parsed. */
    end = (char *)series->name + shorter;
    *end = '\0';
    family = find(families, series->name);
    *end = suffixes[i].suffix[0];
    if (family == NULL || (family->type & suffixes[i].types) == 0)
        return false;
    sort_into(family, (family->type & suffixes[i].counters) != 0, series);
    return true;
}

void exposition_families_sort(struct exposition_families *families,
                              struct exposition_series *series)
{
    struct family *family = find(families, series->name);

    if (family == NULL || family->type == 0) {
        for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
            if (sort_by_suffix(families, series, i))
                return;
        }
        family = find_or_add(families, series->name);
    }
    sort_into(family, family->type == TYPE_COUNTER, series);
}
