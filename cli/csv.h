/*
 * Comma-separated values as RFC 4180 quotes them, with a plain new line at the end of a row.
 * Numbers are written so that reading them gives the same bits. Write errors show in the stream.
 */
#ifndef CLI_CSV_H
#define CLI_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

struct csv {
    FILE *stream;
    bool in_row;
};

/* Each writes one field; NULL, NaN and, for csv_instant, 0 give an empty one. */
void csv_text(struct csv *csv, const char *value);
void csv_integer(struct csv *csv, int64_t value);
void csv_instant(struct csv *csv, int64_t value);
void csv_number(struct csv *csv, double value);

void csv_end_row(struct csv *csv);

/* A row of names up to NULL, without its end, so that more may follow. */
void csv_names(struct csv *csv, const char *const *names);

/*
 * Lets `write` write to the file, which appears under its name only when it is whole; to standard
 * output if `path` is NULL. Errors as error_unwritten, or what `write` says.
 */
typedef int csv_writer(struct csv *csv, void *context, struct error *error);
int csv_file(const char *path, csv_writer *write, void *context, struct error *error);

#endif
