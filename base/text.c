#include "base/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void reserve(struct text *text, size_t extra)
{
    size_t needed = text->length + extra + 1;

    if (needed <= text->capacity)
        return;
    while (text->capacity < needed)
        text->capacity = text->capacity > 0 ? text->capacity * 2 : 64;
    text->bytes = memory_resize(text->bytes, text->capacity, 1);
}

void text_append_bytes(struct text *text, const char *bytes, size_t length)
{
    reserve(text, length);
    if (length > 0)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void text_append(struct text *text, const char *string)
{
    text_append_bytes(text, string, strlen(string));
}

void text_appendf(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_list again;
    int length;

    va_start(arguments, format);
    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0) {
        reserve(text, (size_t)length);
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

const char *text_string(const struct text *text)
{
    return text->bytes == NULL ? "" : text->bytes;
}

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->bytes != NULL)
        text->bytes[0] = '\0';
}

void text_free(struct text *text)
{
    free(text->bytes);
    memset(text, 0, sizeof *text);
}

void text_trim(struct text *text)
{
    while (text->length > 0 && isspace((unsigned char)text->bytes[text->length - 1]))
        text->bytes[--text->length] = '\0';
}

void text_append_shell_word(struct text *text, const char *word)
{
    text_append(text, "'");
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            text_append(text, "'\\''");
        else
            text_append_bytes(text, word, 1);
    }
    text_append(text, "'");
}

bool string_read_count(const char **text, int64_t most, int64_t *value)
{
    *value = 0;
    for (; **text >= '0' && **text <= '9' && *value <= most; (*text)++)
        *value = *value * 10 + (**text - '0');
    return *value >= 1 && *value <= most;
}

bool string_starts_with(const char *string, const char *prefix)
{
    return strncmp(string, prefix, strlen(prefix)) == 0;
}

/* Levenshtein distance of two short strings; longer ones count as far apart. */
static size_t edit_distance(const char *left, const char *right)
{
    enum { LONGEST = 63 };
    size_t left_length = strlen(left);
    size_t right_length = strlen(right);
    size_t row[LONGEST + 1];

    if (left_length > LONGEST || right_length > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= right_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= left_length; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= right_length; j++) {
            size_t above = row[j];
            size_t best = diagonal + (left[i - 1] != right[j - 1]);

            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[right_length];
}

const char *string_nearest(const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    size_t bound = strlen(word) / 3 + 2;

    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(word, candidates[i]);

        if (distance < bound) {
            bound = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}
