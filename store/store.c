#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/check.h"
#include "store/database.h"

enum {
    BUSY_TIMEOUT_MS = 10000,
    /* A larger text or vector is a damaged or hostile file. */
    LARGEST_VALUE = 64 << 20,
};

/* Thirteen observations of 150 metrics fill a page; of 4096 bytes a tenth would stay empty. */
#define PAGE_SIZE "16384"

static struct store *store_new(char *path)
{
    struct store *store = memory_new(1, sizeof *store);
    pthread_mutexattr_t attributes;
    char *slash;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&store->mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
    store->path = path;
    slash = strrchr(path, '/');
    store->folder = slash == NULL ? memory_string(".") : memory_string(path);
    if (slash != NULL)
        store->folder[slash == path ? 1 : slash - path] = '\0';
    return store;
}

static void store_free(struct store *store)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->database);
    pthread_mutex_destroy(&store->mutex);
    free(store->path);
    free(store->folder);
    free(store);
}

/* A file of unknown origin gets no say: its triggers don't run, its schema calls no function with
 * side effects. */
static int connect_to(struct store *store, int flags, struct error *error)
{
    if (sqlite3_open_v2(store->path, &store->database, flags | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        return database_error(store, error);
    sqlite3_busy_timeout(store->database, BUSY_TIMEOUT_MS);
    sqlite3_limit(store->database, SQLITE_LIMIT_LENGTH, LARGEST_VALUE);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    return database_execute(store,
                            "PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON;"
                            "PRAGMA synchronous = FULL",
                            error);
}

static int taken_error(const char *folder, struct error *error)
{
    error_set(error, ERROR_INPUT, "%s holds a run already", folder);
    return error_hint(error, "name another folder, or go on with 'vnfault run --resume'");
}

int store_check_free(const char *folder, struct error *error)
{
    char *path = memory_format("%s/%s", folder, STORE_FILE_NAME);
    bool taken = file_exists(path);

    free(path);
    return taken ? taken_error(folder, error) : 0;
}

/* Makes the empty file, so that no file of someone else's is ever written to. */
static int make_file(const char *folder, const char *path, struct error *error)
{
    int descriptor;

    if (folder_make(folder, error) < 0)
        return -1;
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0)
        return close(descriptor);
    if (errno == EEXIST)
        return taken_error(folder, error);
    return error_unwritten(error, "can't write %s", path);
}

static void remove_files(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        char *name = memory_format("%s%s", path, suffixes[i]);

        unlink(name);
        free(name);
    }
}

void store_remove(const char *folder)
{
    char *path = memory_format("%s/%s", folder, STORE_FILE_NAME);

    remove_files(path);
    free(path);
}

int store_create(const char *folder, struct store **store, struct error *error)
{
    char *path = memory_format("%s/%s", folder, STORE_FILE_NAME);
    struct store *made;

    *store = NULL;
    if (make_file(folder, path, error) < 0) {
        free(path);
        return -1;
    }
    made = store_new(path);
    if (connect_to(made, SQLITE_OPEN_READWRITE, error) < 0 ||
        database_execute(
            made, "PRAGMA page_size = " PAGE_SIZE "; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE",
            error) < 0 ||
        database_execute(made, store_schema, error) < 0 || database_commit(made, error) < 0) {
        sqlite3_exec(made->database, "ROLLBACK", NULL, NULL, NULL);
        remove_files(path);
        store_free(made);
        return -1;
    }
    *store = made;
    return 0;
}

/* The database that `path`, a run's folder or the file itself, means. */
static char *find_file(const char *path, struct error *error)
{
    struct stat status;
    char *file = memory_string(path);

    if (stat(file, &status) == 0 && S_ISDIR(status.st_mode)) {
        free(file);
        file = memory_format("%s/%s", path, STORE_FILE_NAME);
    }
    if (stat(file, &status) == 0 && S_ISREG(status.st_mode))
        return file;
    if (file_exists(file))
        error_set(error, ERROR_INPUT, "%s is not a file", file);
    else
        error_system(error, ERROR_INPUT, "no run database at %s", file);
    error_hint(error, "name a run's folder under results/");
    free(file);
    return NULL;
}

int store_open(const char *path, enum store_access access, struct store **store,
               struct error *error)
{
    char *file = find_file(path, error);
    struct store *opened;
    int result;

    *store = NULL;
    if (file == NULL)
        return -1;
    opened = store_new(file);
    result = connect_to(opened, access == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE,
                        error);
    if (result == 0)
        result = store_check(opened, error);
    if (result == 0 && access == STORE_WRITE)
        result = database_execute(opened, "PRAGMA journal_mode = WAL", error);
    if (result < 0) {
        store_free(opened);
        return -1;
    }
    *store = opened;
    return 0;
}

/* Ends the write-ahead log, so that the file alone can be read anywhere, on read-only media too. If
 * someone is reading just now the log stays, which does no harm. */
static void leave_one_file(struct store *store)
{
    if (sqlite3_db_readonly(store->database, "main") != 0)
        return;
    sqlite3_busy_timeout(store->database, 0);
    sqlite3_exec(store->database, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
}

int store_close(struct store *store, struct error *error)
{
    int result;

    if (store == NULL)
        return 0;
    result = store_commit(store, error);
    leave_one_file(store);
    store_free(store);
    return result;
}

int store_commit(struct store *store, struct error *error)
{
    int result;

    pthread_mutex_lock(&store->mutex);
    result = database_commit(store, error);
    pthread_mutex_unlock(&store->mutex);
    return result;
}

const char *store_folder(const struct store *store)
{
    return store->folder;
}
