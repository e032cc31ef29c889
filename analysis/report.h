/*
 * The report of a run: one self-contained page, index.html, and a folder figures/ with every
 * figure as SVG and PDF, its data and its gnuplot script (docs/report.md).
 */
#ifndef ANALYSIS_REPORT_H
#define ANALYSIS_REPORT_H

#include <stdio.h>

#include "analysis/evaluation.h"
#include "analysis/report_run.h"
#include "base/error.h"
#include "base/stop.h"
#include "store/store.h"

/* What a report is made of. */
struct report_source {
    struct store *store;
    const struct report_run *run;
    const struct evaluation *evaluation; /* NULL if there is none */
    const char *no_evaluation;           /* why there is none; NULL if there is one */
    struct stop *stop;                   /* looked at between figures; NULL for none */
};

/* ERROR_INPUT if the folder holds something and is no earlier report: then it is somebody's own. */
int report_check_folder(const char *folder, struct error *error);

/* Writes FOLDER/index.html and FOLDER/figures/, making the folders. The folder as
 * report_check_folder wants it. ERROR_UNREACHABLE if gnuplot is missing. What the run can't give,
 * the page says in words. */
int report_write(const struct report_source *source, const char *folder, struct error *error);

/* Prints the same figures as one JSON object. */
int report_print_json(const struct report_source *source, FILE *stream, struct error *error);

#endif
