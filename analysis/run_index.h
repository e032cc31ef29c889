/* The index of runs: one page over all runs below a folder, with trends (docs/report.md). */
#ifndef ANALYSIS_RUN_INDEX_H
#define ANALYSIS_RUN_INDEX_H

#include <stdio.h>

#include "analysis/index_run.h"
#include "base/error.h"
#include "base/stop.h"

/* What could not be read, and why. */
struct index_unread {
    char *name;
    char *why;
};

struct run_index {
    char *folder;           /* that was searched */
    struct index_run *runs; /* in the order of their start */
    size_t run_count;
    size_t run_capacity;
    struct index_unread *unread; /* by name */
    size_t unread_count;
    size_t unread_capacity;
};

/* Reads all runs below the folder; those that can't be read don't end it. `stop` is looked at
 * between runs. Free with run_index_free, also after an error. */
int run_index_read(const char *folder, struct run_index *index, struct stop *stop,
                   struct error *error);
void run_index_free(struct run_index *index);

/* ERROR_INPUT if the folder holds something and is no earlier index. */
int run_index_check_folder(const char *folder, struct error *error);

/* Writes OUTPUT/index.html and OUTPUT/figures/. `stop` is looked at between figures.
 * ERROR_UNREACHABLE if gnuplot is missing. */
int run_index_write(const struct run_index *index, const char *output, struct stop *stop,
                    struct error *error);

/* Prints the same figures as one JSON object. */
void run_index_print_json(const struct run_index *index, FILE *stream);

#endif
