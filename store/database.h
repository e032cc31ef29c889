/*
 * Inside the store room: the connection, its statements and its transaction. Writes gather in an
 * open transaction and are committed by store_commit, by a journalled intent, or once the
 * transaction is a second old.
 */
#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/statements.h"

/* store/schema.sql, as the Makefile compiles it in; NUL-terminated. */
extern const char store_schema[];

struct store {
    sqlite3 *database;
    char *path;
    char *folder;
    pthread_mutex_t mutex; /* recursive: a callback may read or write too */
    sqlite3_stmt *statements[STATEMENT_COUNT];
    int64_t transaction_began_ns;
    struct error
        lost; /* why SQLite gave up a transaction by itself; kind ERROR_NONE: it never did */
};

enum binding_kind { BINDING_INTEGER, BINDING_REAL, BINDING_TEXT, BINDING_BLOB };

/* A value for a parameter of a statement. Text and blobs must live until the statement has run. */
struct binding {
    enum binding_kind kind;
    int64_t integer; /* or the length of a blob */
    double real;     /* NaN is stored as NULL */
    const void *bytes;
};

static inline struct binding integer(int64_t value)
{
    return (struct binding){.kind = BINDING_INTEGER, .integer = value};
}

static inline struct binding real(double value)
{
    return (struct binding){.kind = BINDING_REAL, .real = value};
}

/* NULL is stored as NULL. */
static inline struct binding text(const char *value)
{
    return (struct binding){.kind = BINDING_TEXT, .bytes = value};
}

static inline struct binding blob(const void *bytes, size_t length)
{
    return (struct binding){.kind = BINDING_BLOB, .bytes = bytes, .integer = (int64_t)length};
}

/* 0 is stored as NULL: an id or an instant that is not known. */
static inline struct binding integer_or_null(int64_t value)
{
    return value != 0 ? integer(value) : text(NULL);
}

/* The bindings of a statement and their number, as two arguments. */
#define BINDINGS(...)                                                                              \
    (const struct binding[]){__VA_ARGS__},                                                         \
        sizeof((const struct binding[]){__VA_ARGS__}) / sizeof(struct binding)

/* Turns the connection's last error into ours; returns -1. */
int database_error(struct store *store, struct error *error);

/* Runs SQL without parameters or results. */
int database_execute(struct store *store, const char *sql, struct error *error);

/* Ends the transaction under way; nothing to do if there is none. */
int database_commit(struct store *store, struct error *error);

/* Prepares a statement of the table for one reading; the caller finalises it. */
int reading_begin(struct store *store, enum statement statement, const struct binding *bindings,
                  size_t count, sqlite3_stmt **reading, struct error *error);

/* The next row: 1 if there is one, 0 after the last, -1 on an error. */
int reading_next(struct store *store, sqlite3_stmt *reading, struct error *error);

/* A column's text; NULL for NULL, unless `otherwise` is given for it. Lives until the next row. */
const char *reading_text(sqlite3_stmt *reading, int column, const char *otherwise);

/*
 * Begins a call that writes: locks the store and opens a savepoint, so that the call takes effect
 * as a whole or not at all. Every write_begin that returned 0 needs its write_end, which commits
 * an old transaction, unlocks, and returns `result` or -1.
 */
int write_begin(struct store *store, struct error *error);
int write_end(struct store *store, int result, struct error *error);

/* Runs a writing statement of the table between write_begin and write_end. */
int write_run(struct store *store, enum statement statement, const struct binding *bindings,
              size_t count, struct error *error);

/* A whole call of one statement. The second one must change just one row, whose kind and id are
 * named in the error if it isn't there. */
int write_one(struct store *store, enum statement statement, const struct binding *bindings,
              size_t count, struct error *error);
int write_change(struct store *store, enum statement statement, const struct binding *bindings,
                 size_t count, const char *row, int64_t id, struct error *error);

/* A whole call of one INSERT; `*id` is the new row's. */
int write_new(struct store *store, enum statement statement, const struct binding *bindings,
              size_t count, int64_t *id, struct error *error);

#endif
