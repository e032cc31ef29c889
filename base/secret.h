/* Passphrases and passwords: in memory that is neither swapped out nor part of a core dump, and
 * wiped after use. They come from a file or a descriptor, never from a command line or the
 * environment. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stddef.h>

#include "base/error.h"
#include "base/stop.h"

struct secret {
    char *bytes; /* NUL-terminated; NULL if there is none */
    size_t length;
};

/*
 * Reads the descriptor to its end, or until `stop`, and closes it. ERROR_INPUT if it isn't open,
 * holds nothing or more than 4000 bytes. Wipe it with secret_wipe.
 */
int secret_read(int descriptor, struct stop *stop, struct secret *secret, struct error *error);

/* Reads a file of one line, without the white space around it; the same bound. ERROR_INPUT, which
 * names the file, if it can't be read, isn't a regular file, holds nothing or more than a line. */
int secret_read_file(const char *path, struct secret *secret, struct error *error);

void secret_wipe(struct secret *secret);

/* Keeps the first line, with an end of line whether it had one or not. */
void secret_keep_line(struct secret *secret);

/* Makes each line a string of its own. */
void secret_split_lines(struct secret *secret);

/* The first line of a secret that was split that is not empty, or the next after `line`; NULL if
 * there is none. */
const char *secret_line(const struct secret *secret, const char *line);

#endif
