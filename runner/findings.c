#include "runner/findings.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { LONGEST_TEXT = 600, MOST_NAMES = 24 };

/* Bytes of the printable UTF-8 character at `at`; 0 if there is none. */
static size_t character_length(const unsigned char *at)
{
    static const unsigned least[] = {0, 0x20, 0xa0, 0x800, 0x10000};
    size_t length = at[0] < 0x80 ? 1 : at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    unsigned code = length == 1 ? at[0] : at[0] & (0xffu >> (length + 1));

    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (at[i] & 0x3f);
    }
    if (code < least[length] || code == 0x7f || code > 0x10ffff || (code >> 11) == 0x1b ||
        (at[0] & 0xc0) == 0x80 || at[0] >= 0xf8)
        return 0;
    return length;
}

/* A copy of at most LONGEST_TEXT bytes. What a terminal or JSON can't take, in names and values
 * from the file, becomes '?'. */
static char *copy_clean(const char *string)
{
    struct text copy = {0};

    text_append(&copy, "");
    while (*string != '\0' && copy.length < LONGEST_TEXT) {
        size_t length = character_length((const unsigned char *)string);

        text_append_bytes(&copy, length > 0 ? string : "?", length > 0 ? length : 1);
        string += length > 0 ? length : 1;
    }
    if (*string != '\0')
        text_append(&copy, "...");
    return copy.bytes;
}

static bool is_same(const struct finding *one, const struct finding *other)
{
    return one->line == other->line && strcmp(one->what, other->what) == 0 &&
           strcmp(one->element, other->element) == 0 && strcmp(one->file, other->file) == 0;
}

static void finding_free(struct finding *finding)
{
    free(finding->file);
    free(finding->element);
    free(finding->what);
    free(finding->hint);
}

bool findings_are_full(const struct findings *findings)
{
    return findings->count > MOST_FINDINGS;
}

void findings_add(struct findings *findings, const char *file, int line, const char *element,
                  const char *what, const char *hint)
{
    struct finding finding = {.line = line};

    if (findings_are_full(findings))
        return;
    if (findings->count == MOST_FINDINGS) {
        element = "";
        what = "there is more wrong; the rest is not listed";
        hint = "";
    }
    finding.file = copy_clean(file);
    finding.element = copy_clean(element);
    finding.what = copy_clean(what);
    finding.hint = copy_clean(hint);
    for (size_t i = 0; i < findings->count; i++) {
        if (is_same(&findings->items[i], &finding)) {
            finding_free(&finding);
            return;
        }
    }
    findings->items =
        memory_grow(findings->items, findings->count, &findings->capacity, sizeof *findings->items);
    findings->items[findings->count++] = finding;
}

void findings_report(void *context, const char *file, int line, const char *element,
                     const char *what, const char *hint)
{
    findings_add(context, file, line, element, what, hint);
}

/* Index of the first finding in this file, or -1 for the file that comes first. */
static long file_rank(const struct findings *findings, const char *file, const char *first_file)
{
    if (strcmp(file, first_file) == 0)
        return -1;
    for (size_t i = 0; i < findings->count; i++) {
        if (strcmp(findings->items[i].file, file) == 0)
            return (long)i;
    }
    return (long)findings->count;
}

void findings_sort(struct findings *findings, const char *first_file)
{
    long *ranks = memory_new(findings->count, sizeof *ranks);

    for (size_t i = 0; i < findings->count; i++)
        ranks[i] = file_rank(findings, findings->items[i].file, first_file);
    for (size_t i = 1; i < findings->count; i++) {
        struct finding finding = findings->items[i];
        long rank = ranks[i];
        size_t at = i;

        for (; at > 0 && (ranks[at - 1] > rank ||
                          (ranks[at - 1] == rank && findings->items[at - 1].line > finding.line));
             at--) {
            findings->items[at] = findings->items[at - 1];
            ranks[at] = ranks[at - 1];
        }
        findings->items[at] = finding;
        ranks[at] = rank;
    }
    free(ranks);
}

void findings_free(struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        finding_free(&findings->items[i]);
    free(findings->items);
    memset(findings, 0, sizeof *findings);
}

void hint_append_names(struct text *hint, const char *label, const char *word,
                       const char *const *names, size_t count)
{
    const char *nearest = string_nearest(word, names, count);

    if (nearest != NULL)
        text_appendf(hint, "did you mean \"%s\"? ", nearest);
    if (count == 0)
        text_appendf(hint, "%s: none", label);
    for (size_t i = 0; i < count && i < MOST_NAMES; i++)
        text_appendf(hint, "%s%s%s", i == 0 ? label : "", i == 0 ? ": " : ", ", names[i]);
    if (count > MOST_NAMES)
        text_append(hint, ", ...");
}
