/*
 * Pages of metrics as exporters show them: Prometheus' text format and OpenMetrics. A page is read
 * again and again, and nearly always with the same series in the same order: then only its numbers
 * are parsed. What is malformed is an error that says the line; any bytes can come.
 */
#ifndef RUNNER_EXPOSITION_H
#define RUNNER_EXPOSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define EXPOSITION_NO_TIME INT64_MIN

enum exposition_format { EXPOSITION_TEXT, EXPOSITION_OPENMETRICS };

struct exposition_label {
    const char *name;
    const char *value;
};

struct exposition_series {
    const char *name;
    const struct exposition_label *labels; /* sorted by name, which are all different */
    size_t label_count;
    bool counter;     /* as the page says by TYPE; buckets, counts and sums are too. Else a gauge */
    bool untyped;     /* the page does not say which it is */
    const char *unit; /* as the page says by UNIT, or "" */
};

/* A page as it was last read. */
struct exposition;

struct exposition *exposition_new(void);
void exposition_free(struct exposition *page);

/* The format of an answer with that content type. */
enum exposition_format exposition_format(const char *content_type);

/*
 * Reads the page; bytes[length] is NUL. `*changed`: whether it has other series, or another order
 * of them, than before (true the first time). ERROR_UNREACHABLE if the page is malformed, cut off,
 * or has a series twice; then all is as before.
 */
int exposition_read(struct exposition *page, enum exposition_format format, const char *bytes,
                    size_t length, bool *changed, struct error *error);

/* Series in the page's order. They and the arrays below are good until the next reading. */
size_t exposition_series(const struct exposition *page, const struct exposition_series **series);

/* Values of the series, and their times by the clock of the page's server: ns since 1970, or
 * EXPOSITION_NO_TIME. */
const double *exposition_values(const struct exposition *page);
const int64_t *exposition_times(const struct exposition *page);

#endif
