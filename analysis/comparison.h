/*
 * Two runs side by side: what differs between how they were made, and their dependability and
 * detector figures by fault type, intensity and target, with intervals and tests over valid
 * experiments (docs/compare.md). Only the last attempt at each cell counts.
 */
#ifndef ANALYSIS_COMPARISON_H
#define ANALYSIS_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/sample.h"
#include "base/error.h"
#include "base/quantity.h"
#include "store/store.h"

enum { COMPARED_BASE, COMPARED_NEW, COMPARED_SIDES };

enum {
    FIGURE_FAILED_CALLS,
    FIGURE_RESPONSE_TIME,
    FIGURE_AVAILABILITY,
    FIGURE_TIME_TO_RECOVER,
    FIGURE_TIME_TO_DETECT,
    FIGURES_OF_EXPERIMENTS, /* those above have a value an experiment */
    FIGURE_ROC_AUC = FIGURES_OF_EXPERIMENTS,
    FIGURE_PR_AUC,
    FIGURES
};

struct compared_figure {
    const char *name;            /* 'failed-calls' */
    const char *unit;            /* of what is shown: '%', 'ms', 's'; "" for a pure number */
    const char *difference_unit; /* of a difference of two: 'percentage points' of a '%' */
    double scale; /* what is shown of one of what is held: a share of 1, or seconds */
    double most;  /* the greatest value there can be; the smallest is 0 */
    bool higher_is_worse;
    enum quantity_kind kind; /* of a difference, as gates state it */
};

extern const struct compared_figure compared_figures[FIGURES];

/* Names for the figures, in the order of the table, for messages. */
extern const char *const compared_figure_names[FIGURES];

/* The injections of one fault type and intensity on one target; all NULL: the nominal experiments.
 */
struct compared_group {
    char *fault_type;
    char *intensity;
    char *target;
    size_t
        experiments[COMPARED_SIDES]; /* valid ones; not each has to have a value of each figure */
    struct sample samples[COMPARED_SIDES][FIGURES_OF_EXPERIMENTS];
    size_t cut_short[COMPARED_SIDES]
                    [FIGURES_OF_EXPERIMENTS]; /* values that are at least so large */
};

/* One figure of one side; NaN for what isn't known. */
struct compared_value {
    size_t experiments; /* 0 of a detector's figure */
    size_t cut_short;
    double value;
    double lower; /* bounds of the interval of 95 % */
    double upper;
};

/* One figure, of one group or over several, on both sides. Strings belong to the comparison. */
struct compared_row {
    size_t figure;
    const char *
        fault_type; /* of a detector's figure the class, 'binary' too; NULL: nominal, or over all */
    const char *intensity;
    const char *target;
    const char *split; /* of a detector's figure */
    size_t groups;     /* that it is a mean over; 1 of a single one, 0 of a detector's figure */
    struct compared_value sides[COMPARED_SIDES];
    double difference;  /* new less base */
    double p;           /* of the permutation test; NaN of a detector's figure */
    double least_p;     /* that so many experiments allow */
    double corrected_p; /* for the number of rows */
    double corrected_least_p;
};

struct comparison_change {
    char *what; /* 'time scale', 'campaign: load rate', 'sprout kernel' */
    char *base; /* "" if it isn't there */
    char *new;
};

struct compared_run {
    char *name;
    char *folder;
    size_t valid;
    size_t invalid;      /* torn ones and such as still run among them */
    char *no_evaluation; /* why it has no detector figures; NULL if it has some */
};

struct comparison {
    struct compared_run runs[COMPARED_SIDES];
    double maximum_failure_share; /* in a second that counts as up */
    uint64_t seed;
    struct comparison_change *changes;
    size_t change_count;
    size_t change_capacity;
    struct compared_group *groups;
    size_t group_count;
    size_t group_capacity;
    struct compared_row *rows; /* by figure; that over all groups after those of its figure */
    size_t row_count;
    size_t row_capacity;
    struct compared_row *lost; /* figures of detectors that only one of the runs has */
    size_t lost_count;
    size_t lost_capacity;
    char **strings;
    size_t string_count;
    size_t string_capacity;
};

struct comparison_setting {
    double maximum_failure_share; /* of a second that counts as up; negative: as the base's campaign
                                     says in its service level, else 5 % */
    uint64_t seed;                /* of the tests that draw arrangements */
};

/* Reads both runs; free with comparison_free, also after an error. */
int comparison_make(struct store *base, struct store *new, const struct comparison_setting *setting,
                    struct comparison *comparison, struct error *error);
void comparison_free(struct comparison *comparison);

/* A row over the groups of which `chosen` is true (one a group), without correction. Those
 * without a value on either side are left out; `groups` of the row is 0 if none is left. */
void comparison_row_over(const struct comparison *comparison, size_t figure, const bool *chosen,
                         struct compared_row *row);

#endif
