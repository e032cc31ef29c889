/*
 * Import: a run database made of labelled observations in a CSV file, so that detectors can be
 * trained and evaluated on a run that vnfault did not make. Two passes over the file: the first
 * (cli/import_rows.c) learns times, labels, targets and experiments, the second
 * (cli/import_write.c) writes the values, so that no more than a row of them is in memory.
 */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "cli/export.h"

struct import_setting {
    const char *path;
    const char *time; /* column names; the last two may be NULL */
    const char *label;
    const char *target;
    const char *experiment;
    const char *time_unit; /* 's', 'ms', 'us', 'ns' */
    const char *normal;    /* the label of observations without a fault */
    const char *counters;  /* patterns of the shell's kind with commas between; may be NULL */
    const char *ignored;   /* the same, of columns to leave out */
    struct stop *stop;
};

/* The fields of one row, valid during the call. Rows are numbered from 1, the header. */
struct import_fields {
    const char *const *items;
    size_t count;
    size_t row;
};

/* Hands every row of the file to `take`, the header first; ERROR_INPUT for what is no CSV. */
typedef int import_take(const struct import_fields *fields, void *context, struct error *error);
int import_read(const char *path, struct stop *stop, import_take *take, void *context,
                struct error *error);

#define IMPORT_NO_COLUMN SIZE_MAX

/* What the columns of the file are. */
struct import_columns {
    size_t count;
    size_t time;
    size_t label;
    size_t target;     /* IMPORT_NO_COLUMN if none was named */
    size_t experiment; /* the same */
    size_t *metrics;   /* the other columns, but those ignored */
    char **names;      /* of the metrics */
    bool *counters;    /* of the metrics */
    size_t metric_count;
};

/* Names are UTF-8, which JSON and with it the file of a model can hold. Adds what helps to the
 * error of one that isn't. */
int import_not_utf8(struct error *error);

/* Finds them in the header. Free with import_columns_free, also after an error. */
int import_columns_find(const struct import_setting *setting, const struct import_fields *header,
                        struct import_columns *columns, struct error *error);
void import_columns_free(struct import_columns *columns);

/* One observation of the file. */
struct import_row {
    int64_t window_start_ns;
    int64_t time_ns;
    size_t series; /* index of its experiment and target */
    size_t label;  /* index in the names of labels */
};

/* The observations of one target in one experiment. */
struct import_series {
    size_t experiment; /* indices in the names */
    size_t target;
    size_t first; /* its rows in `order` */
    size_t count;
};

/* What the first pass learns. */
struct import_rows {
    struct import_columns columns;
    struct import_row *items; /* in the order of the file */
    size_t count;
    size_t capacity;
    size_t *order; /* rows by series and time */
    struct import_series *series;
    size_t series_count;
    size_t series_capacity;
    struct name_list experiments;
    struct name_list targets;
    struct name_list labels; /* the normal one first */
    int64_t period_ns;       /* median time between two observations of a series */
};

/* Reads the file once into the zeroed `rows`. ERROR_INPUT names row and column. Free with
 * import_rows_free, also after an error. */
int import_rows_read(const struct import_setting *setting, struct import_rows *rows,
                     struct error *error);
void import_rows_free(struct import_rows *rows);

/* An instant, counted in the unit, or written as ISO 8601 in UTC ('2026-11-26T14:38:02.5Z').
 * Returns false if it is neither. */
bool import_instant(const char *text, const char *unit, int64_t *instant_ns);

/* What the second pass did. */
struct import_outcome {
    size_t observations;
    size_t left_out;
    size_t missing; /* values that are empty or no finite number */
    size_t metrics;
    size_t experiments;
    size_t injections;
};

/* Makes the run database in `folder`. On an error no database is left. */
int import_run(const struct import_setting *setting, const char *folder,
               struct import_outcome *outcome, struct error *error);

#endif
