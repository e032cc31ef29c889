/*
 * A data set: the observations of one target that detectors are trained and scored on.
 *
 * Counters become rates: the difference from the observation before it in the same experiment, by
 * the seconds between the two. A counter that fell was reset in between; its rate is then its new
 * value by those seconds, and the reset is counted. The first observation of an experiment has
 * nothing before it and is left out. Observations of several collectors at the same instant
 * (within half a monitoring period) are one row.
 *
 * Rows are what detectors are trained on and judged by. The timeline has more: also ramp, cool-down
 * and faults elsewhere, which are part of a window of observations and in which an alarm can come.
 */
#ifndef ANALYSIS_DATASET_H
#define ANALYSIS_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/evaluation.h"
#include "analysis/pipeline.h"
#include "store/store.h"

#define DATASET_NONE SIZE_MAX

struct dataset_metric {
    char *name;
    char *resource_group; /* after its layer if the target has metrics of several */
    bool counter;         /* its column holds a rate per second */
};

/* All observations of valid experiments, but the first of each, by experiment and time. */
struct dataset_timeline {
    size_t rows;
    double *values; /* (rows x columns), row-major; NaN where a value is not known or not finite */
    size_t *labels; /* per row: index in label_names, DATASET_NONE if it is left out */
    size_t *counted_as;   /* per row: index of its label in counts; of two sets joined: NULL */
    int64_t *experiments; /* per row: its cell in the plan */
    int64_t *times_ns;    /* per row */
    /* Per row: one more than the row before it if that is no neighbour, being of another
     * experiment or more than one and a half monitoring periods earlier. */
    size_t *sequences;
    int64_t period_ns; /* monitoring period, or that of resampling */
};

/* An injection of a valid experiment that did something, took hold and is gone, on any target.
 * Runner's clock. */
struct dataset_fault {
    int64_t experiment; /* its cell in the plan */
    char *experiment_name;
    char *target;
    bool in_load; /* the fault is every target's own */
    char *type;
    char *intensity;
    int64_t applied_ns;
    int64_t gone_ns;
    int64_t cool_down_end_ns;
};

struct dataset {
    char *target;
    int64_t monitoring_period_ns;
    struct pipeline pipeline; /* that it went through */
    size_t rows;
    size_t columns;
    struct dataset_timeline timeline;
    size_t *places;                 /* per row: its row in the timeline */
    struct dataset_metric *metrics; /* one a column */
    size_t *labels;                 /* per row: index in label_names */
    char **label_names;             /* 'normal', then the fault types by name */
    size_t label_count;
    int64_t *experiments; /* per row: its cell in the plan */
    int64_t *times_ns;    /* per row */
    size_t experiment_count;
    /* Of each row's experiment: index of its intensity's name, DATASET_NONE if it is nominal; index
     * of its repetition. */
    size_t *intensities;
    char **intensity_names;
    size_t intensity_count;
    bool mixes_intensities; /* an experiment has faults of several */
    size_t *repetitions;
    size_t repetition_count;
    size_t *sources; /* per row, of two sets joined: 0 to train on, 1 to test; else NULL */
    struct experiment_name {
        int64_t experiment; /* its cell */
        char *name;
    } * experiment_names; /* of two sets joined: those of the one to test on */
    size_t experiment_name_count;
    struct dataset_fault *faults; /* of two sets joined: those of the one to test on */
    size_t fault_count;
    /* Every observation of the target by label, also those left out. */
    struct label_count *counts;
    size_t count_count;
    size_t first_observations; /* left out for having none before them */
    size_t counter_resets;     /* in the rows used */
    size_t missing_values;     /* in the rows used */
};

/* Reads the data set of a target and puts it through the pipeline. It may come out empty. Free with
 * dataset_free. */
int dataset_read(struct store *store, const char *target, const struct pipeline *pipeline,
                 struct dataset **dataset, struct error *error);
void dataset_free(struct dataset *dataset);

/* Room for up to so many rows, of the columns that it has; there are none yet. */
void dataset_make_rows(struct dataset *dataset, size_t rows, size_t timeline_rows);

/* ERROR_INPUT, with a 'did you mean', if the run has no target of this name. */
int dataset_find_target(struct store *store, const char *name, int64_t *id, struct error *error);

/* Names of the targets, or only of those that were injected into, in the order of the testbed. Free
 * the strings and the list. */
int dataset_targets(struct store *store, bool injected_only, char ***names, size_t *count,
                    struct error *error);

#endif
