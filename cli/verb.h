/*
 * Verbs: `vnfault VERB ...`. One file cli/verb_NAME.c each, ending in a struct verb, and one line
 * in the table of cli/verbs.c.
 */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum option_kind {
    OPTION_FLAG,   /* bool; takes no argument */
    OPTION_TEXT,   /* const char * */
    OPTION_LIST,   /* struct option_list; may be given again and again */
    OPTION_COUNT,  /* int64_t; a whole number from `least` to `most` */
    OPTION_NUMBER, /* double from `least` to `most` */
};

/* What an option was given, in order. Zero it at the start. */
struct option_list {
    const char **items;
    size_t count;
    size_t capacity;
};

/* One option: parser, --help and manual are all made from this row. */
struct option_row {
    const char *name;     /* '--time-scale' */
    const char *argument; /* 'RATIO'; NULL for a flag */
    const char *help;     /* one line; says the default */
    enum option_kind kind;
    void *value; /* static variable of the verb; holds the default at the start */
    double least;
    double most;
};

struct verb {
    const char *name;
    const char *summary;              /* one line, for the list of verbs */
    const char *operands;             /* 'CAMPAIGN', '[HOST]', '' */
    const char *description;          /* lines for --help; ends with a new line */
    const struct option_row *options; /* ends with a row whose name is NULL; may be NULL */
    size_t least_operands;
    size_t most_operands;
    /* What `of` may be, an option ('--split') or an operand ('ACTION'): its word number `at`, or
     * NULL from the last on. For completion; NULL for a verb that takes no such words. */
    const char *(*word)(const char *of, size_t at);
    /* Operands are what is left after the options; 0, or -1 with the error that gives the exit
     * status. */
    int (*run)(const char *const operands[], size_t count, struct error *error);
};

extern const struct verb *const verbs[]; /* ends with NULL */

/* Parses the words after the verb; `operands` has room for `count` words. Everything after '--'
 * is an operand. ERROR_INPUT names what is wrong, with a 'did you mean'. */
int verb_parse(const struct verb *verb, const char *const words[], size_t count,
               const char *operands[], size_t *operand_count, struct error *error);

/* Prints the verb's help, which fits a screen of 24 x 80. */
void verb_print_help(const struct verb *verb);

/* Version of vnfault, as it is recorded in every run. */
#define VNFAULT_VERSION "0.1.0"

#endif
