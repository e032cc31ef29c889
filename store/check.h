/* Inside the store room: is an opened file a run database of this version? */
#ifndef STORE_CHECK_H
#define STORE_CHECK_H

#include "base/error.h"

struct store;

/*
 * ERROR_INPUT unless the file carries our mark and version, and its tables have the columns and
 * its views the text of store/schema.sql. Further tables and views of the user's own are allowed.
 */
int store_check(struct store *store, struct error *error);

#endif
