/* The last run as a file for the textfile collector of Prometheus' node exporter
 * (docs/textfile.md). */
#ifndef CLI_TEXTFILE_H
#define CLI_TEXTFILE_H

#include "base/error.h"
#include "store/store.h"

/* What the file tells. */
struct textfile {
    const char *campaign; /* its name, or its file where the name is not known */
    struct store *store;  /* of the run; NULL if it left no database */
    int exit_status;      /* of `vnfault run`; -1 if that is not known */
};

/* Writes the file, whole or not at all. Strings are escaped as the format asks. Errors as
 * error_unwritten, and those of a run that can't be read. */
int textfile_write(const char *path, const struct textfile *textfile, struct error *error);

/* Before work that takes a night: ERROR_INPUT unless a file can be written there and the collector
 * would read it, which takes names that end in '.prom' alone. */
int textfile_check(const char *path, struct error *error);

#endif
