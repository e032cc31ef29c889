#include "store/check.h"

#include <stdio.h>
#include <string.h>

#include "store/database.h"
#include "store/upgrade.h"

enum { APPLICATION_ID = 0x766e6674 };

/* One row a table or view: its name, and what must be the same. An injection has a target in every
 * run up to version 2 and may have none later: files of both kinds are sound. */
static const char shape_sql[] =
    "SELECT s.name, s.type || ' ' || CASE"
    " WHEN s.type = 'view' THEN s.sql"
    " WHEN s.sql LIKE 'CREATE VIRTUAL%' THEN 'virtual'"
    " ELSE (SELECT group_concat(c.name || ' ' || c.type || ' ' ||"
    " (c.\"notnull\" AND NOT (s.name = 'injection' AND c.name = 'target_id')) || c.pk, ', ')"
    " FROM pragma_table_info(s.name) AS c) END"
    " FROM sqlite_schema AS s"
    " WHERE s.type IN ('table', 'view') AND s.name = coalesce(?1, s.name)";

static int read_number(struct store *store, const char *pragma, int64_t *number,
                       struct error *error)
{
    sqlite3_stmt *statement;
    int result = -1;

    if (sqlite3_prepare_v2(store->database, pragma, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        *number = sqlite3_column_int64(statement, 0);
        result = 0;
    } else {
        database_error(store, error);
    }
    sqlite3_finalize(statement);
    return result;
}

static int check_mark(struct store *store, int64_t *version, struct error *error)
{
    int64_t mark = 0;

    if (read_number(store, "PRAGMA application_id", &mark, error) < 0 ||
        read_number(store, "PRAGMA user_version", version, error) < 0)
        return -1;
    if (mark != APPLICATION_ID) {
        error_set(error, ERROR_INPUT, "an SQLite database, but not a run database");
        error_hint(error, "name a run's folder under results/");
        return error_where(error, "%s", store->path);
    }
    if (*version < STORE_OLDEST_VERSION || *version > STORE_VERSION) {
        error_set(error, ERROR_INPUT,
                  "run database of version %lld; this vnfault reads versions %d to %d",
                  (long long)*version, STORE_OLDEST_VERSION, STORE_VERSION);
        error_hint(error, "use the vnfault that made it, or a later one");
        return error_where(error, "%s", store->path);
    }
    return 0;
}

/* Compares one table or view, as it should be, with the file's; one that came later than the file's
 * version may be missing. */
static int compare_shape(struct store *store, sqlite3_stmt *actual, const char *name,
                         const char *shape, bool may_be_missing, struct error *error)
{
    int code;
    bool same;

    sqlite3_bind_text(actual, 1, name, -1, SQLITE_STATIC);
    code = sqlite3_step(actual);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return database_error(store, error);
    same = code == SQLITE_ROW ? strcmp(reading_text(actual, 1, ""), shape) == 0 : may_be_missing;
    sqlite3_reset(actual);
    if (same)
        return 0;
    error_set(error, ERROR_INPUT, "not a sound run database: '%s' is %s", name,
              code == SQLITE_ROW ? "not as it should be" : "missing");
    return error_where(error, "%s", store->path);
}

/* Views of an earlier version aren't used: this version's take their place. */
static bool is_used(const char *shape, int64_t version)
{
    return version == STORE_VERSION || strncmp(shape, "view ", 5) != 0;
}

static int check_shapes(struct store *store, sqlite3 *model, int64_t version, struct error *error)
{
    sqlite3_stmt *expected = NULL;
    sqlite3_stmt *actual = NULL;
    int result = 0;

    if (sqlite3_prepare_v2(model, shape_sql, -1, &expected, NULL) != SQLITE_OK)
        result = error_set(error, ERROR_INTERNAL, "%s", sqlite3_errmsg(model));
    else if (sqlite3_prepare_v2(store->database, shape_sql, -1, &actual, NULL) != SQLITE_OK)
        result = database_error(store, error);
    while (result == 0 && sqlite3_step(expected) == SQLITE_ROW) {
        const char *name = reading_text(expected, 0, "");
        const char *shape = reading_text(expected, 1, "");

        if (is_used(shape, version))
            result = compare_shape(store, actual, name, shape, store_table_version(name) > version,
                                   error);
    }
    sqlite3_finalize(expected);
    sqlite3_finalize(actual);
    return result;
}

int store_check(struct store *store, struct error *error)
{
    sqlite3 *model = NULL;
    int64_t version = 0;
    int result;

    if (check_mark(store, &version, error) < 0)
        return -1;
    if (sqlite3_open(":memory:", &model) != SQLITE_OK ||
        sqlite3_exec(model, store_schema, NULL, NULL, NULL) != SQLITE_OK)
        result = error_set(error, ERROR_INTERNAL, "%s", sqlite3_errmsg(model));
    else
        result = check_shapes(store, model, version, error);
    if (result == 0 && version < STORE_VERSION)
        result = store_upgrade(store, model, (int)version, error);
    sqlite3_close(model);
    return result;
}
