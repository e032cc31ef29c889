/* The second pass of an import: the run database. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analysis/raw_observations.h"
#include "base/memory.h"
#include "cli/import.h"
#include "cli/verb.h"
#include "store/store.h"
#include "store/writer.h"

#define IMPORTED "imported" /* as intensity and mechanism of an injection */

struct writing {
    const struct import_setting *setting;
    const struct import_rows *rows;
    struct import_outcome *outcome;
    struct store *store;
    int64_t *targets;     /* ids */
    int64_t *metric_sets; /* ids, by target */
    int64_t *experiments; /* ids, by series */
    double *values;
    size_t row; /* of the file, the header not counted */
};

/* The resource group that the beginning of a metric's name tells. */
static const char *resource_group(const char *name)
{
    static const struct {
        const char *beginning;
        const char *group;
    } known[] = {{"cpu", "cpu"},         {"mem", "memory"},      {"net", "network"},
                 {"disk", "filesystem"}, {"io", "filesystem"},   {"blkio", "filesystem"},
                 {"fs", "filesystem"},   {"file", "filesystem"}, {"process", "process"}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strncasecmp(name, known[i].beginning, strlen(known[i].beginning)) == 0)
            return known[i].group;
    }
    return "other";
}

static int put_run(struct writing *writing, struct error *error)
{
    const struct import_rows *rows = writing->rows;
    const char *slash = strrchr(writing->setting->path, '/');
    int64_t first = rows->items[rows->order[0]].time_ns;
    struct store_run run = {
        .name = slash != NULL ? slash + 1 : writing->setting->path,
        .campaign_path = writing->setting->path,
        .campaign_xml = "",
        .testbed_path = "",
        .testbed_xml = "",
        .time_scale = "1",
        .monitoring_period_ns = rows->period_ns,
        .faults = true,
        .version = VNFAULT_VERSION,
    };

    for (size_t i = 1; i < rows->count; i++)
        first = rows->items[i].time_ns < first ? rows->items[i].time_ns : first;
    run.started_ns = first;
    return store_put_run(writing->store, &run, error);
}

static int put_targets(struct writing *writing, struct error *error)
{
    const struct import_columns *columns = &writing->rows->columns;
    struct store_metric *metrics = memory_new(columns->metric_count, sizeof *metrics);
    int result = 0;

    for (size_t i = 0; i < columns->metric_count; i++)
        metrics[i] = (struct store_metric){columns->names[i], columns->counters[i],
                                           resource_group(columns->names[i]), "virtual", ""};
    for (size_t i = 0; result == 0 && i < writing->rows->targets.count; i++) {
        result = store_put_target(writing->store, writing->rows->targets.names[i], "", "",
                                  &writing->targets[i], error);
        if (result == 0)
            result = store_put_metric_set(writing->store, writing->targets[i], IMPORTED, metrics,
                                          columns->metric_count, &writing->metric_sets[i], error);
    }
    free(metrics);
    return result;
}

static const struct import_row *row_of(const struct writing *writing,
                                       const struct import_series *series, size_t place)
{
    return &writing->rows->items[writing->rows->order[series->first + place]];
}

static const char *label_of(const struct writing *writing, const struct import_row *row)
{
    return writing->rows->labels.names[row->label];
}

static bool is_fault(const struct writing *writing, const struct import_row *row)
{
    return row->label != 0 && !label_is_left_out(label_of(writing, row)) &&
           strcmp(label_of(writing, row), LABEL_NOTHING) != 0;
}

/*
 * Labels follow from edges (docs/labels.md), so a stretch of observations of one fault becomes an
 * injection that took hold where the first one's window begins and was gone at the last one's
 * time.
 */
static int put_injection(struct writing *writing, const struct import_series *series,
                         int64_t experiment, size_t from, size_t until, struct error *error)
{
    const struct import_row *first = row_of(writing, series, from);
    int64_t end = row_of(writing, series, until)->time_ns;
    char token[24];
    struct store_injection injection = {.experiment_id = experiment,
                                        .target_id = writing->targets[series->target],
                                        .token = token,
                                        .fault_type = label_of(writing, first),
                                        .intensity = IMPORTED,
                                        .unit = ""};
    const struct {
        const char *kind;
        int64_t time;
    } edges[] = {{"start-commanded", first->window_start_ns},
                 {"applied", first->window_start_ns},
                 {"verified", first->window_start_ns},
                 {"end-commanded", end},
                 {"gone", end}};
    int64_t id;

    snprintf(token, sizeof token, "%s%zu", IMPORTED, ++writing->outcome->injections);
    if (store_begin_injection(writing->store, &injection, &id, error) < 0)
        return -1;
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        struct store_edge edge = {edges[i].kind, edges[i].time, edges[i].time, 0, 0};

        if (store_put_edge(writing->store, id, &edge, error) < 0)
            return -1;
    }
    return store_set_injection_state(writing->store, id, "proven", NULL, error);
}

static int put_injections(struct writing *writing, const struct import_series *series,
                          int64_t experiment, struct error *error)
{
    size_t next;

    for (size_t from = 0; from < series->count; from = next) {
        const struct import_row *first = row_of(writing, series, from);

        next = from + 1;
        if (!is_fault(writing, first))
            continue;
        while (next < series->count && row_of(writing, series, next)->label == first->label)
            next++;
        if (put_injection(writing, series, experiment, from, next - 1, error) < 0)
            return -1;
    }
    return 0;
}

/* The first fault of the series, or NULL. */
static const char *first_fault(const struct writing *writing, const struct import_series *series)
{
    for (size_t i = 0; i < series->count; i++) {
        if (is_fault(writing, row_of(writing, series, i)))
            return label_of(writing, row_of(writing, series, i));
    }
    return NULL;
}

/* Each target's observations of an experiment are one of their own: the file labels them for
 * themselves, and a fault of another target would make them 'elsewhere'. */
static int put_experiment(struct writing *writing, size_t index, struct error *error)
{
    const struct import_rows *rows = writing->rows;
    const struct import_series *series = &rows->series[index];
    const char *name = rows->experiments.names[series->experiment];
    const char *fault = first_fault(writing, series);
    char *both = memory_format("%s/%s", name, rows->targets.names[series->target]);
    int64_t from = row_of(writing, series, 0)->window_start_ns;
    int64_t until = row_of(writing, series, series->count - 1)->time_ns;
    struct store_experiment experiment = {
        .cell = (int64_t)index,
        .name = rows->targets.count > 1 ? both : name,
        .fault_type = fault,
        .intensity = fault != NULL ? IMPORTED : NULL,
        .target_id = fault != NULL ? writing->targets[series->target] : 0,
        .repetition = 1,
        .started_ns = from,
    };
    int64_t *id = &writing->experiments[index];
    int result = store_begin_experiment(writing->store, &experiment, id, error);

    free(both);
    if (result < 0 || store_set_measured(writing->store, *id, from, until, error) < 0)
        return -1;
    return put_injections(writing, series, *id, error);
}

/* A field as a number; NaN for one that says that nothing is known. */
static bool read_value(const char *text, double *value)
{
    static const char *const unknown[] = {"", "NA", "N/A", "null", "NULL", "None"};
    char *end;

    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        if (strcmp(text, unknown[i]) == 0) {
            *value = NAN;
            return true;
        }
    }
    *value = strtod(text, &end);
    end += strspn(end, " ");
    return end != text && *end == '\0';
}

static int read_values(struct writing *writing, const struct import_fields *fields,
                       struct error *error)
{
    const struct import_columns *columns = &writing->rows->columns;

    for (size_t i = 0; i < columns->metric_count; i++) {
        const char *text = fields->items[columns->metrics[i]];

        if (!read_value(text, &writing->values[i])) {
            error_set(error, ERROR_INPUT, "row %zu, column '%s': '%.60s' is no number", fields->row,
                      columns->names[i], text);
            return error_hint(error, "--ignore '%s' leaves the column out", columns->names[i]);
        }
        writing->outcome->missing += !isfinite(writing->values[i]);
    }
    return 0;
}

static int take_row(const struct import_fields *fields, void *context, struct error *error)
{
    struct writing *writing = context;
    const struct import_row *row;
    size_t target;

    if (fields->row == 1)
        return 0;
    if (writing->row == writing->rows->count || fields->count != writing->rows->columns.count)
        return error_set(error, ERROR_INPUT, "it changed while it was read");
    row = &writing->rows->items[writing->row++];
    if (label_is_left_out(label_of(writing, row))) {
        writing->outcome->left_out++;
        return 0;
    }
    target = writing->rows->series[row->series].target;
    writing->outcome->observations++;
    if (read_values(writing, fields, error) < 0)
        return -1;
    return store_put_observation(writing->store, writing->experiments[row->series],
                                 writing->metric_sets[target], row->window_start_ns, row->time_ns,
                                 writing->values, writing->rows->columns.metric_count, error);
}

static int write_run(struct writing *writing, struct error *error)
{
    const struct import_rows *rows = writing->rows;
    int64_t last = rows->items[0].time_ns;

    if (put_run(writing, error) < 0 || put_targets(writing, error) < 0)
        return -1;
    for (size_t i = 0; i < rows->series_count; i++) {
        if (put_experiment(writing, i, error) < 0)
            return -1;
    }
    if (import_read(writing->setting->path, writing->setting->stop, take_row, writing, error) < 0)
        return -1;
    if (writing->row != rows->count) {
        error_set(error, ERROR_INPUT, "it changed while it was read");
        error_where(error, "%s", writing->setting->path);
        return error_hint(error, "it is read twice: name a file, not a pipe");
    }
    for (size_t i = 0; i < rows->series_count; i++) {
        const struct import_series *series = &rows->series[i];
        int64_t until = row_of(writing, series, series->count - 1)->time_ns;

        if (store_end_experiment(writing->store, writing->experiments[i], until, NULL, NULL,
                                 error) < 0)
            return -1;
    }
    for (size_t i = 1; i < rows->count; i++)
        last = rows->items[i].time_ns > last ? rows->items[i].time_ns : last;
    return store_set_run_state(writing->store, "complete", last, error);
}

static int write_store(struct writing *writing, const char *folder, struct error *error)
{
    struct error closing = {0};
    int result;

    if (store_create(folder, &writing->store, error) < 0)
        return -1;
    result = write_run(writing, error);
    if (store_close(writing->store, &closing) < 0 && result == 0) {
        *error = closing;
        result = -1;
    }
    if (result < 0)
        store_remove(folder);
    return result;
}

int import_run(const struct import_setting *setting, const char *folder,
               struct import_outcome *outcome, struct error *error)
{
    struct import_rows rows = {0};
    struct writing writing = {.setting = setting, .rows = &rows, .outcome = outcome};
    int result;

    memset(outcome, 0, sizeof *outcome);
    result = import_rows_read(setting, &rows, error);
    if (result == 0) {
        writing.targets = memory_new(rows.targets.count, sizeof(int64_t));
        writing.metric_sets = memory_new(rows.targets.count, sizeof(int64_t));
        writing.experiments = memory_new(rows.series_count, sizeof(int64_t));
        writing.values = memory_new(rows.columns.metric_count, sizeof(double));
        outcome->metrics = rows.columns.metric_count;
        outcome->experiments = rows.series_count;
        result = write_store(&writing, folder, error);
    }
    free(writing.targets);
    free(writing.metric_sets);
    free(writing.experiments);
    free(writing.values);
    import_rows_free(&rows);
    return result;
}
