/* Inside the store room: run databases of earlier versions. A version may add tables, change
 * views, and let a column be NULL; it never changes a table that stands otherwise. */
#ifndef STORE_UPGRADE_H
#define STORE_UPGRADE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct store;

enum { STORE_VERSION = 6, STORE_OLDEST_VERSION = 1 };

/* The version that a table came with. */
int store_table_version(const char *name);

/*
 * Makes an opened file of the earlier `version` look like one of this version, whose schema is that
 * of the database `model`: a file that may be written for good, which a line in the log says, any
 * other for this connection only.
 */
int store_upgrade(struct store *store, sqlite3 *model, int version, struct error *error);

#endif
