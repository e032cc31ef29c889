#include "store/database.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"

struct error_row {
    int code;
    enum error_kind kind;
    const char *what; /* NULL for SQLite's own words */
    const char *hint;
};

static const struct error_row error_rows[] = {
    {SQLITE_FULL, ERROR_INTERNAL, "the disk is full", "free some space, then resume the run"},
    {SQLITE_READONLY, ERROR_INPUT, "the run database can't be written",
     "the file or its folder is read-only"},
    {SQLITE_CANTOPEN, ERROR_INPUT, "can't open the run database",
     "the file and its folder must be readable"},
    {SQLITE_PERM, ERROR_INPUT, "no permission to open the run database", ""},
    {SQLITE_NOTADB, ERROR_INPUT, "not a run database", "name a run's folder under results/"},
    {SQLITE_BUSY, ERROR_INPUT, "the run database is in use by another process",
     "is the run still going on?"},
    {SQLITE_CORRUPT, ERROR_INPUT, "the run database is damaged",
     "'sqlite3 FILE .recover' may save what is left"},
};

/* The innermost reason: the disk may be full although SQLite reports a failed write. */
static int error_code(struct store *store)
{
    int code = sqlite3_errcode(store->database) & 0xff;

    if (code == SQLITE_IOERR && sqlite3_system_errno(store->database) == ENOSPC)
        return SQLITE_FULL;
    return code;
}

int database_error(struct store *store, struct error *error)
{
    int code = error_code(store);

    error_set(error, ERROR_INTERNAL, "%s", sqlite3_errmsg(store->database));
    for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++) {
        if (error_rows[i].code == code) {
            error_set(error, error_rows[i].kind, "%s", error_rows[i].what);
            error_hint(error, "%s", error_rows[i].hint);
        }
    }
    return error_where(error, "%s", store->path);
}

int database_execute(struct store *store, const char *sql, struct error *error)
{
    if (sqlite3_exec(store->database, sql, NULL, NULL, NULL) != SQLITE_OK)
        return database_error(store, error);
    return 0;
}

static int bind(sqlite3_stmt *statement, int place, const struct binding *binding)
{
    switch (binding->kind) {
    case BINDING_INTEGER:
        return sqlite3_bind_int64(statement, place, binding->integer);
    case BINDING_REAL:
        return sqlite3_bind_double(statement, place, binding->real);
    case BINDING_TEXT:
        return sqlite3_bind_text(statement, place, binding->bytes, -1, SQLITE_STATIC);
    case BINDING_BLOB:
        break;
    }
    return sqlite3_bind_blob64(statement, place, binding->bytes, (sqlite3_uint64)binding->integer,
                               SQLITE_STATIC);
}

static int bind_all(struct store *store, sqlite3_stmt *statement, const struct binding *bindings,
                    size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (bind(statement, (int)i + 1, &bindings[i]) != SQLITE_OK)
            return database_error(store, error);
    }
    return 0;
}

int reading_begin(struct store *store, enum statement statement, const struct binding *bindings,
                  size_t count, sqlite3_stmt **reading, struct error *error)
{
    *reading = NULL;
    if (sqlite3_prepare_v2(store->database, statement_sql[statement], -1, reading, NULL) !=
        SQLITE_OK)
        return database_error(store, error);
    if (bind_all(store, *reading, bindings, count, error) < 0) {
        sqlite3_finalize(*reading);
        *reading = NULL;
        return -1;
    }
    return 0;
}

int reading_next(struct store *store, sqlite3_stmt *reading, struct error *error)
{
    int code = sqlite3_step(reading);

    if (code == SQLITE_ROW)
        return 1;
    return code == SQLITE_DONE ? 0 : database_error(store, error);
}

const char *reading_text(sqlite3_stmt *reading, int column, const char *otherwise)
{
    const unsigned char *value = sqlite3_column_text(reading, column);

    return value == NULL ? otherwise : (const char *)value;
}

int write_run(struct store *store, enum statement statement, const struct binding *bindings,
              size_t count, struct error *error)
{
    sqlite3_stmt **slot = &store->statements[statement];
    int result;

    if (*slot == NULL && sqlite3_prepare_v3(store->database, statement_sql[statement], -1,
                                            SQLITE_PREPARE_PERSISTENT, slot, NULL) != SQLITE_OK)
        return database_error(store, error);
    result = bind_all(store, *slot, bindings, count, error);
    if (result == 0 && sqlite3_step(*slot) != SQLITE_DONE)
        result = database_error(store, error);
    sqlite3_reset(*slot);
    sqlite3_clear_bindings(*slot);
    if (result < 0 && sqlite3_get_autocommit(store->database))
        store->lost = *error;
    return result;
}

int database_commit(struct store *store, struct error *error)
{
    if (sqlite3_get_autocommit(store->database))
        return 0;
    return write_run(store, STATEMENT_COMMIT, NULL, 0, error);
}

int write_begin(struct store *store, struct error *error)
{
    int result = 0;

    pthread_mutex_lock(&store->mutex);
    if (sqlite3_get_autocommit(store->database)) {
        result = write_run(store, STATEMENT_BEGIN, NULL, 0, error);
        store->transaction_began_ns = clock_now();
    }
    if (result == 0)
        result = write_run(store, STATEMENT_SAVEPOINT, NULL, 0, error);
    if (result < 0)
        pthread_mutex_unlock(&store->mutex);
    return result;
}

int write_end(struct store *store, int result, struct error *error)
{
    struct error ignored;

    /* On a full disk SQLite may have rolled back the whole transaction by itself. */
    if (result < 0 && !sqlite3_get_autocommit(store->database))
        write_run(store, STATEMENT_ROLLBACK_TO, NULL, 0, &ignored);
    if (!sqlite3_get_autocommit(store->database)) {
        if (result < 0)
            write_run(store, STATEMENT_RELEASE, NULL, 0, &ignored);
        else
            result = write_run(store, STATEMENT_RELEASE, NULL, 0, error);
    }
    if (result == 0 && clock_now() - store->transaction_began_ns > CLOCK_SECOND)
        result = database_commit(store, error);
    pthread_mutex_unlock(&store->mutex);
    return result;
}

int write_one(struct store *store, enum statement statement, const struct binding *bindings,
              size_t count, struct error *error)
{
    if (write_begin(store, error) < 0)
        return -1;
    return write_end(store, write_run(store, statement, bindings, count, error), error);
}

int write_change(struct store *store, enum statement statement, const struct binding *bindings,
                 size_t count, const char *row, int64_t id, struct error *error)
{
    int result;

    if (write_begin(store, error) < 0)
        return -1;
    result = write_run(store, statement, bindings, count, error);
    if (result == 0 && sqlite3_changes(store->database) != 1) {
        error_set(error, ERROR_INTERNAL, "there is no %s %lld", row, (long long)id);
        result = error_where(error, "%s", store->path);
        /* It went with a transaction: the full disk is what there is to tell. */
        if (store->lost.kind != ERROR_NONE)
            *error = store->lost;
    }
    return write_end(store, result, error);
}

int write_new(struct store *store, enum statement statement, const struct binding *bindings,
              size_t count, int64_t *id, struct error *error)
{
    int result;

    if (write_begin(store, error) < 0)
        return -1;
    result = write_run(store, statement, bindings, count, error);
    *id = result == 0 ? sqlite3_last_insert_rowid(store->database) : 0;
    return write_end(store, result, error);
}
