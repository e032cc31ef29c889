/* Inside the store room: is an opened file a run database? */
#ifndef STORE_CHECK_H
#define STORE_CHECK_H

#include "base/error.h"

struct store;

/*
 * ERROR_INPUT unless the file carries our mark and a version that can be read, and its tables have
 * the columns and its views the text of store/schema.sql. Further tables and views of the user's
 * own are allowed. One of an earlier version is upgraded (store/upgrade.h).
 */
int store_check(struct store *store, struct error *error);

#endif
