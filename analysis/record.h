/*
 * Structs described by tables, so that writing them as JSON, reading them back and freeing them
 * are one piece of code each. The table is the truth of the file's names.
 */
#ifndef ANALYSIS_RECORD_H
#define ANALYSIS_RECORD_H

#include <stddef.h>

#include <jansson.h>

#include "base/error.h"

enum field_kind {
    FIELD_COUNT,         /* size_t */
    FIELD_INTEGER,       /* int64_t or uint64_t */
    FIELD_FLAG,          /* int; true or false in the file */
    FIELD_REAL,          /* double; null in the file for NaN */
    FIELD_TEXT,          /* char *, owned, not NULL */
    FIELD_OPTIONAL_TEXT, /* char *, owned; null for NULL */
    FIELD_OBJECT,        /* a struct within */
    FIELD_LIST,          /* pointer to structs, owned, and their number */
    FIELD_TEXTS,         /* pointer to strings, owned, and their number */
    FIELD_REALS,         /* pointer to doubles, owned, and their number */
    FIELD_REALS_ALIKE,   /* the same, as many as an earlier field brought */
    FIELD_MATRIX, /* pointer to size_t, owned; as many rows and columns as an earlier field */
};

struct record;

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
    size_t count_offset;         /* of the size_t number of items */
    const struct record *record; /* of an object or the items of a list */
};

struct record {
    size_t size;
    const struct field *fields; /* ends with a field whose name is NULL */
};

/* New reference. Text that is not UTF-8, which JSON can't hold, gets '?' for its odd bytes. */
json_t *record_to_json(const struct record *record, const void *item);

/* Fills the zeroed `item`. ERROR_INPUT names the field; what was filled is freed by record_free
 * also then. */
int record_from_json(const struct record *record, const json_t *object, void *item,
                     struct error *error);

/* Frees what the struct owns, not the struct. */
void record_free(const struct record *record, void *item);

#endif
