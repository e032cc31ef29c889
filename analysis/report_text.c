#include "analysis/report_text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define EN_DASH "\xe2\x80\x93"
#define ELLIPSIS "\xe2\x80\xa6"
#define LEFT_QUOTE "\xe2\x80\x98"
#define RIGHT_QUOTE "\xe2\x80\x99"
#define THIN_SPACE "\xe2\x80\xaf"

/* Length of the UTF-8 sequence at `bytes`, or 0 if it is broken or not a character of XML. */
static size_t sequence_length(const char *bytes)
{
    uint32_t code;
    size_t length = utf8_decode(bytes, &code);

    if ((code & 0xfffe) == 0xfffe)
        return 0;
    /* Direction marks and line separators could turn or break what stands around them. */
    if ((code >= 0x80 && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
        (code >= 0x2066 && code <= 0x2069) || code == 0x2028 || code == 0x2029)
        return 0;
    return length;
}

/* The next character of *string made harmless: copied to `character`, which it terminates. */
static void next_character(const char **string, char character[8])
{
    const char *bytes = *string;
    size_t length = sequence_length(bytes);

    if ((unsigned char)bytes[0] < 0x20 || bytes[0] == 0x7f) {
        memcpy(character, " ", 2);
        length = 1;
    } else if (length == 0) {
        memcpy(character, "?", 2);
        length = 1;
    } else {
        memcpy(character, bytes, length);
        character[length] = '\0';
    }
    *string += length;
}

void append_line(struct text *text, const char *string, size_t limit)
{
    char character[8];

    for (size_t count = 0; *string != '\0'; count++) {
        if (count == limit) {
            text_append(text, ELLIPSIS);
            return;
        }
        next_character(&string, character);
        text_append(text, character);
    }
}

static void append_html_character(struct text *text, const char *character)
{
    switch (character[0]) {
    case '&':
        text_append(text, "&amp;");
        break;
    case '<':
        text_append(text, "&lt;");
        break;
    case '>':
        text_append(text, "&gt;");
        break;
    case '"':
        text_append(text, "&quot;");
        break;
    case '\'':
        text_append(text, "&#39;");
        break;
    default:
        text_append(text, character);
    }
}

void append_html(struct text *text, const char *string)
{
    char character[8];

    while (string != NULL && *string != '\0') {
        next_character(&string, character);
        append_html_character(text, character);
    }
}

void append_html_lines(struct text *text, const char *string)
{
    char character[8];

    while (*string != '\0') {
        bool line_break = *string == '\n';

        next_character(&string, character);
        append_html_character(text, line_break ? "\n" : character);
    }
}

static bool string_ends_with(const char *string, const char *end)
{
    size_t length = strlen(string);
    size_t end_length = strlen(end);

    return length >= end_length && strcmp(string + length - end_length, end) == 0;
}

void append_gnuplot(struct text *text, const char *string)
{
    char character[8];

    text_append(text, "'");
    while (*string != '\0') {
        next_character(&string, character);
        /* gnuplot 5.4 takes four quotes in a row for the end of the string: allow none. */
        if (character[0] == '\'')
            text_append(text, RIGHT_QUOTE);
        /* It escapes '<' and '&' in an SVG, but not this, which XML has for an end. */
        else if (character[0] == '>' && string_ends_with(text_string(text), "]]"))
            text_append(text, " >");
        else
            text_append(text, character[0] == '`' ? LEFT_QUOTE : character);
    }
    text_append(text, "'");
}

void append_csv(struct text *text, const char *string)
{
    char character[8];

    text_append(text, "\"");
    while (*string != '\0') {
        next_character(&string, character);
        text_append(text, character[0] == '"' ? "\"\"" : character);
    }
    text_append(text, "\"");
}

void append_slug(struct text *text, const char *string)
{
    enum { LONGEST = 40 };
    size_t start = text->length;
    uint32_t hash = 2166136261U; /* FNV-1a */
    bool gap = false;

    for (const char *c = string; *c != '\0'; c++) {
        char letter = (char)tolower((unsigned char)*c);

        hash = (hash ^ (unsigned char)*c) * 16777619U;
        if ((letter < 'a' || letter > 'z') && (letter < '0' || letter > '9')) {
            gap = true;
        } else if (text->length - start < LONGEST) {
            if (gap && text->length > start)
                text_append(text, "-");
            gap = false;
            text_append_bytes(text, &letter, 1);
        }
    }
    if (text->length == start)
        text_append(text, "unnamed");
    if (strcmp(text->bytes + start, string) != 0)
        text_appendf(text, "-%08x", hash);
}

void append_number(struct text *text, double value)
{
    double size = fabs(value);

    if (!isfinite(value)) {
        text_append(text, EN_DASH);
        return;
    }
    if (size >= 1e4 && size < 1e7)
        text_appendf(text, "%.0f" THIN_SPACE "%03.0f", trunc(rint(value) / 1000),
                     fmod(fabs(rint(value)), 1000));
    else if (size != 0 && (size < 0.001 || size >= 1e7))
        text_appendf(text, "%.2e", value);
    else if (size >= 99.95 || value == rint(value)) /* what would be 100.0 is 100 */
        text_appendf(text, "%.0f", value);
    else if (size >= 9.995)
        text_appendf(text, "%.1f", value);
    else
        text_appendf(text, size >= 0.1 ? "%.2f" : "%.4f", value);
}

void append_exact(struct text *text, double value)
{
    if (isfinite(value))
        text_appendf(text, "%.17g", value);
    else
        text_append(text, "NaN");
}

void append_availability(struct text *text, double share)
{
    if (isfinite(share))
        text_appendf(text, "%.2f %%", share * 100);
    else
        append_number(text, NAN);
}

void append_share(struct text *text, double share)
{
    if (isfinite(share))
        text_appendf(text, "%.1f" THIN_SPACE "%%", share * 100);
    else
        text_append(text, EN_DASH);
}
