/* The parts of runner/exposition.h, for the files exposition*.c and their tests alone. */
#ifndef RUNNER_EXPOSITION_PARTS_H
#define RUNNER_EXPOSITION_PARTS_H

#include "runner/exposition.h"

/* Where in the page a sample's value and the line behind it begin. */
struct exposition_place {
    size_t value;
    size_t next_line;
};

/* One page, parsed. */
struct exposition_content {
    enum exposition_format format;
    char *bytes; /* as they came, to be compared with the next */
    size_t length;
    char *words; /* a copy, in which names and values end with NUL */
    struct exposition_series *series;
    struct exposition_place *places;
    double *values;
    int64_t *times;
    size_t count;
    struct exposition_label *labels; /* of all series */
};

/* Parses all of the page. Free it after an error, too. */
int exposition_parse(struct exposition_content *content, enum exposition_format format,
                     const char *bytes, size_t length, struct error *error);
void exposition_content_free(struct exposition_content *content);

/* The first series that is there before, or the number of series. */
size_t exposition_repeated(const struct exposition_series *series, size_t count);

/* What comments say of families of series: TYPE and UNIT. */
struct exposition_families;
struct exposition_families *exposition_families_new(void);
void exposition_families_free(struct exposition_families *families);

/* A comment that begins at `line` after its '#', up to the line's end, which is NUL; its words are
 * taken apart in place and outlive the families. NULL, or what is wrong with it. */
const char *exposition_families_comment(struct exposition_families *families,
                                        enum exposition_format format, char *line);

/* Kind and unit of a sample by its name. */
void exposition_families_sort(struct exposition_families *families,
                              struct exposition_series *series);

/* These return where they ended, or NULL if it is not one. */
const char *exposition_number(const char *text, double *value);
const char *exposition_time(const char *text, enum exposition_format format, int64_t *time);

/* What may follow a value: a time, an exemplar, and the end of the line, which it moves behind. */
const char *exposition_line_rest(const char *text, enum exposition_format format, int64_t *time);

static inline const char *exposition_skip_blanks(const char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    return text;
}

#endif
