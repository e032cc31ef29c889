/* Files and folders on this machine. Paths in errors are as the caller gave them. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* Appends the whole file to `text`. A file over `limit` bytes is an error. Works on /proc and
 * /sys files, whose size is not known beforehand. */
int file_read(const char *path, size_t limit, struct text *text, struct error *error);

/*
 * What is to become the file is written under this name first, and then put in its place, so that
 * it is there whole or not at all: a name beside it or, where something else than a regular file is
 * there (a device, a pipe, a link), the path itself, which is written to and not replaced. The
 * caller frees it.
 */
char *file_name_before(const char *path);

/* Puts it in its place, or removes it if it did not become `good`. -1 with errno. */
int file_put_in_place(const char *name_before, const char *path, bool good);

/* Writes the file anew, whole or not at all. Errors as error_unwritten. */
int file_write(const char *path, const char *bytes, size_t length, struct error *error);

bool file_exists(const char *path);

/* Whether there is nothing at the path, or a folder with nothing in it. */
bool folder_is_free(const char *path);

/* Makes the folder and those above it; no error if it is there. Errors as error_unwritten. */
int folder_make(const char *path, struct error *error);

/* Removes a folder with all in it; no error if it isn't there. Links are not followed, and what is
 * mounted in it, be it a folder of the same file system, is left alone: ERROR_INTERNAL. */
int folder_remove(const char *path, struct error *error);

/* `relative` as seen from the folder that holds `file`; an absolute path stays. Caller frees. */
char *path_beside(const char *file, const char *relative);

#endif
