/* What the columns of an imported file are. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/import.h"

enum { MOST_COLUMNS = 20000 };

/* Whether one of the patterns, which have commas between, is the name's. */
static bool matches(const char *patterns, const char *name)
{
    char *copy = memory_string(patterns);
    char *rest = NULL;
    bool found = false;

    for (char *pattern = copy != NULL ? strtok_r(copy, ",", &rest) : NULL;
         pattern != NULL && !found; pattern = strtok_r(NULL, ",", &rest))
        found = fnmatch(pattern, name, 0) == 0;
    free(copy);
    return found;
}

/* The place of the column that an option names; IMPORT_NO_COLUMN if it names none. */
static int find(const struct import_fields *header, const char *option, const char *name,
                size_t *place, struct error *error)
{
    const char *nearest;

    *place = IMPORT_NO_COLUMN;
    if (name == NULL)
        return 0;
    for (size_t i = 0; i < header->count; i++) {
        if (strcmp(header->items[i], name) != 0)
            continue;
        *place = i;
        return 0;
    }
    error_set(error, ERROR_INPUT, "%s: there is no column '%s'", option, name);
    nearest = string_nearest(name, header->items, header->count);
    if (nearest != NULL)
        error_hint(error, "did you mean '%s'?", nearest);
    return -1;
}

int import_not_utf8(struct error *error)
{
    return error_hint(error, "iconv -f LATIN1 -t UTF-8 FILE, if that is what it is");
}

static int check_names(const struct import_fields *header, struct error *error)
{
    if (header->count > MOST_COLUMNS)
        return error_set(error, ERROR_INPUT, "%zu columns are more than %d", header->count,
                         MOST_COLUMNS);
    for (size_t i = 0; i < header->count; i++) {
        if (header->items[i][0] == '\0')
            return error_set(error, ERROR_INPUT, "column %zu has no name in the first row", i + 1);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(header->items[i], header->items[j]) == 0)
                return error_set(error, ERROR_INPUT, "columns %zu and %zu are both called '%s'",
                                 j + 1, i + 1, header->items[i]);
        }
    }
    return 0;
}

static int collect_metrics(const struct import_setting *setting, const struct import_fields *header,
                           struct import_columns *columns, struct error *error)
{
    columns->metrics = memory_new(header->count, sizeof *columns->metrics);
    columns->names = memory_new(header->count, sizeof *columns->names);
    columns->counters = memory_new(header->count, sizeof *columns->counters);
    for (size_t i = 0; i < header->count; i++) {
        size_t metric = columns->metric_count;

        if (i == columns->time || i == columns->label || i == columns->target ||
            i == columns->experiment || matches(setting->ignored, header->items[i]))
            continue;
        if (!utf8_is_whole(header->items[i])) {
            error_set(error, ERROR_INPUT, "column %zu has a name that is not UTF-8", i + 1);
            return import_not_utf8(error);
        }
        columns->metrics[metric] = i;
        columns->names[metric] = memory_string(header->items[i]);
        columns->counters[metric] = matches(setting->counters, header->items[i]);
        columns->metric_count++;
    }
    return 0;
}

int import_columns_find(const struct import_setting *setting, const struct import_fields *header,
                        struct import_columns *columns, struct error *error)
{
    columns->count = header->count;
    if (check_names(header, error) < 0 ||
        find(header, "--time", setting->time, &columns->time, error) < 0 ||
        find(header, "--label", setting->label, &columns->label, error) < 0 ||
        find(header, "--target", setting->target, &columns->target, error) < 0 ||
        find(header, "--experiment", setting->experiment, &columns->experiment, error) < 0 ||
        collect_metrics(setting, header, columns, error) < 0)
        return -1;
    if (columns->metric_count > 0)
        return 0;
    return error_set(error, ERROR_INPUT, "no column is left for a metric");
}

void import_columns_free(struct import_columns *columns)
{
    for (size_t i = 0; i < columns->metric_count; i++)
        free(columns->names[i]);
    free(columns->names);
    free(columns->metrics);
    free(columns->counters);
}
