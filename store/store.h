/*
 * The run database: one SQLite file (WAL while a run goes on) in the run's folder. The runner
 * writes through store/writer.h, the analysis reads through store/reader.h; store/schema.sql is the
 * truth of both. A store may be used from several threads; each call is atomic.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdint.h>

#include "base/error.h"

#define STORE_FILE_NAME "run.sqlite"

struct store;

enum store_access { STORE_READ, STORE_WRITE };

/*
 * Makes the folder (which may exist) and a new run database in it. A folder that can't be written
 * or that holds a database already is ERROR_INPUT; a full disk ERROR_INTERNAL.
 */
int store_create(const char *folder, struct store **store, struct error *error);

/* ERROR_INPUT if the folder holds a run database already, as store_create would say. */
int store_check_free(const char *folder, struct error *error);

/* Opens the database of a run: `path` is the run's folder or the file itself. ERROR_INPUT if it
 * is none or of a later version. */
int store_open(const char *path, enum store_access access, struct store **store,
               struct error *error);

/* Commits what is pending and closes; NULL is allowed. An error here is a lost commit. */
int store_close(struct store *store, struct error *error);

/* Removes the run database that store_create made in the folder; it is closed. */
void store_remove(const char *folder);

/* Makes all that was written so far durable. */
int store_commit(struct store *store, struct error *error);

/* Folder that holds the database; owned by the store. */
const char *store_folder(const struct store *store);

#endif
