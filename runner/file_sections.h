/*
 * What `head` prints of several files, '==> NAME <==' on a line before each: how a shell on another
 * machine tells files to the collectors. A file that could not be opened there isn't in it.
 */
#ifndef RUNNER_FILE_SECTIONS_H
#define RUNNER_FILE_SECTIONS_H

#include <stddef.h>

#include "base/text.h"

struct file_section {
    const char *name; /* not ended by NUL */
    size_t name_length;
    const char *text;
    size_t length;
};

/* Sections of one answer, which outlives them. Zero it to start. */
struct file_sections {
    struct file_section *items;
    size_t count;
    size_t capacity;
    size_t next; /* where the next name is expected: they are asked for in their order */
};

/* Finds the sections of an answer, in place of those of the one before. */
void file_sections_read(struct file_sections *sections, const struct text *answer);

/* The file of that name, the first one after the last that was found; NULL if there is none. */
const struct file_section *file_sections_find(struct file_sections *sections, const char *name);

/* A copy of its text that may be changed, in `copy`; NULL if there is no such file. */
char *file_sections_copy(struct file_sections *sections, const char *name, struct text *copy);
void file_sections_free(struct file_sections *sections);

#endif
