/*
 * Errors as values. A function that can fail returns 0 or -1 and takes a `struct error *` as its
 * last argument; at -1 the error says what went wrong, where, on which target and what to do
 * about it. Only main turns an error into an exit status.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdio.h>

/* What kind of failure it is; each kind has one exit status (docs/exit-codes.md). */
enum error_kind {
    ERROR_NONE = 0,
    ERROR_THRESHOLD,     /* 1: an SLA, AUC or regression threshold failed */
    ERROR_INCONCLUSIVE,  /* 2: invalid experiments, too few samples */
    ERROR_NOT_CLEAN,     /* 3: clean-up not proven */
    ERROR_NOT_AS_BEFORE, /* 3: all is undone, but the target has changed meanwhile */
    ERROR_UNREACHABLE,   /* 4: a target, load host or source can't be reached or lacks something */
    ERROR_LOCKED,        /* 4: it is in use by another run, whose lock says so */
    ERROR_INPUT,         /* 64: bad arguments or a bad file */
    ERROR_INTERNAL,      /* 70: a bug or a failing machine (disk full, out of descriptors) */
    ERROR_INTERRUPTED,   /* 130: SIGINT, after the revert */
    ERROR_TERMINATED     /* 143: SIGTERM or SIGHUP, after the revert */
};

struct error {
    enum error_kind kind;
    char what[640];  /* what went wrong, one sentence without a full stop */
    char where[320]; /* file:line, or the step that failed; may be empty */
    char target[96]; /* target, load host or source concerned; may be empty */
    char hint[320];  /* what to do about it; may be empty */
};

/* Starts an error afresh. Returns -1, so that `return error_set(...)` reads well. */
int error_set(struct error *error, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As error_set, with the text of `errno` appended. */
int error_system(struct error *error, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As error_system, of what could not be written where somebody said: ERROR_INTERNAL if the machine
 * is at its end (disk full, out of descriptors), else ERROR_INPUT. */
int error_unwritten(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Add context to an error that is set; the first caller to say it wins. Each returns -1. */
int error_where(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
int error_target(struct error *error, const char *target);
int error_hint(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

void error_clear(struct error *error);

/* Exit status of vnfault for this error (see enum error_kind). */
int error_exit_status(const struct error *error);

/* Prints 'vnfault: WHERE: on TARGET: WHAT' and, on a second line, the hint. */
void error_print(const struct error *error, FILE *stream);

#endif
