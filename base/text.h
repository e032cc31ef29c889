/* A growing string. `bytes` is NUL-terminated once anything was appended. Zero it to start. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *bytes;
    size_t length;
    size_t capacity;
};

void text_append(struct text *text, const char *string);
void text_append_bytes(struct text *text, const char *bytes, size_t length);
void text_appendf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The string, or "" when nothing was appended. Owned by the text. */
const char *text_string(const struct text *text);

/* Empties the text and keeps its memory. */
void text_clear(struct text *text);
void text_free(struct text *text);

/* Removes white space at the end of the text. */
void text_trim(struct text *text);

/* Appends `word` quoted for a POSIX shell, so that it is one word whatever it holds. */
void text_append_shell_word(struct text *text, const char *word);

bool string_starts_with(const char *string, const char *prefix);

/* Reads a whole number from 1 to `most` in decimal and moves `*text` behind it; false if there is
 * none. */
bool string_read_count(const char **text, int64_t most, int64_t *value);

/*
 * The candidate nearest to `word` by edit distance, or NULL if none is near enough to be what
 * was meant. `candidates` has `count` strings.
 */
const char *string_nearest(const char *word, const char *const *candidates, size_t count);

#endif
