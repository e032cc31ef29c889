#include "runner/file_sections.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define BEFORE "==> "
#define AFTER " <=="

static bool is_head(const char *line, size_t length)
{
    return length > strlen(BEFORE AFTER) && memcmp(line, BEFORE, strlen(BEFORE)) == 0 &&
           memcmp(line + length - strlen(AFTER), AFTER, strlen(AFTER)) == 0;
}

static void begin_section(struct file_sections *sections, const char *line, size_t length)
{
    sections->items =
        memory_grow(sections->items, sections->count, &sections->capacity, sizeof *sections->items);
    sections->items[sections->count++] = (struct file_section){
        .name = line + strlen(BEFORE),
        .name_length = length - strlen(BEFORE AFTER),
        .text = line + length,
    };
}

/* The line before a head is empty, or the last of a file: its end is no part of the text. */
static void end_section(struct file_sections *sections, const char *end)
{
    struct file_section *last;

    if (sections->count == 0)
        return;
    last = &sections->items[sections->count - 1];
    if (end > last->text)
        last->text++; /* the end of the head's line */
    last->length = (size_t)(end - last->text);
    if (last->length > 0 && last->text[last->length - 1] == '\n')
        last->length--;
}

void file_sections_read(struct file_sections *sections, const struct text *answer)
{
    const char *line = text_string(answer);
    const char *end = line + answer->length;

    sections->count = 0;
    sections->next = 0;
    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((newline != NULL ? newline : end) - line);

        if (is_head(line, length)) {
            end_section(sections, line);
            begin_section(sections, line, length);
        }
        line = newline != NULL ? newline + 1 : end;
    }
    end_section(sections, end);
}

const struct file_section *file_sections_find(struct file_sections *sections, const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < sections->count; i++) {
        size_t place = (sections->next + i) % sections->count;
        const struct file_section *section = &sections->items[place];

        if (section->name_length == length && memcmp(section->name, name, length) == 0) {
            sections->next = place + 1;
            return section;
        }
    }
    return NULL;
}

char *file_sections_copy(struct file_sections *sections, const char *name, struct text *copy)
{
    const struct file_section *section = file_sections_find(sections, name);

    if (section == NULL)
        return NULL;
    text_clear(copy);
    text_append_bytes(copy, section->text, section->length);
    text_append(copy, ""); /* an empty file is an empty string, not NULL */
    return copy->bytes;
}

void file_sections_free(struct file_sections *sections)
{
    free(sections->items);
    *sections = (struct file_sections){0};
}
