/* The first pass of an import: times, labels, targets and experiments. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "cli/import.h"

/* Far enough from the ends of int64_t for an instant less the difference of two others. */
#define LATEST INT64_C(3000000000000000000)

enum { MOST_LABELS = 200, MOST_SERIES = 20000 };

struct rows_reading {
    const struct import_setting *setting;
    struct import_rows *rows;
};

/* Neighbours in a file mostly have the same name. */
static size_t place_of(struct name_list *list, size_t guess, const char *name)
{
    if (guess < list->count && strcmp(list->names[guess], name) == 0)
        return guess;
    return name_list_place(list, name);
}

static size_t series_of(struct import_rows *rows, size_t guess, size_t experiment, size_t target)
{
    size_t i = guess;

    if (guess < rows->series_count && rows->series[guess].experiment == experiment &&
        rows->series[guess].target == target)
        return guess;
    for (i = 0; i < rows->series_count; i++) {
        if (rows->series[i].experiment == experiment && rows->series[i].target == target)
            return i;
    }
    rows->series =
        memory_grow(rows->series, rows->series_count, &rows->series_capacity, sizeof *rows->series);
    rows->series[rows->series_count++] =
        (struct import_series){.experiment = experiment, .target = target};
    return i;
}

static int take_header(struct rows_reading *reading, const struct import_fields *header,
                       struct error *error)
{
    if (import_columns_find(reading->setting, header, &reading->rows->columns, error) < 0)
        return -1;
    name_list_place(&reading->rows->labels, reading->setting->normal);
    return 0;
}

static int read_instant(const struct rows_reading *reading, const struct import_fields *fields,
                        int64_t *instant, struct error *error)
{
    const char *text = fields->items[reading->rows->columns.time];

    if (import_instant(text, reading->setting->time_unit, instant) && *instant <= LATEST &&
        *instant >= -LATEST)
        return 0;
    error_set(error, ERROR_INPUT, "row %zu: '%.60s' is no time", fields->row, text);
    return error_hint(error, "a number of --time-unit, or 2026-11-26T14:38:02.5Z");
}

/* Label, target and experiment are names. */
static int check_names(const struct import_columns *columns, const struct import_fields *fields,
                       struct error *error)
{
    const struct {
        const char *what;
        size_t column;
    } names[] = {{"label", columns->label},
                 {"target", columns->target},
                 {"experiment", columns->experiment}};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].column == IMPORT_NO_COLUMN || utf8_is_whole(fields->items[names[i].column]))
            continue;
        error_set(error, ERROR_INPUT, "row %zu: the %s '%.60s' is not UTF-8", fields->row,
                  names[i].what, fields->items[names[i].column]);
        return import_not_utf8(error);
    }
    return 0;
}

/* The names of a row, as places in the lists. */
static int place_row(struct rows_reading *reading, const struct import_fields *fields,
                     struct import_row *row, struct error *error)
{
    struct import_rows *rows = reading->rows;
    const struct import_columns *columns = &rows->columns;
    size_t near = rows->count > 0 ? rows->items[rows->count - 1].series : 0;
    const struct import_series *series = rows->series_count > 0 ? &rows->series[near] : NULL;
    size_t experiment = place_of(
        &rows->experiments, series != NULL ? series->experiment : 0,
        columns->experiment != IMPORT_NO_COLUMN ? fields->items[columns->experiment] : "1");
    size_t target =
        place_of(&rows->targets, series != NULL ? series->target : 0,
                 columns->target != IMPORT_NO_COLUMN ? fields->items[columns->target] : "target");
    const char *label = fields->items[columns->label];

    if (label[0] == '\0') {
        error_set(error, ERROR_INPUT, "row %zu has no label", fields->row);
        return error_hint(error, "without a fault it is '%s', or what --normal says",
                          reading->setting->normal);
    }
    if (strcmp(label, "binary") == 0 || (strcmp(label, "normal") == 0 && rows->labels.count > 0 &&
                                         strcmp(rows->labels.names[0], label) != 0)) {
        error_set(error, ERROR_INPUT, "row %zu: no fault can be called '%s'", fields->row, label);
        return error_hint(error, "--normal names the label of observations without a fault");
    }
    row->label = place_of(&rows->labels, 0, label);
    row->series = series_of(rows, near, experiment, target);
    if (rows->labels.count > MOST_LABELS)
        return error_set(error, ERROR_INPUT, "more than %d labels: is '%s' the column of them?",
                         MOST_LABELS, reading->setting->label);
    if (rows->series_count > MOST_SERIES)
        return error_set(error, ERROR_INPUT, "more than %d experiments of a target", MOST_SERIES);
    return 0;
}

static int take_row(const struct import_fields *fields, void *context, struct error *error)
{
    struct rows_reading *reading = context;
    struct import_rows *rows = reading->rows;
    struct import_row row = {0};

    if (fields->row == 1)
        return take_header(reading, fields, error);
    if (fields->count != rows->columns.count)
        return error_set(error, ERROR_INPUT, "row %zu has %zu fields, the first has %zu",
                         fields->row, fields->count, rows->columns.count);
    if (read_instant(reading, fields, &row.time_ns, error) < 0 ||
        check_names(&rows->columns, fields, error) < 0 ||
        place_row(reading, fields, &row, error) < 0)
        return -1;
    rows->items = memory_grow(rows->items, rows->count, &rows->capacity, sizeof *rows->items);
    rows->items[rows->count++] = row;
    return 0;
}

static int by_series_and_time(const void *left, const void *right, void *context)
{
    const struct import_row *items = context;
    const struct import_row *a = &items[*(const size_t *)left];
    const struct import_row *b = &items[*(const size_t *)right];

    if (a->series != b->series)
        return a->series < b->series ? -1 : 1;
    return (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
}

static int by_value(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;

    return (a > b) - (a < b);
}

/* Windows go from the observation before to the observation; no instant is in two. */
static int set_windows(struct import_rows *rows, struct error *error)
{
    int64_t *steps = memory_new(rows->count, sizeof *steps);
    size_t step_count = 0;
    int result = 0;

    for (size_t i = 1; i < rows->count && result == 0; i++) {
        struct import_row *row = &rows->items[rows->order[i]];
        const struct import_row *before = &rows->items[rows->order[i - 1]];

        if (row->series != before->series)
            continue;
        if (row->time_ns == before->time_ns)
            result =
                error_set(error, ERROR_INPUT, "rows %zu and %zu are of one target at the same time",
                          rows->order[i - 1] + 2, rows->order[i] + 2);
        row->window_start_ns = before->time_ns + 1;
        steps[step_count++] = row->time_ns - before->time_ns;
    }
    qsort(steps, step_count, sizeof *steps, by_value);
    rows->period_ns = step_count > 0 ? steps[step_count / 2] : CLOCK_SECOND;
    free(steps);
    return result;
}

static void sort_rows(struct import_rows *rows)
{
    rows->order = memory_new(rows->count, sizeof *rows->order);
    for (size_t i = 0; i < rows->count; i++)
        rows->order[i] = i;
    qsort_r(rows->order, rows->count, sizeof *rows->order, by_series_and_time, rows->items);
    for (size_t i = 0; i < rows->count; i++) {
        struct import_series *series = &rows->series[rows->items[rows->order[i]].series];

        if (series->count++ == 0)
            series->first = i;
    }
}

int import_rows_read(const struct import_setting *setting, struct import_rows *rows,
                     struct error *error)
{
    struct rows_reading reading = {setting, rows};

    if (import_read(setting->path, setting->stop, take_row, &reading, error) < 0)
        return -1;
    if (rows->count == 0) {
        error_set(error, ERROR_INPUT, "there is no observation in it");
        return error_where(error, "%s", setting->path);
    }
    sort_rows(rows);
    if (set_windows(rows, error) < 0)
        return error_where(error, "%s", setting->path);
    for (size_t i = 0; i < rows->series_count; i++) {
        struct import_row *first = &rows->items[rows->order[rows->series[i].first]];

        first->window_start_ns = first->time_ns - rows->period_ns + 1;
    }
    return 0;
}

void import_rows_free(struct import_rows *rows)
{
    import_columns_free(&rows->columns);
    name_list_free(&rows->experiments);
    name_list_free(&rows->targets);
    name_list_free(&rows->labels);
    free(rows->items);
    free(rows->order);
    free(rows->series);
}
