#include "store/upgrade.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "store/database.h"

static const struct {
    const char *table;
    int version;
} additions[] = {
    {"injection_level", 2}, {"monitoring_event", 4}, {"shard", 5},         {"shard_cell", 5},
    {"merged_run", 5},      {"merged_fact", 5},      {"service_media", 6},
};

int store_table_version(const char *name)
{
    for (size_t i = 0; i < sizeof additions / sizeof additions[0]; i++) {
        if (strcmp(additions[i].table, name) == 0)
            return additions[i].version;
    }
    return STORE_OLDEST_VERSION;
}

static bool is_there(struct store *store, const char *name)
{
    return sqlite3_table_column_metadata(store->database, "main", name, NULL, NULL, NULL, NULL,
                                         NULL, NULL) == SQLITE_OK;
}

/* What stands in `sql` begins with 'CREATE TABLE' or 'CREATE VIEW'. */
static int create(struct store *store, bool for_good, const char *sql, struct error *error)
{
    char *statement =
        memory_format("CREATE %s%s", for_good ? "" : "TEMP ", sql + strlen("CREATE "));
    int result = database_execute(store, statement, error);

    free(statement);
    return result;
}

static int drop_view(struct store *store, const char *name, struct error *error)
{
    char *statement = sqlite3_mprintf("DROP VIEW IF EXISTS main.\"%w\"", name);
    int result = database_execute(store, statement, error);

    sqlite3_free(statement);
    return result;
}

static int add_object(struct store *store, sqlite3_stmt *object, bool for_good, struct error *error)
{
    const char *name = reading_text(object, 0, "");
    const char *sql = reading_text(object, 2, "");

    if (strcmp(reading_text(object, 1, ""), "table") == 0)
        return is_there(store, name) ? 0 : create(store, for_good, sql, error);
    if (for_good && drop_view(store, name, error) < 0)
        return -1;
    return create(store, for_good, sql, error);
}

static int add_objects(struct store *store, sqlite3 *model, bool for_good, struct error *error)
{
    sqlite3_stmt *object;
    int result = 0;

    if (sqlite3_prepare_v2(model,
                           "SELECT name, type, sql FROM sqlite_schema"
                           " WHERE type IN ('table', 'view') ORDER BY rowid",
                           -1, &object, NULL) != SQLITE_OK)
        return error_set(error, ERROR_INTERNAL, "%s", sqlite3_errmsg(model));
    while (result == 0 && sqlite3_step(object) == SQLITE_ROW)
        result = add_object(store, object, for_good, error);
    sqlite3_finalize(object);
    return result;
}

static int write_version(struct store *store, struct error *error)
{
    char *statement = memory_format("PRAGMA user_version = %d", STORE_VERSION);
    int result = database_execute(store, statement, error);

    free(statement);
    return result;
}

int store_upgrade(struct store *store, sqlite3 *model, int version, struct error *error)
{
    if (sqlite3_db_readonly(store->database, "main") != 0)
        return database_execute(store, "PRAGMA temp_store = MEMORY", error) < 0 ||
                       add_objects(store, model, false, error) < 0
                   ? -1
                   : 0;
    if (database_execute(store, "BEGIN IMMEDIATE", error) < 0)
        return -1;
    if (add_objects(store, model, true, error) < 0 || write_version(store, error) < 0 ||
        database_execute(store, "COMMIT", error) < 0) {
        sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
        return -1;
    }
    log_warning("%s: run database upgraded from version %d to %d", store->path, version,
                STORE_VERSION);
    return 0;
}
