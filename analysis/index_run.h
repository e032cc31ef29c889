/* One run as the index of runs shows it (analysis/run_index.h). */
#ifndef ANALYSIS_INDEX_RUN_H
#define ANALYSIS_INDEX_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/comparison.h"
#include "analysis/run_summary.h"
#include "base/error.h"

/* A figure of a run with the bounds of its interval of 95 %: those that `vnfault compare` shows.
 * NaN for what is not known; one experiment has no bounds. */
struct index_figure {
    double value;
    double lower;
    double upper;
};

enum { INDEX_ROC, INDEX_PRECISION, INDEX_DETECTOR_FIGURES };

/* What an evaluation says of a target: any fault or none, by experiment where that was possible. */
struct index_detector {
    char *target;
    char *split;
    struct index_figure figures[INDEX_DETECTOR_FIGURES]; /* areas of the pooled scores */
};

struct index_run {
    size_t number; /* from 1, in order of the runs' start */
    char *name;    /* of its folder, as seen from the folder that was searched */
    char *folder;  /* path */
    char *campaign;
    char *testbed; /* its name; the path of its file if that gives none */
    char *testbed_file;
    char *time_scale;
    int64_t started_ns;
    struct run_summary summary;
    struct comparison figures; /* of this run alone, as its base: the groups */
    struct index_detector *detectors;
    size_t detector_count;
    char
        *no_evaluation; /* why an evaluation that is there is not shown; NULL if nothing is amiss */
};

/* Reads the run of a folder. Free with index_run_free, also after an error. */
int index_run_read(const char *folder, const char *name, struct index_run *run,
                   struct error *error);
void index_run_free(struct index_run *run);

/* The target for which the detector's ROC area is the least; NULL without an evaluation. */
const struct index_detector *index_worst_detector(const struct index_run *run);

/* A figure (FIGURE_FAILED_CALLS say) of a group: the mean over its experiments. */
struct index_figure index_figure_of(const struct compared_group *group, size_t figure);

#endif
