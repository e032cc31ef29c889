/*
 * Evaluation of a detector on a run, as in the first paper (section IV): per target, binary and
 * one model a class, by two splits side by side. The result is kept in the run's folder as JSON
 * (docs/evaluation-file.md), so that the report and other programs read the same figures.
 */
#ifndef ANALYSIS_EVALUATION_H
#define ANALYSIS_EVALUATION_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/pipeline.h"
#include "base/error.h"
#include "base/stop.h"
#include "store/store.h"

#define EVALUATION_FILE_NAME "evaluation.json"

struct evaluation_setting {
    int64_t trees;   /* 10 in the paper */
    int64_t folds;   /* 10 */
    int64_t threads; /* 0: one a processor; the result is the same for any number */
    uint64_t seed;
    struct pipeline pipeline;
    double threshold;   /* a score there and above counts as found; 0 for 0.5 */
    const char *split;  /* only this split, 'stratified' say; NULL for all; not kept in the file */
    int balanced;       /* class weights inversely proportional to class frequency */
    const char *target; /* only this target; NULL for all that were injected into */
    const char
        *trained_on; /* in a result: folder of the other run that it was trained on, or NULL */
    /* Name of a detector, with its parameters if need be (detector_parse), in a result all of them;
     * NULL for 'forest'. */
    const char *detector;
    struct stop *stop; /* looked at between folds; NULL for none; not kept in the file */
};

/* A curve of `count` points; `area` is by the trapezoid rule. */
struct curve {
    size_t count;
    double *x;
    double *y;
    double *thresholds;
    double area;
};

/* Mean and standard deviation (population) over the folds in which the figure exists. */
struct fold_figure {
    double mean;
    double deviation;
    size_t folds;
};

/* Bounds that hold 95 % of a figure over resamples of the experiments (analysis/bootstrap.h). */
struct interval {
    double lower;
    double upper;
    size_t resamples; /* in which the figure exists */
};

/* One question put to the detector: 'binary' (any injection or none), or one fault type against
 * all the rest. Curves and pooled figures are of the out-of-fold scores of all observations whose
 * fold had the question trained: by experiment, a fault type that only one experiment has can't
 * be. Without both positives and negatives there is no curve (count 0) and areas are NaN. */
struct class_result {
    char *name;
    size_t positives;
    size_t negatives;
    struct curve roc;              /* x false positive rate, y true positive rate */
    struct curve precision_recall; /* x recall, y precision */
    double average_precision;
    struct fold_figure roc_auc;
    struct fold_figure pr_auc;
    struct fold_figure fold_average_precision;
    struct interval roc_auc_interval; /* of roc.area */
    struct interval average_precision_interval;
    double brier;          /* mean square of score less answer, of the pooled scores */
    double f1;             /* of the four counts that follow */
    double best_f1;        /* at the best threshold for these very scores: no better can be had */
    double best_threshold; /* that one; a score there and above counts as found */
    size_t true_positives; /* of the pooled scores, at the threshold that was asked for */
    size_t false_positives;
    size_t true_negatives;
    size_t false_negatives;
};

/* What became of one fault in the tested observations. */
struct fault_detection {
    char *experiment;
    char *fault_type;
    char *intensity;
    char *verdict;         /* 'found', 'missed', 'unknown': no score while it was there */
    double delay_s;        /* from the applied edge to the first alarm; NaN if there is none */
    double stays_s;        /* from the gone edge to the end of its alarm; NaN if not found */
    size_t alarmed_before; /* 1: the last score before it was an alarm already */
    /* Of a detector that reconstructs, from the observations inside the fault: the group with the
     * greatest ratio of error to threshold, the metrics that make 90 % of its error (SYRROCA,
     * equations 3 to 5), greatest share first, and the rank from 1 of the group that the fault acts
     * on, 0 if not known. */
    char *resource_group;
    struct metric_share *metrics;
    size_t metric_count;
    size_t right_group_rank;
    struct group_deviation *groups; /* the same of each resource group */
    size_t group_count;
};

struct metric_share {
    char *metric;
    double share; /* of the group's squared error */
};

struct group_deviation {
    char *resource_group;
    double ratio; /* of the mean error inside the fault to the threshold */
    struct metric_share *metrics;
    size_t metric_count;
};

/* What the target's detector saw of a fault on this target or another. */
struct seen_fault {
    char *experiment;
    char *target;  /* that the fault was on */
    char *verdict; /* as of fault_detection */
    double delay_s;
};

/* An experiment over time, by the detector that was trained without it: also in ramps. */
struct score_series {
    char *experiment;
    double *times_s; /* since 1970 */
    double *scores;  /* binary; NaN where there is none */
    size_t count;
    struct group_series *groups; /* of a detector that reconstructs */
    size_t group_count;
};

struct group_series {
    char *resource_group;
    double *ratios; /* error as a part of its threshold, one a time; NaN where there is none */
    size_t count;
};

/* Precision, recall and F1 of single observations. */
struct detection_scores {
    double precision;
    double recall;
    double f1;
};

/* Detection over time, of splits that keep experiments whole (analysis/detection.h). */
struct detection_result {
    char *unavailable;              /* why there is none; NULL if there is */
    double threshold;               /* a score there and above is an alarm */
    struct fault_detection *faults; /* of the target itself */
    size_t fault_count;
    size_t found;
    size_t missed;
    size_t unknown;
    double median_delay_s; /* of the faults found; NaN if there are none */
    size_t false_alarms;   /* runs of alarms in nominal observations alone */
    double nominal_s;
    double false_alarms_per_day; /* of nominal running */
    struct detection_scores plain;
    struct detection_scores point_adjusted;
    struct seen_fault *seen; /* every fault in a tested experiment, on any target */
    size_t seen_count;
    struct score_series *series; /* only of the splits 'experiment', 'nominal' and 'run' */
    size_t series_count;
};

struct split_result {
    char *name; /* 'stratified', 'experiment', 'intensity', 'repetition'; 'run' of two runs */
    size_t folds;
    char *unavailable;            /* why this split can't be made on this run; NULL if it was */
    struct class_result *classes; /* binary first, then fault types by name */
    size_t class_count;
    /* Rows are the true class, columns the predicted one: normal, then fault types by name, where
     * the prediction is the class with the highest score (normal if none reaches the threshold; of
     * classes that are told apart at once, if the binary score doesn't).
     * Observations of a fault type that their fold had not trained are left out.
     * (labels x labels), row-major. */
    size_t *confusion;
    char **labels;
    size_t label_count;
    struct detection_result detection;
};

struct metric_importance {
    char *metric;
    char *resource_group;
    double importance; /* mean decrease of gini impurity in the binary model; sums to 1 */
    /* Mean decrease of the binary average precision over the folds by experiment when the metric is
     * shuffled among the tested observations; NaN if no fold has both classes. */
    double permutation;
};

struct label_count {
    char *label;
    size_t observations;
    size_t used; /* in training and scores */
};

struct target_result {
    char *target;
    char *unavailable;   /* why it can't be evaluated, with all counts as far as known; or NULL */
    size_t observations; /* used */
    size_t metrics;      /* used */
    size_t constant_metrics; /* dropped, also those never known */
    size_t experiments;
    size_t first_observations; /* of experiments: left out, counters have no difference there */
    size_t counter_resets;     /* counters that fell, in the observations used */
    size_t missing_values;     /* in the observations used; filled with a training median */
    struct label_count *labels;
    size_t label_count;
    struct split_result *splits;
    size_t split_count;
    struct metric_importance *importance; /* highest first */
    size_t importance_count;
};

/* How faults on one target are seen from another, by the split by experiment, or of two runs. */
struct propagation_cell {
    char *faulty;
    char *seen_from;
    size_t observed;       /* faults of which the verdict is known */
    size_t seen;           /* of these, found */
    double median_delay_s; /* of those; NaN if there are none */
    size_t first;          /* the alarm came from here before all others */
    size_t tied;           /* or together with others, within a monitoring period */
};

/* Whether the target that alarmed first is the faulty one. */
struct localisation_result {
    size_t right;
    size_t tied;
    size_t wrong;
    size_t unseen;
};

struct evaluation {
    struct evaluation_setting setting;
    int64_t run_ended_ns; /* of the run that it was made of: a run that is resumed ends anew */
    struct target_result *targets;
    size_t target_count;
    struct propagation_cell
        *propagation; /* (targets x targets), by rows; none if there is one target */
    size_t propagation_count;
    struct localisation_result localisation;
};

/*
 * Evaluates on the run's valid experiments: observations labelled normal or with a fault type of
 * scope 'own' or 'none'; ramp, cool-down and 'elsewhere' observations are counted and left out.
 * ERROR_INCONCLUSIVE if there are too few on every target (one class only, fewer positives than
 * folds, ...); where it is so on one of several, that target says so in `unavailable`.
 */
int evaluation_run(struct store *store, const struct evaluation_setting *setting,
                   struct evaluation **evaluation, struct error *error);

/*
 * Trains on one run and tests on the other, target by target: one split, 'run'. Figures, counts and
 * the run's end are of `test`, importance is of `training`; permutation importance is of the tested
 * observations. ERROR_INPUT if the two have other metrics or `training` hasn't the target.
 */
int evaluation_between(struct store *training, struct store *test,
                       const struct evaluation_setting *setting, struct evaluation **evaluation,
                       struct error *error);
void evaluation_free(struct evaluation *evaluation);

/* As JSON (docs/evaluation-file.md). A file that isn't such a one is ERROR_INPUT; free what was
 * read with evaluation_free. */
int evaluation_write(const struct evaluation *evaluation, const char *path, struct error *error);
int evaluation_read(const char *path, struct evaluation **evaluation, struct error *error);

#endif
