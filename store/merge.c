#include "store/merge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "store/database.h"
#include "store/merge_sources.h"
#include "store/merge_sql.h"
#include "store/writer.h"

struct merge {
    const struct merge_setting *setting;
    struct merge_source *sources;
    struct store *store;
};

/* Takes a formatted statement of sqlite3_mprintf and frees it. */
static int execute(struct merge *merge, char *statement, struct error *error)
{
    int result = database_execute(merge->store, statement, error);

    sqlite3_free(statement);
    return result;
}

/* What the source holds breaks a rule of the schema, which its own file may lack; false if the
 * fault is another's. */
static bool is_of_source(int code)
{
    return code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH || code == SQLITE_TOOBIG ||
           code == SQLITE_ERROR;
}

/* Runs the script; nothing of it stays if it fails. */
static int run_script(struct merge *merge, const struct merge_source *source, const char *script,
                      struct error *error)
{
    sqlite3 *database = merge->store->database;

    if (database_execute(merge->store, script, error) == 0)
        return 0;
    if (is_of_source(sqlite3_errcode(database) & 0xff))
        error_set(error, ERROR_INPUT, "not a sound run database: %s", sqlite3_errmsg(database));
    if (!sqlite3_get_autocommit(database))
        sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
    return error_where(error, "%s", source->path);
}

/* Runs the script with the source attached. */
static int with_source(struct merge *merge, size_t index, const char *script, struct error *error)
{
    const struct merge_source *source = &merge->sources[index];
    int result;

    if (stop_reason(merge->setting->stop) != 0)
        return stop_error(merge->setting->stop, error, "the merge was interrupted");
    if (execute(merge, sqlite3_mprintf("ATTACH %Q AS source", source->file), error) < 0)
        return -1;
    result =
        execute(merge,
                sqlite3_mprintf("DELETE FROM temp.merging_now;"
                                "INSERT INTO temp.merging_now VALUES (%lld, %lld, %Q)",
                                (long long)index, (long long)source->shard.number, source->path),
                error);
    if (result == 0)
        result = run_script(merge, source, script, error);
    if (result == 0)
        return database_execute(merge->store, "DETACH source", error);
    sqlite3_exec(merge->store->database, "DETACH source", NULL, NULL, NULL);
    return -1;
}

/* Asks about what was noted: 1 if there is a row, 0 if there is none. The caller finalises. */
static int ask(struct merge *merge, enum statement statement, const struct binding *bindings,
               size_t count, sqlite3_stmt **answer, struct error *error)
{
    if (reading_begin(merge->store, statement, bindings, count, answer, error) < 0)
        return -1;
    return reading_next(merge->store, *answer, error);
}

/* A run that was given twice, or a copy of it, counts once. */
static int check_repeated(struct merge *merge, size_t earlier, size_t later, struct error *error)
{
    const struct merge_source *source = &merge->sources[later];
    sqlite3_stmt *answer;
    int result = ask(merge, STATEMENT_MERGE_DIFFERENT,
                     BINDINGS(integer((int64_t)earlier), integer((int64_t)later)), &answer, error);

    if (result > 0) {
        error_set(error, ERROR_INPUT,
                  "%s and %s are both shard %" PRId64 "/%" PRId64 " and differ, first in %s",
                  merge->sources[earlier].path, source->path, source->shard.number,
                  source->shard.count, reading_text(answer, 0, "?"));
        result = error_hint(error, "give only the one that counts");
    } else if (result == 0) {
        merge->sources[later].repeats = true;
        log_warning("%s is the same run as %s", source->path, merge->sources[earlier].path);
        result = database_execute(merge->store, store_merge_forget, error);
    }
    sqlite3_finalize(answer);
    return result;
}

static int note_sources(struct merge *merge, struct error *error)
{
    for (size_t i = 0; i < merge->setting->count; i++) {
        if (with_source(merge, i, store_merge_note, error) < 0)
            return -1;
        for (size_t j = 0; j < i; j++) {
            if (merge->sources[j].shard.number == merge->sources[i].shard.number &&
                !merge->sources[j].repeats && check_repeated(merge, j, i, error) < 0)
                return -1;
        }
    }
    return 0;
}

/* What must not be: each answers with the words for it. */
static const struct {
    enum statement statement;
    const char *hint;
} conflicts[] = {
    {STATEMENT_MERGE_SAME_CELL, "were they divided by different versions of vnfault?"},
    {STATEMENT_MERGE_STRANGE_CELL, "the run database was changed"},
    {STATEMENT_MERGE_OTHER_TARGET, "the testbeds of shards have the same targets"},
};

static int check_conflicts(struct merge *merge, struct error *error)
{
    int result = 0;

    for (size_t i = 0; result == 0 && i < sizeof conflicts / sizeof conflicts[0]; i++) {
        sqlite3_stmt *answer;

        result = ask(merge, conflicts[i].statement, NULL, 0, &answer, error);
        if (result > 0) {
            error_set(error, ERROR_INPUT, "%s", reading_text(answer, 0, "?"));
            result = error_hint(error, "%s", conflicts[i].hint);
        }
        sqlite3_finalize(answer);
    }
    return result;
}

static int copy_source(struct merge *merge, size_t index, struct error *error)
{
    if (with_source(merge, index, store_merge_copy, error) < 0)
        return -1;
    return merge->sources[index].has_media
               ? with_source(merge, index, store_merge_copy_media, error)
               : 0;
}

static int copy_sources(struct merge *merge, struct error *error)
{
    if (database_execute(merge->store, store_merge_number, error) < 0)
        return -1;
    for (size_t i = 0; i < merge->setting->count; i++) {
        if (!merge->sources[i].repeats && copy_source(merge, i, error) < 0)
            return -1;
    }
    return 0;
}

/* The row of the run comes last: a database without it is no run to anybody. */
static int end_run(struct merge *merge, struct error *error)
{
    const struct stored_run *first = &merge->sources[0].run;
    const struct store_run row = {
        .name = first->name,
        .campaign_path = first->campaign_path,
        .campaign_xml = first->campaign_xml,
        .testbed_path = first->testbed_path,
        .testbed_xml = first->testbed_xml,
        .time_scale = first->time_scale,
        .monitoring_period_ns = first->monitoring_period_ns,
        .cool_down_ns = first->cool_down_ns,
        .faults = first->faults,
        .version = first->version,
        .started_ns = first->started_ns,
    };

    if (store_put_run(merge->store, &row, error) < 0)
        return -1;
    return database_execute(merge->store, store_merge_end, error);
}

/* The sources are others': closing them must not put their logs in order. */
static void leave_sources_alone(struct merge *merge, int alone)
{
    sqlite3_db_config(merge->store->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, alone, NULL);
}

static int fill(struct merge *merge, struct merge_outcome *outcome, struct error *error)
{
    int result;

    leave_sources_alone(merge, 1);
    result = database_execute(merge->store, store_merge_begin, error);
    if (result == 0)
        result = note_sources(merge, error);
    if (result == 0)
        result = check_conflicts(merge, error);
    if (result == 0)
        result = merge_sources_complete(merge->setting, merge->sources, outcome, error);
    if (result == 0)
        result = copy_sources(merge, error);
    if (result == 0)
        result = end_run(merge, error);
    leave_sources_alone(merge, 0);
    return result;
}

int store_merge(const struct merge_setting *setting, struct merge_outcome *outcome,
                struct error *error)
{
    struct merge merge = {.setting = setting};
    struct error closing = {0};
    bool is_new = !file_exists(setting->folder);
    int result = merge_sources_read(setting, &merge.sources, error);

    if (result == 0)
        result = store_create(setting->folder, &merge.store, error);
    if (result == 0) {
        result = fill(&merge, outcome, error);
        if (store_close(merge.store, &closing) < 0 && result == 0) {
            *error = closing;
            result = -1;
        }
        if (result < 0) {
            store_remove(setting->folder);
            if (is_new)
                rmdir(setting->folder);
        }
    }
    merge_sources_free(merge.sources, setting->count);
    return result;
}
