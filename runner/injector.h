/*
 * Fault types: the files under injectors/. Each is a POSIX shell file with a head of comment
 * lines that declare it and one function for each step of the contract; injectors/contract.sh
 * holds what they share. injectors/README.md is the reference.
 */
#ifndef RUNNER_INJECTOR_H
#define RUNNER_INJECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/injector_parameter.h"

struct load_fault;

struct injector {
    char *name;    /* 'packet-loss', as the file */
    char *summary; /* one line */
    char *unit;    /* '%', 'ms', 'workers' */
    bool has_range;
    double least; /* range of the intensity, in the unit */
    double most;
    char **tools; /* what the target must have; NULL-terminated; 'a|b' for either */
    char *owns;   /* what one injection at a time has of a target ('egress'); NULL: nothing */
    bool ends_connection; /* the target goes away by it, with all in its memory, and comes back */
    int64_t level_time;   /* that a level of a profile takes to be made and measured, about, ns; 0:
                             not said */
    char **helpers;       /* compiled helpers to be sent with it ('delay-line'); NULL-terminated */
    struct injector_parameter *parameters;
    size_t parameter_count;
    const struct load_fault *load_fault; /* of a fault in the load; NULL of one in a target */
    char *path;
    char *script; /* the file's text; of a load fault without a file its head */
};

struct injector_table {
    struct injector *items; /* ordered by name */
    size_t count;
};

/* Reads every injector of the data folder, and of $VNFAULT_INJECTORS if that is set, and adds the
 * faults in the load that have no file. A file with a bad head is ERROR_INPUT with file and line.
 */
int injector_table_read(struct injector_table *table, struct error *error);
void injector_table_free(struct injector_table *table);

/* The injector of that name, or NULL. */
const struct injector *injector_find(const struct injector_table *table, const char *name);

#endif
